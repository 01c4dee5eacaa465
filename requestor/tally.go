package requestor

import (
	"cmp"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// Tally counts what was done with a payment method.
type Tally struct {
	Made, Failed int            // provisionings
	Reasons      map[string]int `json:",omitempty"` // of those that failed: the network's own, else the key
	Months       map[string]int `json:",omitempty"` // of all, "2026-03"
	Attempted    int            // payments that were to be made with the token
	Used         int            // that were
	Succeeded    int            // payments, with whatever they were made
}

func (t *Tally) made(at time.Time) {
	t.Made++
	add(&t.Months, month(at), 1)
}

// failed returns what was counted, for [Tally.found].
func (t *Tally) failed(p *Problem, at time.Time) Failure {
	f := Failure{Reason: token.Scrub(cmp.Or(p.Reason, string(p.Key))), Month: month(at)}
	t.Failed++
	add(&t.Reasons, f.Reason, 1)
	add(&t.Months, f.Month, 1)
	return f
}

// Failure is a provisioning that was counted as failed.
type Failure struct{ Reason, Month string }

// found takes a failure back: the token was made all the same.
func (t *Tally) found(f Failure) {
	t.Failed--
	add(&t.Reasons, f.Reason, -1)
	add(&t.Months, f.Month, -1)
}

func month(at time.Time) string { return at.UTC().Format("2006-01") }

// add changes a count; one of 0 is none.
func add(counts *map[string]int, key string, by int) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	if (*counts)[key] += by; (*counts)[key] == 0 {
		delete(*counts, key)
	}
}

// Report is how an account is doing, over all its payment methods.
type Report struct {
	Provisioning Provisionings `json:"provisioning"`
	Transactions Transactions  `json:"transactions"`
	Methods      int           `json:"methods"`
	Tokens       int           `json:"tokens"` // payment methods that have one
	Findings     []Finding     `json:"findings"`
}

// Provisionings are the figures about tokens asked for.
type Provisionings struct {
	Total     int            `json:"total"`
	Succeeded int            `json:"succeeded"`
	Failed    int            `json:"failed"`
	ByNetwork map[string]int `json:"by_network"`
	ByReason  map[string]int `json:"by_reason"`
	ByMonth   map[string]int `json:"by_month"`
}

// Transactions are the figures about payments.
type Transactions struct {
	Attempted int            `json:"attempted"`
	Used      int            `json:"used"`
	Succeeded int            `json:"succeeded"`
	ByBrand   map[string]int `json:"by_brand"`
}

// Report adds up the account, open findings and settled ones.
func (q *Requestor) Report() Report {
	r := Report{
		Provisioning: Provisionings{ByNetwork: map[string]int{}, ByReason: map[string]int{}, ByMonth: map[string]int{}},
		Transactions: Transactions{ByBrand: map[string]int{}}, Findings: []Finding{},
	}
	for _, m := range q.Methods() {
		r.add(m)
	}
	r.Findings = append(r.Findings, q.foreigners()...)
	return r
}

func (r *Report) add(m Method) {
	p, t, n := &r.Provisioning, &r.Transactions, m.Tally
	r.Methods++
	if m.Holds != nil {
		r.Tokens++
	}
	p.Succeeded, p.Failed, p.Total = p.Succeeded+n.Made, p.Failed+n.Failed, p.Total+n.Made+n.Failed
	t.Attempted, t.Used, t.Succeeded = t.Attempted+n.Attempted, t.Used+n.Used, t.Succeeded+n.Succeeded
	if n.Made+n.Failed > 0 {
		p.ByNetwork[brand(m)] += n.Made + n.Failed
	}
	if n.Attempted > 0 {
		t.ByBrand[brand(m)] += n.Attempted
	}
	sum(p.ByReason, n.Reasons)
	sum(p.ByMonth, n.Months)
	r.Findings = append(r.Findings, m.Findings...)
}

// brand is a method's network, or what represents none.
func brand(m Method) string {
	if m.Network == "" {
		return "other"
	}
	return string(m.Network)
}

func sum(into, more map[string]int) {
	for key, n := range more {
		into[key] += n
	}
}
