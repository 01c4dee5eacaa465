package sandbox_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/authorization"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
)

// overCapture is, in percent, by how much captures may exceed what is held here.
const overCapture = 15

// Mastercard's token is handed out again as Visa's is: else a card has as many as
// somebody asks for.
const lifeStory = `version: 1
networks: { mastercard: { repeat: same } }
requestors: { wallet: {}, shop: {} }
issuers: { poor: { funds: 700 } }
acquirers: { first: { expires: 2d, over-capture: 15 } }
cards:
  c0: { network: visa, pan: test/visa/1, expiry: "12/29" }
  c1: { network: mastercard, pan: test/mastercard/1, expiry: "12/29" }
  c2: { network: visa, pan: test/visa/2, expiry: "12/29", issuer: poor }
  c3: { network: mastercard, pan: test/mastercard/2, expiry: "12/29" }
`

// plainProof is a network whose cryptograms tell in the clear what they are made
// of: the counter, the token's number and the payment.
type plainProof struct{ network token.Network }

func (p plainProof) Network() token.Network { return p.network }

func (plainProof) ATC(c token.Cryptogram) (uint16, error) {
	n, _, _ := strings.Cut(c.Reveal(), " ")
	atc, err := strconv.ParseUint(n, 10, 16)
	return uint16(atc), err
}

func (plainProof) Genuine(c token.Cryptogram, _ []byte, number token.TokenPAN, payment string) bool {
	_, about, _ := strings.Cut(c.Reveal(), " ")
	return about == number.Digits()+" "+payment
}

// move is one thing that is done in the life of one requestor's card; which token,
// cryptogram or payment of it is meant follows from At.
type move struct {
	Do     string
	At     int
	Amount int64
}

// life is a requestor's card with all that it got so far.
type life struct {
	box       *sandbox.Sandbox
	requestor string
	card      scenarios.Card

	tokens   []sandbox.Result
	proofs   []sandbox.Charge // tokens with a cryptogram
	numbers  []token.TokenPAN // theirs
	payments []string
	paid     map[string]int // payments by cryptogram
	journal  []string       // what came of each move
	needless string         // a token that was made although there was one
}

func pick[T any](list []T, at int) (one T, ok bool) {
	if len(list) == 0 {
		return one, false
	}
	return list[at%len(list)], true
}

// each network's operation.
var provisions = map[token.Network]token.Operation{token.Visa: token.VisaProvisionWithPAN, token.Mastercard: token.MCTokenize}

var cryptograms = map[token.Network]token.Operation{token.Visa: token.VisaGetPaymentData, token.Mastercard: token.MCTransact}

// do makes one move and notes what came of it.
func (l *life) do(m move) {
	c := sandbox.Call{Requestor: l.requestor, Paying: &sandbox.Paying{Acquirer: "first"}}
	c.Asking.Amount = m.Amount
	switch m.Do {
	case "provision":
		c.Op, c.Card, c.Presentation = provisions[l.card.Network], sandbox.CardInput{PAN: l.card.PAN, Expiry: l.card.Expiry}, []string{"ECOM", "MOTO"}[m.At%2]
		c.TaskID = fmt.Sprint(l.card.Name, l.requestor, len(l.journal))
	case "cryptogram":
		t, ok := pick(l.tokens, m.At)
		c.Op, c.Subject.Token = cryptograms[l.card.Network], t.Token.Ref
		if !ok {
			return
		}
	case "pay by token":
		charge, ok := pick(l.proofs, m.At)
		c.Op, c.Network, c.Charge = token.Authorize, l.card.Network, charge
		if c.FromToken, _ = pick(l.numbers, m.At); !ok {
			return
		}
		c.Amount.Value = m.Amount
	case "pay by card":
		c.Op, c.Network, c.Card = token.Authorize, l.card.Network, sandbox.CardInput{PAN: l.card.PAN, Expiry: l.card.Expiry}
		c.Amount, c.Partial = authorization.Amount{Value: m.Amount, Currency: "EUR"}, m.At%2 == 0
	default:
		id, ok := pick(l.payments, m.At)
		c.Op, c.Payment, c.Asking.Final = token.Operation("acquirer/"+m.Do), id, m.At%7 == 0
		if m.At%3 == 0 {
			c.Asking.Amount = 0
		}
		c.Once = sandbox.Once{Key: []string{"", l.card.Name}[m.At%5/4], Digest: m.Do + id}
		if !ok {
			return
		}
	}
	had := l.usable(c.Presentation)
	r, _ := do(l.box, c)
	if made := r.Token.Ref; m.Do == "provision" && r.Problem == nil && len(had) > 0 && !slices.Contains(had, made) {
		l.needless = fmt.Sprintf("token %s was made beside %v", made, had)
	}
	l.note(m, c, r)
}

