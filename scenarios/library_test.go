package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
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
			if len(sc.Expect.Tokens) == 0 || len(sc.Play) == 0 {
				t.Error("a story must say how it goes and what it ends with")
			}
			for _, card := range sc.Cards {
				if card.Expiry == scenarios.DefaultExpiry() {
					t.Errorf("card %s must show its expiry", card.Name)
				}
			}
		})
	}
}

// The names of stories are typed by people and printed in documents: none may
// vanish.
func TestLibrary_HoldsTheseStories(t *testing.T) {
	want := []string{
		"a-year-of-changes", "account-closed", "activation-told-twice", "art-without-a-token", "new-card-art", "answer-of-a-later-version", "batch", "batch-with-a-dead-token", "by-body", "by-header",
		"by-query", "by-reference", "card-expired", "cardholder-suspends", "deleted-by-issuer", "errors-with-other-words", "fault-500",
		"fault-502", "fault-503", "fault-504-work-done", "fault-bad-ciphertext", "fault-empty", "fault-hang", "fault-html",
		"fault-malformed-json", "fault-reset", "fault-slow", "fault-truncate", "fault-wrong-content-type", "fault-wrong-key", "issuer-approving",
		"issuer-closing", "issuer-flaky", "issuer-fraud-watch", "issuer-late", "issuer-insolvent", "issuer-refusing", "issuer-token-shy", "issuer-pan-shy", "issuer-token-friendly", "issuer-thrifty", "issuer-closed", "issuer-stand-in", "issuer-outside", "payment-by-token", "payment-declined", "payment-life", "payment-dispute", "issuer-reissuer", "issuer-renewing",
		"issuer-restyling", "issuer-silent", "issuer-slow", "issuer-withdrawing", "lenient-networks", "lost-answer", "magic-cards",
		"mastercard-additional-authentication", "mastercard-card-has-a-token", "mastercard-delayed-activation", "mastercard-errors-as-status",
		"mastercard-new-token-each-time", "mastercard-nothing-found", "mastercard-redigitized", "mastercard-silent-activation", "notice-before-answer",
		"notice-cut-ciphertext", "notice-huge-batch", "notice-late", "notice-never", "notice-stale", "notice-twice", "notice-unknown-field",
		"notice-unknown-key", "notice-unknown-token", "notice-wrong-signature", "notices-out-of-order", "own-changes-told",
		"page-behind-a-success", "pan-expiry-updated", "pan-replaced", "rate-limited-twice", "rebranded-card", "redundant-moves",
		"requestor-deletes", "requestor-suspends-and-resumes", "slow-answer", "step-up-by-app", "step-up-by-otp", "step-up-code-expired",
		"step-up-event", "step-up-given-up", "step-up-wrong-code", "strict-networks", "suspended-and-resumed", "suspended-for-fraud",
		"task-status", "token-expires", "token-for-token", "two-requestors", "two-suspenders", "visa-delayed-activation",
		"visa-new-token-each-time", "visa-requestor-lifts-suspension", "visa-rsa-and-one-key", "visa-same-token",
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

// Whatever a scenario can ask for, a story shows.
func TestLibrary_ShowsEverything(t *testing.T) {
	var shown strings.Builder
	ops, verbs, events := map[token.Operation]bool{}, map[token.Verb]bool{}, map[token.EventType]bool{}
	for _, s := range scenarios.Library() {
		shown.Write(s.Data)
		sc, _, err := scenarios.Load(s.File)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range sc.Play {
			ops[step.Call], verbs[step.Call.Info().Verb] = true, true
		}
		for _, e := range sc.Timeline {
			events[e.On] = true
		}
	}
	var missing []string
	for _, f := range token.FaultNames() {
		if !strings.Contains(shown.String(), "fault: "+f) {
			missing = append(missing, "fault "+f)
		}
	}
	for _, p := range scenarios.Personas() {
		if !strings.Contains(shown.String(), "persona: "+p.Name) {
			missing = append(missing, "persona "+p.Name)
		}
	}
	for _, h := range scenarios.NoticeVariants() {
		if !strings.Contains(shown.String(), h.Name+":") {
			missing = append(missing, "variant "+h.Name)
		}
	}
	for _, action := range token.ActionNames() {
		if !strings.Contains(shown.String(), "do: "+action) {
			missing = append(missing, "action "+action)
		}
	}
	for _, op := range token.Operations() {
		if op.Verb != "" && !verbs[op.Verb] || op.Network == token.Mastercard && op.Verb == "" && !ops[op.Op] {
			missing = append(missing, "operation "+string(op.Op))
		}
	}
	for _, e := range []token.EventType{token.TokenProvisioned, token.TokenSuspended, token.TokenResumed, token.PANExpiryUpdated, token.PANReplaced, token.StepUpFailed} {
		if !events[e] {
			missing = append(missing, "event "+string(e))
		}
	}
	if len(missing) > 0 {
		t.Errorf("no story shows %s", strings.Join(missing, ", "))
	}
}
