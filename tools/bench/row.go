package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Row is one line of the table. Ratio is what is compared with Limit; it is not
// always a ratio: bytes, milliseconds and seconds are compared as they are.
type Row struct {
	Goal      string  `json:"goal"` // "P1"; a row without a limit only reports
	Measured  string  `json:"measured"`
	Ours      string  `json:"ours"`
	Reference string  `json:"reference"`
	Ratio     float64 `json:"ratio"`
	Unit      string  `json:"unit,omitempty"`
	AtLeast   bool    `json:"atLeast"` // Ratio must not be below Limit; else not above
	Limit     float64 `json:"limit,omitempty"`
	Missing   string  `json:"missing,omitempty"` // why nothing was measured
}

// allowance is how far a figure may miss its goal before that counts.
const allowance = 0.10

// Verdict words how the row compares to its goal.
func (r Row) Verdict() string {
	better := r.Limit - r.Ratio
	if r.AtLeast {
		better = -better
	}
	switch {
	case r.Missing != "":
		return "not measured"
	case r.Limit == 0:
		return "-"
	case better >= 0:
		return "yes"
	case better >= -allowance*r.Limit:
		return "within 10 %"
	}
	return "NO"
}

func (r Row) limit() string {
	switch {
	case r.Limit == 0:
		return "-"
	case r.AtLeast:
		return "≥ " + r.figure(r.Limit)
	}
	return "≤ " + r.figure(r.Limit)
}

func (r Row) figure(v float64) string {
	digits := 2
	if math.Abs(v) >= 10 {
		digits = 0
	}
	text := fmt.Sprintf("%.*f", digits, v)
	if v == math.Trunc(v) {
		text = fmt.Sprintf("%.0f", v)
	}
	return strings.TrimSpace(text + " " + r.Unit)
}

// printTable writes the rows as a Markdown table with aligned columns.
func printTable(out io.Writer, rows []Row) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug)
	fmt.Fprintln(w, "\t#\tmeasured\tours\treference\tratio\tgoal\tmet\t")
	fmt.Fprintln(w, "\t---\t---\t---\t---\t---\t---\t---\t")
	for _, r := range rows {
		ratio := r.figure(r.Ratio)
		if r.Missing != "" {
			ratio, r.Ours = "-", r.Missing
		}
		fmt.Fprintf(w, "\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n",
			r.Goal, r.Measured, r.Ours, cmp.Or(r.Reference, "-"), ratio, r.limit(), r.Verdict())
	}
	return w.Flush()
}

func printJSON(out io.Writer, rows []Row) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(rows)
}

// median of an odd or even number of values; 0 of none.
func median[T cmp.Ordered](values []T) T {
	var none T
	if len(values) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile is the smallest value that p percent of all do not exceed.
func percentile(values []time.Duration, p float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	at := int(math.Ceil(p/100*float64(len(sorted)))) - 1
	return sorted[max(0, at)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
