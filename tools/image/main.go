// Command image builds pantomime's container image without a container engine,
// as an OCI image layout, then reads the layout back and checks it: digests,
// configuration, that its programs are static and run on an empty file system,
// and that they know the commands of docker/compose.yaml.
//
// It is a module of its own, for the sake of its libraries, and must not be
// linked into pantomime.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", "../..", "root of the repository, with bin/pantomime and bin/receiver built")
	out := flag.String("out", "../../dist/image", "folder for the image layout; an earlier one is replaced")
	flag.Parse()
	err := write(*out, filepath.Join(*root, "bin"), config())
	if err == nil {
		err = (&report{out: os.Stdout}).verify(*out, filepath.Join(*root, "docker"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

// verify reads the layout in the folder out back and runs what is in it.
func (r *report) verify(out, docker string) error {
	rootfs, err := os.MkdirTemp("", "pantomime-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(rootfs)
	if err := os.Chmod(rootfs, 0o755); err != nil { //nolint:gosec // the image's user must be able to run what is in it
		return err
	}
	if err := r.readBack(out, rootfs); err != nil {
		return err
	}
	if err := r.run(unpacked(rootfs), docker); err != nil {
		return err
	}
	return r.sum()
}

// sum tells how many checks passed; no check at all is not good.
func (r *report) sum() error {
	if r.failed > 0 || r.passed == 0 {
		return fmt.Errorf("%d checks failed, %d passed", r.failed, r.passed)
	}
	fmt.Fprintf(r.out, "image: %d checks passed\n", r.passed)
	return nil
}
