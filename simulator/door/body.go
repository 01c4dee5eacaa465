package door

import (
	"bytes"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// signs are how bodies begin that are no JSON because something was done to them
// on the way.
var signs = []struct{ begins, is string }{
	{"\xef\xbb\xbf", "the body begins with a byte order mark, which is no part of JSON; write UTF-8 without one"},
	{"\xff\xfe", "the body begins with the byte order mark of UTF-16; write UTF-8 without one"},
	{"\xfe\xff", "the body begins with the byte order mark of UTF-16; write UTF-8 without one"},
	{"\x1f\x8b", "the body is compressed with gzip; send it as it is"},
	{"\x28\xb5\x2f\xfd", "the body is compressed with zstd; send it as it is"},
	{"\x78\x01", "the body is compressed with zlib, or deflate; send it as it is"},
	{"\x78\x9c", "the body is compressed with zlib, or deflate; send it as it is"},
	{"\x78\xda", "the body is compressed with zlib, or deflate; send it as it is"},
}

// BodyHint says why the body of a request cannot be read, where it was written in
// a way that the networks do not take: compressed, or with a byte order mark; ""
// for neither.
func (x *Exchange) BodyHint() string {
	coding := strings.TrimSpace(x.Header.Get("Content-Encoding"))
	if coding != "" && !strings.EqualFold(coding, "identity") {
		return "the body is declared as compressed (Content-Encoding: " + token.Scrub(cut(coding)) + "), which the network does not take; send it as it is"
	}
	for _, s := range signs {
		if bytes.HasPrefix(x.Body, []byte(s.begins)) {
			return s.is
		}
	}
	return ""
}

// cut keeps what a client says from filling a hint.
func cut(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "..."
	}
	return text
}
