package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// workload is one kind of request that a server is loaded with.
type workload struct {
	goal, name string
	limit      float64
	shots      func(context.Context) ([]shot, error) // signed again in each round
	once       bool                                  // each of them can be sent once only
}

// sample is what one round of load on one server found.
type sample struct {
	CPU  time.Duration // of the server, a request
	Rate float64       // answers a second
}

// loaded fires at a server and charges it for each answer.
func (b *bench) loaded(ctx context.Context, c *child, g *gun, limit int) (sample, error) {
	before, err := c.cpu()
	if err != nil {
		return sample{}, err
	}
	n, took, err := g.fire(ctx, b.size.Round, limit)
	if err != nil {
		return sample{}, err
	}
	after, err := c.cpu()
	if err != nil || n == 0 {
		return sample{}, fmt.Errorf("%w: %d answers in %s: %w", errAnswer, n, took, err)
	}
	return sample{(after - before) / time.Duration(n), float64(n) / took.Seconds()}, nil
}

func (b *bench) warm(ctx context.Context, address string, shots []shot) error {
	_, _, err := b.gun(address, shots).fire(ctx, b.size.Warm, 0)
	return err
}

// compared makes a row of samples taken in turn. The ratio is the median of the
// rounds' own ratios, so that what slows both sides in a round cancels out.
func compared(w workload, reference string, theirs, ours []sample) Row {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = float64(theirs[i].CPU) / float64(ours[i].CPU)
	}
	return Row{
		Goal: w.goal, Measured: w.name, Ours: shown(ours), Reference: reference + " " + shown(theirs),
		Ratio: median(ratios), AtLeast: true, Limit: w.limit,
	}
}

func shown(list []sample) string {
	cpu, rate := make([]time.Duration, len(list)), make([]float64, len(list))
	for i, s := range list {
		cpu[i], rate[i] = s.CPU, s.Rate
	}
	return fmt.Sprintf("%.1f µs, %.0f/s", microseconds(median(cpu)), median(rate))
}

// visa measures Visa's calls against bare gin, which gets the same requests.
func (b *bench) visa(ctx context.Context) ([]Row, error) {
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
	rows, err := b.inTurn(ctx, workloads, side{reference, ginAt.Network}, side{sim, at.Network})
	if err != nil {
		return nil, err
	}
	for i, w := range workloads {
		if w.goal == "" {
			continue
		}
		if err := b.keepProfile(ctx, w.goal, b.visaLoad(i)); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// visaLoad is the i-th workload for another server.
func (b *bench) visaLoad(i int) load {
	return func(ctx context.Context, at addresses) ([]shot, int, error) {
		workloads, err := b.visaWorkloads(ctx, at)
		if err != nil {
			return nil, 0, err
		}
		shots, err := workloads[i].shots(ctx)
		return shots, 0, err
	}
}

func (b *bench) visaWorkloads(ctx context.Context, at addresses) ([]workload, error) {
	w, err := b.visaWallet(ctx, at)
	if err != nil {
		return nil, err
	}
	enrolments, err := w.enrolments(ctx)
	if err != nil {
		return nil, err
	}
	tokens, err := w.tokens(ctx)
	if err != nil {
		return nil, err
	}
	payment := vts.PaymentDataRequest{ClientPaymentDataID: "1", PaymentRequest: vts.PaymentRequest{TransactionType: vts.TransactionECOM}}
	return []workload{
		{goal: "P1", name: "Visa provision in the clear", limit: 0.35, shots: func(ctx context.Context) ([]shot, error) { return w.inTheClear(ctx, enrolments) }},
		{goal: "P2", name: "Visa provision, JWE both ways", limit: 0.22, shots: w.encrypted},
		{name: "Visa cryptogram, JWE out", shots: func(ctx context.Context) ([]shot, error) {
			return w.about(ctx, token.VisaGetPaymentData, tokens, payment)
		}},
		{name: "Visa status, no body", shots: func(ctx context.Context) ([]shot, error) {
			return w.about(ctx, token.VisaGetToken, tokens, nil)
		}},
	}, nil
}

// side is a server to load.
type side struct {
	*child
	address string
}

// inTurn loads the reference and us with each workload, round by round.
func (b *bench) inTurn(ctx context.Context, workloads []workload, theirs, ours side) ([]Row, error) {
	got := make([][2][]sample, len(workloads))
	for round := range b.Rounds + 1 {
		for i, w := range workloads {
			shots, err := w.shots(ctx)
			if err != nil {
				return nil, err
			}
			limit := 0
			if w.once {
				limit = len(shots)
			}
			for j, s := range [...]side{theirs, ours} {
				if round == 0 {
					if err := b.warm(ctx, s.address, shots); err != nil {
						return nil, err
					}
					continue
				}
				one, err := b.loaded(ctx, s.child, b.gun(s.address, shots), limit)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", w.name, s.role, err)
				}
				got[i][j] = append(got[i][j], one)
			}
		}
	}
	rows := make([]Row, len(workloads))
	for i, w := range workloads {
		rows[i] = compared(w, "bare gin", got[i][0], got[i][1])
	}
	return rows, nil
}
