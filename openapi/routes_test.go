package openapi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	words "github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// compare says what is in one of two lists alone.
func compare(t *testing.T, what string, served, described []string) {
	t.Helper()
	for _, s := range served {
		if !slices.Contains(described, s) {
			t.Errorf("%s %s is served and not described", what, s)
		}
	}
	for _, d := range described {
		if !slices.Contains(served, d) {
			t.Errorf("%s %s is described and not served", what, d)
		}
	}
}

// described lists the calls of a description as "POST /path name".
func described(doc *openapi3.T) (calls, notices []string) {
	for _, op := range operations(doc) {
		if op.webhook {
			notices = append(notices, op.path)
		} else {
			calls = append(calls, op.String()+" "+op.OperationID)
		}
	}
	return calls, notices
}

func TestRoutes_Visa(t *testing.T) {
	calls, notices := described(load(t, descriptions["vts.yaml"]()))
	var served []string
	for _, r := range vts.Routes() {
		served = append(served, r.Method+" "+r.Path+" "+r.Op.Info().Wire)
	}
	compare(t, "visa", served, calls)
	compare(t, "visa notice", []string{string(vts.NoticeToken), string(vts.NoticePAN)}, notices)
}

func TestRoutes_Mastercard(t *testing.T) {
	calls, notices := described(load(t, descriptions["mdes.yaml"]()))
	var served []string
	for _, env := range mdes.Environments() {
		for _, route := range mdes.Routes() {
			path, name := route.In(env).Path, route.Op.Info().Wire
			if env == mdes.Production {
				name += "InProduction"
			} else {
				path = strings.Replace(path, "/"+string(env)+"/", "/{environment}/", 1)
			}
			if call := route.Method + " " + path + " " + name; !slices.Contains(served, call) {
				served = append(served, call)
			}
		}
	}
	compare(t, "mastercard", served, calls)
	last := strings.Split(mdes.Sandbox.NoticePath(), "/")
	compare(t, "mastercard notice", last[len(last)-1:], notices)
}

// adminRoute is a row of the control door's table of routes.
type adminRoute struct {
	call   string // "POST /__admin/v1/rules"
	query  []string
	status int
	global bool
	yaml   bool
}

// The control door registers its routes from one table, which is read here as
// it is written.
func TestRoutes_Control(t *testing.T) {
	doc := load(t, descriptions["control.yaml"]())
	served := []string{"GET /healthz"}
	for _, r := range append(adminRoutes(t), descriptionRoutes()...) {
		served = append(served, r.call)
		i := slices.IndexFunc(operations(doc), func(op operation) bool { return op.String() == r.call })
		if i < 0 {
			continue // reported below
		}
		r.compare(t, operations(doc)[i])
	}
	var written []string
	for _, op := range operations(doc) {
		written = append(written, op.String())
	}
	compare(t, "control", served, written)
}

// descriptionRoutes are those of the descriptions themselves.
func descriptionRoutes() []adminRoute {
	paths := []string{"/openapi.json"}
	for file := range descriptions {
		name := strings.TrimSuffix(file, ".yaml")
		if paths = append(paths, "/openapi/3.0/"+name+".json"); name != "control" {
			paths = append(paths, "/openapi/"+name+".json")
		}
	}
	var routes []adminRoute
	for _, path := range paths {
		routes = append(routes, adminRoute{call: "GET " + path, status: http.StatusOK, global: true})
	}
	return routes
}

func (r adminRoute) compare(t *testing.T, op operation) {
	t.Helper()
	query := r.query
	if !r.global {
		query = append(slices.Clone(query), "sandbox")
	}
	var params []string
	for _, p := range op.Parameters {
		if p.Value.In == openapi3.ParameterInQuery {
			params = append(params, p.Value.Name)
		}
	}
	compare(t, r.call+" parameter", query, params)
	if success := op.Responses.Status(r.status); success == nil || success.Value.Content["application/json"] == nil {
		t.Errorf("%s: a success with %d is not described", r.call, r.status)
	}
	for _, kind := range []string{"application/json", "application/yaml"} {
		taken := op.RequestBody != nil && op.RequestBody.Value.Content[kind] != nil
		if kind == "application/yaml" && taken != r.yaml {
			t.Errorf("%s: whether %s is taken is described wrongly", r.call, kind)
		}
	}
}

