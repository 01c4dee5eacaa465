package vault_test

import (
	"regexp"
	"testing"

	"github.com/pantomime-dev/pantomime/seed"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// Forms of identifiers, from docs/wire/vts.md "Identifiers" and
// docs/wire/mdes.md "Conventions".
var forms = map[token.Network]struct{ ref, card, par, number *regexp.Regexp }{
	token.Visa: {
		regexp.MustCompile(`^[0-9a-f]{32}$`), regexp.MustCompile(`^[0-9a-f]{32}$`),
		regexp.MustCompile(`^V001[A-Z0-9]{25}$`), regexp.MustCompile(`^489537\d{10}$`),
	},
	token.Mastercard: {
		regexp.MustCompile(`^DWSPMC\d{10}[0-9a-f]{32}$`), regexp.MustCompile(`^FWSPMC\d{10}[0-9a-f]{32}$`),
		regexp.MustCompile(`^5001[0-9a-z]{25}$`), regexp.MustCompile(`^520424\d{10}$`),
	},
}

func TestProvision_IdentifiersHaveTheirNetworksForm(t *testing.T) {
	for network, form := range forms {
		v := vault.New()
		e, tk := provision(v, network, "alice")
		par := vault.PARFor(ids(), network, e.Card)
		if !form.ref.MatchString(string(tk.Ref)) || !form.card.MatchString(string(e.Ref)) ||
			!form.par.MatchString(string(par)) || !form.number.MatchString(tk.Number.Digits()) {
			t.Errorf("%s: token %s, card %s, PAR %s, number %s", network, tk.Ref, e.Ref, par, tk.Number)
		}
		if !token.LuhnValid(tk.Number.Digits()) {
			t.Errorf("%s: the check digit of %s does not hold", network, tk.Number)
		}
	}
}

func TestProvision_TheSameSeedGivesTheSameInAnyOrder(t *testing.T) {
	first, second := vault.New(), vault.New()
	_, a1 := provision(first, token.Visa, "a")
	_, b1 := provision(first, token.Visa, "b")
	_, b2 := provision(second, token.Visa, "b")
	_, a2 := provision(second, token.Visa, "a")
	if a1.Ref != a2.Ref || a1.Number != a2.Number || b1.Ref != b2.Ref || b1.Number != b2.Number {
		t.Error("identifiers depend on the order of requests")
	}
}

func TestProvision_ANumberIsNeverIssuedTwice(t *testing.T) {
	v := vault.New()
	seen := map[token.TokenPAN]bool{}
	for range 500 {
		_, tk := provision(v, token.Mastercard, "same requestor")
		if seen[tk.Number] {
			t.Fatalf("%s was issued twice", tk.Number)
		}
		seen[tk.Number] = true
	}
}

func TestProvision_RepeatGetsTheLiveTokenOfTheSamePresentation(t *testing.T) {
	v := vault.New()
	e, tk := provision(v, token.Visa, "alice")
	tx := v.Begin(ids(), now)
	if again, ok, _ := tx.Again(e, "ECOM"); !ok || again.Ref != tk.Ref {
		t.Errorf("the same presentation: %v %s", ok, again.Ref)
	}
	if _, _, live := tx.Again(e, "AI_AGENT"); live {
		t.Error("another presentation got the same token")
	}
	suspended, err := tx.Change(tk, vault.Suspend, token.ByIssuer, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, live := tx.Again(e, "ECOM"); ok || !live { // [F11]
		t.Error("a suspended token was handed out again")
	}
	if _, err := tx.Change(suspended, vault.Deactivate, token.ByRequestor, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, live := tx.Again(e, "ECOM"); live {
		t.Error("a deleted token was handed out again")
	}
}

func TestATC_WrapsAfterTwoBytes(t *testing.T) {
	tx := vault.New().Begin(ids(), now)
	if got := tx.NextATC(vault.Token{ATC: 65535}).ATC; got != 0 {
		t.Errorf("after 65535 comes %d", got)
	}
}

func ids() seed.Source {
	s, err := seed.New(4711)
	if err != nil {
		panic(err)
	}
	return s
}

func provision(v *vault.Vault, network token.Network, requestor string) (vault.Enrolment, vault.Token) {
	pan := token.PAN("4622943120000600")
	if network == token.Mastercard {
		pan = "5204731600014784"
	}
	tx := v.Begin(ids(), now)
	c := vault.Card{ID: pan, PAN: pan, Network: network}
	tx.PutCard(c)
	e := tx.Enrol(network, requestor, "", c)
	tk := tx.Provision(e, vault.Blueprint{Presentation: "ECOM", Status: token.Active})
	v.Apply(tx.Delta())
	e, _ = v.Begin(ids(), now).Enrolment(e.Ref)
	return e, tk
}
