package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// programs are all the files of the image, at its root, in order.
var programs = []string{"pantomime", "receiver"}

// config is what the image says about running it. A test holds the last stage
// of docker/Dockerfile against it, line by line.
func config() v1.Config {
	return v1.Config{
		Env:          []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, // as engines add it
		User:         "65532:65532",
		ExposedPorts: map[string]struct{}{"8480/tcp": {}},
		Healthcheck: &v1.HealthConfig{
			Test: []string{"CMD", "/pantomime", "health"}, Interval: 5 * time.Second, Timeout: 3 * time.Second, StartPeriod: 5 * time.Second, Retries: 3,
		},
		Entrypoint: []string{"/pantomime"},
		Cmd:        []string{"serve", "--listen", "0.0.0.0:8480"},
		Labels: map[string]string{
			"org.opencontainers.image.title":       "pantomime",
			"org.opencontainers.image.description": "mock card network and test harness; not for real cards",
			"org.opencontainers.image.source":      "https://github.com/pantomime-dev/pantomime",
			"org.opencontainers.image.licenses":    "Apache-2.0",
		},
	}
}

// write makes an image layout in the folder out of the programs in the folder
// bin. The same programs give the same bytes: nothing carries a time.
func write(out, bin string, c v1.Config) error {
	layer, err := layerOf(bin)
	if err != nil {
		return err
	}
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err := mutate.Append(base, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "COPY /pantomime /receiver /"}})
	if err != nil {
		return err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	file.OS, file.Architecture, file.Config = "linux", runtime.GOARCH, c
	if image, err = mutate.ConfigFile(image, file); err != nil {
		return err
	}
	if err := makeRoom(out); err != nil {
		return err
	}
	index, err := layout.Write(out, empty.Index)
	if err != nil {
		return err
	}
	return index.AppendImage(image, layout.WithPlatform(*file.Platform()),
		layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": "pantomime:local"}))
}

// makeRoom removes an earlier layout, and refuses to remove anything else.
func makeRoom(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(filepath.Join(out, "oci-layout")); err != nil {
		return fmt.Errorf("%s holds something else than an image layout; name another folder", out)
	}
	return os.RemoveAll(out)
}

func layerOf(bin string) (v1.Layer, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, name := range programs {
		data, err := os.ReadFile(filepath.Join(bin, name))
		if err != nil {
			return nil, err
		}
		err = w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: int64(len(data))})
		if _, more := w.Write(data); err != nil || more != nil {
			return nil, errors.Join(err, more)
		}
	}
	opener := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil }
	if err := w.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(opener, tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
}
