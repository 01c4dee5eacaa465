package scenarios

import (
	"cmp"
	"strings"
)

// Nearest picks the choice a misspelt text most likely meant, or "". Letter
// case and the three ways to join words (- _ space) do not count, and about one
// slip in three letters is forgiven, at most three; or one that is more than half
// of what one choice alone begins with, or ends in.
func Nearest(text string, choices []string) string {
	want := fold(text)
	best, bestDistance := "", min(3, max(1, len(want)/3))+1
	for _, choice := range choices {
		if d := distance(want, fold(choice), bestDistance); d < bestDistance {
			best, bestDistance = choice, d
		}
	}
	if best == "" {
		return cmp.Or(partOf(strings.HasPrefix, want, choices), partOf(strings.HasSuffix, want, choices))
	}
	return best
}

// partOf picks the only choice that begins with, or ends in, a folded text of
// more than half its length.
func partOf(has func(whole, part string) bool, want string, choices []string) string {
	only := ""
	for _, choice := range choices {
		whole := fold(choice)
		if !has(whole, want) || 2*len(want) <= len(whole) {
			continue
		}
		if only != "" {
			return ""
		}
		only = choice
	}
	return only
}

func fold(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between a and b (optimal string alignment). It stops counting at
// limit, which keeps long texts cheap.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		smallest := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			smallest = min(smallest, row[j])
		}
		if smallest >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
