package harness

import (
	"strings"

	"github.com/onsi/ginkgo/v2"
)

// An answer may lack whatever its type can do without. Checks reach into it by
// these functions, so that what the target left out fails the check and does
// not look like a mistake of the harness.

// Given is an object of an answer; one that is not there fails the check.
func Given[T any](object *T, name string) T {
	ginkgo.GinkgoHelper()
	if object == nil {
		ginkgo.Fail("the answer has no " + name)
	}
	return *object
}

// First is the first item of an answer's list; an empty one fails the check.
func First[T any](list []T, name string) T {
	ginkgo.GinkgoHelper()
	if len(list) == 0 {
		ginkgo.Fail("the answer has no " + name + ", or an empty list")
	}
	return list[0]
}

// MustHold fails the check unless a value, as JSON, has the shape: all that is
// wrong is reported at once.
func (s Shape) MustHold(body []byte, what string) {
	ginkgo.GinkgoHelper()
	if wrong := s.Broken(body); len(wrong) > 0 {
		ginkgo.Fail(what + ": " + strings.Join(wrong, "\n"))
	}
}
