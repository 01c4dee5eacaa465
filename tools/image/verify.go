package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

const maxFile = 256 << 20 // bytes of one file in the image

// verifyLayout reads the layout in the folder dir again, without anything the
// builder knows, checks it against the values below, and extracts its files
// into rootfs. It reports whether the files can be run.
func verifyLayout(r *report, dir, rootfs string) (runnable bool) {
	blobs, err := readBlobs(dir)
	r.check("every blob has the digest it is named by", err)
	r.check("the library finds the layout valid", libraryCheck(dir))
	manifest, config, err := readImage(dir, blobs)
	r.check("the index leads to one manifest and one configuration", err)
	if err != nil {
		return false
	}
	verifyConfig(r, config)
	r.equal("one layer holds everything, and no blob is left over", []int{len(manifest.Layers), len(blobs)}, []int{1, 3})
	if len(manifest.Layers) == 0 {
		return false
	}
	names, err := extract(blobs[manifest.Layers[0].Digest.Hex], rootfs)
	r.check("the layer unpacks", err)
	r.equal("the layer holds the two programs and nothing else", names, []string{"pantomime", "receiver"})
	for _, name := range names {
		r.check(name+" is one static executable", static(filepath.Join(rootfs, name), config.Architecture))
	}
	return err == nil
}

// verifyConfig holds what an image of ours must say, written by hand.
func verifyConfig(r *report, config *v1.ConfigFile) {
	c := config.Config
	r.equal("the image is for Linux", config.OS, "linux")
	r.equal("it starts pantomime", c.Entrypoint, []string{"/pantomime"})
	r.equal("it runs as nobody in particular", c.User, "65532:65532")
	r.equal("it exposes the network door alone", c.ExposedPorts, map[string]struct{}{"8480/tcp": {}})
	r.equal("its licence is named", c.Labels["org.opencontainers.image.licenses"], "Apache-2.0")
	r.equal("its source is named", c.Labels["org.opencontainers.image.source"], "https://github.com/pantomime-dev/pantomime")
	if c.Healthcheck == nil {
		r.check("it says how it is", errors.New("no health check"))
		return
	}
	r.equal("it says how it is", c.Healthcheck.Test, []string{"CMD", "/pantomime", "health"})
}

// readBlobs reads every blob of the layout by the hex digest it is named by.
func readBlobs(dir string) (map[string][]byte, error) {
	blobs := map[string][]byte{}
	folder := filepath.Join(dir, "blobs", "sha256")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != entry.Name() {
			return nil, fmt.Errorf("%s has digest %x", entry.Name(), sum)
		}
		blobs[entry.Name()] = data
	}
	return blobs, nil
}

func libraryCheck(dir string) error {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return err
	}
	return validate.Index(index)
}

func readImage(dir string, blobs map[string][]byte) (*v1.Manifest, *v1.ConfigFile, error) {
	var marker struct {
		Version string `json:"imageLayoutVersion"`
	}
	var index v1.IndexManifest
	if err := errors.Join(readJSON(filepath.Join(dir, "oci-layout"), &marker), readJSON(filepath.Join(dir, "index.json"), &index)); err != nil {
		return nil, nil, err
	}
	if marker.Version != "1.0.0" || len(index.Manifests) != 1 {
		return nil, nil, fmt.Errorf("layout version %q with %d manifests, want 1.0.0 with one", marker.Version, len(index.Manifests))
	}
	manifest, config := &v1.Manifest{}, &v1.ConfigFile{}
	if err := follow(index.Manifests[0], blobs, manifest); err != nil {
		return nil, nil, fmt.Errorf("manifest: %w", err)
	}
	if err := follow(manifest.Config, blobs, config); err != nil {
		return nil, nil, fmt.Errorf("configuration: %w", err)
	}
	if platform := index.Manifests[0].Platform; platform == nil || platform.Architecture != config.Architecture {
		return nil, nil, fmt.Errorf("the index says platform %v, the configuration %s", platform, config.Architecture)
	}
	return manifest, config, nil
}

// follow decodes the blob that a descriptor names.
func follow(to v1.Descriptor, blobs map[string][]byte, into any) error {
	blob, ok := blobs[to.Digest.Hex]
	if !ok {
		return fmt.Errorf("no blob %s", to.Digest)
	}
	if int64(len(blob)) != to.Size {
		return fmt.Errorf("%d bytes, and its descriptor says %d", len(blob), to.Size)
	}
	return json.Unmarshal(blob, into)
}

func readJSON(file string, into any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// extract unpacks a layer into rootfs and returns the sorted names in it.
// Only plain files at the top are expected, and anything else is refused.
func extract(layer []byte, rootfs string) ([]string, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(layer))
	if err != nil {
		return nil, err
	}
	var names []string
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			slices.Sort(names)
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		if header.Typeflag != tar.TypeReg || header.Name != filepath.Base(header.Name) || header.Size > maxFile {
			return nil, fmt.Errorf("%q is not a plain file at the top, or larger than %d bytes", header.Name, maxFile)
		}
		data, err := io.ReadAll(io.LimitReader(r, maxFile))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(rootfs, header.Name), data, header.FileInfo().Mode().Perm()); err != nil {
			return nil, err
		}
		names = append(names, header.Name)
	}
}

// static checks that file runs on an empty file system on this architecture.
func static(file, arch string) error {
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
	for _, prog := range f.Progs {
		if prog.Type == elf.PT_INTERP {
			return errors.New("asks for a dynamic loader")
		}
	}
	if libs, err := f.ImportedLibraries(); err == nil && len(libs) > 0 {
		return fmt.Errorf("needs %v", libs)
	}
	is, err := architecture(file)
	if err == nil && is != arch {
		err = fmt.Errorf("is for %s, and the image says %s", is, arch)
	}
	return err
}
