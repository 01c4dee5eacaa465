package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/outcome"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// faults lists the failures still to come, the next one first.
func (c *call) faults() (any, error) { return c.rulesOf([]outcome.Layer{outcome.FailNext}) }

func (c *call) clearFaults() (any, error) { return c.clear(outcome.FailNext) }

// failNext makes the next matching requests fail. It is a rule like any other,
// so the language reads and checks it.
func (c *call) failNext() (any, error) {
	f := control.FailNext{}
	if err := c.decode(&f); err != nil {
		return nil, err
	}
	if f.Error == "" && f.Fault == "" && f.Decision == "" && f.Delay == 0 {
		return nil, missing("error", "say what the request is to meet", "error", "fault", "decision", "delay")
	}
	var counted struct{ Times *int }
	if _ = json.Unmarshal(c.body, &counted); counted.Times != nil && *counted.Times < 1 {
		return nil, badValue("times", strconv.Itoa(*counted.Times), "must be a whole number from 1; leave it out for once")
	}
	var err error
	if f.Token, err = c.whole("token", f.Token); err != nil {
		return nil, err
	}
	within := c.names()
	if f.Card != "" {
		if card, err := c.card(f.Card); err == nil {
			within.Cards = append(within.Cards, scenarios.Card{Name: f.Card, Network: card.Network, PAN: card.ID})
		}
	}
	rules, findings := scenarios.ParseRules("fail-next", ruleText(f), within)
	if at := slices.IndexFunc(findings, refused); at >= 0 {
		return nil, badField(findings[at], cmp.Or(given("card", f.Card), given("token", string(f.Token)), "operation"))
	}
	rule := rules[0]
	rule.Name = ""
	added, err := c.box.AddRules(outcome.FailNext, rule)
	if err != nil {
		return nil, err
	}
	view := c.viewRule(sandbox.RuleView{Rule: added[0]})
	view.Warnings = viewFindings(findings)
	for i := range view.Warnings { // in words that fit: nobody wrote the text of the rule
		w := &view.Warnings[i]
		w.Path = fieldOf(findings[i])
		w.Text = "warning: " + w.Path + " " + strconv.Quote(findings[i].Value) + " " + w.Message
	}
	return view, nil
}

// refused reports whether a finding keeps a failure from being set. So do warnings,
// as nobody waits for a rule that never matches; but an unknown reason may be meant so.
func refused(f scenarios.Finding) bool {
	return f.Severity == scenarios.SeverityError || !strings.HasSuffix(f.Path, ".error") || f.Suggestion != ""
}

// member is one member of an object whose order matters only to readers.
type member struct {
	name  string
	value any
}

// ruleText writes the failure as a rule in JSON, which the language reads.
func ruleText(f control.FailNext) []byte {
	when := object(
		member{"network", f.Network}, member{"operation", f.Operation}, member{"card", f.Card},
		member{"token", f.Token}, member{"requestor", f.Requestor},
	)
	then := object(
		member{"decision", f.Decision}, member{"error", f.Error}, member{"status", f.Status}, member{"delay", span0(f.Delay)},
		member{"fault", f.Fault}, member{"retry-after", span0(f.RetryAfter)},
	)
	return object(member{"when", when}, member{"times", cmp.Or(f.Times, 1)}, member{"then", then})
}

func span0(d control.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// object leaves empty members out.
func object(members ...member) json.RawMessage {
	var b bytes.Buffer
	for _, m := range members {
		value, _ := json.Marshal(m.value)
		if slices.Contains([]string{`""`, "0"}, string(value)) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + m.name + `": ` + string(value))
	}
	return json.RawMessage("{" + b.String() + "}")
}

// given is the name of a member that has a value, or "".
func given(name, value string) string {
	if value == "" {
		return ""
	}
	return name
}

// plainly puts findings of the language of files into words that fit members of
// a body and flags of a command alike.
var plainly = strings.NewReplacer(
	"can never match: ", "no request can be all of that: ",
	"the rule matches ", "the failure is for ",
	"write fault: 503 or another fault", "ask for the fault 503 or another",
	", without quotes", "",
	"is not documented and will be sent as a raw reason", "is not documented",
)

// badField turns a finding about the rule into a complaint about the member it
// was made from. What is wrong with all conditions together is said of one.
func badField(f scenarios.Finding, together string) *control.Problem {
	f.Message = plainly.Replace(f.Message)
	field := fieldOf(f)
	switch field {
	case "retry-after":
		field = "retryAfter"
	case "when":
		if strings.Contains(f.Message, "network is") {
			together = "network"
		}
		return conflicting(together, f.Message)
	}
	if f.Suggestion != "" && len(f.Accepted) == 0 {
		f.Accepted = []string{f.Suggestion}
	}
	return badValue(field, f.Value, f.Message, f.Accepted...)
}

// fieldOf is the key of a rule that a finding is about.
func fieldOf(f scenarios.Finding) string { return f.Path[strings.LastIndexByte(f.Path, '.')+1:] }
