package pantomime_test

import (
	"fmt"
	"strings"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/requestor"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// accountTrials are those of what accounts of merchants keep.
var accountTrials = map[string]trial{
	"`timeout` of an account": {to: func(l *limited, n int) string {
		return l.put(fmt.Sprintf("accounts: { shop: { timeout: %ds } }", n))
	}},
	"record of an account, its key included": {to: func(l *limited, n int) string {
		return l.keep("k", n-len("k"))
	}},
	"tokens that networks report to a requestor and no payment method has": {to: func(l *limited, n int) string {
		l.put("accounts: { shop: {} }")
		shop := stage.Must(requestor.At(stage.Must(l.World(""))(l.T), "shop"))(l.T)
		for i := range n {
			if err := shop.Hear(l.Context(), wallet.Notice{Network: token.Visa, Ref: token.Ref(fmt.Sprintf("%032x", i))}); err != nil {
				return err.Error()
			}
		}
		return fmt.Sprint(shop.Report().Findings)
	}},
	"records of the accounts of a sandbox": {long: true, coarse: 1 << 10, to: func(l *limited, n int) string {
		const each = 60_000
		for i := range n / each {
			if said := l.keep(fmt.Sprintf("%06d", i), each-6); said != "" {
				return said
			}
		}
		return l.keep("rest", max(1, n%each-len("rest")))
	}},
}

// keep stores a value of so many bytes and returns the answer to it.
func (l *limited) keep(key string, size int) string {
	l.Helper()
	world := stage.Must(l.World(""))(l.T)
	if _, err := world.Put(key, []byte(strings.Repeat("x", size)), 0); err != nil {
		return err.Error()
	}
	return ""
}
