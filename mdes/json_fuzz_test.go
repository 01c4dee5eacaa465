package mdes

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// requestTypes makes an empty request of each operation with a body.
var requestTypes = map[token.Operation]func() any{
	token.MCTokenize:         func() any { return new(TokenizeRequest) },
	token.MCTransact:         func() any { return new(TransactRequest) },
	token.MCGetTaskStatus:    func() any { return new(TaskStatusRequest) },
	token.MCGetToken:         func() any { return new(GetTokenRequest) },
	token.MCSearchTokens:     func() any { return new(SearchTokensRequest) },
	token.MCSuspend:          func() any { return new(LifecycleRequest) },
	token.MCUnsuspend:        func() any { return new(LifecycleRequest) },
	token.MCDelete:           func() any { return new(LifecycleRequest) },
	token.MCGetDigitalAssets: func() any { return new(DigitalAssetsRequest) },
}

func seedExamples(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/examples/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no examples", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
}

// What passes the strict table decodes, is written again and passes again.
func FuzzDecodeRequest(f *testing.F) {
	seedExamples(f)
	f.Add([]byte(`{"requestId":1,"taskId":"a","taskId":"b"}`))
	f.Add([]byte(`{"requestId":1e5,"tokenRequestorId":"50198765432","taskId":"é"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for op, empty := range requestTypes {
			request := empty()
			err := DecodeRequest(op, body, request, Leniency{})
			var failed *FieldError
			if err != nil {
				if !errors.As(err, &failed) || len(err.Error()) > 1200 {
					t.Fatalf("%s: %v", op, err)
				}
				_ = DecodeRequest(op, body, empty(), Leniency{SingleReference: true, UnknownFields: true, JWE: true})
				continue
			}
			if !json.Valid(body) {
				t.Fatalf("%s took what is no JSON: %q", op, body)
			}
			again, err := marshal(request)
			if err != nil {
				t.Fatal(err)
			}
			if err := DecodeRequest(op, again, empty(), Leniency{}); err != nil {
				t.Fatalf("%s took %s and not %s: %v", op, body, again, err)
			}
		}
	})
}

func FuzzDecodeFunding(f *testing.F) {
	seedExamples(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		if data, err := DecodeDigitalAssets(body, Leniency{}); err == nil && !token.Digits(string(data.AccountNumber)) {
			t.Fatalf("%s gave %+v", body, data)
		}
		for _, op := range []token.Operation{token.MCTokenize, token.MCSearchTokens} {
			for _, outer := range []FundingAccountInfo{{}, {TokenUniqueReference: exampleRef}} {
				data, err := DecodeFunding(op, body, outer, Leniency{})
				if err == nil && op == token.MCTokenize && !outer.ByReference() && (data.CardAccountData == nil || !token.Digits(string(data.CardAccountData.AccountNumber))) {
					t.Fatalf("%s gave %+v", body, data)
				}
			}
		}
	})
}

func FuzzAnswers(f *testing.F) {
	seedExamples(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, into := range []any{new(TokenizeResponse), new(GetTokenResponse), new(TokensResponse), new(AssetResponse)} {
			err := (&Error{}).read(wire.Answer{Status: 200, Body: body}, into)
			var failed *Error
			if err != nil && !errors.As(err, &failed) {
				t.Fatalf("%v", err)
			}
			if err == nil {
				if _, err := marshal(into); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func FuzzOpenNotice(f *testing.F) {
	seedExamples(f)
	o := testOpener(f, "requestor")
	f.Fuzz(func(t *testing.T, body []byte) {
		_, err := OpenNotice(o, body)
		var failed *CryptographyError
		if err != nil && !errors.Is(err, ErrNotice) && !errors.As(err, &failed) {
			t.Fatalf("%v", err)
		}
	})
}

func FuzzParseUCAF(f *testing.F) {
	f.Add("ABEiM0RVZneIAAcjQkVjGgADFA==")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if u, err := ParseUCAF(s); err == nil && u.Encode().Reveal() != s {
			t.Errorf("%q became %q", s, u.Encode().Reveal())
		}
	})
}

func BenchmarkDecodeRequest(b *testing.B) {
	body := readFile(b, "examples", "tokenize-request.json")
	b.ReportAllocs()
	for b.Loop() {
		if err := DecodeRequest(token.MCTokenize, body, new(TokenizeRequest), Leniency{}); err != nil {
			b.Fatal(err)
		}
	}
}
