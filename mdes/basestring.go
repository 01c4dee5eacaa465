package mdes

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Sizes that are mostly enough for a base string and its parameters. Buffers of
// these sizes on the stack save 9 of 32 allocations of a verification and a
// fourteenth of its time (BenchmarkVerify).
const (
	baseCapacity = 1 << 10
	usualParams  = 16
)

// baseString joins method, URL and parameters. Header parameters realm and
// oauth_signature take no part.
func baseString(form BaseForm, method string, u *url.URL, params oauthParams) string {
	var space [baseCapacity]byte
	return string(appendBase(space[:0], ruleOf(form), method, u, params))
}

func appendBase(out []byte, rule *baseRule, method string, u *url.URL, params oauthParams) []byte {
	var space [usualParams]pair
	oauth := space[:0]
	for _, p := range params {
		if p.key != "realm" && p.key != "oauth_signature" {
			oauth = append(oauth, rule.values(p))
		}
	}
	var query []pair
	if u.RawQuery != "" {
		query = rule.query(u.RawQuery)
	}
	var text [baseCapacity]byte
	joined := text[:0]
	for i, p := range rule.order(oauth, query) {
		if i > 0 {
			joined = append(joined, '&')
		}
		joined = append(append(append(joined, p.key...), '='), p.value...)
	}
	return rule.join(out, strings.ToUpper(method), baseURL(rule, u), string(joined))
}

// baseURL is scheme, host and path, the path as it was sent.
func baseURL(rule *baseRule, u *url.URL) string {
	scheme := strings.ToLower(u.Scheme)
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + rule.host(scheme, strings.ToLower(u.Host)) + path
}

// What goes in of an oauth_* parameter.

func decodedValue(p pair) pair { return pair{key: p.key, value: p.value} }

func valueAsSent(p pair) pair { return pair{key: p.key, value: p.raw()} }

func encodedValue(p pair) pair {
	return pair{key: percentEncode(p.key), value: percentEncode(p.value)}
}

// What goes in of a port.

func withPort(_, host string) string { return host }

func withoutWebPorts(_, host string) string {
	return strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
}

func withoutOwnPort(scheme, host string) string {
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

func withoutPort(_, host string) string {
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		return host[:colon]
	}
	return host
}

// The orders.

func byNameThenValue(oauth, query []pair) []pair {
	oauth = append(oauth, query...)
	slices.SortFunc(oauth, func(a, b pair) int {
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.value, b.value))
	})
	return oauth
}

func byText(oauth, query []pair) []pair {
	oauth = append(oauth, query...)
	slices.SortFunc(oauth, func(a, b pair) int { return strings.Compare(a.key+"="+a.value, b.key+"="+b.value) })
	return oauth
}

// byNameAndComma is how a list of key and value is sorted that is made a text
// first; a value that comes twice goes in once.
func byNameAndComma(oauth, query []pair) []pair {
	oauth = append(oauth, query...)
	slices.SortFunc(oauth, func(a, b pair) int {
		return cmp.Or(strings.Compare(a.key+",", b.key+","), strings.Compare(a.value, b.value))
	})
	return slices.Compact(oauth)
}

// naturally puts a2 before a10.
func naturally(oauth, query []pair) []pair {
	oauth = append(oauth, query...)
	slices.SortFunc(oauth, func(a, b pair) int {
		return cmp.Or(compareNaturally(a.key, b.key), compareNaturally(a.value, b.value))
	})
	return oauth
}

// queryFirst sorts the query without regard to letter case, and puts the rest
// behind it.
func queryFirst(oauth, query []pair) []pair {
	slices.SortStableFunc(query, func(a, b pair) int {
		return strings.Compare(strings.ToLower(a.key+"="+a.value), strings.ToLower(b.key+"="+b.value))
	})
	return append(query, byNameThenValue(oauth, nil)...)
}

// compareNaturally compares runs of digits as numbers.
func compareNaturally(a, b string) int {
	for a != "" && b != "" {
		m, n := digits(a), digits(b)
		if m > 0 && n > 0 {
			x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[m:], b[n:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits is how many a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// How the three parts are joined.

func joined(out []byte, method, base, params string) []byte {
	out = append(append(out, method...), '&')
	out = append(appendEncoded(out, base), '&')
	return appendEncoded(out, params)
}

// joinedByNode leaves what encodeURIComponent leaves, but for the first * of
// the parameters and the first ! of all.
func joinedByNode(out []byte, method, base, params string) []byte {
	const left = "!'()*"
	params = strings.Replace(string(appendEncodedBut(nil, params, left)), "*", "%2A", 1)
	text := method + "&" + string(appendEncodedBut(nil, base, left)) + "&" + params
	return append(out, strings.Replace(text, "!", "%21", 1)...)
}

// joinedByRuby encodes as web forms do.
func joinedByRuby(out []byte, method, base, params string) []byte {
	text := joined(nil, method, base, params)
	return append(out, strings.NewReplacer("%2A", "*", "~", "%7E", "%20", "+").Replace(string(text))...)
}
