package server_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
)

// TestProblem_PublishedTestNumbers sends the numbers that service providers
// publish for their sandboxes, with what they are published for.
func TestProblem_PublishedTestNumbers(t *testing.T) {
	w := newWorld(t)
	for pan, want := range map[string]struct {
		status int
		reason string
	}{
		"4622943120000600": {201, ""}, "4622943120000618": {201, ""}, "4622943120000626": {201, ""},
		"4622943120000634": {201, ""}, "4622943120000642": {201, ""},
		"4895379980001778": {201, ""}, "4895379980001802": {201, ""},
		"4000000000000002": {201, ""}, "4000000000000085": {201, ""}, "4000000000000093": {201, ""},
		"4000000000000010": {403, "provisionDataExpired"},
		"4000000000000028": {403, "cardVerificationFailed"},
		"4000000000000036": {403, "cardNotEligible"},
		"4000000000000044": {403, "cardNotAllowed"},
		"4000000000000051": {403, "declined"},
		"4000000000000069": {403, "notAllowed"},
		"4000000000000077": {400, "invalidParameter"},
	} {
		t.Run(pan, func(t *testing.T) {
			got := w.send(w.good(func(s *sending) { card1("accountNumber", pan)(w, s) }))
			if want.status != 201 {
				w.judge(t, got, want.status, want.reason, nil)
			} else if got.Status != 201 {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
}

// [F5] Any number of a range that a service provider publishes for a failure fails
// so, of those published for tokens in place of cards too.
func TestProblem_PublishedRanges(t *testing.T) {
	w := newWorld(t)
	for reason, ranges := range map[string][]string{
		"cardVerificationFailed": {"4000000011", "4000010011"},
		"cardNotEligible":        {"4001770011", "4000010022"},
		"cardNotAllowed":         {"4010057011", "4000010033"},
		"declined":               {"4010057022", "4020057022"},
		"serviceError":           {"4010057033", "4020057033", "4000010044"},
		"trConfigIssue":          {"4010057044", "4020057044", "4000010055"},
		"invalidParameter":       {"4020057055", "4000010088"},
	} {
		status := map[string]int{"serviceError": 500, "invalidParameter": 400}[reason]
		for _, prefix := range ranges {
			body := prefix + "73190"
			pan := body + string(token.CheckDigit(body))
			got := w.transmit(w.good(func(s *sending) { card1("accountNumber", pan)(w, s) }))
			if got.Status != cmp.Or(status, 403) || !strings.Contains(string(got.Body), `"reason":"`+reason+`"`) {
				t.Errorf("%s: %d %s, want %s", prefix, got.Status, got.Body, reason)
			}
		}
	}
}

// TestRule_ByExpiryYear drives an answer by the year on the card, as another
// provider's sandbox does.
func TestRule_ByExpiryYear(t *testing.T) {
	w := newWorld(t, `version: 1
name: by year
rules:
  - when: { operation: provisionTokenWithPan, network: visa, body: { encPaymentInstrument.expirationDate.year: { equals: "2032" } } }
    then: { error: card_not_eligible }
`)
	in := func(year string) reply {
		return w.send(w.good(func(s *sending) { card1("expirationDate", date("12", year))(w, s) }))
	}
	w.judge(t, in("2032"), 403, "cardNotEligible", nil)
	if got := in("2031"); got.Status != 201 {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
