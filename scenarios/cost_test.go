package scenarios_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/internal/yamldoc"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

// repeated writes a line so many times, with its number in place of %d.
func repeated(n int, line string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(line, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// numbered lists so many cards that differ.
func numbered(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	for i := range n {
		pan, err := fixtures.Synthetic(token.Visa, i)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "  c%d: { pan: %q }\n", i, pan.Digits())
	}
	return b.String()
}

// [D2] The largest files cost little, whatever is wrong with them: what is not
// reported is not looked for.
func TestSweep_TheLargestFilesAreCheap(t *testing.T) {
	sweep.Mark(t)
	const longest, most = 20 * time.Second, 500 << 20 // a second or two where nothing else runs
	for name, text := range map[string]string{
		"unknown keys":                 repeated(40_000, "unknown-%d: 1\n"),
		"unknown keys of a rule":       "rules:\n  - " + strings.TrimPrefix(repeated(40_000, "    unknown-%d: 1\n"), "    "),
		"unknown keys, each in a rule": "rules:\n" + repeated(30_000, "  - { thne: 1 }\n"),
		"empty rules":                  "rules: [" + repeated(90_000, "{},") + "]",
		"rules without effect":         "rules: [" + repeated(40_000, "{then: {}},") + "]",
		"rules for unknown cards":      "rules:\n" + repeated(12_000, "  - { when: { card: nobody-%d }, then: { error: declined } }\n") + "cards:\n" + numbered(t, 150),
		"rules of one name":            "rules:\n" + repeated(20_000, "  - { name: one, then: { error: declined } }\n"),
		"rules that hide others":       "rules:\n" + repeated(12_000, "  - { when: { operation: provision }, then: { error: declined } }\n"),
		"rules of unknown errors":      "rules:\n" + repeated(25_000, "  - { then: { error: limt_exceeded } }\n"),
		"cards":                        "cards:\n" + numbered(t, 20_000),
		"cards of one number":          "cards:\n" + repeated(20_000, "  c%d: { pan: \"4622943120000600\" }\n"),
		"cards of unknown issuers":     "cards:\n" + repeated(15_000, "  c%d: { network: visa, issuer: nobody }\n"),
		"entries of a timeline":        "timeline:\n" + repeated(15_000, "  - { on: token.suspended, after: 1s, do: resume }\n"),
		"circles of a timeline":        "timeline:\n" + repeated(7_000, "  - { on: token.suspended, do: resume }\n  - { on: token.resumed, do: suspend }\n"),
		"unknown events":               "timeline:\n" + repeated(15_000, "  - { on: token.suspnded, do: resume }\n"),
		"steps of a play":              "play:\n" + repeated(25_000, "  - { advance: 1s }\n"),
		"unknown steps":                "play:\n" + repeated(25_000, "  - { advnce: 1s }\n"),
		"expected tokens":              "expect:\n  tokens:\n" + repeated(15_000, "    - { card: nobody, count: 1 }\n"),
		"issuers and cards":            "issuers:\n" + repeated(10_000, "  i%d: {}\n") + "cards:\n" + repeated(9_000, "  c%d: { network: visa, issuer: i%d }\n"),
		"names that are none":          "requestors:\n" + repeated(25_000, "  \"%d\": {}\n"),
		"requestors":                   "requestors:\n" + repeated(20_000, "  r%d: {}\n"),
		"one long key":                 strings.Repeat("x", yamldoc.MaxBytes/2) + ": 1\n",
		"long keys":                    repeated(110, strings.Repeat("x", 9_000)+"%d: 1\n"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := clock.Real().Now()
		_, found := scenarios.Parse("big.yaml", []byte("version: 1\n"+text))
		took := clock.Real().Now().Sub(start)
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		t.Logf("%-30s %8s, %4d MiB, %4d findings", name, took.Round(time.Millisecond), allocated>>20, len(found))
		if took > longest || allocated > most {
			t.Errorf("%s take %s and %d MiB", name, took, allocated>>20)
		}
	}
}

// [D2] Reading ends when the caller has left.
func TestParseContext_StopsWhenTheCallerLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, found := range map[string]func() scenarios.Findings{
		"a scenario": func() scenarios.Findings {
			sc, found := scenarios.Loader{}.ParseContext(ctx, "f.yaml", []byte("version: 1\nname: x\n"))
			if sc.Err() == nil {
				t.Error("half a scenario may run")
			}
			return found
		},
		"rules": func() scenarios.Findings {
			rules, found := scenarios.Loader{}.ParseRulesContext(ctx, "f.yaml", []byte("then: { error: declined }"), scenarios.Scenario{})
			if len(rules) > 0 {
				t.Error("half a list of rules may run")
			}
			return found
		},
	} {
		if list := found(); !strings.Contains(lines(list), "the caller has left") || list.Err() == nil {
			t.Errorf("%s: %v", name, list)
		}
	}
}
