package arrows

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"
)

func TestProject_Prose(t *testing.T) {
	for _, file := range []string{"CONTRIBUTING.md", "docker/README.md"} {
		found, err := CheckProse(os.DirFS(root), file)
		if err != nil {
			t.Fatal(err)
		}
		report(t, found)
	}
}

func TestProject_Links(t *testing.T) {
	project := os.DirFS(root)
	var files []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "*/*.md"} {
		matched, err := fs.Glob(project, pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, matched...)
	}
	if len(files) < 5 {
		t.Fatalf("only %v were read; the check would prove nothing", files)
	}
	for _, file := range files {
		found, err := CheckLinks(project, file)
		if err != nil {
			t.Fatal(err)
		}
		report(t, found)
	}
}

func TestCheckProse_Planted(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"files that are there", "see `vts/route.go`, `route.go` and `vts/`", nil},
		{"a bare name of a file in any folder", "see `deep.go`", nil},
		{"a bare name of no file", "see `steep.go`", []string{"vts/README.md:1 steep.go: " + whyNoFile}},
		{"a file that has moved", "one\nsee `vts/routes.go`", []string{"vts/README.md:2 vts/routes.go: " + whyNoFile}},
		{"a folder that has moved", "see `mdes/`", []string{"vts/README.md:1 mdes/"}},
		{"any name in a folder that is there", "add `vts/NAME.go` or `vts/visa-KEY.yaml`", nil},
		{"any name in a folder that is not", "add `acquirer/NAME.go`", []string{"vts/README.md:1 acquirer/NAME.go"}},
		{"words, flags and results", "`token.Key`, `--listen`, `bin/pantomime`, `/out/receiver`, `pantomime check FILE`", nil},
		{"links that lead somewhere", "[a](route.go), [b](../Makefile), [c](#part), [d](route.go#l1), [e](https://example.org/x.md)", nil},
		{"a link that leads nowhere", "[a](routes.go#part)", []string{"vts/README.md:1 routes.go: " + whyNoFile}},
		{"a target that is there", "run `make lint ARGS=1`", nil},
		{"a target that is not", "run `make lunch`", []string{"vts/README.md:1 make lunch: " + whyNoTarget}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"Makefile":          {Data: []byte("all:\nlint: build\n")},
				"vts/route.go":      {Data: []byte("package vts\n")},
				"control/a/deep.go": {Data: []byte("package a\n")},
				"vts/README.md":     {Data: []byte(tt.text)},
			}
			found, err := CheckProse(fsys, "vts/README.md")
			if err != nil {
				t.Fatal(err)
			}
			expect(t, found, tt.want...)
		})
	}
}
