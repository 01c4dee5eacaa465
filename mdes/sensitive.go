package mdes

// String shows the card by its masked number. Types that hold a [Sensitive]
// and are pointed at need it: fmt prints what a pointer points at without
// asking the inner values.
func (c CardAccountData) String() string { return "card " + c.AccountNumber.String() }

// GoString is [CardAccountData.String] in %#v.
func (c CardAccountData) GoString() string { return c.String() }

// String shows the token by its masked number.
func (d TokenDetailData) String() string { return "token " + d.TokenNumber.String() }

// GoString is [TokenDetailData.String] in %#v.
func (d TokenDetailData) GoString() string { return d.String() }

// String shows the token by its last digits.
func (i TokenInfo) String() string { return "token ending in " + i.TokenPANSuffix }

// GoString is [TokenInfo.String] in %#v.
func (i TokenInfo) GoString() string { return i.String() }
