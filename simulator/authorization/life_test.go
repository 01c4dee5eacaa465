package authorization

import (
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// states are payments of 1000, in each of which something else is allowed.
var states = map[string]Authorization{
	"authorized":                {Held: 1000},
	"verified":                  {},
	"captured in part":          {Held: 1000, Captured: 400},
	"captured":                  {Held: 1000, Captured: 1000},
	"captured for good":         {Held: 1000, Captured: 400, End: Complete},
	"captured and refunded":     {Held: 1000, Captured: 400, Refunded: 400},
	"captured, refunded a part": {Held: 1000, Captured: 1000, Refunded: 400},
	"refunded":                  {Held: 1000, Captured: 1000, Refunded: 1000},
	"voided":                    {Held: 1000, End: Voided},
	"reversed":                  {End: Voided},
	"expired":                   {Held: 1000, End: Expired},
	"captured, rest expired":    {Held: 1000, Captured: 400, End: Expired},
	"disputed":                  {Held: 1000, Captured: 1000, Refunded: 400, Dispute: Dispute{State: DisputeOpened, Amount: 600}},
	"dispute won":               {Held: 1000, Captured: 1000, Refunded: 400, Dispute: Dispute{State: DisputeWon, Amount: 600}},
	"charged back":              {Held: 1000, Captured: 1000, Lost: 1000, Dispute: Dispute{State: DisputeLost, Amount: 1000}},
}

// allowed says, by hand from docs/wire/acquirer.md "Acts", "Status" and "Disputes", the
// status before each act and after it, where the act is of all there is and an increment
// of 100. A "no" is payment_status, a "0" amount_too_high.
const allowed = `
state                     | status             | capture            | void   | refund             | increment          | reverse  | expire
authorized                | authorized         | captured           | voided | no                 | authorized         | voided   | expired
verified                  | authorized         | 0                  | voided | no                 | authorized         | voided   | expired
captured in part          | partially_captured | captured           | no     | refunded           | partially_captured | captured | captured
captured                  | captured           | 0                  | no     | refunded           | partially_captured | no       | no
captured for good         | captured           | no                 | no     | refunded           | no                 | no       | no
captured and refunded     | refunded           | partially_refunded | no     | 0                  | refunded           | refunded | refunded
captured, refunded a part | partially_refunded | 0                  | no     | refunded           | partially_refunded | no       | no
refunded                  | refunded           | 0                  | no     | 0                  | refunded           | no       | no
voided                    | voided             | no                 | no     | no                 | no                 | no       | no
reversed                  | voided             | no                 | no     | no                 | no                 | no       | no
expired                   | expired            | no                 | no     | no                 | no                 | no       | no
captured, rest expired    | captured           | no                 | no     | refunded           | no                 | no       | no
disputed                  | disputed           | 0                  | no     | 0                  | disputed           | no       | no
dispute won               | partially_refunded | 0                  | no     | refunded           | partially_refunded | no       | no
charged back              | charged_back       | 0                  | no     | 0                  | charged_back       | no       | no
`

// cells splits a line of a table.
func cells(line string) []string {
	list := strings.Split(line, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

// outcome is what a cell says of an act.
func outcome(a Authorization, do Act, ask Asking, t Terms) string {
	amount, problem := a.Judge(do, ask, t)
	switch {
	case problem == nil:
		after, _ := a.Do(do, amount, ask.Final, "id", noon)
		return string(after.Status())
	case problem.Key == token.WrongPaymentStatus:
		return "no"
	case problem.Key == token.AmountTooHigh:
		return "0"
	}
	return string(problem.Key)
}

// Each act in each state does what the documents say, or is refused as they say.
func TestAuthorization_EachActInEachState(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(allowed), "\n")
	heads := cells(lines[0])
	if len(lines)-1 != len(states) || len(heads)-2 != len(acts) {
		t.Fatalf("%d rows of %d states, %d columns of %d acts", len(lines)-1, len(states), len(heads)-2, len(acts))
	}
	for _, line := range lines[1:] {
		row := cells(line)
		a, known := states[row[0]]
		if !known || string(a.Status()) != row[1] {
			t.Errorf("%s is %s, want %s", row[0], a.Status(), row[1])
		}
		for i, want := range row[2:] {
			do, ask := Act(heads[i+2]), Asking{}
			if do == Increment {
				ask.Amount = 100
			}
			if got := outcome(a, do, ask, Terms{}); got != want {
				t.Errorf("%s: %s: %s, want %s", row[0], do, got, want)
			}
		}
	}
}

// Amounts are allowed up to the last unit, and the acquirer's terms move the limits of
// captures alone (docs/wire/acquirer.md "Acts", "Terms").
func TestAuthorization_TheLargestAmountOfEachAct(t *testing.T) {
	usual, over, late := Terms{}, Terms{Over: 15}, Terms{Late: true}
	for _, row := range []struct {
		state string
		do    Act
		terms Terms
		most  int64 // one more is too much; 0: it is not allowed at all
	}{
		{"captured in part", Capture, usual, 600},
		{"captured in part", Capture, over, 750},
		{"captured", Capture, over, 150},
		{"captured in part", Refund, over, 400},
		{"captured, refunded a part", Refund, usual, 600},
		{"captured in part", Reverse, over, 600},
		{"authorized", Reverse, late, 1000},
		{"authorized", Increment, over, 999_999_998_999},
		{"expired", Capture, usual, 0},
		{"expired", Capture, late, 1000},
		{"captured, rest expired", Capture, late, 600},
		{"expired", Increment, late, 0},
		{"expired", Reverse, late, 0},
		{"expired", Void, late, 0},
		{"captured for good", Capture, late, 0},
		{"voided", Capture, late, 0},
	} {
		at := func(amount int64) string {
			return outcome(states[row.state], row.do, Asking{Amount: amount}, row.terms)
		}
		if row.most == 0 {
			if got := at(1); got != "no" {
				t.Errorf("%s: %s under %+v: %s, want it refused", row.state, row.do, row.terms, got)
			}
			continue
		}
		if last, more := at(row.most), at(row.most+1); last == "no" || last == "0" || more != "0" {
			t.Errorf("%s: %s of %d under %+v: %s, of one more: %s", row.state, row.do, row.most, row.terms, last, more)
		}
	}
	if got := outcome(Authorization{Held: 1000, Currency: "EUR"}, Capture, Asking{Amount: 1, Currency: "USD"}, Terms{}); got != string(token.OtherCurrency) {
		t.Errorf("another currency: %s", got)
	}
}
