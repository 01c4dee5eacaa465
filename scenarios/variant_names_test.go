package scenarios_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// A variant has the same name in a file and in the event of its notice.
func TestVariants_NamesAreThoseOfTheFile(t *testing.T) {
	ofDelivery := []string{"duplicate", "late", "never", "reorder", "before-response"}
	for _, h := range scenarios.NoticeVariants() {
		if slices.Contains(ofDelivery, h.Name) {
			continue
		}
		text := fmt.Appendf(nil, "version: 1\ncards: { a: { network: %s } }\nplay: [ { act: suspend, card: a, notify: { %s: true } } ]\n", h.Networks[0], h.Name)
		s, findings := scenarios.Parse("h.yaml", text)
		if err := findings.Err(); err != nil {
			t.Fatal(err)
		}
		if got := s.Play[0].Act.Notify.Names(); !slices.Equal(got, []string{h.Name}) {
			t.Errorf("%s is named %v", h.Name, got)
		}
	}
}
