package scenarios_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pantomime-dev/pantomime/scenarios"
)

// What the language calls a variant is what the notice's event is told of it.
func TestVariants_HostileNamesWhatTheFileSays(t *testing.T) {
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
		if got := s.Play[0].Act.Notify.Hostile(); !slices.Equal(got, []string{h.Name}) {
			t.Errorf("%s is told as %v", h.Name, got)
		}
	}
}
