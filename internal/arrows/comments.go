package arrows

import (
	"go/ast"
	"path"
)

const (
	whyPackage  = "the package has no comment; say in two or three sentences what it is for and what it must not do"
	whyExported = "exported, but without a comment; say its shape, units and errors, and where it comes from"
)

// CheckComments reports each package without a package comment and each
// exported name at the top of a file, methods of exported types included, that
// has none. A group's comment stands for its members.
func CheckComments(t *Tree) []Finding {
	spoken := map[string]bool{}
	var found []Finding
	for _, file := range t.Files {
		if file.Test {
			continue
		}
		folder := path.Dir(file.Path)
		spoken[folder] = spoken[folder] || file.AST.Doc.Text() != ""
		if file.Generated {
			continue
		}
		for _, decl := range file.AST.Decls {
			for _, name := range silent(decl) {
				found = append(found, Finding{t.line(name.Pos()) + " " + name.Name, whyExported})
			}
		}
	}
	for _, folder := range sorted(spoken) {
		if !spoken[folder] {
			found = append(found, Finding{folder, whyPackage})
		}
	}
	return found
}

// silent are the exported names decl introduces without a comment.
func silent(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && exportedReceiver(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range d.Specs {
			if d.Doc.Text() == "" {
				names = append(names, silentSpec(spec)...)
			}
		}
		return names
	}
	return nil
}

func silentSpec(spec ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc.Text() == "" && s.Comment.Text() == "" {
			names = append(names, s.Name)
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() && s.Doc.Text() == "" && s.Comment.Text() == "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// exportedReceiver is true for functions, and for methods of exported types.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return true
	}
	base := fn.Recv.List[0].Type
	for {
		switch t := base.(type) {
		case *ast.StarExpr:
			base = t.X
		case *ast.IndexExpr:
			base = t.X
		case *ast.IndexListExpr:
			base = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return true
		}
	}
}
