package arrows

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
)

const (
	clockFolder = "clock"
	whyClock    = "only clock asks for the time; take an instant or a clock.Wall, or no test can move it"
	whySleep    = "a test that sleeps is slow on a good day and fails on a bad one; wait for what is meant to happen"
)

// asking are the functions of package time that read or run on the machine's
// clock.
var asking = []string{"Now", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Since", "Until", "Tick"}

// CheckClock reports each use of the machine's clock outside clock,
// under whatever name a file imports package time. In a test file only
// sleeping counts, and not even that inside testing/synctest, where time is
// not the machine's.
func CheckClock(t *Tree) []Finding {
	var found []Finding
	for _, file := range t.Files {
		if under(path.Dir(file.Path), clockFolder) || file.Test && slices.Contains(file.Imports, "testing/synctest") {
			continue
		}
		for _, name := range timeNames(file.AST) {
			if name == "." {
				found = append(found, Finding{file.Path, "a dot import of time hides who asks for it"})
				continue
			}
			found = append(found, t.asks(file, name)...)
		}
	}
	return found
}

func (t *Tree) asks(file File, name string) []Finding {
	var found []Finding
	waits := map[ast.Node]bool{} // cases of a select: a deadline, not a sleep
	ast.Inspect(file.AST, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CommClause); ok {
			waits[clause.Comm] = true
		}
		if file.Test {
			if !waits[n] && sleeps(n, name) {
				found = append(found, Finding{t.line(n.Pos()), whySleep})
			}
			return true
		}
		if sel, ok := n.(*ast.SelectorExpr); ok && isTime(sel, name) && slices.Contains(asking, sel.Sel.Name) {
			found = append(found, Finding{t.line(sel.Pos()) + " time." + sel.Sel.Name, whyClock})
		}
		return true
	})
	return found
}

// sleeps recognises time.Sleep(d), and <-time.After(d) as a whole statement.
func sleeps(n ast.Node, name string) bool {
	stmt, ok := n.(*ast.ExprStmt)
	if !ok {
		return false
	}
	expr, want := stmt.X, "Sleep"
	if recv, ok := expr.(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
		expr, want = recv.X, "After"
	}
	call, ok := expr.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && isTime(sel, name) && sel.Sel.Name == want
}

// isTime reports whether sel is a member of the package imported as name. The
// parser resolves names within a file, so a local variable of that name has an
// object and an import has none.
func isTime(sel *ast.SelectorExpr, name string) bool {
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == name && x.Obj == nil
}

// timeNames are the names under which a file imports package time.
func timeNames(file *ast.File) []string {
	var names []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil || imported != "time":
		case spec.Name != nil:
			names = append(names, spec.Name.Name)
		default:
			names = append(names, "time")
		}
	}
	return names
}
