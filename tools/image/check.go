package main

import (
	"archive/tar"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// readBack checks the layout in the folder out and unpacks it into the folder
// rootfs. An error means that there is nothing to run.
func (r *report) readBack(out, rootfs string) error {
	index, err := layout.ImageIndexFromPath(out)
	if err != nil {
		return err
	}
	r.check("every digest, size and platform of the layout is right", validate.Index(index))
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 {
		return fmt.Errorf("the index holds not one image: %v, %w", manifest, err)
	}
	image, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		return err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	blobs, err := filepath.Glob(filepath.Join(out, "blobs", "sha256", "*"))
	if err != nil {
		return err
	}
	r.equal("one layer holds everything, and no blob is left over", []int{len(file.RootFS.DiffIDs), len(blobs)}, []int{1, 3})
	r.equal("it is for Linux", file.OS, "linux")
	r.equal("it says about running it what the Dockerfile says", file.Config, config())
	names, err := unpack(image, rootfs)
	r.equal("it holds the two programs and nothing else", names, programs)
	for _, name := range names {
		r.check(name+" is one static executable", static(filepath.Join(rootfs, name)))
	}
	return err
}

// unpack writes the image's files, which belong at the top, and returns their names.
func unpack(image v1.Image, rootfs string) ([]string, error) {
	files := mutate.Extract(image)
	defer files.Close()
	var names []string
	for r := tar.NewReader(files); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return names, err
		}
		names = append(names, header.Name)
		data, err := io.ReadAll(r)
		if err != nil {
			return names, err
		}
		if err := os.WriteFile(filepath.Join(rootfs, filepath.Base(header.Name)), data, header.FileInfo().Mode().Perm()); err != nil {
			return names, err
		}
	}
}

// static checks that anybody can run a file on an empty file system.
func static(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o111 != 0o111 {
		return fmt.Errorf("mode %s does not let everybody run it", info.Mode())
	}
	f, err := elf.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, part := range f.Progs {
		if part.Type == elf.PT_INTERP {
			return errors.New("asks for a dynamic loader")
		}
	}
	return nil
}

// report counts checks and says how each went.
type report struct {
	out            io.Writer
	passed, failed int
}

// check is one sentence and what speaks against it.
func (r *report) check(sentence string, err error) {
	if err != nil {
		r.failed++
		fmt.Fprintf(r.out, "FAIL  %s: %v\n", sentence, err)
		return
	}
	r.passed++
	fmt.Fprintf(r.out, "ok    %s\n", sentence)
}

func (r *report) equal(sentence string, got, want any) {
	var err error
	if !reflect.DeepEqual(got, want) {
		err = fmt.Errorf("is %+v, want %+v", got, want)
	}
	r.check(sentence, err)
}
