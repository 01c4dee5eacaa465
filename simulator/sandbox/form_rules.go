package sandbox

import (
	"regexp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
)

func (f *form) rules(d *outcome.Delta) {
	f.key(&d.Attempt)
	list(f, &d.Fired, (*form).ruleID)
	list(f, &d.Added, (*form).rule)
	list(f, &d.Removed, (*form).ruleID)
}

func (f *form) ruleID(id *outcome.ID) {
	signed(f, &id.Layer)
	unsigned(f, &id.N)
	if id.Layer < outcome.FailNext || id.Layer > outcome.Magic {
		f.fail("a rule of no layer")
	}
}

func (f *form) rule(r *outcome.Rule) {
	f.ruleID(&r.ID)
	text(f, &r.Name)
	text(f, &r.At.File)
	signed(f, &r.At.Line)
	signed(f, &r.At.Column)
	f.when(&r.When)
	signed(f, &r.Times)
	f.then(&r.Then)
	f.flags(&r.Magic)
}

func (f *form) when(w *scenarios.When) {
	list(f, &w.Operations, text)
	text(f, &w.Network)
	list(f, &w.Cards, text)
	list(f, &w.BINs, text)
	list(f, &w.Tokens, text)
	list(f, &w.Requestors, text)
	list(f, &w.Accounts, text)
	given(f, &w.Purchase, (*form).purchase)
	list(f, &w.Header, (*form).match)
	list(f, &w.Query, (*form).match)
	list(f, &w.Body, (*form).match)
	signed(f, &w.Attempt)
}

func (f *form) purchase(p *scenarios.Purchase) {
	list(f, &p.Merchants, text)
	list(f, &p.Categories, text)
	list(f, &p.Countries, text)
	list(f, &p.Currencies, text)
	given(f, &p.Least, signed)
	given(f, &p.Most, signed)
}

func (f *form) match(m *scenarios.Match) {
	text(f, &m.Name)
	given(f, &m.Equals, text)
	given(f, &m.Present, func(f *form, v *bool) { f.flags(v) })
	f.pattern(&m.Pattern)
}

// pattern walks an expression by its text.
func (f *form) pattern(p **regexp.Regexp) {
	var expr *string
	if *p != nil {
		written := (*p).String()
		expr = &written
	}
	given(f, &expr, text)
	if !f.reading || f.err != nil || expr == nil {
		return
	}
	var err error
	if *p, err = regexp.Compile(*expr); err != nil {
		f.fail("an expression: %v", err)
	}
}

func (f *form) then(t *scenarios.Then) {
	text(f, &t.Decision)
	text(f, &t.Error)
	signed(f, &t.Status)
	signed(f, &t.Delay)
	text(f, &t.Fault)
	given(f, &t.Commit, func(f *form, v *bool) { f.flags(v) })
	signed(f, &t.RetryAfter)
	given(f, &t.Body, text)
	text(f, &t.Respond)
	f.texts(&t.Metadata)
	unlessZero(f, &t.Notify, (*form).variants)
}
