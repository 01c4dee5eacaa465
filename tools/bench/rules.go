package main

import (
	"context"
	"fmt"
)

// rules measures how provisioning slows down as rules become many.
func (b *bench) rules(ctx context.Context) ([]Row, error) {
	sides := make([]side, len(b.size.Rules))
	shots := make([][][]shot, len(sides))
	var started []*child
	defer func() {
		for _, c := range started {
			c.stop()
		}
	}()
	for i, n := range b.size.Rules {
		var at addresses
		c, err := b.start(ctx, "simulator", serverSettings{Rules: n}, &at)
		if err != nil {
			return nil, err
		}
		started = append(started, c)
		sides[i] = side{c, at.Network}
		if shots[i], err = b.lookups(ctx, at, n); err != nil {
			return nil, err
		}
	}
	got := make([][][]sample, len(ruledNames))
	for k := range got {
		got[k] = make([][]sample, len(sides))
	}
	for round := range b.Rounds + 1 {
		for k := range ruledNames {
			for i, s := range sides {
				if round == 0 {
					if err := b.warm(ctx, s.address, shots[i][k]); err != nil {
						return nil, err
					}
					continue
				}
				one, err := b.loaded(ctx, s.child, b.gun(s.address, shots[i][k]), 0)
				if err != nil {
					return nil, err
				}
				got[k][i] = append(got[k][i], one)
			}
		}
	}
	return b.ruleRows(got), nil
}

// lookups are requests that meet the first rule, the last one and none.
func (b *bench) lookups(ctx context.Context, at addresses, rules int) ([][]shot, error) {
	var out [][]shot
	for i := range ruledNames {
		w, err := b.visaWallet(ctx, at, ruledCard(i, rules))
		if err != nil {
			return nil, err
		}
		enrolments, err := w.enrolments(ctx)
		if err != nil {
			return nil, err
		}
		shots, err := w.inTheClear(ctx, enrolments)
		if err != nil {
			return nil, err
		}
		out = append(out, shots)
	}
	return out, nil
}

func (b *bench) ruleRows(got [][][]sample) []Row {
	var rows []Row
	few := b.size.Rules[0]
	for i, n := range b.size.Rules[1:] {
		for k, name := range ruledNames {
			w := workload{name: fmt.Sprintf("%d rules, %s", n, name)}
			if i+2 == len(b.size.Rules) {
				w.goal, w.limit = "P4", 0.90
			}
			rows = append(rows, compared(w, fmt.Sprintf("%d rules", few), got[k][0], got[k][i+1]))
		}
	}
	return rows
}
