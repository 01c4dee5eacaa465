package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	stories "github.com/pantomime-dev/pantomime/play"
)

// lineColumns are those of a time line; its longest line is not known yet
// will be.
var lineColumns = grid{{name: "     TIME", width: 9}, {name: "FROM", width: 10}, {name: "TO", width: 10}, {name: "WHAT", width: 34}, {name: "OUTCOME"}}

// lines returns what prints a time line, with its heading before the first line.
func (a *app) lines() func(stories.Line) {
	begin := sync.OnceFunc(func() { lineColumns.heading(a.out) })
	return func(l stories.Line) {
		begin()
		outcome := a.paint(good, l.Outcome)
		if l.Why != "" {
			outcome = a.paint(bad, "NO: "+l.Outcome)
		}
		lineColumns.row(a.out, fmt.Sprintf("%9s", sinceBegin(l.When)), l.From, l.To, l.What, outcome)
		if l.Why != "" {
			fmt.Fprintf(a.out, "           %s\n", l.Why)
		}
	}
}

// sinceBegin shows seconds where they say something, and days and hours of a
// clock that was moved that far.
func sinceBegin(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.3f s", d.Seconds())
	}
	return control.Duration(d.Round(time.Second)).String()
}
