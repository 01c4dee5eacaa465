package scenarios_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// samePattern compares regular expressions by their text.
var samePattern = cmp.Comparer(func(a, b *regexp.Regexp) bool {
	return a == b || a != nil && b != nil && a.String() == b.String()
})

func text(s string) *string { return &s }

func flag(b bool) *bool { return &b }

func TestParse_CompilesConditions(t *testing.T) {
	sc := compiled(t, twoCards+`rules:
  - when:
      header: { x-request-id: { matches: "^[0-9a-f-]{36}$" }, ACCEPT: application/json, keyid: { absent: true }, x-a: { present: false } }
      query: { apiKey: { present: true }, Weird-Name: { absent: false } }
      body:
        paymentRequest.transactionType: ECOM
        "tokenUniqueReferences[10]": { equals: "05" }
        a[0].b[1]: 7
        dsrpCapable: true
        amount: { equals: -1.25 }
        includeTokenDetail: "true"
    then: {}`)
	want := scenarios.When{
		Header: []scenarios.Match{
			{Name: "X-Request-Id", Pattern: regexp.MustCompile("^[0-9a-f-]{36}$")},
			{Name: "Accept", Equals: text("application/json")},
			{Name: "Keyid", Present: flag(false)},
			{Name: "X-A", Present: flag(false)},
		},
		Query: []scenarios.Match{{Name: "apiKey", Present: flag(true)}, {Name: "Weird-Name", Present: flag(true)}},
		Body: []scenarios.Match{
			{Name: "paymentRequest.transactionType", Equals: text("ECOM")},
			{Name: "tokenUniqueReferences.10", Equals: text("05")},
			{Name: "a.0.b.1", Equals: text("7")},
			{Name: "dsrpCapable", Equals: text("true")},
			{Name: "amount", Equals: text("-1.25")},
			{Name: "includeTokenDetail", Equals: text("true")},
		},
	}
	if diff := cmp.Diff(want, sc.Rules[0].When, samePattern); diff != "" {
		t.Error(diff)
	}
}

func TestParse_CompilesOverrides(t *testing.T) {
	sc := compiled(t, twoCards+`rules:
  - when: { operation: provision, card: alice }
    then:
      respond:
        z: null
        a: [ 1, -2.5, 1e3, true, false, text, "05", "true", { b: "<é>" } ]
        "odd key": {}
      metadata: { background-color: "0A0b0c", terms-url: http://bank.example/t }
      notify: { duplicate: 2, unknown-key: true }
  - when: { operation: status, card: bob }
    then: { body: "" }`)
	want := []scenarios.Then{
		{
			Respond:  []byte(`{"z":null,"a":[1,-2.5,1e3,true,false,"text","05","true",{"b":"<é>"}],"odd key":{}}`),
			Metadata: map[string]string{"background-color": "0A0b0c", "terms-url": "http://bank.example/t"},
			Notify:   scenarios.Variants{Duplicate: 2, UnknownKey: true},
		},
		{Body: text("")},
	}
	for i, then := range want {
		if diff := cmp.Diff(then, sc.Rules[i].Then); diff != "" {
			t.Errorf("rule %d: %s", i, diff)
		}
	}
}

func TestParse_CompilesEveryVariant(t *testing.T) {
	sc := compiled(t, `timeline:
  - on: token.suspended
    do: resume
    notify: { duplicate: 3, stale-time: true, wrong-signature: true, unknown-key: true, cut-ciphertext: true, unknown-field: true,
              unknown-token: true, huge-batch: true, before-response: true }`)
	want := scenarios.Variants{
		Duplicate: 3, StaleTime: true, WrongSignature: true, UnknownKey: true, CutCiphertext: true, UnknownField: true,
		UnknownToken: true, HugeBatch: true, BeforeResponse: true,
	}
	if diff := cmp.Diff(want, sc.Timeline[0].Action.Notify); diff != "" {
		t.Error(diff)
	}
}

func TestVariants_ListsTheKitWithItsNetworks(t *testing.T) {
	both := token.Networks()
	want := map[string][]token.Network{
		"duplicate": both, "late": both, "never": both, "reorder": both, "before-response": both, "stale-time": both,
		"wrong-signature": {token.Visa}, "unknown-key": both, "cut-ciphertext": {token.Mastercard}, "unknown-field": both,
		"unknown-token": both, "huge-batch": {token.Mastercard},
	}
	got := map[string][]token.Network{}
	for _, h := range scenarios.NoticeVariants() {
		if got[h.Name] = h.Networks; h.About == "" || h.Value == "" {
			t.Errorf("%s is not explained", h.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The product fields of the language are those that the fixtures can show.
func TestParse_TakesEveryProductField(t *testing.T) {
	values := map[string]string{
		"background-color": `"112233"`, "foreground-color": `"445566"`, "label-color": `"778899"`,
		"contact-website": "https://a.example/", "privacy-policy-url": "https://b.example/", "terms-url": "https://c.example/",
	}
	fields := fixtures.ProductFields()
	for _, name := range fields {
		value := values[name]
		if value == "" {
			value = "some text"
		}
		sc := compiled(t, twoCards+"rules: [ { when: { operation: provision }, then: { metadata: { "+name+": "+value+" } } } ]")
		if len(sc.Rules[0].Then.Metadata) != 1 {
			t.Errorf("%s: %v", name, sc.Rules[0].Then.Metadata)
		}
	}
	_, found := scenarios.Parse("f.yaml", []byte("version: 1\nrules: [ { then: { metadata: { x: y } } } ]"))
	if accepted := slices.Sorted(slices.Values(found[0].Accepted)); !slices.Equal(accepted, fields) {
		t.Errorf("the language has %v, the fixtures %v", accepted, fields)
	}
}
