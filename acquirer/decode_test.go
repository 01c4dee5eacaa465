package acquirer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/acquirer"
	"github.com/pantomime-dev/pantomime/wire"
)

const good = `{"amount":{"value":1000,"currency":"EUR"},"merchant":{"id":"m-1","category":"5411","country":"DE"},` +
	`"instrument":{"type":"token","number":"4895370012345674","expiryMonth":"12","expiryYear":"2029","cryptogram":"AgAAAAAABk4DWZ4C28yUQAAAAAA=","eci":"07"}}`

func TestDecodeAuthorize_TakesNumbersAndTexts(t *testing.T) {
	for _, amount := range []string{`1000`, `"1000"`} {
		got, err := acquirer.DecodeAuthorize([]byte(strings.Replace(good, `1000`, amount, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if value, err := got.Amount.Money(); err != nil || value != 1000 || got.Instrument.ECI != "07" {
			t.Errorf("%s is read as %d, %v", amount, value, err)
		}
		if printed := fmt.Sprintf("%v %+v", got, got); strings.Contains(printed, "12345674") || strings.Contains(printed, "AgAAAA") {
			t.Errorf("it prints %s", printed)
		}
	}
}

// Every bad field is reported, by its place (docs/wire/acquirer.md "Authorize").
func TestDecodeAuthorize_Refuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, fields string }{
		{"no amount", `"amount":{"value":1000,"currency":"EUR"},`, ``, "amount"},
		{"cents in an amount", `1000`, `10.00`, "amount.value"},
		{"a leading zero", `1000`, `"01000"`, "amount.value"},
		{"13 digits", `1000`, `1000000000000`, "amount.value"},
		{"a currency in small letters", `EUR`, `eur`, "amount.currency"},
		{"a category of three digits", `5411`, `541`, "merchant.category"},
		{"a country of three letters", `"DE"`, `"DEU"`, "merchant.country"},
		{"an unknown type", `"token"`, `"purse"`, "instrument.type"},
		{"a number of eleven digits", `4895370012345674`, `48953700123`, "instrument.number"},
		{"a thirteenth month", `"12"`, `"13"`, "instrument.expiryMonth"},
		{"a year of two digits", `2029`, `29`, "instrument.expiryYear"},
		{"no cryptogram", `"cryptogram":"AgAAAAAABk4DWZ4C28yUQAAAAAA=",`, ``, "instrument.cryptogram"},
		{"a card with a cryptogram", `"token"`, `"card"`, "instrument.cryptogram"},
		{"a misspelt member", `"eci"`, `"ECI"`, "instrument.ECI"},
		{"two at once", `"EUR"},"merchant":{"id":"m-1",`, `"E"},"merchant":{`, "amount.currency merchant.id"},
	} {
		_, err := acquirer.DecodeAuthorize([]byte(strings.Replace(good, c.old, c.new, 1)))
		var bad wire.BadFields
		if !errors.As(err, &bad) || strings.Join(bad.Locations(), " ") != c.fields {
			t.Errorf("%s: %v, want %s", c.name, err, c.fields)
		}
	}
	for _, none := range []string{``, `null`, `[]`, `{`, good + `{}`, strings.Replace(good, `{`, `{"amount":1,`, 1)} {
		if _, err := acquirer.DecodeAuthorize([]byte(none)); !errors.Is(err, wire.ErrBody) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

func FuzzDecodeAuthorize(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"amount":{"value":"","currency":null}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := acquirer.DecodeAuthorize(body)
		var bad wire.BadFields
		switch {
		case err == nil:
			if _, err := got.Amount.Money(); err != nil {
				t.Error(err)
			}
			if _, err := got.Instrument.Expiry(); err != nil {
				t.Error(err)
			}
		case errors.As(err, &bad):
			if len(bad) == 0 {
				t.Error(bad)
			}
		case !errors.Is(err, wire.ErrBody):
			t.Error(err)
		}
	})
}
