package main

import (
	"archive/tar"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"syscall"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// verify reads the layout in the folder out back and runs what it holds.
func verify(t *testing.T, out string) error {
	t.Helper()
	root := t.TempDir()
	for folder := root; folder != os.TempDir(); folder = filepath.Dir(folder) {
		if err := os.Chmod(folder, 0o755); err != nil {
			return err
		}
	}
	for _, c := range []struct {
		sentence string
		check    func() error
	}{
		{"every digest, size and platform is right", func() error { return valid(out) }},
		{"one layer for Linux, configured as the Dockerfile says, and no other file", func() error { return configured(out) }},
		{"two static programs and nothing else", func() error { return unpack(out, root) }},
		{"it answers with its version", func() error { return version(t.Context(), root) }},
		{"its own command serves: health fails before, passes then, SIGTERM stops it", func() error { return serves(t.Context(), root) }},
	} {
		if err := c.check(); err != nil {
			return fmt.Errorf("not true: %s: %w", c.sentence, err)
		}
	}
	return nil
}

func version(ctx context.Context, root string) error {
	out, err := command(ctx, root, "version").Output()
	if err == nil && len(out) == 0 {
		err = errors.New("it prints nothing")
	}
	return err
}

func valid(out string) error {
	index, err := layout.ImageIndexFromPath(out)
	if err != nil {
		return err
	}
	return validate.Index(index)
}

func imageOf(out string) (v1.Image, error) {
	index, err := layout.ImageIndexFromPath(out)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		return nil, fmt.Errorf("the index does not hold one image: %v, %w", manifest, err)
	}
	return index.Image(manifest.Manifests[0].Digest)
}

func configured(out string) error {
	image, err := imageOf(out)
	if err != nil {
		return err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	blobs, err := filepath.Glob(filepath.Join(out, "blobs", "sha256", "*"))
	if layers := len(file.RootFS.DiffIDs); err != nil || layers != 1 || len(blobs) != 3 {
		return fmt.Errorf("%d layers and %d blobs, %w", layers, len(blobs), err)
	}
	if file.OS != "linux" || !reflect.DeepEqual(file.Config, config()) {
		return fmt.Errorf("for %s: %+v", file.OS, file.Config)
	}
	return nil
}

// unpack writes the files of the image into the folder root and looks at each.
func unpack(out, root string) error {
	image, err := imageOf(out)
	if err != nil {
		return err
	}
	files := mutate.Extract(image)
	defer files.Close()
	var names []string
	for r := tar.NewReader(files); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		names = append(names, header.Name)
		file := filepath.Join(root, filepath.Base(header.Name))
		if err := errors.Join(os.WriteFile(file, data, header.FileInfo().Mode().Perm()), static(file)); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
	if !slices.Equal(names, programs) {
		return fmt.Errorf("it holds %v", names)
	}
	return nil
}

// static checks that every user can run a file on an empty file system.
func static(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	f, err := elf.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if info.Mode().Perm()&0o111 != 0o111 || slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		return fmt.Errorf("mode %s, or it needs a dynamic loader", info.Mode())
	}
	return nil
}

// command calls pantomime in the unpacked image: as root, by the image's user in
// a file system that holds nothing else, as in a container.
func command(ctx context.Context, root string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "pantomime"), args...)
	if os.Geteuid() == 0 {
		cmd = exec.CommandContext(ctx, "/pantomime", args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	}
	cmd.Dir, cmd.Env = "/", []string{}
	return cmd
}

func serves(ctx context.Context, root string) error {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	admin := free.Addr().String()
	if err := free.Close(); err != nil {
		return err
	}
	if command(ctx, root, "health", "--admin", admin).Run() == nil {
		return errors.New("healthy before it serves")
	}
	server := command(ctx, root, slices.Concat(config().Cmd, []string{"--listen", "127.0.0.1:0", "--admin", admin})...)
	if err := server.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() {
		err := server.Wait()
		cancel(fmt.Errorf("it ended: %w", err))
		ended <- err
	}()
	if err := command(ctx, root, "health", "--wait", "20s", "--admin", admin).Run(); err != nil {
		return errors.Join(err, context.Cause(ctx), server.Process.Kill())
	}
	return errors.Join(server.Process.Signal(syscall.SIGTERM), <-ended)
}
