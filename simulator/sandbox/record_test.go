package sandbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/callback"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

func TestSandbox_KeepsRecordsByTheirVersion(t *testing.T) {
	box := stage.Box(t, nil, sandbox.Options{})
	first, err := box.PutRecord("a/one", []byte("1"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := box.PutRecord("a/one", []byte("2"), 0); !errors.Is(err, sandbox.ErrRecordChanged) {
		t.Error(err)
	}
	second, err := box.PutRecord("a/one", []byte("2"), first)
	if value, number := box.Record("a/one"); err != nil || string(value) != "2" || number != second || second == first {
		t.Errorf("%s at %d: %v", value, number, err)
	}
	for _, key := range []string{"a/two", "a/b/three", "ab"} {
		if _, err := box.PutRecord(key, []byte("x"), 0); err != nil {
			t.Fatal(err)
		}
	}
	if keys := box.RecordKeys("a/"); !slices.Equal(keys, []string{"a/one", "a/two"}) {
		t.Errorf("%q", keys)
	}
	if _, err := box.PutRecord("a/one", nil, second); err != nil {
		t.Fatal(err)
	}
	if value, number := box.Record("a/one"); value != nil || number != 0 || len(box.RecordKeys("a/")) != 1 {
		t.Errorf("%q at %d", value, number)
	}
	if _, err := box.PutRecord("b", []byte(strings.Repeat("x", 1<<16)), 0); !errors.Is(err, sandbox.ErrRecordSpace) {
		t.Error(err)
	}
}

func TestSandbox_QueuesAnEventOnce(t *testing.T) {
	box := stage.Box(t, nil, sandbox.Options{})
	ev := token.Event{ID: "1", Type: token.WorkFindOut, Requestor: "wallet", Party: "requestor", Account: "shop", Subject: "method"}
	for range 2 {
		if err := box.Send(ev, "somewhere", time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	list, total := box.Newest(10, nil)
	if total != 1 || list[0].State != callback.Scheduled || list[0].Due.Sub(box.Now()) != time.Hour || list[0].Event.Subject != "method" {
		t.Errorf("%d: %+v", total, list)
	}
}

// A change of an account stays when a better version of the scenario is adopted;
// one that the scenario no longer has is gone.
func TestSandbox_ChangesAccounts(t *testing.T) {
	box := stage.Box(t, nil, sandbox.Options{Scenario: stage.Scenario(t, "version: 1\naccounts: { shop: {}, till: {} }\n")})
	a, ok := box.Account("shop")
	if !ok || !a.Features.Service || a.Requestor != scenarios.DefaultRequestor {
		t.Fatalf("%+v", a)
	}
	a.Features.Service, a.Requestor = false, "somebody else"
	if err := box.SetAccount(a); err != nil {
		t.Fatal(err)
	}
	if err := box.Adopt(stage.Scenario(t, "version: 1\nname: better\naccounts: { shop: {} }\n")); err != nil {
		t.Fatal(err)
	}
	if all := box.Accounts(); len(all) != 1 || all[0].Features.Service || all[0].Requestor != scenarios.DefaultRequestor {
		t.Errorf("%+v", all)
	}
	if err := box.SetAccount(scenarios.MerchantAccount{Name: "till"}); !errors.Is(err, sandbox.ErrUnknown) {
		t.Error(err)
	}
	if of := box.AccountsOf("wallet"); !slices.Equal(of, []string{"shop"}) {
		t.Errorf("%q", of)
	}
}

// What is changed of an account is not written into the scenario that it comes from.
func TestSandbox_ChangesNoScenario(t *testing.T) {
	box := stage.Box(t, nil, sandbox.Options{Scenario: stage.Scenario(t, "version: 1\naccounts: { shop: { gateways: { first: {} } } }\n")})
	before, _ := box.Account("shop")
	changed := before
	changed.Features.Networks, changed.Gateways = []token.Network{token.Mastercard}, []scenarios.Gateway{{Name: "second"}}
	if err := box.SetAccount(changed); err != nil {
		t.Fatal(err)
	}
	if now, _ := box.Account("shop"); now.Features.Networks[0] != token.Mastercard || now.Gateways[0].Name != "second" {
		t.Errorf("%+v", now)
	}
	if before.Features.Networks[0] != token.Visa || before.Gateways[0].Name != "first" {
		t.Errorf("the scenario's own is %+v", before)
	}
}
