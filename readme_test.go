package pantomime_test

import (
	"os"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/vts"
)

func TestWallet_LivesWithADecline(t *testing.T) {
	net := pantomime.Run(t, `
version: 1
name: declined once
cards: { alice: { network: visa, pan: test/visa/1, expiry: "12/29" } }
rules: [ { when: { operation: enroll, card: alice }, times: 1, then: { error: declined } } ]
expect: { faults: all-used }
`)
	card := &vts.PaymentInstrument{AccountNumber: "4622943120000600"}
	enroll := func() error { // your client instead, with what is in net.Env
		_, err := net.VTS.EnrollPAN(t.Context(), vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, card)
		return err
	}
	if first, second := enroll(), enroll(); first == nil || second != nil {
		t.Errorf("first %v, then %v", first, second)
	}
}

// What README has for Go programmers to paste is exactly the test above.
func TestReadme_GoSection(t *testing.T) {
	source, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "func TestWallet_")
	body, _, _ := strings.Cut(rest, "\n}\n")
	if want := "```go\nfunc TestWallet_" + body + "\n}\n```"; !strings.Contains(string(readme), want) {
		t.Errorf("README.md has not:\n%s", want)
	}
}
