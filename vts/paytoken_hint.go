package vts

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// maxHinted bounds the body for which usual mistakes are tried: each try
// hashes the body once more.
const maxHinted = 64 << 10

// explainHash describes what was hashed and looks for the usual mistakes.
func (s *Signer) explainHash(t PayToken, r Received) token.Check {
	received := ""
	if len(r.Paths) > 0 {
		received = r.Paths[0]
	}
	return token.Check{
		Name: CheckHash,
		Expected: "the " + hashName(t.Form) + " of timestamp " + strconv.Quote(t.Timestamp) +
			", path " + quoted(received) + ", query " + quoted(r.Query) + " and body, joined without separators; " + bodyAsReceived(r.Body),
		Received:   "another hash, beginning with " + t.Hash[:8],
		Difference: "the whole hash",
		Hint:       cmp.Or(s.hint(t, r), "no usual mistake fits: "+eitherCause),
	}
}

// eitherCause is all that can be said when no mistake fits: a hash under another
// secret and one of another request look alike.
const eitherCause = "either another shared secret signed it than this API key's, or path, query or body were changed after signing; " +
	"compare what you signed with what is expected here"

func hashName(form string) string {
	if form == FormX {
		return "SHA-256 of the secret and"
	}
	return "HMAC-SHA256"
}

// quoted shows what was received, without card numbers and not at any length.
func quoted(s string) string {
	const most = 200
	if s = token.Scrub(s); len(s) > most {
		s = s[:most] + "..."
	}
	return strconv.Quote(s)
}

// bodyAsReceived identifies a body without showing it.
func bodyAsReceived(body []byte) string {
	digest := sha256.Sum256(body)
	return "the body has " + strconv.Itoa(len(body)) + " bytes and the SHA-256 " + hex.EncodeToString(digest[:])
}

// hint tries each usual mistake alone and reports the one that fits, or "".
func (s *Signer) hint(t PayToken, r Received) string {
	if len(r.Body) > maxHinted {
		return "the body is too long to look for usual mistakes: " + eitherCause
	}
	for _, path := range r.Paths {
		right := attempt{s.secret, t.Form, Message{path, r.Query, r.Body}}
		for _, m := range mistakes {
			for _, wrong := range m.make(right) {
				if wrong.matches(t) {
					return "matches " + m.says
				}
			}
		}
		for _, other := range r.Others {
			if (attempt{other.secret, t.Form, right.Message}).matches(t) {
				return "matches the secret of the key " + other.id
			}
		}
		if own := r.Own; own != nil && (attempt{own.secret, t.Form, right.Message}).matches(t) {
			return "matches the secret of the key " + own.id +
				", with which the network signs its own calls to the requestor: sign with the secret of this API key"
		}
	}
	return ""
}

// attempt is one way to make a hash.
type attempt struct {
	secret []byte
	form   string
	Message
}

func (a attempt) matches(t PayToken) bool {
	if a.form == FormX {
		return hmac.Equal([]byte(plainHash(a.secret, t.Timestamp, a.Message)), []byte(t.Hash))
	}
	mac := hmac.New(sha256.New, a.secret)
	for _, part := range [][]byte{[]byte(t.Timestamp), []byte(a.Path), []byte(a.Query), a.Body} {
		mac.Write(part)
	}
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(t.Hash))
}

// mistake is something clients get wrong. make returns what the client may
// have hashed instead; an empty list means that it cannot apply.
type mistake struct {
	says string // completes "matches …"
	make func(right attempt) []attempt
}

