// Command image writes pantomime's container image without a container engine, as
// an OCI image layout. Its test reads a layout back and runs what it holds.
//
// It is a module of its own, because of its libraries.
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
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

func main() {
	bin := flag.String("bin", "../../bin", "folder with the programs pantomime and receiver")
	out := flag.String("out", "../../dist/image", "folder for the image layout; an earlier one is replaced")
	flag.Parse()
	if err := write(*out, *bin, config()); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

// programs are all files of the image, at its root, in order.
var programs = []string{"pantomime", "receiver"}

// config is how the image is run. A test compares it with the last stage of
// docker/Dockerfile, line by line.
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

// write makes an image layout in the folder out from the programs in the folder
// bin. The same programs give the same bytes: no time is stored.
func write(out, bin string, c v1.Config) error {
	if _, err := os.Stat(filepath.Join(out, "oci-layout")); err == nil {
		if err := os.RemoveAll(out); err != nil {
			return err
		}
	}
	if entries, err := os.ReadDir(out); len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds something else than an image layout (%w); name another folder", out, err)
	}
	archive, err := pack(bin)
	if err != nil {
		return err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive)), nil },
		tarball.WithMediaType(types.OCILayer), tarball.WithCompressedCaching)
	if err != nil {
		return err
	}
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	base, err = mutate.ConfigFile(base, &v1.ConfigFile{OS: "linux", Architecture: runtime.GOARCH, Config: c, RootFS: v1.RootFS{Type: "layers"}})
	if err != nil {
		return err
	}
	image, err := mutate.Append(base, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "COPY /pantomime /receiver /"}})
	if err != nil {
		return err
	}
	index, err := layout.Write(out, empty.Index)
	if err != nil {
		return err
	}
	return index.AppendImage(image, layout.WithPlatform(v1.Platform{OS: "linux", Architecture: runtime.GOARCH}),
		layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": "pantomime:local"}))
}

// pack makes a tar archive of the programs.
func pack(bin string) ([]byte, error) {
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
	return archive.Bytes(), w.Close()
}
