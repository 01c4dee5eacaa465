package harness_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/harness/suites/mdes"
	"github.com/pantomime-dev/pantomime/harness/suites/vts"
	"github.com/pantomime-dev/pantomime/internal/simulated"
	"github.com/pantomime-dev/pantomime/scenarios"
)

// [I1] A target file says which of the statuses that clients know a sandbox
// answers with, so that it is held to those, by each check.
func TestAskTarget_TellsStatuses(t *testing.T) {
	sc, findings := scenarios.Parse("statuses.yaml", []byte(
		"version: 1\nname: statuses\nnetworks: { visa: { create-status: 200 }, mastercard: { error-status: 500, error-statuses: { INVALID_TOKEN_UNIQUE_REFERENCE: 404, PAN_INELIGIBLE: 422 } } }\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	target := simulated.Target(t, pantomime.Options{Scenario: sc})
	if target.Visa.Created != http.StatusOK || target.Mastercard.ErrorStatus != http.StatusInternalServerError {
		t.Errorf("created %d, errors %d", target.Visa.Created, target.Mastercard.ErrorStatus)
	}
	if single := target.Mastercard.ErrorStatuses; single["INVALID_TOKEN_UNIQUE_REFERENCE"] != http.StatusNotFound || len(single) != 2 {
		t.Errorf("single codes: %v", single)
	}
	for _, suite := range suites.All() {
		sum := judged(t, harness.Options{Suite: suite, Target: target})
		if sum.Count(harness.Fail) > 0 || sum.Count(harness.Pass) < 30 {
			t.Errorf("%s:\n%s", suite.Name, tableOf(t, sum))
		}
	}
}

// [I2] What represents an error, a decline or somebody's real card is each
// server's own: without a word of it nothing of the kind is judged.
func TestRun_CardsThatNobodyClaims(t *testing.T) {
	target := ours(t)
	visa, mastercard := *target.Visa, *target.Mastercard
	visa.Cards, mastercard.Cards = harness.Cards{}, harness.Cards{}
	target.Visa, target.Mastercard = &visa, &mastercard
	target.Control = harness.Control{Kind: harness.ControlNone}
	about := []string{"V-DEC-05", "M-DEC-01", "M-TASK-02", "M-ERR-01"}
	for _, suite := range suites.All() {
		sum := judged(t, harness.Options{Suite: suite, Target: target, Label: "errors || decisions || tasks || provisioning || enrolment || tokenizing"})
		for _, r := range sum.Results {
			claimed := !strings.HasSuffix(r.ID, "-card") && !slices.Contains(about, r.ID) && !strings.Contains(r.Says, "may be a real card")
			if !claimed && r.Verdict != harness.NotApplied || r.Verdict == harness.Fail {
				t.Errorf("%s is %s: %s", r.ID, r.Verdict, r.Message)
			}
		}
	}
}

// [I3] What a card gets that has a live token already is not public, nor are the
// form of some scalars and the status of some refusals: no binding check builds on one of the answers.
func TestRun_WhatIsNotPublic(t *testing.T) {
	for networks, suite := range map[string]harness.Suite{
		"mastercard: { repeat: same, empty-search: NO_ACTIVE_TOKENS }":      mdes.Suite(),
		"mastercard: { repeat: duplicate, empty-search: NO_ACTIVE_TOKENS }": mdes.Suite(),
		"mastercard: { scalars: text }":                                     mdes.Suite(),
		"mastercard: { parameter-status: 401, signature-status: 403 }":      mdes.Suite(),
		"visa: { scalars: native, repeat: new }":                            vts.Suite(),
	} {
		sc, findings := scenarios.Parse("public.yaml", []byte("version: 1\nname: not public\nnetworks: { "+networks+" }\n"))
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		target := simulated.Target(t, pantomime.Options{Scenario: sc})
		sum := judged(t, harness.Options{Suite: suite, Target: target, Label: "must"})
		if sum.Count(harness.Fail) > 0 || sum.Count(harness.Pass) < 40 {
			t.Errorf("%s:\n%s", networks, tableOf(t, sum))
		}
	}
}
