package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/token"
)

func TestLibrary_EveryStoryIsSound(t *testing.T) {
	names := map[string]bool{}
	for _, s := range scenarios.Library() {
		t.Run(s.Name, func(t *testing.T) {
			sc, found := scenarios.Parse(s.File, s.Data)
			if len(found) > 0 {
				t.Fatalf("want no finding:\n%s", lines(found))
			}
			if names[sc.Name] {
				t.Errorf("the name %q is that of another story", sc.Name)
			}
			names[sc.Name] = true
			if len(s.About) < 40 || strings.Contains(s.About, "\n") || !strings.HasSuffix(s.About, ".") {
				t.Errorf("the first comment must tell the story in sentences: %q", s.About)
			}
			if sc.Clock.Mode != scenarios.ClockManual || sc.Clock.Start.IsZero() {
				t.Error("a story must run on a manual clock with a start")
			}
			if len(sc.Expect.Tokens) == 0 {
				t.Error("a story must say what it ends with")
			}
			for _, card := range sc.Cards {
				if card.Expiry == scenarios.DefaultExpiry() {
					t.Errorf("card %s must show its expiry", card.Name)
				}
			}
		})
	}
}

// The names of stories are typed by people and stand in documents: none may
// vanish.
func TestLibrary_HoldsTheseStories(t *testing.T) {
	want := []string{
		"account-closed", "deleted-by-issuer", "lost-answer", "mastercard-delayed-activation", "pan-expiry-updated", "pan-replaced",
		"rate-limited-twice", "slow-answer", "suspended-and-resumed", "suspended-for-fraud", "visa-delayed-activation",
	}
	for _, k := range token.Keys() {
		want = append(want, storyOf(k))
	}
	slices.Sort(want)
	var got []string
	for _, s := range scenarios.Library() {
		got = append(got, s.Name)
	}
	if !slices.Equal(want, got) {
		t.Errorf("want %v\ngot  %v", want, got)
	}
}

func storyOf(k token.KeyInfo) string {
	return string(k.Network) + "-" + strings.ReplaceAll(strings.ToLower(string(k.Key)), "_", "-")
}

func TestLibrary_HasAStoryForEachDocumentedKey(t *testing.T) {
	for _, k := range token.Keys() {
		sc, _, err := scenarios.Load("library:" + storyOf(k))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(sc.Rules) != 1 || sc.Rules[0].Then.Error != k.Key || len(sc.Rules[0].When.Operations) == 0 {
			t.Errorf("%s must have one rule that answers %s: %+v", storyOf(k), k.Key, sc.Rules)
		}
		for _, r := range sc.Rules {
			for _, op := range r.When.Operations {
				if op.Info().Network != k.Network {
					t.Errorf("%s: operation %s is of another network", storyOf(k), op)
				}
			}
		}
	}
}

func TestLibrary_TellsLifeCycleStories(t *testing.T) {
	for name, actions := range map[string][]string{
		"suspended-for-fraud":   {"suspend"},
		"suspended-and-resumed": {"suspend", "resume"},
		"deleted-by-issuer":     {"delete"},
		"pan-expiry-updated":    {"update-expiry"},
		"pan-replaced":          {"replace-pan"},
		"account-closed":        {"close-account"},
	} {
		sc, _, err := scenarios.Load("library:" + name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range sc.Timeline {
			got = append(got, e.Action.Do)
			if e.After == 0 || e.Card != "" {
				t.Errorf("%s: the issuer acts later, and for both cards: %+v", name, e)
			}
		}
		if !slices.Equal(got, actions) {
			t.Errorf("%s: want %v, got %v", name, actions, got)
		}
	}
}
