package arrows

import (
	"path"
	"slices"
	"strings"
)

// CheckImports follows the imports of every package through this module and
// reports each package it must not reach, with the way there, and each folder
// that has no row yet. Test files are free.
func CheckImports(t *Tree) []Finding {
	graph := map[string][]string{}
	for folder, imported := range t.imports() {
		graph[folder] = nil
		for _, name := range imported {
			if to, ok := t.own(name); ok {
				graph[folder] = append(graph[folder], to)
			}
		}
	}
	var found []Finding
	for _, from := range sorted(graph) {
		row, ok := rowOf(from)
		if !ok {
			found = append(found, Finding{from, "this folder has no row in the table of arrows; say there what it may import, and why no more"})
			continue
		}
		found = append(found, strays(graph, from, row)...)
	}
	return found
}

// strays are the packages from reaches without leave, each by its shortest way.
func strays(graph map[string][]string, from string, row Row) []Finding {
	may := closure(row.Folder)
	came := map[string]string{from: ""}
	var found []Finding
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, to := range graph[queue[0]] {
			if _, seen := came[to]; seen {
				continue
			}
			came[to] = queue[0]
			target, ok := rowOf(to)
			if ok && !slices.Contains(may, target.Folder) {
				found = append(found, Finding{way(came, to), why(row, target)})
				continue // what follows is the same mistake
			}
			queue = append(queue, to)
		}
	}
	return found
}

func way(came map[string]string, to string) string {
	text := to
	for at := came[to]; at != ""; at = came[at] {
		text = at + " → " + text
	}
	return text
}

func why(from, to Row) string {
	if to.Tests {
		return to.Why
	}
	for _, reason := range reasons {
		if reason.From == from.Folder && reason.To == to.Folder {
			return reason.Why
		}
	}
	return from.Why
}

// closure is every row a row may reach, itself included.
func closure(folder string) []string {
	reached := []string{folder}
	for i := 0; i < len(reached); i++ {
		for _, row := range rows {
			if row.Folder != reached[i] {
				continue
			}
			for _, next := range row.May {
				if !slices.Contains(reached, next) {
					reached = append(reached, next)
				}
			}
		}
	}
	return reached
}

// rowOf finds the row with the longest folder that holds folder.
func rowOf(folder string) (best Row, ok bool) {
	for _, row := range rows {
		fits := folder == row.Folder || !row.Alone && under(folder, row.Folder)
		if fits && len(row.Folder) >= len(best.Folder) {
			best, ok = row, true
		}
	}
	return best, ok
}

// CheckLibraries reports each import from outside that is not in its place,
// and each library that has no place yet. The standard library is free unless
// the table names it.
func CheckLibraries(t *Tree) []Finding {
	var found []Finding
	for _, file := range t.Files {
		for _, imported := range file.Imports {
			if reason := misplaced(t, file, imported); reason != "" {
				found = append(found, Finding{file.Path + " → " + imported, reason})
			}
		}
	}
	return found
}

func misplaced(t *Tree, file File, imported string) string {
	if _, ours := t.own(imported); ours {
		return ""
	}
	for _, lib := range libraries {
		if under(imported, lib.Path) {
			if lib.allows(file) {
				return ""
			}
			return lib.Why
		}
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return ""
	}
	return "this library has no place in the table of libraries yet; one library, one place"
}

func (l Library) allows(file File) bool {
	folder := path.Dir(file.Path)
	in := func(root string) bool { return root == "." || under(folder, root) }
	row, _ := rowOf(folder)
	return (file.Test || row.Tests) && l.Tests || slices.ContainsFunc(l.Only, in) && !slices.ContainsFunc(l.Except, in)
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