func (l *life) note(m move, c sandbox.Call, r sandbox.Result) {
	line := fmt.Sprintf("%s %d: ", m.Do, m.Amount)
	if r.Problem != nil {
		l.journal = append(l.journal, line+string(r.Problem.Key)+" "+r.Problem.Detail)
		return
	}
	switch m.Do {
	case "provision":
		l.tokens = append(l.tokens, r)
	case "cryptogram":
		l.proofs = append(l.proofs, sandbox.Charge{
			Amount: authorization.Amount{Currency: "EUR"}, Expiry: r.Token.Expiry,
			Cryptogram: token.Cryptogram(fmt.Sprintf("%d %s %s", r.Token.ATC, r.Token.Number.Digits(), r.Payment.ID)),
		})
		l.numbers = append(l.numbers, r.Token.Number)
	case "pay by token", "pay by card":
		l.payments = append(l.payments, r.Paid.ID)
		if c.Cryptogram != "" {
			l.paid[c.Cryptogram.Reveal()]++
		}
	}
	var paid sandbox.Paid
	if r.Paid != nil {
		paid = *r.Paid
	}
	l.journal = append(l.journal, fmt.Sprintf("%s%s %s %s %d %s", line, r.Token.Ref, paid.ID, paid.Status(), paid.Entry.Amount, paid.Entry.ID))
}

// sound says which rule a life has broken, "" for none.
func (l *life) sound() string {
	for proof, n := range l.paid {
		if n > 1 {
			return fmt.Sprintf("a cryptogram of %d characters paid %d times", len(proof), n)
		}
	}
	for _, id := range l.payments {
		a, _ := l.box.Payment(id)
		sums := map[authorization.Act]int64{}
		for _, e := range a.Entries {
			if sums[e.Act] += e.Amount; e.Act == authorization.Capture && !e.At.Before(a.Until) {
				return fmt.Sprintf("%s is captured at %s, after its time", id, e.At)
			}
		}
		switch {
		case sums[authorization.Capture] != a.Captured, sums[authorization.Refund] != a.Refunded:
			return fmt.Sprintf("the entries of %s make %v, captured %d, refunded %d", id, sums, a.Captured, a.Refunded)
		case a.Captured > a.Held+a.Held*overCapture/100:
			return fmt.Sprintf("%d are captured of %d", a.Captured, a.Held)
		case a.Refunded+a.Lost > a.Captured:
			return fmt.Sprintf("%d are refunded and %d lost of %d", a.Refunded, a.Lost, a.Captured)
		case a.End == authorization.Voided && a.Captured > 0:
			return "a payment is voided with something captured"
		}
	}
	return l.needless
}

// usable finds the tokens of a presentation that are neither suspended nor deleted;
// one that is suspended is replaced (docs/wire/vts.md "Provisioning").
func (l *life) usable(presentation string) (refs []token.Ref) {
	for g := range l.box.Tokens(l.card.PAN) {
		v, _ := l.box.Token(g.Ref)
		if t := v.Token; t.Requestor == l.requestor && t.Presentation == presentation && (t.Status == token.Active || t.Status == token.Inactive) {
			refs = append(refs, t.Ref)
		}
	}
	return refs
}

