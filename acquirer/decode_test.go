package acquirer_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

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

// What can be said of an act is judged by its own table (docs/wire/acquirer.md
// "Acts").
func TestDecodeAct_Refuses(t *testing.T) {
	const some = `{"amount":{"value":1,"currency":"EUR"}}`
	for _, c := range []struct {
		name   string
		route  wire.Route
		body   string
		fields string
	}{
		{"a capture of all", acquirer.RouteCapture, `{}`, ""},
		{"a final capture of some", acquirer.RouteCapture, `{"amount":{"value":"1","currency":"EUR"},"captureType":"final","reference":"r"}`, ""},
		{"an unknown type of capture", acquirer.RouteCapture, `{"captureType":"last"}`, "captureType"},
		{"a capture of nothing", acquirer.RouteCapture, `{"amount":{"value":0,"currency":"EUR"}}`, "amount.value"},
		{"an amount without currency", acquirer.RouteRefund, `{"amount":{"value":1}}`, "amount.currency"},
		{"a final refund", acquirer.RouteRefund, `{"captureType":"final"}`, "captureType"},
		{"a void of some", acquirer.RouteVoid, some, "amount"},
		{"an increment of nothing said", acquirer.RouteIncrement, `{}`, "amount"},
		{"an increment", acquirer.RouteIncrement, some, ""},
		{"a reversal of some", acquirer.RouteReverse, some, ""},
		{"a reference that is too long", acquirer.RouteReverse, `{"reference":"` + strings.Repeat("r", 65) + `"}`, "reference"},
	} {
		_, err := acquirer.DecodeAct(c.route, []byte(c.body))
		var bad wire.BadFields
		if errors.As(err, &bad); strings.Join(bad.Locations(), " ") != c.fields || (err == nil) != (c.fields == "") {
			t.Errorf("%s: %v, want %q", c.name, err, c.fields)
		}
	}
}

func FuzzDecodeAct(f *testing.F) {
	f.Add([]byte(`{"amount":{"value":1,"currency":"EUR"},"captureType":"final","reference":"r"}`))
	f.Add([]byte(`{"amount":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, route := range []wire.Route{acquirer.RouteCapture, acquirer.RouteVoid, acquirer.RouteIncrement} {
			got, err := acquirer.DecodeAct(route, body)
			var bad wire.BadFields
			switch {
			case err != nil && !errors.As(err, &bad) && !errors.Is(err, wire.ErrBody):
				t.Error(err)
			case err == nil && got.Amount != nil:
				if value, err := got.Amount.Money(); err != nil || value < 1 {
					t.Errorf("%d, %v", value, err)
				}
			}
		}
	})
}

// A notice verifies under its secret alone, as long as it is fresh and nobody
// touched it.
func FuzzJudgeNotice(f *testing.F) {
	keys, now := acquirer.Credential{Key: "k", Secret: "s"}, time.Unix(1_772_355_600, 0)
	made, err := acquirer.Notice{ID: "n", Type: "dispute.opened", Payment: acquirer.NoticePayment{ID: "p"}}.Request("http://127.0.0.1:1", keys, now, "more")
	if err != nil {
		f.Fatal(err)
	}
	right := made.Header.Get(acquirer.HeaderSignature)
	if n, err := acquirer.JudgeNotice(keys, made.Header, made.Body, now.Add(time.Minute)); err != nil || n.Payment.ID != "p" {
		f.Fatal(n, err)
	}
	f.Add(right, made.Body)
	f.Add("t=1,v1=00", []byte(`{}`))
	f.Add("t=,v1=", []byte(nil))
	f.Fuzz(func(t *testing.T, signature string, body []byte) {
		header := http.Header{acquirer.HeaderNoticeKey: {keys.Key}, acquirer.HeaderSignature: {signature}}
		_, err := acquirer.JudgeNotice(keys, header, body, now)
		if same := signature == right && bytes.Equal(body, made.Body); (err == nil) != same {
			t.Errorf("%q over %q: %v", signature, body, err)
		}
	})
}
