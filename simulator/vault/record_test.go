package vault_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// What is put into a vault comes out as it was, however it is kept.
func TestVault_GivesBackWhatItWasGiven(t *testing.T) {
	card := vault.Card{
		ID: "4622943120000600", Name: "alice", PAN: "4000000000000002", Network: token.Visa, Expiry: token.Expiry{Year: 2029, Month: 12},
		Issuer: "careful", PAR: "V001ABC", Product: 3, Closed: true,
	}
	enrolment := vault.Enrolment{
		Ref: "e", Network: token.Visa, Requestor: "wallet", Wallet: "w", Card: card.ID, Issued: 2, Events: 7,
	}
	one := vault.Token{
		Ref: "t", Network: token.Visa, Requestor: "wallet", TRID: "40010000001", Enrolment: "e", Card: card.ID, Number: "4895370000000000",
		Expiry: token.Expiry{Year: 2031, Month: 1}, Presentation: "ECOM", Status: token.Suspended,
		SuspendedBy: token.Suspenders{token.ByRequestor, token.ByIssuer}, Reason: "SUSPECTED_FRAUD", StatusAt: time.Date(2400, 2, 29, 1, 2, 3, 4, time.UTC),
		StepUp: true, ATC: 65535, Events: 9, Env: "static", ReplyTo: "127.0.0.1:9/x",
	}
	for _, sample := range []any{card, enrolment, one} { // a new member that stays empty here would not be seen forgotten
		for v, i := reflect.ValueOf(sample), 0; i < v.NumField(); i++ {
			if v.Field(i).IsZero() {
				t.Errorf("the sample of %T has no %s", sample, v.Type().Field(i).Name)
			}
		}
	}
	other := vault.Token{Ref: "u", Network: token.Visa, Requestor: "wallet", Enrolment: "e", Card: card.ID, Number: "4895370000000018"}
	v := vault.New()
	v.Apply(vault.Delta{Cards: []vault.Card{card}, Enrolments: []vault.Enrolment{enrolment}, Tokens: []vault.Token{one, other}})
	tx := v.Begin(ids(), now)
	if got, ok := tx.Card(card.PAN); !ok || got != card {
		t.Errorf("card %+v", got)
	}
	if got, ok := tx.Enrolment("e"); !ok || got != enrolment {
		t.Errorf("enrolment %+v", got)
	}
	for _, want := range []vault.Token{one, other} {
		if got, ok := tx.Token(want.Ref); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got, ok := tx.TokenByNumber(want.Number); !ok || got.Ref != want.Ref {
			t.Errorf("by number %+v", got)
		}
	}
	var refs []token.Ref
	for got := range tx.Tokens("e") {
		refs = append(refs, got.Ref)
	}
	if !reflect.DeepEqual(refs, []token.Ref{"t", "u"}) {
		t.Errorf("of the enrolment: %v", refs)
	}
}

// A delta may name what was not put in place; naming makes nothing known.
func TestVault_WhatIsOnlyNamedIsNotKnown(t *testing.T) {
	v := vault.New()
	one := vault.Token{Ref: "t", Network: token.Mastercard, Requestor: "wallet", Enrolment: "e", Card: "5204731600014784", Number: "5204240000000000"}
	v.Apply(vault.Delta{Tokens: []vault.Token{one}})
	tx := v.Begin(ids(), now)
	if got, ok := tx.Token("t"); !ok || !reflect.DeepEqual(got, one) {
		t.Errorf("%+v", got)
	}
	if e, ok := tx.Enrolment("e"); ok {
		t.Errorf("enrolment %+v", e)
	}
	if c, ok := tx.Card(one.Card); ok {
		t.Errorf("card %+v", c)
	}
	if cards, _ := v.Count(); cards != 0 || len(v.CardsFrom(0, 10)) != 0 {
		t.Error("a card is listed")
	}
	for range tx.EnrolmentsOf(one.Card) {
		t.Error("an enrolment is listed")
	}
}