var mistakes = []mistake{
	{"if the body's trailing newline is dropped", onBody(func(b []byte) [][]byte {
		return [][]byte{bytes.TrimSuffix(b, []byte("\n")), bytes.TrimRight(b, "\r\n")}
	})},
	{"if a newline is appended to the body", onBody(func(b []byte) [][]byte {
		return [][]byte{append(slices.Clone(b), '\n'), append(slices.Clone(b), "\r\n"...)}
	})},
	{"if the body is left out", onBody(func([]byte) [][]byte { return [][]byte{nil} })},
	{"if the JSON of the body is compacted: sign the very bytes that are sent", onBody(compacted)},
	{"if the line ends of the body are LF: sign the very bytes that are sent", onBody(func(b []byte) [][]byte {
		return [][]byte{bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))}
	})},
	{"with a leading slash on the path", onPath(func(p string) []string { return []string{"/" + p} })},
	{"with another trailing slash on the path", onPath(func(p string) []string {
		return []string{strings.TrimSuffix(p, "/"), p + "/"}
	})},
	{"without the first segment of the path, as other Visa products want it", onPath(func(p string) []string {
		_, rest, _ := strings.Cut(p, "/")
		return []string{rest, "/" + rest}
	})},
	{"with the path percent-decoded: sign it as sent", onPath(func(p string) []string {
		plain, _ := url.PathUnescape(p)
		return []string{plain}
	})},
	{"with the question mark before the query", onQuery(func(q string) []string { return []string{"?" + q} })},
	{"sorted query: sign it in the order sent", onQuery(func(q string) []string {
		pairs := strings.Split(q, "&")
		slices.Sort(pairs)
		return []string{strings.Join(pairs, "&")}
	})},
	{"without the query", onQuery(func(string) []string { return []string{""} })},
	{"with the query percent-decoded: sign it as sent", onQuery(func(q string) []string {
		plain, _ := url.QueryUnescape(q)
		return []string{plain}
	})},
	{"with the other spelling of apiKey in the query", onQuery(func(q string) []string {
		return []string{strings.Replace(q, "apiKey=", "apikey=", 1), strings.Replace(q, "apikey=", "apiKey=", 1)}
	})},
	{"a base64-decoded secret: use it as text", onSecret(func(s string) [][]byte {
		s = strings.TrimRight(s, "=")
		std, errStd := base64.RawStdEncoding.DecodeString(s)
		web, errWeb := base64.RawURLEncoding.DecodeString(s)
		return slices.DeleteFunc([][]byte{ifGood(std, errStd), ifGood(web, errWeb)}, isNil)
	})},
	{"a hex-decoded secret: use it as text", onSecret(func(s string) [][]byte {
		raw, err := hex.DecodeString(s)
		return slices.DeleteFunc([][]byte{ifGood(raw, err)}, isNil)
	})},
	{"a secret with a newline at its end", onSecret(func(s string) [][]byte { return [][]byte{[]byte(s + "\n")} })},
	{"a plain SHA-256 with the secret in front (the older form x) instead of an HMAC", func(a attempt) []attempt {
		a.form = FormX
		return []attempt{a}
	}},
}

func onBody(change func([]byte) [][]byte) func(attempt) []attempt {
	return func(right attempt) (wrong []attempt) {
		for _, b := range change(right.Body) {
			a := right
			a.Body = b
			wrong = append(wrong, a)
		}
		return wrong
	}
}

func onPath(change func(string) []string) func(attempt) []attempt {
	return func(right attempt) (wrong []attempt) {
		for _, p := range change(right.Path) {
			a := right
			a.Path = p
			wrong = append(wrong, a)
		}
		return wrong
	}
}

func onQuery(change func(string) []string) func(attempt) []attempt {
	return func(right attempt) (wrong []attempt) {
		for _, q := range change(right.Query) {
			a := right
			a.Query = q
			wrong = append(wrong, a)
		}
		return wrong
	}
}

func onSecret(change func(string) [][]byte) func(attempt) []attempt {
	return func(right attempt) (wrong []attempt) {
		for _, s := range change(string(right.secret)) {
			a := right
			a.secret = s
			wrong = append(wrong, a)
		}
		return wrong
	}
}

func compacted(b []byte) [][]byte {
	var out bytes.Buffer
	if json.Compact(&out, b) != nil {
		return nil
	}
	return [][]byte{out.Bytes()}
}

func ifGood(b []byte, err error) []byte {
	if err != nil {
		return nil
	}
	return b
}

func isNil(b []byte) bool { return b == nil }
