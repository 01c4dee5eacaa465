package mdes

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// BaseForm names one way to build a signature base string
// (docs/wire/mdes.md "Authentication").
type BaseForm string

// The forms in use. All but the last put the oauth_* values in unencoded, as
// Mastercard's libraries and gateway do.
const (
	FormMastercard       BaseForm = "mastercard"                     // query pairs decoded and encoded anew; default port dropped
	FormRawQuery         BaseForm = "mastercard-raw-query"           // query pairs as sent
	FormKeptPort         BaseForm = "mastercard-kept-port"           // like mastercard, with an explicit :443 or :80 kept
	FormRawQueryKeptPort BaseForm = "mastercard-raw-query-kept-port" // both
	FormRFC5849          BaseForm = "rfc5849"                        // every key and value encoded once more
)

// Forms chooses which base strings a [Verifier] accepts.
type Forms string

// The choices.
const (
	FormsAll        Forms = "all"        // also what "" means
	FormsMastercard Forms = "mastercard" // what Mastercard's own libraries make
	FormsRFC        Forms = "rfc"        // RFC 5849 to the letter
)

// ParseForms reads a choice as configuration spells it; "" is [FormsAll].
func ParseForms(s string) (Forms, error) {
	switch f := Forms(s); f {
	case "":
		return FormsAll, nil
	case FormsAll, FormsMastercard, FormsRFC:
		return f, nil
	}
	return "", fmt.Errorf("signature forms %q: accepted are all, mastercard, rfc", s)
}

// split returns the accepted forms, likeliest first, and the others, which are
// tried only to explain a failure.
func (f Forms) split() (accepted, others []BaseForm) {
	all := [...]BaseForm{FormMastercard, FormRawQuery, FormKeptPort, FormRawQueryKeptPort, FormRFC5849}
	own, rfc := all[:4], all[4:]
	switch f {
	case FormsMastercard:
		return own, rfc
	case FormsRFC:
		return rfc, own
	}
	return all[:], nil
}

// Room that is mostly enough for a base string and its parameters.
const (
	roomForBase = 1 << 10
	usualParams = 16
)

// baseString joins method, URL and parameters. Header parameters realm and
// oauth_signature take no part.
func baseString(form BaseForm, method string, u *url.URL, params oauthParams) string {
	var room [roomForBase]byte
	return string(appendBase(room[:0], form, method, u, params))
}

func appendBase(out []byte, form BaseForm, method string, u *url.URL, params oauthParams) []byte {
	var room [usualParams]pair
	all := room[:0]
	for _, p := range params {
		if p.key == "realm" || p.key == "oauth_signature" {
			continue
		}
		if form == FormRFC5849 {
			p = pair{percentEncode(p.key), percentEncode(p.value)}
		}
		all = append(all, p)
	}
	all = append(all, queryPairs(form, u.RawQuery)...)
	slices.SortFunc(all, func(a, b pair) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	out = append(append(out, strings.ToUpper(method)...), '&')
	out = append(appendEncoded(out, baseURL(form, u)), '&')
	for i, p := range all {
		if i > 0 {
			out = append(out, "%26"...) // the & between pairs
		}
		out = append(appendEncoded(out, p.key), "%3D"...)
		out = appendEncoded(out, p.value)
	}
	return out
}

// baseURL is scheme, host and path. The Mastercard form drops port 80 and 443
// whatever the scheme; RFC 5849 drops only the scheme's own.
func baseURL(form BaseForm, u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case form == FormRFC5849 && scheme == "https":
		host = strings.TrimSuffix(host, ":443")
	case form == FormRFC5849 && scheme == "http":
		host = strings.TrimSuffix(host, ":80")
	case form == FormMastercard || form == FormRawQuery:
		host = strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
	}
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + host + path
}

// queryPairs lists the query in the form's spelling.
func queryPairs(form BaseForm, raw string) []pair {
	if raw == "" {
		return nil
	}
	decoded, err := url.QueryUnescape(raw)
	encode := form == FormRFC5849 || err != nil || decoded != raw
	rawKept := form == FormRawQuery || form == FormRawQueryKeptPort
	var pairs []pair
	for part := range strings.SplitSeq(raw, "&") {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case part == "":
			continue
		case rawKept:
		default:
			key, value = unescapeQuery(key), unescapeQuery(value)
			if encode {
				key, value = percentEncode(key), percentEncode(value)
			}
		}
		pairs = append(pairs, pair{key, value})
	}
	return pairs
}

// unescapeQuery keeps what is not well encoded as it stands.
func unescapeQuery(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}
