package server_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/face"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/vts/server"
)

const instrument = "encPaymentInstrument"

// bodyFailures are requests that are signed well and wrong otherwise. Each is a
// change to the smallest good body, or to the clear text of its card.
var bodyFailures = []struct {
	name   string
	do     func(w *world, s *sending)
	status int
	reason string // reason of an errorResponse, or code of a responseStatus
	fields []string
	check  string
}{
	{"the body is empty", raw(""), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is blank", raw(" \n"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is no JSON", raw("hello"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is HTML", raw("<html></html>"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is an array", raw("[]"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is null", raw("null"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is a text", raw(`"{}"`), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is cut", func(w *world, s *sending) { s.body = s.body[:len(s.body)-1] }, 400, "invalidRequest", nil, face.CheckBody},
	{"a word follows the body", func(w *world, s *sending) { s.body = append(s.body, "true"...) }, 400, "invalidRequest", nil, face.CheckBody},
	{"a second object follows the body", func(w *world, s *sending) { s.body = append(s.body, s.body...) }, 400, "invalidRequest", nil, face.CheckBody},
	{"the body has a byte order mark", func(w *world, s *sending) { s.body = append([]byte("\xef\xbb\xbf"), s.body...) }, 400, "invalidRequest", nil, face.CheckBody},
	{"the body nests too deep", raw(`{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}"), 400, "invalidRequest", nil, face.CheckBody},
	{"the body is 2 MiB long", func(w *world, s *sending) {
		s.body = w.body(map[string]any{"passcode": strings.Repeat("x", 2<<20)})
	}, 413, "413", nil, face.CheckSize},
	{"the body is one byte too long", func(w *world, s *sending) {
		s.body = append(s.body, bytes.Repeat([]byte(" "), 1<<20+1-len(s.body))...)
	}, 413, "413", nil, face.CheckSize},
	{"the content type is missing", func(w *world, s *sending) { s.contentType = "" }, 415, "415", nil, face.CheckContentType},
	{"the content type is text", func(w *world, s *sending) { s.contentType = "text/plain" }, 415, "415", nil, face.CheckContentType},
	{"the content type is a form", func(w *world, s *sending) { s.contentType = "application/x-www-form-urlencoded" }, 415, "415", nil, face.CheckContentType},
	{"the content type only begins like JSON", func(w *world, s *sending) { s.contentType = "application/json-patch+json" }, 415, "415", nil, face.CheckContentType},
	{"the request id is missing", func(w *world, s *sending) { s.rqID = "" }, 400, "invalidParameter", []string{"x-request-id"}, server.CheckRequestID},
	{"the request id is 37 characters long", func(w *world, s *sending) { s.rqID = strings.Repeat("a", 37) }, 400, "invalidParameter", []string{"x-request-id"}, server.CheckRequestID},
	{"the request id has other characters", func(w *world, s *sending) { s.rqID = "a_b" }, 400, "invalidParameter", []string{"x-request-id"}, server.CheckRequestID},

	{"all fields are missing", raw("{}"), 400, "invalidParameter", []string{
		"clientAppID", "clientWalletAccountID", "locale", "panSource", instrument, "protectionType", "presentationType",
	}, face.CheckField("clientAppID")},
	{"a name differs in case", func(w *world, s *sending) {
		s.body = w.body(map[string]any{"clientAppID": nil, "clientAppId": "sandbox-app"})
	}, 400, "invalidParameter", []string{"clientAppID"}, face.CheckField("clientAppID")},
	{"a text is a number", with("locale", 1), 400, "invalidParameter", []string{"locale"}, face.CheckField("locale")},
	{"a text shared with provisioning is a list", with("clientAppID", []int{1}), 400, "invalidParameter", []string{"clientAppID"}, face.CheckField("clientAppID")},
	{"a list is a text", with("presentationType", "ECOM"), 400, "invalidParameter", []string{"presentationType"}, face.CheckField("presentationType")},
	{"a list is empty", with("presentationType", []string{}), 400, "invalidParameter", []string{"presentationType"}, face.CheckField("presentationType")},
	{"a presentation type is unknown", with("presentationType", []string{"ECOM", "MAGSTRIPE"}), 400, "invalidParameter", []string{"presentationType"}, face.CheckField("presentationType")},
	{"a panSource is unknown", with("panSource", "FOUND"), 400, "invalidParameter", []string{"panSource"}, face.CheckField("panSource")},
	{"a locale is none", with("locale", "english"), 400, "invalidParameter", []string{"locale"}, face.CheckField("locale")},
	{"an address is none", with("ip4address", "::1"), 400, "invalidParameter", []string{"ip4address"}, face.CheckField("ip4address")},
	{"a text is too long", with("clientAppID", strings.Repeat("a", 37)), 400, "invalidParameter", []string{"clientAppID"}, face.CheckField("clientAppID")},
	{"a nested field is missing", with("termsAndConditions", map[string]any{"date": "1"}), 400, "invalidParameter", []string{"termsAndConditions.id"}, face.CheckField("termsAndConditions.id")},
	{"two fields are bad", func(w *world, s *sending) {
		s.body = w.body(map[string]any{"panSource": "FOUND", "accountType": strings.Repeat("a", 65)})
	}, 400, "invalidParameter", []string{"panSource", "accountType"}, face.CheckField("panSource")},

	{"the card is in the clear", with(instrument, goodPAN), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE has four parts", part(4, nil), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE has six parts", jwe(func(p []string) string { return strings.Join(p, ".") + ".x" }), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's header is cut", part(0, cut), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's key is cut", part(1, cut), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's iv is cut", part(2, cut), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's ciphertext is cut", part(3, cut), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's tag is cut", part(4, cut), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's key is changed", part(1, flip), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's iv is changed", part(2, flip), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's ciphertext is changed", part(3, flip), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's tag is changed", part(4, flip), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE's ciphertext is empty", part(3, func(string) string { return "" }), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the JWE is padded", part(4, func(s string) string { return s + "==" }), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the algorithm is none", header(`{"alg":"none","enc":"A256GCM","kid":"·"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the algorithm is dir", header(`{"alg":"dir","enc":"A256GCM","kid":"·"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the algorithm is RSA", header(`{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"·"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the content encryption is another", header(`{"alg":"A256GCMKW","enc":"A128GCM","kid":"·"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the header has no iv", header(`{"alg":"A256GCMKW","enc":"A256GCM","kid":"·"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the header is no JSON", header(`alg`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the header has no kid", header(`{"alg":"A256GCMKW","enc":"A256GCM"}`), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the kid is unknown", sealedBy(func(w *world) vts.Credential { return vts.Credential{APIKey: "other", Secret: "secret"} }), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the kid is the network's own", sealedBy(func(w *world) vts.Credential { return w.keys().Outbound }), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"the secret is another", sealedBy(func(w *world) vts.Credential {
		return vts.Credential{APIKey: w.keys().Encryption.APIKey, Secret: "secret"}
	}), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},
	{"kid and secret are of two pairs", sealedBy(func(w *world) vts.Credential {
		return vts.Credential{APIKey: w.keys().Encryption.APIKey, Secret: w.keys().Signing.Secret}
	}), 400, "invalidParameter", []string{instrument}, vts.CheckField(instrument)},

	{"the clear text is no JSON", clearText(goodPAN + " 12/29 123"), 400, "invalidParameter", []string{instrument}, server.CheckClear(instrument)},
	{"the clear text is empty", clearText(""), 400, "invalidParameter", []string{instrument}, server.CheckClear(instrument)},
	{"the clear text is an array", clearText("[]"), 400, "invalidParameter", []string{instrument}, server.CheckClear(instrument)},
	{"text follows the clear text", clearText(`{"accountNumber":"` + goodPAN + `"} x`), 400, "invalidParameter", []string{instrument}, server.CheckClear(instrument)},
	{"the card has no number", card1("accountNumber", nil), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the card number is a list", card1("accountNumber", []string{"4622943120000600"}), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the card number is too short", card1("accountNumber", "462294312000"), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the card number is too long", card1("accountNumber", "46229431200006000000"), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the card number has blanks", card1("accountNumber", "4622 9431 2000 0600"), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the card number has a letter", card1("accountNumber", "462294312000060O"), 400, "invalidParameter", []string{instrument + ".accountNumber"}, face.CheckField(instrument + ".accountNumber")},
	{"the check digit does not hold", card1("accountNumber", "4622943120000601"), 400, "invalidParameter", []string{instrument + ".accountNumber"}, ""},
	{"the month is 13", card1("expirationDate", date("13", "2029")), 400, "invalidParameter", []string{instrument + ".expirationDate.month"}, face.CheckField(instrument + ".expirationDate.month")},
	{"the month is 00", card1("expirationDate", date("00", "2029")), 400, "invalidParameter", []string{instrument + ".expirationDate.month"}, face.CheckField(instrument + ".expirationDate.month")},
	{"the year has two digits", card1("expirationDate", date("12", "29")), 400, "invalidParameter", []string{instrument + ".expirationDate.year"}, face.CheckField(instrument + ".expirationDate.year")},
	{"the expiry is a text", card1("expirationDate", "12/29"), 400, "invalidParameter", []string{instrument + ".expirationDate"}, face.CheckField(instrument + ".expirationDate")},
	{"the security code has five digits", card1("cvv2", "12345"), 400, "invalidParameter", []string{instrument + ".cvv2"}, face.CheckField(instrument + ".cvv2")},
	{"a pushed card has no provider", with("panSource", "ISSUER_PUSH_PROVISION"), 400, "invalidParameter", []string{instrument + ".provider"}, face.CheckField(instrument + ".provider")},
	{"the card expired", card1("expirationDate", date("02", "2026")), 403, "cardVerificationFailed", nil, ""},
	{"the card is another network's", card1("accountNumber", "5204731600014784"), 403, "cardNotAllowed", nil, ""},
	{"the card may be real", card1("accountNumber", unlisted), 403, "cardNotAllowed", nil, face.CheckGuard},
	{"the source is an unknown token", with("panSource", "TOKEN"), 403, "cardNotAllowed", nil, ""},
	{"the risk data does not open", with("encRiskDataInfo", "a.b.c.d.e"), 400, "invalidParameter", []string{"encRiskDataInfo"}, vts.CheckField("encRiskDataInfo")},
	{"the risk data is no JSON", func(w *world, s *sending) {
		s.body = w.body(map[string]any{"encRiskDataInfo": seal(w.t, w.keys().Encryption, []byte("cvv "+goodPAN))})
	}, 400, "invalidParameter", []string{"encRiskDataInfo"}, server.CheckClear("encRiskDataInfo")},
	{"the risk data is a text", func(w *world, s *sending) {
		s.body = w.body(map[string]any{"encRiskDataInfo": seal(w.t, w.keys().Encryption, []byte(`"x"`))})
	}, 400, "invalidParameter", []string{"encRiskDataInfo"}, server.CheckClear("encRiskDataInfo")},
}

func raw(body string) func(*world, *sending) {
	return func(_ *world, s *sending) { s.body = []byte(body) }
}

func with(name string, value any) func(*world, *sending) {
	return func(w *world, s *sending) { s.body = w.body(map[string]any{name: value}) }
}

// jwe rewrites the parts of the good card's JWE.
func jwe(change func(parts []string) string) func(*world, *sending) {
	return func(w *world, s *sending) {
		good := seal(w.t, w.keys().Encryption, cardOf(goodPAN))
		s.body = w.body(map[string]any{instrument: change(strings.Split(good, "."))})
	}
}

// part changes one part, or with nil leaves it out.
func part(n int, change func(string) string) func(*world, *sending) {
	return jwe(func(p []string) string {
		if change == nil {
			return strings.Join(slices.Delete(p, n, n+1), ".")
		}
		p[n] = change(p[n])
		return strings.Join(p, ".")
	})
}

func cut(s string) string { return s[:len(s)/2] }

func flip(s string) string {
	if s[0] == 'A' {
		return "B" + s[1:]
	}
	return "A" + s[1:]
}

// header puts another protected header on the good JWE; a dot in the middle
// represents the right kid.
func header(text string) func(*world, *sending) {
	return func(w *world, s *sending) {
		own := strings.ReplaceAll(text, "·", w.keys().Encryption.APIKey)
		part(0, func(string) string { return base64.RawURLEncoding.EncodeToString([]byte(own)) })(w, s)
	}
}

func sealedBy(key func(*world) vts.Credential) func(*world, *sending) {
	return func(w *world, s *sending) {
		s.body = w.body(map[string]any{instrument: seal(w.t, key(w), cardOf(goodPAN))})
	}
}

func clearText(text string) func(*world, *sending) {
	return func(w *world, s *sending) {
		s.body = w.body(map[string]any{instrument: seal(w.t, w.keys().Encryption, []byte(text))})
	}
}

func card1(name string, value any) func(*world, *sending) {
	return func(w *world, s *sending) {
		c := cardOf(goodPAN)
		if c[name] = value; value == nil {
			delete(c, name)
		}
		s.body = w.body(map[string]any{instrument: seal(w.t, w.keys().Encryption, c)})
	}
}

func date(month, year string) map[string]any { return map[string]any{"month": month, "year": year} }

func TestBody_Refused(t *testing.T) {
	w := newWorld(t)
	for _, c := range bodyFailures {
		t.Run(c.name, func(t *testing.T) {
			got := w.send(w.good(func(s *sending) { c.do(w, s) }))
			w.judge(t, got, c.status, c.reason, c.fields)
			if got.Failed() != c.check {
				t.Errorf("explain names %q, want %q: %+v", got.Failed(), c.check, got.Entry.Checks)
			}
			if got.Entry.Problem == "" && c.status != 413 && c.status != 415 {
				t.Error("the journal names no problem")
			}
		})
	}
	if tokens := stage.Tokens(w.box); len(tokens) != 0 || len(stage.Cards(w.box)) != 0 {
		t.Errorf("refused requests left %d tokens and %d cards", len(tokens), len(stage.Cards(w.box)))
	}
}

// judge compares an answer with the refusal it should be.
func (w *world) judge(t *testing.T, got reply, status int, reason string, fields []string) {
	t.Helper()
	e := got.envelope(t)
	switch {
	case got.Status != status:
		t.Fatalf("answered %d %s, want %d %s", got.Status, got.Body, status, reason)
	case e.ResponseStatus != nil:
		if e.ResponseStatus.Code != reason || e.ResponseStatus.Status != status || e.ResponseStatus.Severity != "ERROR" {
			t.Errorf("answered %s, want code %s", got.Body, reason)
		}
	case e.ErrorResponse == nil || e.ErrorResponse.Message == "":
		t.Errorf("answered %s", got.Body)
	default:
		var at []string
		for _, d := range e.ErrorResponse.Details {
			at = append(at, d.Location)
		}
		if string(e.ErrorResponse.Reason) != reason || e.ErrorResponse.Status != status || !slices.Equal(at, fields) {
			t.Errorf("answered %s, want %s at %v", got.Body, reason, fields)
		}
	}
	if got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("content type %q", got.Header.Get("Content-Type"))
	}
}

// TestBody_Accepted is what the service is liberal about.
func TestBody_Accepted(t *testing.T) {
	w := newWorld(t)
	for name, do := range map[string]func(*world, *sending){
		"a month and a year as numbers": card1("expirationDate", map[string]any{"month": 7, "year": 2029}),
		"unknown fields":                with("channelSecurityContext", map[string]any{"vtsCerts": []any{}}),
		"a card without expiry and code": func(w *world, s *sending) {
			clearText(`{"accountNumber":"`+goodPAN+`"}`)(w, s)
		},
		"the short header of Visa's client": func(w *world, s *sending) {
			key := stage.Must(vts.NewSharedKey(w.keys().Encryption))(w.t)
			s.body = w.body(map[string]any{instrument: stage.Must(key.SealJSON(cardOf(goodPAN), noTime, nil))(w.t)})
		},
		"a pushed card": func(w *world, s *sending) {
			c := cardOf(goodPAN)
			c["provider"] = map[string]any{"intent": "PUSH_PROV_MOBILE"}
			s.body = w.body(map[string]any{"panSource": "ISSUER_PUSH_PROVISION", instrument: seal(w.t, w.keys().Encryption, c)})
		},
		"the older names of the e-mail fields": func(w *world, s *sending) {
			s.body = w.body(map[string]any{
				"clientWalletAccountEmailAddress": nil, "clientWalletAccountEmailAddressHash": nil, "email": "a@b.example", "emailHash": "x",
			})
		},
		"a wallet account of eleven digits": with("clientWalletAccountID", "40010000001"),
		"a card that ends this month":       card1("expirationDate", date("03", "2026")),
	} {
		t.Run(name, func(t *testing.T) {
			got := w.send(w.good(func(s *sending) { do(w, s) }))
			if got.Status != http.StatusCreated || got.Failed() != "" {
				t.Errorf("%d %s %+v", got.Status, got.Body, got.Entry.Checks)
			}
		})
	}
}

// TestBody_OfEveryOperation tries the same mistakes on each call with a body.
func TestBody_OfEveryOperation(t *testing.T) {
	w := newWorld(t)
	made := parse(t, w.send(w.good()).Body)
	id, enrolment := made["vProvisionedTokenID"].(string), made["vPanEnrollmentID"].(string)
	for _, route := range vts.Routes() {
		if route.Method == http.MethodGet {
			continue
		}
		path := route.At(id)
		if route.Op == token.VisaProvision {
			path = route.At(enrolment)
		}
		for _, bad := range []struct {
			name, body, contentType string
			status                  int
			reason                  string
		}{
			{"no JSON", "x", "application/json", 400, "invalidRequest"},
			{"text after the body", "{} {}", "application/json", 400, "invalidRequest"},
			{"an array", "[]", "application/json", 400, "invalidRequest"},
			{"another content type", "{}", "text/xml", 415, "415"},
			{"nothing in it", "{}", "application/json", 400, "invalidParameter"},
		} {
			t.Run(string(route.Op)+" "+bad.name, func(t *testing.T) {
				s := w.request(route.Method, path, []byte(bad.body))
				s.contentType = bad.contentType
				got := w.send(s)
				e := got.envelope(t)
				if got.Status != bad.status {
					t.Fatalf("%d %s", got.Status, got.Body)
				}
				switch {
				case e.ErrorResponse != nil && string(e.ErrorResponse.Reason) == bad.reason:
				case e.ResponseStatus != nil && e.ResponseStatus.Code == bad.reason:
				default:
					t.Errorf("answered %s, want %s", got.Body, bad.reason)
				}
			})
		}
	}
}
