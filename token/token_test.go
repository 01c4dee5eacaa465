package token_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/token"
)

const pan = "4622943120000600"

func TestPAN_IsMaskedWhateverPrintsIt(t *testing.T) {
	p, n := token.PAN(pan), token.TokenPAN(pan)
	encoded, err := json.Marshal(map[string]any{"pan": p, "token": n, "cryptogram": token.Cryptogram("AgAAABB6qqnJd0oAmbuXgu8AAAA=")})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "pan", p, "token", n)
	for name, text := range map[string]string{
		"%v": fmt.Sprintf("%v %v", p, n), "%+v": fmt.Sprintf("%+v", struct{ P token.PAN }{p}), "%#v": fmt.Sprintf("%#v %#v", p, n),
		"%s": fmt.Sprintf("%s %s", p, n), "%q": fmt.Sprintf("%q %q", p, n), "json": string(encoded), "log": log.String(),
	} {
		if strings.Contains(text, pan) || strings.Contains(text, "AgAAABB6") {
			t.Errorf("%s shows it: %s", name, text)
		}
		if !strings.Contains(text, "462294******0600") {
			t.Errorf("%s does not show first six and last four: %s", name, text)
		}
	}
}

func TestMask_ShortAndOddValuesAreStars(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "123": "****", "123456789012": "****", "4622943120000600": "462294******0600", "46229431200006x0": "****",
		"1234567890123": "123456***0123", "12345678901234567890": "****",
	} {
		if got := token.Mask(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

// TestScrub_NothingBesideANumberHidesIt: where numbers follow one another, more may be
// hidden than is theirs.
func TestScrub_NothingBesideANumberHidesIt(t *testing.T) {
	const pan = "4622943120000600"
	for text, want := range map[string]string{
		"4622 9431 2000 0600 12/29":               "4622 94** **** 0600 12/29",
		"in 2026 4622 9431 2000 0600":             "in 2026 4622 94** **** 0600",
		"4622-9431-2000-0600-1229":                "4622-94**-****-0600-1229",
		"4622.9431.2000.0600":                     "4622.94**.****.0600",
		"4622  9431  2000  0600":                  "4622  94**  ****  0600",
		"4622\u00a09431\u00a02000\u00a00600":      "4622\u00a094**\u00a0****\u00a00600",
		"card=4622+9431+2000+0600&x=1":            "card=4622+94**+****+0600&x=1",
		pan + " 123":                              "462294******0600 123",
		pan + pan:                                 "462294******0600462294******0600",
		pan + pan + pan:                           "462294******0600462294******0600462294******0600",
		"4622 9431 2000 0600 4622 9431 2000 0600": "4622 94** **** 0600 4622 94** **** 0600",
	} {
		if got := token.Scrub(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestScrub_LeavesIdentifiersAlone(t *testing.T) {
	for in, want := range map[string]string{
		"/vts/panEnrollments/4622943120000600":             "/vts/panEnrollments/462294******0600",
		"DNITHE000000000000000042":                         "DNITHE000000000000000042",
		"DWSPMC0000000001234567890123456789abcdef01234567": "DWSPMC0000000001234567890123456789abcdef01234567",
		"00112233445566778899001122334455":                 "00112233445566778899001122334455",
		"oauth_nonce%3D5204731600014784%26":                "oauth_nonce%3D520473******4784%26", "%345204731600014784": "%34520473******4784",
		"100%4622943120000600": "100%462294******0600", "%": "%", "a%2": "a%2",
		"4622 9431 2000 0600": "4622 94** **** 0600", "n 4622-9431-2000-0600, x": "n 4622-94**-****-0600, x",
		"2026-03-01 09 00 00 0 0": "2026-03-01 09 00 00 0 0", "1234 5678 9012 3456": "1234 5678 9012 3456",
		"6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11": "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11",
		"card4622943120000600x":                "card462294******0600x", "4622943120000600A": "462294******0600A", "a4622943120000601": "a4622943120000601",
		"1700000000":                            "1700000000",
		"a=4622943120000600,b=5204731600014784": "a=462294******0600,b=520473******4784",
	} {
		if got := token.Scrub(in); got != want {
			t.Errorf("%s → %s, want %s", in, got, want)
		}
	}
}

func TestLuhn(t *testing.T) {
	for digits, want := range map[string]bool{
		"4895370012003478": true, "4622943120000600": true, "5204731600014784": true, "5123456789012345": false, "0": false, "": false, "46229431200006O0": false,
	} {
		if got := token.LuhnValid(digits); got != want {
			t.Errorf("%s: %t", digits, got)
		}
	}
}

func TestPAN_Network(t *testing.T) {
	for digits, want := range map[token.PAN]token.Network{
		"4622943120000600": token.Visa, "5204731600014784": token.Mastercard, "2222690420064590": token.Mastercard, "2220990000000000": "",
		"2721000000000000": "", "340000000000009": "", "6011000000000004": "", "6304000000000000": token.Mastercard, "5900000000000000": "", "412": "",
	} {
		if got := digits.Network(); got != want {
			t.Errorf("%s: %q, want %q", string(digits), got, want)
		}
	}
}

func TestExpiry_LastsUntilTheEndOfItsMonth(t *testing.T) {
	e, err := token.ParseExpiry("12/29")
	if err != nil || e.MM() != "12" || e.YY() != "29" || e.YYYY() != "2029" || e.MMYY() != "1229" || e.String() != "12/29" {
		t.Fatalf("%+v %v", e, err)
	}
	if e.Passed(time.Date(2029, 12, 31, 23, 59, 59, 0, time.UTC)) || !e.Passed(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("it does not end with December")
	}
	for _, bad := range []string{"", "1/29", "13/29", "00/29", "12-29", "12/2029", "ab/cd"} {
		if _, err := token.ParseExpiry(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSuspenders_AreValues(t *testing.T) {
	one := token.Suspenders{token.ByIssuer}
	two := one.With(token.ByRequestor)
	if len(one) != 1 || len(two) != 2 || len(two.With(token.ByIssuer)) != 2 {
		t.Errorf("%v %v", one, two)
	}
	if left := two.Without(token.ByIssuer); !slices.Equal(left, token.Suspenders{token.ByRequestor}) || len(two) != 2 {
		t.Errorf("%v %v", left, two)
	}
}

// The documented keys, counted from the client's documents: nine of Visa,
// eleven of Mastercard.
func TestKeys_AreTheDocumentedTwenty(t *testing.T) {
	want := map[token.Network]string{
		token.Visa:       "invalid_parameter card_verification_failed card_not_eligible not_allowed declined tr_config_issue card_not_allowed service_error json_parse_error",
		token.Mastercard: "PAN_INELIGIBLE INVALID_TOKEN_UNIQUE_REFERENCE MISSING_REQUIRED_FIELD INVALID_PAN INVALID_TOKEN_STATUS no_response_from_issuer duplicate_request internal_server_err json_parse_error limit_exceeded gateway_timeout",
	}
	for network, names := range want {
		if got := strings.Join(token.KeyNames(network), " "); got != names {
			t.Errorf("%s: %s", network, got)
		}
	}
	if info, ok := token.KeyOf(token.Visa, token.CardNotEligible); !ok || info.Message != "This card cannot be used at this moment. Please try again later, or choose another Visa card." {
		t.Errorf("%+v", info)
	}
	if info, ok := token.KeyOf(token.Mastercard, token.NoResponseFromIssuer); !ok || info.Message != "Issuer did not respond in time. Retry the request" {
		t.Errorf("%+v", info)
	}
}

func TestOperationsNamed(t *testing.T) {
	for name, want := range map[string]int{"provision": 3, "tokenize": 1, "suspend": 2, "status": 2, "getToken": 2, "resume": 2, "unsuspend": 1, "visa/getToken": 1, "mastercard/status": 0, "nonsense": 0} {
		if got := token.OperationsNamed(name, ""); len(got) != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := token.OperationsNamed("provision", token.Mastercard); !slices.Equal(got, []token.Operation{token.MCTokenize}) {
		t.Errorf("%v", got)
	}
	for _, row := range token.Operations() {
		name := string(row.Op)
		if got := token.OperationsNamed(name, row.Network); !slices.Equal(got, []token.Operation{row.Op}) || !slices.Contains(token.OperationNames(), name) {
			t.Errorf("%s, as it is listed: %v", name, got)
		}
	}
	if got := token.OperationsNamed("visa/getToken", token.Mastercard); len(got) != 0 {
		t.Errorf("visa/getToken at mastercard: %v", got)
	}
}

func FuzzPAN(f *testing.F) {
	f.Add(pan)
	f.Add("")
	f.Add("5123456789012345")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := token.ParsePAN(s)
		if err != nil {
			return
		}
		_ = p.Network()
		_, _ = p.First6(), p.Last4()
		if shown := p.String(); len(s) >= 13 && (strings.Contains(shown, s) || len(shown) != len(s)) {
			t.Errorf("%q is shown as %q", s, shown)
		}
		if body := s[:len(s)-1]; !token.LuhnValid(body + string(token.CheckDigit(body))) {
			t.Errorf("the check digit of %q does not hold", body)
		}
	})
}

// TestMayHoldNumber_FindsWhatAPlainSearchFinds compares it with a search that
// looks at every character.
func TestMayHoldNumber_FindsWhatAPlainSearchFinds(t *testing.T) {
	plain := regexp.MustCompile(`[0-9](?:[-. +_,:/\t]{0,3}[0-9]){12}`)
	const alphabet = "0123456789 -.a"
	state, found := uint32(1), 0
	for range 20_000 {
		text := make([]byte, state%61)
		for i := range text {
			state = state*1664525 + 1013904223
			n := state >> 8 % 97
			text[i] = alphabet[min(int(n%15), len(alphabet)-1)]
		}
		if got, want := token.MayHoldNumber(text), plain.Match(text); got != want {
			t.Fatalf("%q: %t, want %t", text, got, want)
		} else if got {
			found++
		}
		state = state*1664525 + 1013904223
	}
	if found < 100 {
		t.Errorf("only %d texts held a number", found)
	}
}

// [B6] However a number is spelt, at least what would be masked of it plainly
// written is masked; more where what is next to it may belong to it.
func TestScrub_NoSpellingHidesANumber(t *testing.T) {
	for _, number := range stage.Numbers {
		for name, spell := range stage.Spellings {
			text := spell(number)
			got := token.Scrub(text)
			want := len(number) - 10
			if strings.Count(text, number) == 2 {
				want *= 2
			}
			if stars := strings.Count(got, "*"); stars < want {
				t.Errorf("%s: %q is shown as %q", name, text, got)
			}
		}
	}
	if len(stage.Numbers) != 50 {
		t.Errorf("%d numbers", len(stage.Numbers))
	}
}

// [B6] What only looks like a number stays readable.
func TestScrub_LeavesInnocentsAlone(t *testing.T) {
	for _, text := range stage.Innocents {
		for _, in := range []string{text, "x=" + text + "&y=1", `{"note":"` + text + `"}`, "the value " + text + ", as sent"} {
			if got := token.Scrub(in); got != in {
				t.Errorf("%q is shown as %q", in, got)
			}
		}
	}
	if len(stage.Innocents) != 50 {
		t.Errorf("%d innocents", len(stage.Innocents))
	}
}

// [B6] No log shows a number, in whatever part of a record it is.
func TestScrubLogs(t *testing.T) {
	var log bytes.Buffer
	l := slog.New(token.ScrubLogs(slog.NewTextHandler(&log, nil))).With("with "+pan, pan).WithGroup("in " + pan)
	l.Error("card "+pan, "text", pan, "error", errors.New(pan), "number", 4622943120000600, slog.Group("group", "list", []string{pan}), "at", 1764590705123)
	if text := log.String(); strings.Contains(text, pan) || strings.Count(text, "462294******0600") < 8 || !strings.Contains(text, "=1764590705123") {
		t.Error(text)
	}
}

// [C3] The reasons known of the networks are those that their wire documents list.
func TestReasons_AreThoseOfTheWireDocuments(t *testing.T) {
	for network, c := range map[token.Network]struct{ document, from, to string }{
		token.Visa:       {"../docs/wire/vts.md", "| `reason` | HTTP | Meaning |", "\n\n"},
		token.Mastercard: {"../docs/wire/mdes.md", "| Code | Says | Where |", "\n\n"},
	} {
		text, err := os.ReadFile(c.document)
		if err != nil {
			t.Fatal(err)
		}
		_, table, _ := strings.Cut(string(text), c.from)
		table, _, _ = strings.Cut(table, c.to)
		var reported []string
		for row := range strings.Lines(table) {
			first, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
			for _, code := range regexp.MustCompile("`([A-Za-z_]+)`").FindAllStringSubmatch(first, -1) {
				reported = append(reported, code[1])
			}
		}
		known := token.Reasons(network)
		slices.Sort(reported)
		slices.Sort(known)
		if !slices.Equal(reported, known) {
			t.Errorf("%s: the document reports\n%v, known are\n%v", network, reported, known)
		}
	}
}
