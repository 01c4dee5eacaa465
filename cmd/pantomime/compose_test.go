package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/pantomime-dev/pantomime/internal/stage"
)

// The command line that docker/compose.yaml gives the server is one it knows, and
// the scenario that it mounts is good.
func TestCompose_CommandAndScenarioAreGood(t *testing.T) {
	folder := filepath.Join("..", "..", "docker")
	text := stage.Must(os.ReadFile(filepath.Join(folder, "compose.yaml")))(t)
	var args []string
	for _, line := range regexp.MustCompile(`(?m)^ +- ((?:serve|-).*)$`).FindAllSubmatch(text, -1) {
		args = append(args, string(line[1]))
	}
	if len(args) < 2 || args[0] != "serve" {
		t.Fatalf("the server is called with %q", args)
	}
	for _, args := range [][]string{append(args, "--help"), {"check", "--strict", filepath.Join(folder, "scenario.yaml")}} {
		if code, _, stderr := command(t, "", args...); code != 0 {
			t.Errorf("pantomime %q: exit %d: %s", args, code, stderr)
		}
	}
}
