package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
)

// call is one request on its way through a handler, which returns a value.
type call struct {
	s     *server
	ctx   context.Context
	box   *sandbox.Sandbox // nil in global routes
	query url.Values
	body  []byte
	param func(string) string
}

// handle reads and checks what all calls have in common, asks the handler and
// writes what it returns.
func (s *server) handle(r route) gin.HandlerFunc {
	return func(gc *gin.Context) {
		if slices.ContainsFunc(gc.Params, func(p gin.Param) bool { return p.Value == "" }) {
			s.noRoute(gc) // gin takes an empty id for one
			return
		}
		c := &call{s: s, ctx: gc.Request.Context(), param: gc.Param}
		v, err := c.run(r, gc.Request)
		if err != nil {
			s.refuse(gc.Writer, gc.Request, err)
			return
		}
		write(gc.Writer, max(r.status, http.StatusOK), v)
	}
}

func (c *call) run(r route, req *http.Request) (any, error) {
	if err := c.readQuery(r, req.URL.RawQuery); err != nil {
		return nil, err
	}
	if err := c.readBody(r, req); err != nil {
		return nil, err
	}
	if r.global {
		return r.do(c)
	}
	for {
		box, err := c.s.Registry.Find(c.query.Get("sandbox"))
		if err != nil {
			p := problem(http.StatusNotFound, control.CodeNoSandbox, "no sandbox has the id "+strconv.Quote(short(c.query.Get("sandbox"))))
			p.Field, p.Value, p.Accepted = "sandbox", short(c.query.Get("sandbox")), c.s.sandboxIDs()
			return nil, p
		}
		c.box = box
		v, err := r.do(c)
		if !errors.Is(err, sandbox.ErrEnded) || c.ctx.Err() != nil {
			return v, err
		} // it was reset or deleted meanwhile: ask the one that is there now
	}
}

func (s *server) sandboxIDs() []string {
	var ids []string
	for _, box := range s.Registry.All() {
		ids = append(ids, box.ID())
	}
	return ids
}

// readQuery refuses parameters that are not read, or reads only one of.
func (c *call) readQuery(r route, raw string) error {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return problem(http.StatusBadRequest, control.CodeBadValue, "the query is not well-formed")
	}
	accepted := r.query
	if !r.global {
		accepted = append([]string{"sandbox"}, r.query...)
	}
	for name, values := range q {
		switch {
		case !slices.Contains(accepted, name):
			return unread(control.CodeUnknownParameter, "parameter", name, accepted)
		case len(values) > 1:
			return conflicting(name, fmt.Sprintf("parameter %q is given %d times", name, len(values)))
		case values[0] == "":
			return badValue(name, "", "is empty; leave it out instead")
		}
	}
	c.query = q
	return nil
}

// readBody reads a body within limits. Asking for JSON by name is what keeps
// forms of other web pages out: a browser asks before it sends that.
func (c *call) readBody(r route, req *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(req.Body, door.MaxBody+1))
	switch {
	case err != nil:
		return problem(http.StatusBadRequest, control.CodeNotJSON, "the body ended too early")
	case len(body) > door.MaxBody:
		return problem(http.StatusRequestEntityTooLarge, control.CodeTooLarge, fmt.Sprintf("the body is longer than %d bytes", door.MaxBody))
	case len(body) == 0:
		return nil
	case req.Method != http.MethodPost && req.Method != http.MethodPut:
		return problem(http.StatusBadRequest, control.CodeUnknownField, req.Method+" takes no body")
	}
	accepted := []string{"application/json"}
	if r.yaml {
		accepted = append(accepted, "application/yaml")
	}
	kind, _, _ := strings.Cut(req.Header.Get("Content-Type"), ";")
	if kind = strings.ToLower(strings.TrimSpace(kind)); !slices.Contains(accepted, kind) {
		p := problem(http.StatusUnsupportedMediaType, control.CodeContentType, fmt.Sprintf("content type %q is not read here", short(kind)))
		p.Field, p.Value, p.Accepted = "Content-Type", short(kind), accepted
		return p
	}
	c.body = body
	return nil
}

// Bounds of listings.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

// limit reads ?limit=.
func (c *call) limit() (int, error) {
	text := c.query.Get("limit")
	if text == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLimit || strconv.Itoa(n) != text {
		return 0, badValue("limit", text, fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
	}
	return n, nil
}

// flag reads a parameter that is true or false.
func (c *call) flag(name string) (bool, error) {
	switch text := c.query.Get(name); text {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	default:
		return false, badValue(name, text, "is neither true nor false", "true", "false")
	}
}

// choice reads a parameter that is one of a few words.
func choice[T ~string](c *call, name string, accepted []T) (T, error) {
	text := T(c.query.Get(name))
	if text == "" || slices.Contains(accepted, text) {
		return text, nil
	}
	return "", badValue(name, string(text), "is not known", texts(accepted)...)
}

// span reads a duration of at most the given length; absent is fallback.
func span(field string, d *control.Duration, fallback, most time.Duration) (time.Duration, error) {
	switch {
	case d == nil:
		return fallback, nil
	case time.Duration(*d) > most:
		return 0, badValue(field, d.String(), "is too long; at most "+control.Duration(most).String())
	}
	return time.Duration(*d), nil
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

// within turns an error of waiting into nothing: time ran out, which is an
// answer too.
func within(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