// disputing are the acts that a random life would have too few of.
var disputing = []string{"open-dispute", "lose-dispute"}

var moves = rapid.Custom(func(t *rapid.T) move {
	return move{
		Do: rapid.SampledFrom([]string{
			"provision", "cryptogram", "cryptogram", "pay by token", "pay by token", "pay by card", "capture", "capture", "refund", "void", "increment", "reverse", "getPayment",
		}).Draw(t, "do"),
		At: rapid.IntRange(0, 20).Draw(t, "at"), Amount: int64(rapid.IntRange(0, 1500).Draw(t, "amount")),
	}
})

// lives makes a sandbox with a life for each card and requestor.
func lives(t *testing.T) (*sandbox.Sandbox, *store.Memory[sandbox.Change], []*life) {
	t.Helper()
	scenario, log := stage.Scenario(t, lifeStory), store.NewMemory[sandbox.Change](100_000)
	box := stage.Box(t, nil, sandbox.Options{
		Scenario: scenario, Log: log, Proofs: []sandbox.Proof{plainProof{token.Visa}, plainProof{token.Mastercard}},
	})
	box.Start()
	var all []*life
	for _, c := range scenario.Cards {
		for _, q := range scenario.Requestors {
			all = append(all, &life{box: box, requestor: q.Name, card: c, paid: map[string]int{}})
		}
	}
	return box, log, all
}

// Whatever merchants, issuers and the clock do in whatever order: no cryptogram
// pays twice, nothing more is captured than may be, nothing more is refunded than
// was captured, a card gets no second token of a requestor and presentation, and
// each change has a form that reports all of it. No capture comes after its
// payment's time.
func TestProperty_PaymentsStaySound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		box, log, all := lives(t)
		for range rapid.IntRange(10, 100).Draw(rt, "moves") {
			l := all[rapid.IntRange(0, len(all)/3).Draw(rt, "life")] // few, so that much happens to each
			switch rapid.IntRange(0, 6).Draw(rt, "who") {
			case 0:
				if _, err := box.Advance(t.Context(), time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours"))*time.Hour, time.Minute); err != nil {
					rt.Fatal(err)
				}
			case 1:
				do := rapid.SampledFrom(slices.Concat(token.ActionNames(), disputing, disputing, disputing)).Draw(rt, "act")
				_ = box.Act(scenarios.Action{Do: do, By: token.ByIssuer}, sandbox.Target{Card: l.card.PAN.Digits()}) // what nothing allows is refused
			default:
				l.do(moves.Draw(rt, "move"))
			}
			if broken := l.sound(); broken != "" {
				rt.Fatalf("%s\n%s", broken, strings.Join(l.journal, "\n"))
			}
		}
		err := log.Read(box.LogName(), 0, func(c sandbox.Change) error {
			raw, err := sandbox.Codec{}.Encode(c)
			if err != nil {
				return err
			}
			back, err := sandbox.Codec{}.Decode(raw)
			if diff := cmp.Diff(c.Payments, back.Payments); diff != "" {
				rt.Fatal(diff)
			}
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
		box.End()
	})
}

// What comes of the life of a card does not depend on who else is busy: one worker
// and 64 leave the same.
func TestProperty_LivesAreTheSameWithManyWorkers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		script := rapid.SliceOfN(rapid.SliceOfN(moves, 0, 25), 8, 8).Draw(rt, "script")
		var journals [2][]string
		for i, workers := range []int{1, 64} {
			box, _, all := lives(t)
			var busy sync.WaitGroup
			free := make(chan struct{}, workers)
			for n, l := range all {
				free <- struct{}{}
				busy.Go(func() {
					for _, m := range script[n] {
						l.do(m)
					}
					<-free
				})
			}
			busy.Wait()
			for _, l := range all {
				journals[i] = append(journals[i], l.journal...)
			}
			box.End()
		}
		if diff := cmp.Diff(journals[0], journals[1]); diff != "" {
			rt.Fatal(diff)
		}
	})
}
