package harness_test

import (
	"net"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/suites"
	"github.com/pantomime-dev/pantomime/internal/simulated"
	"github.com/pantomime-dev/pantomime/scenarios"
)

const document = "../docs/conformance.md"

func readDocument(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var yamlBlock = regexp.MustCompile("(?ms)^```yaml ([a-z ]+)\n(.*?\n)```$")

// Every YAML file in the document is what it is said to be.
func TestDocs_FilesAreSound(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"signing.pem", "network.pem", "decryption.pem"} {
		text, err := fixtures.KeyPEM(i + 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kinds := map[string]int{}
	for _, block := range yamlBlock.FindAllStringSubmatch(readDocument(t), -1) {
		kinds[block[1]]++
		if block[1] == "scenario" {
			if _, findings := scenarios.Parse("scenario.yaml", []byte(block[2])); len(findings) > 0 {
				t.Error(findings)
			}
			continue
		}
		if _, err := harness.ParseTarget(filepath.Join(dir, "target.yaml"), []byte(block[2])); err != nil {
			t.Error(err)
		}
	}
	if kinds["target"] != 1 || kinds["target keys"] != 1 || kinds["scenario"] != 1 {
		t.Errorf("found %v", kinds)
	}
}

// The document says how to start a server that every check applies to, and
// that it meets them all.
func TestDocs_NothingIsLeftOut(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	var text string
	for _, block := range yamlBlock.FindAllStringSubmatch(readDocument(t), -1) {
		if block[1] == "scenario" {
			text = strings.Replace(block[2], "127.0.0.1:9000", free, 1)
		}
	}
	scenario, findings := scenarios.Parse("scenario.yaml", []byte(text))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	target := simulated.Target(t, pantomime.Options{Scenario: scenario})
	delay := control.Duration(4500 * time.Millisecond)
	target.Visa.Cards.Delayed, target.Visa.Cards.Activation = []harness.Number{"4242424242424242"}, delay
	target.Mastercard.Cards.Delayed, target.Mastercard.Cards.Activation = []harness.Number{"5500000000000004"}, delay
	for _, suite := range suites.All() {
		sum := judged(t, harness.Options{Suite: suite, Target: target})
		if sum.Exit() != harness.ExitGood || sum.Count(harness.Pass) != len(sum.Results) || len(sum.Results) < 200 {
			var table strings.Builder
			if err := sum.WriteTable(&table); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: exit code %d\n%s", suite.Name, sum.Exit(), &table)
		}
	}
}

// Every key of a target file, every member of a command and every action has
// its line.
func TestDocs_NameEverything(t *testing.T) {
	text := readDocument(t)
	reported := func(name string) bool {
		return slices.ContainsFunc([]string{"`" + name + "`", "." + name + "`", "`" + name + "."}, func(s string) bool {
			return strings.Contains(text, s)
		})
	}
	for _, v := range []any{
		harness.Target{},
		harness.Visa{},
		harness.KeyPair{},
		harness.Mastercard{},
		harness.Cards{},
		harness.Notices{},
		harness.Control{},
		harness.Timeouts{},
		harness.Command{},
	} {
		for f := range reflect.TypeOf(v).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !reported(name) {
				t.Errorf("%T: %s is not explained", v, name)
			}
		}
	}
	actions := []harness.Action{
		harness.DoActivate, harness.DoSuspend, harness.DoResume, harness.DoDelete, harness.DoNewExpiry, harness.DoReplacePAN,
		harness.DoNewMetadata, harness.DoClose, harness.DoFailNext, harness.DoDecide, harness.DoRule, harness.DoUnrule,
		harness.DoAdvance, harness.DoResend,
	}
	for _, do := range actions {
		if !reported(string(do)) {
			t.Errorf("the action %s is not explained", do)
		}
	}
	for _, word := range []string{"passed", "failed", "could not run", "not applicable", "left out"} {
		if !strings.Contains(text, "\n| "+word+" |") {
			t.Errorf("the verdict %q is not explained", word)
		}
	}
}
