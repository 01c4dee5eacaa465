package arrows

import (
	"path"
	"slices"
	"strings"
)

const whyCircle = "top-level folders that import each other cannot be read one after the other; what both need belongs below them"

// CheckCircles reports each set of top-level folders that import each other,
// directly or on a way round. Folders below internal count one by one, since
// they belong to all levels. Test files are free.
func CheckCircles(t *Tree) []Finding {
	graph := map[string][]string{}
	for folder, imported := range t.imports() {
		from := top(folder)
		graph[from] = append([]string(nil), graph[from]...) // there, even if it imports nothing
		for _, name := range imported {
			if to, ok := t.own(name); ok && top(to) != from {
				graph[from] = append(graph[from], top(to))
			}
		}
	}
	var found []Finding
	reported := map[string]bool{}
	for _, from := range sorted(graph) {
		if reported[from] {
			continue
		}
		circle := []string{from}
		for _, to := range reachable(graph, from) {
			if to != from && slices.Contains(reachable(graph, to), from) {
				circle = append(circle, to)
				reported[to] = true
			}
		}
		if slices.Sort(circle); len(circle) > 1 {
			found = append(found, Finding{strings.Join(circle, " ↔ "), whyCircle})
		}
	}
	return found
}

// top is the folder that counts: the first one of a path, below internal the
// second one too.
func top(folder string) string {
	parts := strings.Split(folder, "/")
	if parts[0] == "internal" && len(parts) > 1 {
		return path.Join(parts[:2]...)
	}
	return parts[0]
}

// reachable lists what can be reached from a folder.
func reachable(graph map[string][]string, from string) []string {
	var reached []string
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, to := range graph[queue[0]] {
			if !slices.Contains(reached, to) {
				reached = append(reached, to)
				queue = append(queue, to)
			}
		}
	}
	return reached
}
