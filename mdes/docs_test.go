package mdes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every heading of the wire reference that a comment here names is there, and
// the reference's examples are the tests'.
func TestWireReference(t *testing.T) {
	raw, err := os.ReadFile("../docs/wire/mdes.md")
	if err != nil {
		t.Fatal(err)
	}
	reference := string(raw)
	headings := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^##+ (.+)$`).FindAllStringSubmatch(reference, -1) {
		headings[found[1]] = true
	}
	cited := regexp.MustCompile(`docs/wire/mdes\.md((?:,?\s+(?://\s*)?"[A-Za-z ]+")+)`)
	name := regexp.MustCompile(`"([^"]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range cited.FindAllStringSubmatch(string(source), -1) {
			for _, heading := range name.FindAllStringSubmatch(found[1], -1) {
				if count++; !headings[heading[1]] {
					t.Errorf("%s cites %q, which the reference does not have", file, heading[1])
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("%d citations found; the pattern no longer fits", count)
	}
	for _, example := range []string{vectorBody, vectorBase, string(testKey), bodyHash([]byte(vectorBody)), "ABEiM0RVZneIAAcjQkVjGgADFA=="} {
		if !strings.Contains(reference, example) {
			t.Errorf("the reference lacks %s", example)
		}
	}
	for _, route := range Routes() {
		path := strings.TrimSuffix(route.Path, "/{AssetId}")
		if name := path[strings.LastIndex(path, "/")+1:]; !strings.Contains(reference, "`"+name) {
			t.Errorf("the reference lacks %s", name)
		}
	}
}
