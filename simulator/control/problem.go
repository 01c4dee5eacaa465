package control

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// problem makes a refusal. The detail must not hold a card number in full.
func problem(status int, code control.Code, detail string) *control.Problem {
	return &control.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// badValue refuses a member or parameter, with the choices there are.
func badValue(field, value, why string, accepted ...string) *control.Problem {
	p := problem(http.StatusBadRequest, control.CodeBadValue, fmt.Sprintf("%s %q %s", field, short(value), why))
	p.Field, p.Value, p.Accepted = field, short(value), accepted
	return p
}

// unread refuses a name that nobody reads.
func unread(code control.Code, what, name string, accepted []string) *control.Problem {
	p := problem(http.StatusBadRequest, code, fmt.Sprintf("%s %q is not read here", what, short(name)))
	p.Field, p.Value, p.Accepted = short(name), short(name), accepted
	return p
}

func missing(field, why string, accepted ...string) *control.Problem {
	p := problem(http.StatusBadRequest, control.CodeMissing, why)
	p.Field, p.Accepted = field, accepted
	return p
}

func conflicting(field, why string) *control.Problem {
	p := problem(http.StatusBadRequest, control.CodeConflict, why)
	p.Field = field
	return p
}

func notFound(detail string, accepted ...string) *control.Problem {
	p := problem(http.StatusNotFound, control.CodeNotFound, detail)
	p.Accepted = accepted
	return p
}

// short masks a value for a message and cuts a long one.
func short(value string) string {
	const most = 80
	r := []rune(strings.ToValidUTF8(token.Scrub(value), "?"))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

// statuses says how the engine's errors are answered.
var statuses = []struct {
	err    error
	status int
	code   control.Code
}{
	{sandbox.ErrNoSandbox, http.StatusNotFound, control.CodeNoSandbox},
	{sandbox.ErrExists, http.StatusConflict, control.CodeExists},
	{sandbox.ErrDefault, http.StatusConflict, control.CodeDefault},
	{sandbox.ErrTooMany, http.StatusConflict, control.CodeTooMany},
	{sandbox.ErrTooManyRules, http.StatusConflict, control.CodeTooManyRules},
	{sandbox.ErrID, http.StatusBadRequest, control.CodeBadValue},
	{sandbox.ErrUnknown, http.StatusNotFound, control.CodeNotFound},
	{sandbox.ErrNoEffect, http.StatusConflict, control.CodeNoEffect},
	{sandbox.ErrPending, http.StatusConflict, control.CodePending},
	{sandbox.ErrClockBusy, http.StatusConflict, control.CodeClockBusy},
	{clock.ErrBackwards, http.StatusConflict, control.CodeClockBackwards},
	{vault.ErrNotAllowed, http.StatusConflict, control.CodeNotAllowed},
	{sandbox.ErrClosed, http.StatusConflict, control.CodeNotAllowed},
	{token.ErrTarget, http.StatusBadRequest, control.CodeBadValue},
	{token.ErrTargetForm, http.StatusBadRequest, control.CodeBadValue},
	{sandbox.ErrBadAction, http.StatusBadRequest, control.CodeBadValue},
	{scenarios.ErrBudget, http.StatusBadRequest, control.CodeRule},
	{sandbox.ErrEnded, http.StatusNotFound, control.CodeNoSandbox},
}

// problemOf turns any error into what is answered.
func problemOf(err error) *control.Problem {
	var p *control.Problem
	if errors.As(err, &p) {
		return p
	}
	for _, row := range statuses {
		if errors.Is(err, row.err) {
			return problem(row.status, row.code, token.Scrub(err.Error()))
		}
	}
	return problem(http.StatusInternalServerError, control.CodeInternal, "a fault of our own; the log has more")
}

// refuse answers with a problem.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := *problemOf(err)
	p.Detail, p.Field, p.Value = token.Scrub(p.Detail), token.Scrub(p.Field), token.Scrub(p.Value)
	if p.Value != "" {
		p.Suggestion = meant(p.Value, p.Accepted)
	}
	if p.Code == control.CodeInternal {
		s.Logger.Error("control call failed", "method", token.Scrub(r.Method), "path", token.Scrub(r.URL.Path), "error", token.Scrub(err.Error()))
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="pantomime"`)
	}
	if p.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	writeAs(w, p.Status, control.ProblemType, &p)
}

// meant is what a refused value was probably meant to be: the nearest choice, or
// where there are none, a duration or a moment that is written as it is spoken.
func meant(value string, accepted []string) string {
	if len(accepted) > 0 {
		return scenarios.Nearest(value, accepted)
	}
	return cmp.Or(scenarios.MeantDuration(value), scenarios.MeantMoment(value))
}

// write is the one place that answers with JSON.
func write(w http.ResponseWriter, status int, v any) { writeAs(w, status, "application/json", v) }

func writeAs(w http.ResponseWriter, status int, kind string, v any) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the client went away, or our own types cannot be encoded, which tests show
}

func (s *server) noRoute(c *gin.Context) {
	p := notFound("nothing is served at "+short(c.Request.URL.Path), resources()...)
	p.Value = short(c.Request.URL.Path)
	s.refuse(c.Writer, c.Request, p)
}

func (s *server) noMethod(c *gin.Context) {
	allowed := strings.Split(c.Writer.Header().Get("Allow"), ", ")
	p := problem(http.StatusMethodNotAllowed, control.CodeMethod, c.Request.Method+" is not served at "+short(c.Request.URL.Path))
	p.Accepted = allowed
	s.refuse(c.Writer, c.Request, p)
}