const (
	routesFile = "../simulator/control/routes.go"
	adminRoot  = "/__admin/v1"
)

// adminRoutes reads the table out of the source.
func adminRoutes(t *testing.T) []adminRoute {
	t.Helper()
	files, err := os.ReadDir("../simulator/control")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string][]string{} // variables of package control that hold texts
	fset := token.NewFileSet()
	var routes []adminRoute
	for _, f := range files {
		name := "../simulator/control/" + f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == routesFile {
			continue
		}
		ast.Inspect(stage.Must(parser.ParseFile(fset, name, nil, 0))(t), func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
				for i, name := range v.Names {
					lists[name.Name] = texts(v.Values[i], nil)
				}
			}
			return true
		})
	}
	ast.Inspect(stage.Must(parser.ParseFile(fset, routesFile, nil, 0))(t), func(n ast.Node) bool {
		if row, ok := n.(*ast.CompositeLit); ok && row.Type == nil {
			routes = append(routes, rowOf(row, lists))
		}
		return true
	})
	if len(routes) < 30 {
		t.Fatalf("only %d routes were read; the comparison would prove nothing", len(routes))
	}
	return routes
}

func rowOf(row *ast.CompositeLit, lists map[string][]string) adminRoute {
	r := adminRoute{status: http.StatusOK}
	var method, path string
	for _, e := range row.Elts {
		kv := e.(*ast.KeyValueExpr)
		switch kv.Key.(*ast.Ident).Name {
		case "method":
			method = map[string]string{"get": "GET", "post": "POST", "put": "PUT", "del": "DELETE"}[kv.Value.(*ast.Ident).Name]
		case "path":
			path = strings.Join(texts(kv.Value, map[string][]string{"Root": {adminRoot}}), "")
		case "query":
			r.query = texts(kv.Value, lists)
		case "status":
			r.status = map[string]int{"StatusCreated": 201, "StatusAccepted": 202}[kv.Value.(*ast.SelectorExpr).Sel.Name]
		case "global":
			r.global = true
		case "yaml":
			r.yaml = true
		}
	}
	r.call = method + " " + regexp.MustCompile(`:([a-z]+)`).ReplaceAllString(path, "{$1}")
	return r
}

// texts collects the texts of an expression, in order; names represent known
// ones.
func texts(e ast.Expr, known map[string][]string) (found []string) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				found = append(found, text)
			}
		case *ast.Ident:
			found = append(found, known[n.Name]...)
		}
		return true
	})
	return found
}

// The lists of words in the description are those of the program.
func TestControl_Words(t *testing.T) {
	doc := load(t, descriptions["control.yaml"]())
	var operations, events []string
	for _, op := range words.Operations() {
		operations = append(operations, string(op.Op))
	}
	for _, e := range words.Events() {
		events = append(events, string(e.Type))
	}
	var codes []string
	ast.Inspect(stage.Must(parser.ParseFile(token.NewFileSet(), "../control/problem.go", nil, 0))(t), func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Code") {
			codes = append(codes, texts(v.Values[0], nil)...)
		}
		return true
	})
	for schema, want := range map[string][]string{
		"Operation": operations, "EventType": events, "Fault": words.FaultNames(), "ProblemCode": codes,
		"Network":     {string(words.Visa), string(words.Mastercard)},
		"Decision":    {string(words.Approve), string(words.StepUp), string(words.Decline)},
		"TokenStatus": {string(words.Inactive), string(words.Active), string(words.Suspended), string(words.Deactivated)},
		"Suspender":   {string(words.ByIssuer), string(words.ByRequestor), string(words.ByCardholder)},
	} {
		compare(t, schema, want, enum(component(t, doc, schema)))
	}
}

func enum(s *openapi3.Schema) []string {
	var list []string
	for _, v := range s.Enum {
		list = append(list, v.(string))
	}
	return list
}
