package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// The commands that a server prints to be copied must work where it was started.
func TestBanner_CallsTheProgramAsTheShellFindsIt(t *testing.T) {
	onPath, name := t.TempDir(), "pantomime"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if err := os.WriteFile(filepath.Join(onPath, name), nil, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, invoked, want string }{
		{t.TempDir(), "bin/pantomime", "bin/pantomime"},
		{t.TempDir(), "my tools/pantomime", "'my tools/pantomime'"},
		{t.TempDir(), "", "pantomime"},
		{onPath, "bin/pantomime", "pantomime"},
	} {
		t.Setenv("PATH", c.path)
		if got := (&app{invoked: c.invoked}).self(); got != c.want {
			t.Errorf("called as %q: %q, want %q", c.invoked, got, c.want)
		}
	}
}
