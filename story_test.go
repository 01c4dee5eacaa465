package pantomime_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/store"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// world is a running simulator with clients of both networks, a notice
// receiver and all that was logged.
type world struct {
	sim      *pantomime.Simulator
	admin    *control.Client
	target   harness.Target
	visa     *vts.Client
	mc       *mdes.Client
	logs     *buffer
	reported *buffer // bodies of notices
	said     *buffer // answers and refusals of the control door

	changes *store.Encoded[sandbox.Change] // the log of changes, as a store writes it
}

// buffer collects what several goroutines write.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

// Write appends.
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, scenario string) *world {
	t.Helper()
	w := &world{logs: new(buffer), reported: new(buffer), said: new(buffer)}
	logger := slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if w.changes, err = store.NewEncoded(sandbox.Codec{}, [32]byte{1}, logger); err != nil {
		t.Fatal(err)
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.reported.Write(append(body, '\n'))
	}))
	t.Cleanup(receiver.Close)
	o := pantomime.Options{
		ClockMode: clock.Manual, ClockStart: noon, Notify: receiver.URL, Seed: 4711, Logger: logger, Log: w.changes,
	}
	if scenario != "" {
		sc, findings := scenarios.Parse("scenario.yaml", []byte(scenario))
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		o.Scenario = sc
	}
	sim, err := pantomime.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := sim.Stop(stop); err != nil {
			t.Error(err)
		}
	})
	w.sim = sim
	w.connect(t)
	return w
}

func (w *world) connect(t *testing.T) {
	t.Helper()
	var err error
	if w.admin, err = control.New(w.sim.AdminURL(), nil, ""); err != nil {
		t.Fatal(err)
	}
	if w.target, err = harness.AskTarget(t.Context(), w.admin); err != nil {
		t.Fatal(err)
	}
	via := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(via.CloseIdleConnections)
	if w.visa, err = w.target.Visa.Client(clock.Real(), via); err != nil {
		t.Fatal(err)
	}
	if w.mc, err = w.target.Mastercard.Client(clock.Real(), via); err != nil {
		t.Fatal(err)
	}
}

// seen is what a client learned that no log may hold.
type seen struct {
	mu      sync.Mutex
	secrets map[string]string // guarded by mu; what it is, by value
}

func (s *seen) add(what, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets == nil {
		s.secrets = map[string]string{}
	}
	if value != "" {
		s.secrets[value] = what
	}
}

var expiry = token.Expiry{Year: 2039, Month: time.December}

// step is one call of a story; its error ends the story.
type step func(ctx context.Context) error

func play(ctx context.Context, steps []step) error {
	for n, s := range steps {
		if err := s(ctx); err != nil {
			return fmt.Errorf("step %d: %w", n+1, err)
		}
	}
	return nil
}

// visaStory is the whole life of a token of the n-th synthetic card.
func (w *world) visaStory(ctx context.Context, n int, s *seen) error {
	pan, err := fixtures.Synthetic(token.Visa, n)
	if err != nil {
		return err
	}
	s.add("card number", pan.Digits())
	enrolled, err := w.visa.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile}, &vts.PaymentInstrument{
		AccountNumber: pan.Digits(), CVV2: "123", Name: "Alex Example", ExpirationDate: vts.DateOf(expiry),
	})
	if err != nil {
		return err
	}
	made, err := w.visa.Provision(ctx, enrolled.VPanEnrollmentID, vts.ProvisionRequest{
		PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud,
	}, nil)
	if err != nil {
		return err
	}
	number, err := w.visa.TokenNumber(made.TokenInfo)
	if err != nil {
		return err
	}
	s.add("token number", number.Digits())
	id, why := made.VProvisionedTokenID, vts.UpdateReason{ReasonCode: vts.ReasonCodeFraud}
	pay := func(ctx context.Context) error {
		answer, err := w.visa.PaymentData(ctx, id, vts.PaymentDataRequest{
			ClientPaymentDataID: fmt.Sprintf("order-%d", n), PaymentRequest: vts.PaymentRequest{TransactionType: vts.TransactionECOM},
		})
		if err == nil {
			s.add("cryptogram", answer.CryptogramInfo.Cryptogram)
		}
		return err
	}
	read := func(ctx context.Context) error { _, err := w.visa.GetToken(ctx, id); return err }
	suspend := func(ctx context.Context) error { return w.visa.Suspend(ctx, id, why) }
	refused := func(ctx context.Context) error {
		if err := pay(ctx); err == nil {
			return fmt.Errorf("a suspended token paid")
		}
		return nil
	}
	resume := func(ctx context.Context) error { return w.visa.Resume(ctx, id, why) }
	end := func(ctx context.Context) error { return w.visa.Delete(ctx, id, why) }
	return play(ctx, []step{read, pay, pay, suspend, refused, resume, pay, end, read})
}

// mastercardStory is the same at the other network.
func (w *world) mastercardStory(ctx context.Context, n int, s *seen) error {
	pan, err := fixtures.Synthetic(token.Mastercard, n)
	if err != nil {
		return err
	}
	s.add("card number", pan.Digits())
	id := func(what string) mdes.LooseString { return mdes.LooseString(fmt.Sprintf("%s-%d", what, n)) }
	made, err := w.mc.Tokenize(ctx, mdes.TokenizeRequest{RequestID: id("tokenize"), TaskID: fmt.Sprintf("task-%d", n)}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{
			AccountNumber: mdes.Sensitive(pan.Digits()), ExpiryMonth: expiry.MM(), ExpiryYear: expiry.YY(), SecurityCode: "123",
		},
		AccountHolderData: &mdes.AccountHolderData{AccountHolderName: "ADA EXAMPLE"},
		Source:            "ACCOUNT_ON_FILE",
	})
	if err != nil {
		return err
	}
	s.add("token number", string(made.Clear.TokenNumber))
	ref := made.TokenUniqueReference
	pay := func(ctx context.Context) error {
		answer, err := w.mc.Transact(ctx, mdes.TransactRequest{RequestID: id("transact"), TokenUniqueReference: ref})
		if err == nil {
			s.add("cryptogram", string(answer.Clear.DE48SE43Data))
			s.add("track 2", string(answer.Clear.Track2Equivalent))
		}
		return err
	}
	body := mdes.LifecycleRequest{RequestID: id("change"), TokenUniqueReferences: mdes.References{ref}}
	suspend := func(ctx context.Context) error { _, err := w.mc.Suspend(ctx, body); return err }
	refused := func(ctx context.Context) error {
		if err := pay(ctx); err == nil {
			return fmt.Errorf("a suspended token paid")
		}
		return nil
	}
	resume := func(ctx context.Context) error { _, err := w.mc.Unsuspend(ctx, body); return err }
	end := func(ctx context.Context) error { _, err := w.mc.Delete(ctx, body); return err }
	return play(ctx, []step{pay, pay, suspend, refused, resume, pay, end})
}

// playAll plays the stories of both networks' first cards with so many workers.
func (w *world) playAll(t *testing.T, cards, workers int) *seen {
	t.Helper()
	s := new(seen)
	work := make(chan func() error)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for story := range work {
				if err := story(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range cards {
		work <- func() error { return w.visaStory(t.Context(), n, s) }
		work <- func() error { return w.mastercardStory(t.Context(), n, s) }
	}
	close(work)
	wg.Wait()
	return s
}
