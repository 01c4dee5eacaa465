package arrows

import (
	"fmt"
	"go/ast"
)

// The longest file and function anybody should have to read.
const (
	MaxFileLines     = 400
	MaxFunctionLines = 60
)

// CheckSize reports each file and each function that is too long, tests
// included: a table of cases belongs next to the test that walks it. Generated
// files are free.
func CheckSize(t *Tree) []Finding {
	var found []Finding
	for _, file := range t.Files {
		if file.Generated {
			continue
		}
		if file.Lines > MaxFileLines {
			found = append(found, Finding{file.Path, fmt.Sprintf("%d lines, at most %d", file.Lines, MaxFileLines)})
		}
		found = append(found, t.longFunctions(file)...)
	}
	return found
}

func (t *Tree) longFunctions(file File) []Finding {
	var found []Finding
	for _, decl := range file.AST.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := t.Fset.Position(fn.End()).Line - t.Fset.Position(fn.Pos()).Line + 1; lines > MaxFunctionLines {
			found = append(found, Finding{t.line(fn.Pos()) + " " + fn.Name.Name, fmt.Sprintf("%d lines, at most %d", lines, MaxFunctionLines)})
		}
	}
	return found
}
