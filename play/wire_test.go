package play_test

import (
	"os"
	"path/filepath"
	"testing"
)

// Each file holds a fact of the wire, as a requestor sees it over HTTP; its first
// comment says which.
func TestWire_IsAsItsSourcesSay(t *testing.T) {
	files, err := filepath.Glob("testdata/wire/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			complain(t, perform(t, file, text))
		})
	}
}
