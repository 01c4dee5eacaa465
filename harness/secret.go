package harness

import "github.com/onsi/ginkgo/v2"

// Numbers, cryptograms and track data are compared by these functions and not
// by matchers, which print what they compare.

// SameSecret fails the check unless two secrets are equal.
func SameSecret[T ~string](a, b T, complaint string) {
	ginkgo.GinkgoHelper()
	if a != b {
		ginkgo.Fail(complaint)
	}
}

// OtherSecret fails the check if two secrets are equal. Two that are not there
// are not equal.
func OtherSecret[T ~string](a, b T, complaint string) {
	ginkgo.GinkgoHelper()
	if a == b && a != "" {
		ginkgo.Fail(complaint)
	}
}
