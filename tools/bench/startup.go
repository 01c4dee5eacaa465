package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// startUp measures the time to the first answer, and memory.
func (b *bench) startUp(ctx context.Context) ([]Row, error) {
	folder, err := b.ruleFiles()
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	var library, yaml, bare []time.Duration
	var idle []uint64
	for range b.Rounds {
		for _, s := range []struct {
			role     string
			settings serverSettings
			took     *[]time.Duration
		}{
			{"gin", serverSettings{}, &bare},
			{"simulator", serverSettings{Library: true}, &library},
			{"simulator", serverSettings{Folder: folder}, &yaml},
		} {
			took, used, err := b.firstAnswer(ctx, s.role, s.settings)
			if err != nil {
				return nil, err
			}
			*s.took = append(*s.took, took)
			if s.settings.Library {
				idle = append(idle, used)
			}
		}
	}
	busy, err := b.serving(ctx)
	if err != nil {
		return nil, err
	}
	reference := fmt.Sprintf("bare gin %.0f ms", milliseconds(median(bare)))
	return []Row{
		{
			Goal: "P7", Measured: "start to first answer, whole library checked", Reference: reference,
			Ratio: milliseconds(median(library)), Unit: "ms", Limit: 100, Ours: spread(library),
		},
		{
			Goal: "P7", Measured: fmt.Sprintf("start to first answer, %d rules in YAML", b.size.YAMLRules), Reference: reference,
			Ratio: median(yaml).Seconds(), Unit: "s", Limit: 1.5, Ours: spread(yaml),
		},
		{Goal: "P7", Measured: "RSS after start, library checked", Ratio: float64(median(idle)) / (1 << 20), Unit: "MiB", Limit: 30, Ours: mebibytes(median(idle))},
		{
			Goal: "P7", Measured: fmt.Sprintf("RSS with %d tokens made over HTTP, journal full", b.size.ServedTokens),
			Ratio: float64(busy) / (1 << 20), Unit: "MiB", Limit: 150, Ours: mebibytes(busy),
		},
	}, nil
}

func spread(list []time.Duration) string {
	return fmt.Sprintf("%.0f to %.0f ms", milliseconds(percentile(list, 0)), milliseconds(percentile(list, 100)))
}

// firstAnswer starts a server and asks it once; whatever it says counts.
func (b *bench) firstAnswer(ctx context.Context, role string, s serverSettings) (time.Duration, uint64, error) {
	var at addresses
	c, err := b.start(ctx, role, s, &at)
	if err != nil {
		return 0, 0, err
	}
	defer c.stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at.Network+"/vts/panEnrollments/none", nil)
	if err != nil {
		return 0, 0, err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	_ = resp.Body.Close()
	took := b.wall.Now().Sub(c.started)
	used, err := resident(c.cmd.Process.Pid)
	return took, used, err
}

// ruleFiles writes rules for a BIN each into two files, as one may hold a
// limited number of nodes.
func (b *bench) ruleFiles() (string, error) {
	folder, err := os.MkdirTemp("", "pantomime-bench-")
	if err != nil {
		return "", err
	}
	half := b.size.YAMLRules / 2
	for part := range 2 {
		var text strings.Builder
		text.WriteString("version: 1\nrules:\n")
		for i := part * half; i < (part+1)*half; i++ {
			fmt.Fprintf(&text, "  - { when: { bin: \"4%07d\", attempt: 1 }, then: { error: declined } }\n", i)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.yaml", part)), []byte(text.String()), 0o600); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// serving is the memory of a server that has made many tokens.
func (b *bench) serving(ctx context.Context) (uint64, error) {
	var at addresses
	c, err := b.start(ctx, "simulator", serverSettings{}, &at)
	if err != nil {
		return 0, err
	}
	defer c.stop()
	w, err := b.visaWallet(ctx, at)
	if err != nil {
		return 0, err
	}
	enrolments, err := w.enrolments(ctx)
	if err != nil {
		return 0, err
	}
	shots, err := w.inTheClear(ctx, enrolments)
	if err != nil {
		return 0, err
	}
	if _, _, err := b.gun(at.Network, shots).fire(ctx, 0, b.size.ServedTokens); err != nil {
		return 0, err
	}
	return resident(c.cmd.Process.Pid)
}
