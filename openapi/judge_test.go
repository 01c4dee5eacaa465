package openapi_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

func TestMain(m *testing.M) {
	page := func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
		text, err := io.ReadAll(body)
		return string(text), err
	}
	openapi3filter.RegisterBodyDecoder("text/html", page)
	m.Run()
}

// judge is a transport that holds every answer against a description: status,
// content type, headers and body, with no member that is not described. What
// was accepted is held against it as well. It remembers what it has seen.
type judge struct {
	whole  *testing.T // gets the notices, which come when they like
	doc    *openapi3.T
	ops    []operation
	prefix string // of the server, in front of the described paths

	mu   sync.Mutex
	t    *testing.T      // guarded by mu; the part in progress
	met  map[string]bool // guarded by mu; "getToken 404"
	seen map[string]bool // guarded by mu; members of answers, by their place in the description
}

func newJudge(t *testing.T, file, prefix string) *judge {
	t.Helper()
	doc := closed(t, descriptions[file]())
	return &judge{whole: t, t: t, doc: doc, ops: operations(doc), prefix: prefix, met: map[string]bool{}, seen: map[string]bool{}}
}

// in tells a part of the test what is wrong from here on.
func (j *judge) in(t *testing.T) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.t = t
}

func (j *judge) client() *http.Client {
	return &http.Client{Transport: j, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// RoundTrip sends a request, judges the answer and hands it on.
func (j *judge) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	j.mu.Lock()
	defer j.mu.Unlock()
	j.judge(req, sent, resp, body)
	return resp, nil
}

// judge expects j.mu to be held.
func (j *judge) judge(req *http.Request, sent []byte, resp *http.Response, body []byte) {
	op, params, ok := j.find(req.Method, req.URL.EscapedPath())
	if !ok {
		j.t.Errorf("%s %s is not described", req.Method, req.URL.Path)
		return
	}
	met := fmt.Sprintf("%s %d", op.OperationID, resp.StatusCode)
	j.met[met] = true
	again := req.Clone(j.whole.Context())
	again.Body = io.NopCloser(bytes.NewReader(sent))
	input := j.input(op, again, params)
	if answer, _ := decoded(body).(map[string]any); resp.StatusCode/100 == 2 && answer["errorCode"] == nil {
		if err := openapi3filter.ValidateRequest(j.whole.Context(), input); err != nil {
			j.t.Errorf("%s accepted what is not described: %s", met, short(err))
		}
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: input.Options,
	}
	if err := openapi3filter.ValidateResponse(j.whole.Context(), answer); err != nil {
		j.t.Errorf("%s: %s\n%s", met, short(err), cut(body))
	}
	j.note(op, resp, body)
}

func (j *judge) input(op operation, req *http.Request, params map[string]string) *openapi3filter.RequestValidationInput {
	item := j.doc.Paths.Value(op.path)
	if op.webhook {
		item = j.doc.Webhooks[op.path]
	}
	return &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params,
		Route: &routers.Route{Spec: j.doc, Path: op.path, PathItem: item, Method: op.method, Operation: op.Operation},
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true, MultiError: true,
			AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
			SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.EnableFormatValidation()},
		},
	}
}

// find looks for the operation of a path; written segments go before parameters.
func (j *judge) find(method, escaped string) (best operation, params map[string]string, ok bool) {
	path, under := strings.CutPrefix(escaped, j.prefix)
	if !under {
		return best, nil, false
	}
	for _, op := range j.ops {
		got, fits := match(op.path, path)
		if fits && !op.webhook && op.method == method && (!ok || len(got) < len(params)) {
			best, params, ok = op, got, true
		}
	}
	return best, params, ok
}

func match(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range want {
		name, isParam := strings.CutPrefix(segment, "{")
		value, err := url.PathUnescape(got[i])
		switch {
		case !isParam && segment != got[i], err != nil:
			return nil, false
		case isParam:
			params[strings.TrimSuffix(name, "}")] = value
		}
	}
	return params, true
}

// note remembers which described members an answer had. An answer that has no
// described content must be empty.
func (j *judge) note(op operation, resp *http.Response, body []byte) {
	described := op.Responses.Status(resp.StatusCode)
	if described == nil {
		return // reported already
	}
	if len(described.Value.Content) == 0 {
		if len(body) > 0 {
			j.t.Errorf("%s %d: a body where none is described: %s", op.OperationID, resp.StatusCode, cut(body))
		}
		return
	}
	for kind, m := range described.Value.Content {
		if strings.HasSuffix(kind, "json") {
			j.mark(op.OperationID+" "+fmt.Sprint(resp.StatusCode), m.Schema, decoded(body))
		}
	}
}

