package mdes

import (
	"errors"
	"fmt"
	"strings"
)

// Limits of an Authorization header. A real one has seven parameters in less
// than a thousand characters.
const (
	maxAuthorization = 8 << 10
	maxOAuthParams   = 32
)

var (
	errNoAuthorization = errors.New("the request has no Authorization header")
	errNotOAuth        = errors.New("the Authorization header does not begin with OAuth")
)

// pair is one parameter, of the header or of the query.
type pair struct {
	key, value string
	sent       string // a value of the header with its escapes, if it has any
}

// oauthParams are the parameters of an Authorization header, percent-decoded,
// in the order they came.
type oauthParams []pair

func (p oauthParams) get(name string) string {
	for _, one := range p {
		if one.key == name {
			return one.value
		}
	}
	return ""
}

// Authorization is an Authorization header that was read, or why it cannot be.
// Whoever must know who calls before anything is verified reads it once for
// both.
type Authorization struct {
	params oauthParams
	err    error
	loose  string // what no library of Mastercard's writes so, or ""
}

// ReadAuthorization reads the values that came for the header, of which a
// request may have one. It verifies nothing.
func ReadAuthorization(values ...string) *Authorization {
	if len(values) > 1 {
		return &Authorization{err: fmt.Errorf("the Authorization header comes %d times", len(values))}
	}
	header := strings.Join(values, "")
	params, err := parseAuthorization(header)
	return &Authorization{params, err, looseness(header, params)}
}

// ConsumerKey is who claims to have signed, "" where the header does not say.
func (a *Authorization) ConsumerKey() ConsumerKey {
	return ConsumerKey(a.params.get("oauth_consumer_key"))
}

// parseAuthorization reads `OAuth k="v",k="v"` in any order. It cuts at the
// first "=" because base64 values may hold bare ones, and keeps "+" because it
// is data there (docs/wire/mdes.md "Authentication").
func parseAuthorization(header string) (oauthParams, error) {
	if len(header) > maxAuthorization {
		return nil, fmt.Errorf("the Authorization header has %d characters, at most %d are read", len(header), maxAuthorization)
	}
	header = strings.TrimSpace(header)
	if header == "" {
		return nil, errNoAuthorization
	}
	scheme, rest, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "OAuth") {
		return nil, errNotOAuth
	}
	params := make(oauthParams, 0, usualParams/2)
	for rest = skipSeparators(rest); rest != ""; rest = skipSeparators(rest) {
		if len(params) == maxOAuthParams {
			return nil, fmt.Errorf("the Authorization header has more than %d parameters", maxOAuthParams)
		}
		one, tail, err := cutParam(rest)
		if err != nil {
			return nil, err
		}
		for _, before := range params {
			if before.key == one.key {
				return nil, fmt.Errorf("parameter %s comes twice", quoted(one.key))
			}
		}
		params, rest = append(params, one), tail
	}
	return params, nil
}

func skipSeparators(s string) string { return strings.TrimLeft(s, ", \t") }

// cutParam reads one parameter off the front; the value may lack its quotes.
func cutParam(s string) (one pair, rest string, err error) {
	key, tail, found := strings.Cut(s, "=")
	if !found {
		return pair{}, "", fmt.Errorf("parameter %s has no value", quoted(s))
	}
	var value string
	if strings.HasPrefix(tail, `"`) {
		if value, rest, found = strings.Cut(tail[1:], `"`); !found {
			return pair{}, "", fmt.Errorf("the value of %s has no closing quote", quoted(key))
		}
	} else {
		end := strings.IndexByte(tail, ',')
		if end < 0 {
			end = len(tail)
		}
		value, rest = strings.TrimSpace(tail[:end]), tail[end:]
	}
	if one.key, found = percentDecode(strings.TrimSpace(key)); !found {
		return pair{}, "", fmt.Errorf("parameter name %s is not percent-encoded", quoted(key))
	}
	if one.value, found = percentDecode(value); !found {
		return pair{}, "", fmt.Errorf("the value of %s is not percent-encoded", quoted(key))
	}
	if one.value != value {
		one.sent = value
	}
	if one.key == "" {
		return pair{}, "", errors.New("a parameter has no name")
	}
	return one, rest, nil
}

// looseness names what this reader takes of a header that was read, and the
// network's gateway may not (docs/wire/mdes.md "Authentication").
func looseness(header string, params oauthParams) string {
	if strings.Count(header, `"`) != 2*len(params) {
		return "a value without double quotes"
	}
	for _, p := range params {
		if p.key == "oauth_signature" && strings.ContainsAny(p.raw(), "+/=") {
			return "an oauth_signature that is not percent-encoded"
		}
	}
	return ""
}

// raw is the value as it was in the header.
func (p pair) raw() string {
	if p.sent != "" {
		return p.sent
	}
	return p.value
}

// quoted shortens what a sender wrote before it goes into a text.
func quoted(s string) string {
	const most = 100
	if len(s) > most {
		return fmt.Sprintf("%q...", s[:most])
	}
	return fmt.Sprintf("%q", s)
}
