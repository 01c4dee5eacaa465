package control

import (
	"cmp"
	"net/http"
	"regexp"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
)

// createSandbox makes a world of its own, with its own credentials.
func (c *call) createSandbox() (any, error) {
	var in control.NewSandbox
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	mode := clock.Mode(in.Clock)
	switch {
	case in.Clock != "" && mode != clock.System && mode != clock.Manual:
		return nil, badValue("clock", in.Clock, "is not known", string(clock.System), string(clock.Manual))
	case in.Seed != nil && *in.Seed == 0:
		return nil, badValue("seed", "0", "must be a whole number from 1; leave it out for the scenario's")
	case !in.Start.IsZero() && mode != clock.Manual:
		return nil, conflicting("start", "only a manual clock starts at a moment; say clock: manual")
	}
	if in.Notify != "" {
		if err := c.s.Targets.CheckURL(in.Notify); err != nil {
			return nil, badValue("notify", in.Notify, "is no target: "+token.Scrub(err.Error()))
		}
	}
	scenario, warnings, err := c.scenario(in.Library, in.Scenario, in.File)
	if err != nil {
		return nil, err
	}
	r := sandbox.Request{ID: in.ID, Mode: mode, Start: in.Start.UTC(), Scenario: scenario, Notify: in.Notify}
	if in.Seed != nil {
		r.Seed = *in.Seed
	}
	box, err := c.s.Factory.Create(r)
	if err != nil {
		return nil, err
	}
	return c.made(box, warnings)
}

// made shows a new sandbox; clients read it as a [control.MadeSandbox].
func (c *call) made(box *sandbox.Sandbox, warnings scenarios.Findings) (any, error) {
	c.box = box
	env, err := c.env()
	if err != nil {
		return nil, err
	}
	v := view{{"sandbox", c.s.viewSandbox(box)}, {"env", env}}
	if len(warnings) > 0 {
		v = append(v, named{"warnings", viewFindings(warnings)})
	}
	return v, nil
}

// posted is the name of a file that has none.
const posted = "posted"

// fileForm is what a file may be called: places in it are printed in one line of text.
var fileForm = regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,200}$`)

// badFile refuses the name of a file; "" is none.
func badFile(name string) error {
	if name != "" && !fileForm.MatchString(name) {
		return badValue("file", name, "must be one line of 1 to 200 characters")
	}
	return nil
}

// file is what the sender calls the body: findings and places name it.
func (c *call) file() (string, error) {
	name := c.query.Get("file")
	return cmp.Or(name, posted), badFile(name)
}

// scenario reads the scenario of a request: one of the library by name, or the
// text of a file.
func (c *call) scenario(library, text, file string) (scenarios.Scenario, scenarios.Findings, error) {
	switch {
	case library != "" && text != "":
		return scenarios.Scenario{}, nil, conflicting("scenario", "give either library or scenario")
	case file != "" && text == "":
		return scenarios.Scenario{}, nil, conflicting("file", "file is the name of a scenario that is sent; send its text as scenario")
	case badFile(file) != nil:
		return scenarios.Scenario{}, nil, badFile(file)
	case library != "":
		return c.fromLibrary(library)
	case text == "":
		return scenarios.Scenario{}, nil, nil
	}
	return c.readScenario(cmp.Or(file, posted), []byte(text))
}

func (c *call) fromLibrary(name string) (scenarios.Scenario, scenarios.Findings, error) {
	var known []string
	for _, story := range scenarios.Library() {
		if story.Name == name {
			return c.readScenario(story.File, story.Data)
		}
		known = append(known, story.Name)
	}
	return scenarios.Scenario{}, nil, badValue("library", name, "is no scenario of the library", known...)
}

// readScenario refuses a scenario with all that is wrong with it.
func (c *call) readScenario(file string, text []byte) (scenarios.Scenario, scenarios.Findings, error) {
	scenario, findings := scenarios.Loader{Targets: c.s.Targets}.ParseContext(c.ctx, file, text)
	if n := len(findings.Errors()); n > 0 {
		p := problem(http.StatusBadRequest, control.CodeScenario, keep(n, "the scenario from running"))
		p.Findings = viewFindings(findings)
		return scenarios.Scenario{}, nil, p
	}
	return scenario, findings.Warnings(), nil
}

// resetSandbox puts a sandbox back to its beginning; its credentials stay.
func (c *call) resetSandbox() (any, error) {
	var in control.Reset
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	scenario, warnings, err := c.scenario(in.Library, in.Scenario, in.File)
	if err != nil {
		return nil, err
	}
	with := &scenario
	if in.Library == "" && in.Scenario == "" {
		with = nil
	}
	if _, err := c.sandboxNamed(); err != nil {
		return nil, err
	}
	box, err := c.s.Factory.Reset(c.param("id"), with)
	if err != nil {
		return nil, err
	}
	return c.made(box, warnings)
}

func (c *call) deleteSandbox() (any, error) {
	if _, err := c.sandboxNamed(); err != nil {
		return nil, err
	}
	if err := c.s.Factory.Delete(c.param("id")); err != nil {
		return nil, err
	}
	return removed{Removed: 1}, nil
}

// putScenario adopts another version of the sandbox's scenario.
func (c *call) putScenario() (any, error) {
	if len(c.body) == 0 {
		return nil, missing("body", "send the text of a scenario file")
	}
	file, err := c.file()
	if err != nil {
		return nil, err
	}
	scenario, warnings, err := c.readScenario(file, c.body)
	if err != nil {
		return nil, err
	}
	if err := c.box.Adopt(scenario); err != nil {
		return nil, err
	}
	return control.Adopted{Name: scenario.Name, Rules: len(scenario.Rules), Warnings: viewFindings(warnings)}, nil
}
