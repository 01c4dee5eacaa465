package request

import "github.com/pantomime-dev/pantomime/token"

// Needed are members that an operation cannot do without, by dotted path.
type Needed struct {
	ID   string // of the checks, "V-FIELD-ENROL"; that of one has the path behind it
	Op   token.Operation
	Path []string
}

// Without makes a row of a suite's table for each member that is left out.
func Without[R any](needed []Needed, row func(id string, op token.Operation, path, says string) R) []R {
	var rows []R
	for _, n := range needed {
		for _, path := range n.Path {
			rows = append(rows, row(n.ID+"-"+path, n.Op, path, "without "+path))
		}
	}
	return rows
}
