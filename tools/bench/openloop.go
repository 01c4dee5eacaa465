package main

import (
	"context"
	"fmt"
	"time"
)

// openRate is P9's, in requests a second.
const openRate = 300

// openLoop measures how long answers take when requests come at fixed instants.
func (b *bench) openLoop(ctx context.Context) ([]Row, error) {
	var at, ginAt addresses
	sim, err := b.start(ctx, "simulator", serverSettings{}, &at)
	if err != nil {
		return nil, err
	}
	defer sim.stop()
	reference, err := b.start(ctx, "gin", nil, &ginAt)
	if err != nil {
		return nil, err
	}
	defer reference.stop()
	workloads, err := b.visaWorkloads(ctx, at)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, w := range workloads[:2] {
		shots, err := w.shots(ctx)
		if err != nil {
			return nil, err
		}
		var p99 [2][]time.Duration
		for round := range b.Rounds + 1 {
			for i, s := range [...]side{{reference, ginAt.Network}, {sim, at.Network}} {
				if round == 0 {
					if err := b.warm(ctx, s.address, shots); err != nil {
						return nil, err
					}
					continue
				}
				late, err := b.gun(s.address, shots).pace(ctx, b.size.Open, openRate)
				if err != nil {
					return nil, err
				}
				p99[i] = append(p99[i], percentile(late, 99))
			}
		}
		theirs, ours := median(p99[0]), median(p99[1])
		rows = append(rows, Row{
			Goal: "P9", Measured: fmt.Sprintf("%s at %d/s, open loop: p99", w.name, openRate), Limit: 2,
			Ratio: float64(ours) / float64(theirs), Ours: fmt.Sprintf("%.2f ms", milliseconds(ours)),
			Reference: fmt.Sprintf("bare gin %.2f ms", milliseconds(theirs)),
		})
	}
	return rows, nil
}
