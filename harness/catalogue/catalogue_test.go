package catalogue_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/harness/catalogue"
)

// The ids are for good: B1 to B415 in their order, none missing and none new.
func TestBehaviours_AreThoseThatWereGivenIds(t *testing.T) {
	set, err := catalogue.Behaviours()
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Requirements) != 415 {
		t.Fatalf("%d requirements", len(set.Requirements))
	}
	count, unseen := map[string]int{}, 0
	for i, r := range set.Requirements {
		if r.ID != fmt.Sprintf("B%d", i+1) {
			t.Fatalf("%s in the place of B%d", r.ID, i+1)
		}
		if count[r.Feature]++; r.Needs == catalogue.NeedsNothing {
			unseen++
		}
	}
	for _, dialect := range []string{"smartpay", "exact", "checkout", "spreedly"} {
		if count[dialect] == 0 {
			t.Errorf("nothing of %s", dialect)
		}
	}
	if len(count) != 4 || unseen != 5 {
		t.Errorf("%v; %d cannot be observed, want 5", count, unseen)
	}
	if r, ok := set.Find("B339"); !ok || !strings.Contains(r.Sentence, "token_not_provisioned") {
		t.Errorf("B339: %+v", r)
	}
	if _, ok := set.Find("B416"); ok {
		t.Error("B416 is found")
	}
}

func TestParse_SaysAllThatIsWrong(t *testing.T) {
	const good = "{ id: X1, feature: f, sentence: s, try: t, needs: merchant, document: d, provenance: documented, checks: [V-1] }"
	for name, tc := range map[string]struct{ yaml, says string }{
		"a key that is not there":  {strings.Replace(good, "try", "tri", 1), "tri"},
		"no sentence":              {strings.Replace(good, "sentence: s", "sentence: \"\"", 1), "it has no sentence"},
		"a need that is not there": {strings.Replace(good, "merchant", "luck", 1), "needs is merchant, form, control or nothing"},
		"surer than sure":          {strings.Replace(good, "documented", "known", 1), "provenance is documented, partly or assumed"},
		"neither check nor excuse": {strings.Replace(good, ", checks: [V-1]", "", 1), "no check names it"},
		"check and excuse":         {strings.Replace(good, "checks", "excused: no, checks", 1), "it has checks and is excused"},
		"an id twice":              {good + "\n  - " + good, "the id X1 is given twice"},
	} {
		_, err := catalogue.Parse("f.yaml", []byte("version: 1\nset: s\nrequirements:\n  - "+tc.yaml+"\n"))
		if !errors.Is(err, catalogue.ErrCatalogue) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := catalogue.Parse("f.yaml", []byte("version: 1\nset: s\nrequirements:\n  - "+good+"\n")); err != nil || len(s.Requirements) != 1 {
		t.Errorf("%+v: %v", s, err)
	}
	if _, err := catalogue.Parse("f.yaml", []byte("version: 2\nset: s\nrequirements: []\n")); !errors.Is(err, catalogue.ErrCatalogue) {
		t.Error(err)
	}
}
