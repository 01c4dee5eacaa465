package face_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/face"
)

func TestReplays_AreBounded(t *testing.T) {
	const most = 100
	m := face.NewReplays(most)
	for i := range most + 1 {
		if m.Again(strconv.Itoa(i), noon) {
			t.Fatalf("%d was there before", i)
		}
	}
	if !m.Again(strconv.Itoa(most), noon) || !m.Again("1", noon) {
		t.Error("the newest are forgotten")
	}
	if m.Again("0", noon) {
		t.Error("the oldest is kept")
	}
	free := face.NewReplays(0)
	for i := range 10 * most {
		free.Again(strconv.Itoa(i), noon)
	}
	if !free.Again("0", noon) {
		t.Error("without a limit the oldest is forgotten")
	}
}

func TestReplays_ForgetWhatIsOlder(t *testing.T) {
	m := face.NewReplays(0)
	m.Again("a", noon)
	if m.Forget(noon); !m.Again("a", noon) {
		t.Error("what is as old as the instant is forgotten")
	}
	if m.Forget(noon.Add(time.Second)); m.Again("a", noon) {
		t.Error("what is older is kept")
	}
}
