package control

import (
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// verify compares the sandbox with what its scenario expects.
func (c *call) verify() (any, error) {
	v := control.Verification{OK: true, Verdicts: []control.Expectation{}}
	for _, e := range c.box.Verify() {
		row := control.Expectation{What: e.What, OK: e.OK, Expected: e.Expected, Found: e.Found}
		if e.At.Line > 0 {
			row.Place = e.At.String()
		}
		v.OK = v.OK && e.OK
		v.Verdicts = append(v.Verdicts, row)
	}
	if v.Checked = len(v.Verdicts); v.Checked == 0 {
		v.OK, v.Reason = false, "the scenario expects nothing"
	}
	return v, nil
}

// coverage says which documented things the run has met, those never met too.
func (c *call) coverage() (any, error) {
	met := c.box.Journal().Met
	var v control.Coverage
	for _, k := range token.Keys() {
		v.Errors = append(v.Errors, control.Met{Network: k.Network, Name: string(k.Key), Times: met(journal.Met{Network: k.Network, Problem: k.Key})})
	}
	for _, op := range token.Operations() {
		for _, n := range token.Networks() {
			if op.Network == "" || op.Network == n {
				v.Operations = append(v.Operations, control.Met{Network: n, Name: op.Wire, Times: met(journal.Met{Network: n, Op: op.Op})})
			}
		}
	}
	for _, f := range token.Faults() {
		for _, n := range token.Networks() {
			v.Faults = append(v.Faults, control.Met{Network: n, Name: string(f.Fault), Times: met(journal.Met{Network: n, Fault: f.Fault})})
		}
	}
	return v, nil
}
