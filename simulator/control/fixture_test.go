package control_test

import (
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/token"
)

func fixture(name string) (token.PAN, bool) {
	c, ok := fixtures.Find(name)
	return c.Number, ok
}
