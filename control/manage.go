package control

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// NewSandbox asks for a sandbox. Empty members take the scenario's word, then
// the defaults.
type NewSandbox struct {
	ID       string    `json:"id,omitempty"`     // 1 to 40 of a-z, 0-9 and -; "": one that is free
	Seed     *uint64   `json:"seed,omitempty"`   // from 1
	Clock    string    `json:"clock,omitempty"`  // system or manual
	Start    time.Time `json:"start,omitzero"`   // of a manual clock
	Notify   string    `json:"notify,omitempty"` // target of the first requestor's notices
	Library  string    `json:"library,omitempty"`
	Scenario string    `json:"scenario,omitempty"` // text of a scenario file
	File     string    `json:"file,omitempty"`     // its name, for places in it; "": "posted"
}

// Reset asks to start from the beginning, with the same scenario or another one.
type Reset struct {
	Library  string `json:"library,omitempty"`
	Scenario string `json:"scenario,omitempty"`
	File     string `json:"file,omitempty"`
}

// MadeSandbox is a sandbox that was just made, with all its credentials.
type MadeSandbox struct {
	Sandbox  Sandbox   `json:"sandbox"`
	Env      Env       `json:"env"`
	Warnings []Finding `json:"warnings,omitempty"`
}

// Adopted answers a scenario that took the place of the former one.
type Adopted struct {
	Name     string    `json:"name"`
	Rules    int       `json:"rules"`
	Warnings []Finding `json:"warnings,omitempty"`
}

// Verification reports whether a scenario's expectations held.
type Verification struct {
	OK       bool          `json:"ok"` // something was compared, and all of it holds
	Checked  int           `json:"checked"`
	Reason   string        `json:"reason,omitempty"` // why nothing was compared
	Verdicts []Expectation `json:"verdicts"`
}

// Expectation is one of them.
type Expectation struct {
	What     string `json:"what"`
	Place    string `json:"place,omitempty"` // file:line:column
	OK       bool   `json:"ok"`
	Expected string `json:"expected"`
	Found    string `json:"found"`
}

// Coverage says what a run has met so far.
type Coverage struct {
	Errors     []Met `json:"errors"`
	Operations []Met `json:"operations"`
	Faults     []Met `json:"faults"`
}

// Met is one documented thing and how often it was met.
type Met struct {
	Network token.Network `json:"network"`
	Name    string        `json:"name"`
	Times   int           `json:"times"`
}

// CreateSandbox makes a sandbox.
func (c *Client) CreateSandbox(ctx context.Context, n NewSandbox) (MadeSandbox, error) {
	return post[MadeSandbox](ctx, c, root+"/sandboxes", n)
}

// ResetSandbox puts a sandbox back to its beginning.
func (c *Client) ResetSandbox(ctx context.Context, id string, r Reset) (MadeSandbox, error) {
	return post[MadeSandbox](ctx, c, root+"/sandboxes/"+url.PathEscape(id)+"/reset", r)
}

// RemoveSandbox ends a sandbox.
func (c *Client) RemoveSandbox(ctx context.Context, id string) error {
	return c.remove(ctx, root+"/sandboxes/"+url.PathEscape(id))
}

// PutScenario makes a running sandbox adopt another version of its scenario;
// text is a scenario file, whose places are reported as those of "posted".
func (c *Client) PutScenario(ctx context.Context, text []byte) (Adopted, error) {
	return c.PutScenarioFile(ctx, "", text)
}

// PutScenarioFile is [Client.PutScenario] of a file with a name, by which
// findings and places say where they are.
func (c *Client) PutScenarioFile(ctx context.Context, file string, text []byte) (Adopted, error) {
	return sendFile[Adopted](ctx, c, file, request{method: http.MethodPut, path: root + "/scenarios", body: text})
}

// sendFile sends a text in YAML or JSON, under its name.
func sendFile[T any](ctx context.Context, c *Client, file string, r request) (v T, err error) {
	r.query, r.contentType = url.Values{}, "application/yaml"
	set(r.query, "file", file)
	err = c.send(ctx, r, &v)
	return v, err
}

// Verify compares the sandbox with what its scenario expects.
func (c *Client) Verify(ctx context.Context) (Verification, error) {
	return get[Verification](ctx, c, root+"/verify", nil)
}

// Coverage says which documented errors, operations and faults a run has met.
func (c *Client) Coverage(ctx context.Context) (Coverage, error) {
	return get[Coverage](ctx, c, root+"/coverage", nil)
}
