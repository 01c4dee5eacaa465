package quota_test

import (
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/quota"
)

func TestQuota_LargestHolderFreesOnce(t *testing.T) {
	q := quota.New(1600)
	var large, small *quota.Holder
	var freed []int64
	large = q.Join(func(bytes int64) { freed = append(freed, bytes) })
	small = q.Join(func(int64) { t.Error("the small holder was asked") })
	large.Holds(1500)
	small.Holds(100)
	if len(freed) > 0 {
		t.Fatalf("asked for %v within the quota", freed)
	}
	small.Holds(150)
	small.Holds(160)
	if len(freed) != 1 || freed[0] != 50+100 {
		t.Fatalf("asked for %v, want 150 once", freed)
	}
	large.Holds(1350)
	large.Holds(1500)
	if len(freed) != 2 {
		t.Errorf("asked for %v, want a second time after it freed some", freed)
	}
	large.Leave()
	large.Leave()
	large.Holds(9000)
	small.Holds(1600)
	if len(freed) != 2 {
		t.Errorf("a holder that has left was asked: %v", freed)
	}
	var none *quota.Quota
	none.Join(nil).Holds(1 << 40)
}
