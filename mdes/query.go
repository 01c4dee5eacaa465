package mdes

import (
	"net/url"
	"strings"
)

// The ways in which clients put a query into the base string. Each returns the
// pairs in the order of the query, spelt as they go in.

func queryAsSent(raw string) []pair {
	return eachPair(raw, func(s string) string { return s })
}

// encodedAgain decodes a query as a web form and encodes it, if decoding
// changes anything.
func encodedAgain(raw string) []pair {
	if decoded, err := url.QueryUnescape(raw); err == nil && decoded == raw {
		return queryAsSent(raw)
	}
	return encodedByRFC(raw)
}

// encodedByRFC decodes and encodes it in any case.
func encodedByRFC(raw string) []pair {
	return eachPair(raw, func(s string) string { return percentEncode(unescapeQuery(s)) })
}

// plusKept decodes the whole, in which + is data, and takes it apart then. A
// query without escapes stays as it is.
func plusKept(raw string) []pair {
	decoded, ok := percentDecode(raw)
	if !ok || decoded == raw {
		return queryAsSent(raw)
	}
	return eachPair(decoded, percentEncode)
}

// alwaysEncoded is plusKept for each pair, whether there are escapes or not.
func alwaysEncoded(raw string) []pair {
	return eachPair(raw, func(s string) string {
		if decoded, ok := percentDecode(s); ok {
			s = decoded
		}
		return percentEncode(s)
	})
}

// plusIfPlain decodes a query as a web form and encodes it, if it has escapes;
// a + alone is none.
func plusIfPlain(raw string) []pair {
	if decoded, ok := percentDecode(raw); !ok || decoded == raw {
		return queryAsSent(raw)
	}
	return encodedByRFC(raw)
}

// encodedTwice encodes what is encoded already. A value ends at its first =.
func encodedTwice(raw string) []pair {
	pairs := queryAsSent(raw)
	for i, p := range pairs {
		value, _, _ := strings.Cut(p.value, "=")
		pairs[i] = pair{key: percentEncode(p.key), value: percentEncode(value)}
	}
	return pairs
}

// eachPair cuts a query into its pairs and spells their halves.
func eachPair(query string, spell func(string) string) []pair {
	var pairs []pair
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			key, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, pair{key: spell(key), value: spell(value)})
		}
	}
	return pairs
}

// unescapeQuery keeps what is not well encoded as it is.
func unescapeQuery(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}
