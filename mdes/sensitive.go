package mdes

import (
	"log/slog"

	"github.com/pantomime-dev/pantomime/token"
)

// Sensitive is a wire value that must not be printed: a card or token number,
// a security code, a cryptogram, track data. JSON carries it as it is, because
// that is the wire; %v, %#v and slog show it masked. Convert with string().
type Sensitive string

// String masks the value; see [token.Mask].
func (s Sensitive) String() string { return token.Mask(string(s)) }

// GoString masks the value in %#v.
func (s Sensitive) GoString() string { return s.String() }

// LogValue masks the value in structured logs.
func (s Sensitive) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String tells the card by its masked number. Types that hold a [Sensitive]
// and are pointed at need it: fmt prints what a pointer points at without
// asking the inner values.
func (c CardAccountData) String() string { return "card " + c.AccountNumber.String() }

// GoString is [CardAccountData.String] in %#v.
func (c CardAccountData) GoString() string { return c.String() }

// String tells the token by its masked number.
func (d TokenDetailData) String() string { return "token " + d.TokenNumber.String() }

// GoString is [TokenDetailData.String] in %#v.
func (d TokenDetailData) GoString() string { return d.String() }

// String tells the token by its last digits.
func (i TokenInfo) String() string { return "token ending in " + i.TokenPANSuffix }

// GoString is [TokenInfo.String] in %#v.
func (i TokenInfo) GoString() string { return i.String() }
