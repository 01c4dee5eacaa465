package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// conformance times a whole run of the harness, by whatever command it is told.
func (b *bench) conformance(ctx context.Context) ([]Row, error) {
	row := Row{Goal: "P10", Measured: "whole conformance run against ourselves", Unit: "s", Limit: 60}
	words := strings.Fields(b.Conform)
	if len(words) == 0 {
		row.Missing = "no -conform command given"
		return []Row{row}, nil
	}
	began := b.wall.Now()
	out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %.1000s", b.Conform, err, out)
	}
	took := b.wall.Now().Sub(began)
	row.Ratio, row.Ours = took.Seconds(), fmt.Sprintf("%.1f s", took.Seconds())
	return []Row{row}, nil
}