// webhook judges a notice.
func (j *judge) webhook(name string, req *http.Request, body []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	item, ok := j.doc.Webhooks[name]
	if !ok {
		j.whole.Errorf("the notice %s is not described", name)
		return
	}
	op := operation{item.Post, req.Method, name, true}
	j.met[op.OperationID+" sent"] = true
	again := req.Clone(j.whole.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	if err := openapi3filter.ValidateRequest(j.whole.Context(), j.input(op, again, nil)); err != nil {
		j.whole.Errorf("notice %s: %s\n%s", name, short(err), cut(body))
	}
	j.mark(op.OperationID, item.Post.RequestBody.Value.Content["application/json"].Schema, decoded(body))
}

// clear judges the clear text of an encrypted member.
func (j *judge) clear(schema string, plain []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := check(component(j.whole, j.doc, schema), plain); err != nil {
		j.whole.Errorf("clear text %s: %s\n%s", schema, short(err), cut(plain))
	}
	j.mark(schema, openapi3.NewSchemaRef("#/components/schemas/"+schema, component(j.whole, j.doc, schema)), decoded(plain))
}

// mark remembers the members of a value. Place is where its schema is written.
func (j *judge) mark(place string, ref *openapi3.SchemaRef, v any) {
	for _, member := range members(place, ref) {
		switch v := v.(type) {
		case map[string]any:
			if inner, given := v[member.name]; given && member.name != "" {
				j.seen[member.place] = true
				j.mark(member.place, member.schema, inner)
			}
		case []any:
			for _, item := range v {
				if member.name == "" {
					j.mark(member.place, member.schema, item)
				}
			}
		}
		if member.alternative && looksLike(member.schema.Value, v) {
			j.mark(member.place, member.schema, v)
		}
	}
}

// looksLike distinguishes the alternatives of a value that is known to be one of
// them, by the names of its members alone.
func looksLike(s *openapi3.Schema, v any) bool {
	object, ok := v.(map[string]any)
	if !ok || !s.Type.Is("object") {
		return !ok && !s.Type.Is("object")
	}
	for _, name := range s.Required {
		if _, given := object[name]; !given {
			return false
		}
	}
	for name := range object {
		if _, known := s.Properties[name]; !known {
			return false
		}
	}
	return true
}

// member is a part of a schema: a named member, the items of a list, or one of
// several alternatives.
type member struct {
	place, name string
	schema      *openapi3.SchemaRef
	alternative bool
}

func members(place string, ref *openapi3.SchemaRef) []member {
	if ref.Ref != "" {
		place = strings.TrimPrefix(ref.Ref, "#/components/schemas/")
	}
	var list []member
	for _, name := range sortedKeys(ref.Value.Properties) {
		list = append(list, member{place: place + "." + name, name: name, schema: ref.Value.Properties[name]})
	}
	if ref.Value.Items != nil {
		list = append(list, member{place: place + "[]", schema: ref.Value.Items})
	}
	for _, several := range []openapi3.SchemaRefs{ref.Value.OneOf, ref.Value.AnyOf} {
		for i, one := range several {
			list = append(list, member{place: fmt.Sprintf("%s|%d", place, i), schema: one, alternative: true})
		}
	}
	return list
}

func cut(body []byte) string {
	const most = 700
	if len(body) > most {
		return string(body[:most]) + "…"
	}
	return string(body)
}

// unmet lists what is described of answers and was not met: operations with a
// status, and members. Of a member with x-unsent the opposite is checked.
func (j *judge) unmet() (missing []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	described := map[string]string{} // place → x-unsent
	var walk func(place string, ref *openapi3.SchemaRef, within map[string]bool)
	walk = func(place string, ref *openapi3.SchemaRef, within map[string]bool) {
		for _, m := range members(place, ref) {
			if within[m.place] {
				continue
			}
			inner := maps.Clone(within)
			inner[m.place] = true
			if m.name != "" {
				described[m.place], _ = cmp.Or(m.schema.Extensions["x-unsent"], m.schema.Value.Extensions["x-unsent"]).(string)
			}
			walk(m.place, m.schema, inner)
		}
	}
	for _, op := range j.ops {
		if op.webhook {
			if !j.met[op.OperationID+" sent"] {
				missing = append(missing, op.OperationID+" was never sent")
			}
			walk(op.OperationID, op.RequestBody.Value.Content["application/json"].Schema, map[string]bool{})
			continue
		}
		for _, status := range sortedKeys(op.Responses.Map()) {
			if !j.met[op.OperationID+" "+status] {
				missing = append(missing, op.OperationID+" never answered "+status)
			}
			for kind, m := range op.Responses.Value(status).Value.Content {
				if strings.HasSuffix(kind, "json") {
					walk(op.OperationID+" "+status, m.Schema, map[string]bool{})
				}
			}
		}
	}
	for _, place := range sortedKeys(described) {
		switch unsent := described[place]; {
		case unsent == "" && !j.seen[place]:
			missing = append(missing, place+" was never answered")
		case unsent != "" && j.seen[place]:
			missing = append(missing, place+" was answered although it has x-unsent")
		}
	}
	return missing
}
