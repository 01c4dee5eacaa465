// Command layout builds pantomime's container image without a container
// engine, as an OCI image layout, and checks it: digests, configuration, that
// its programs are static and run on an empty file system, and that Dockerfile
// and compose file name nothing that is not there.
//
// What the image says about running it is read from the Dockerfile's last
// stage, so the two cannot drift apart. It must not be linked into pantomime.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", "../..", "root of the repository, with bin/pantomime and bin/receiver built")
	out := flag.String("out", "../../dist/image", "folder for the image layout; an earlier one is replaced")
	flag.Parse()
	r := &report{out: os.Stdout}
	if err := buildAndCheck(r, *root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
	if !finish(os.Stdout, r) {
		os.Exit(1)
	}
}

// finish prints the sum, and tells whether it is good: no check at all is not.
func finish(out io.Writer, r *report) bool {
	if r.failed > 0 || r.passed == 0 {
		fmt.Fprintf(out, "image: %d checks failed, %d passed\n", r.failed, r.passed)
		return false
	}
	fmt.Fprintf(out, "image: %d checks passed\n", r.passed)
	return true
}

// buildAndCheck returns an error where there is nothing to check.
func buildAndCheck(r *report, root, out string) error {
	src, err := os.ReadFile(filepath.Join(root, "docker", "Dockerfile"))
	if err != nil {
		return err
	}
	stages, err := parseDockerfile(string(src))
	if err != nil {
		return fmt.Errorf("docker/Dockerfile: %w", err)
	}
	config, err := stages[len(stages)-1].config()
	if err != nil {
		return fmt.Errorf("docker/Dockerfile: %w", err)
	}
	programs := map[string]string{
		"/pantomime": filepath.Join(root, "bin", "pantomime"),
		"/receiver":  filepath.Join(root, "bin", "receiver"),
	}
	if err := writeLayout(out, programs, config); err != nil {
		return err
	}
	verifyDockerfile(r, root, stages)
	return checkImage(r, root, out, config.Cmd)
}

// checkImage verifies the layout in the folder out and runs its program.
func checkImage(r *report, root, out string, command []string) error {
	rootfs, err := os.MkdirTemp("", "pantomime-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(rootfs)
	if err := os.Chmod(rootfs, 0o755); err != nil { //nolint:gosec // the image's user must be able to run what is in it
		return err
	}
	if !verifyLayout(r, out, rootfs) {
		return nil
	}
	b := box{rootfs}
	runImage(r, b)
	r.check("the image's own flags are known", knownFlags(b, command))
	verifyCompose(r, filepath.Join(root, "docker", "compose.yaml"), b)
	return nil
}
