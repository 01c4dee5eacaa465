package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/simulator/store"
)

// note is a change that says nothing.
type note struct {
	Number, Epoch uint64
	Secret        string
}

// notes are those of a range of numbers, in epoch 1.
func notes(from, to uint64) (all []note) {
	for n := from; n <= to; n++ {
		all = append(all, note{n, 1, "4012001037141112"})
	}
	return all
}

// plain writes notes as JSON.
type plain struct{}

func (plain) Place(n note) (number, epoch uint64) { return n.Number, n.Epoch }
func (plain) Encode(n note) ([]byte, error)       { return json.Marshal(n) }
func (plain) Decode(b []byte) (n note, err error) { return n, json.Unmarshal(b, &n) }

func newEncoded(t *testing.T, logs io.Writer) *store.Encoded[note] {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	if logs != nil {
		logger = slog.New(slog.NewTextHandler(logs, nil))
	}
	log, err := store.NewEncoded(plain{}, [32]byte{1}, logger)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// records are the records of a log of five changes.
func records(t *testing.T, log *store.Encoded[note]) (all [][]byte) {
	t.Helper()
	var file bytes.Buffer
	if err := log.Export("a", &file); err != nil {
		t.Fatal(err)
	}
	for b := file.Bytes(); len(b) > 0; {
		n := 4 + int(b[2])<<8 + int(b[3])
		all, b = append(all, b[:n:n]), b[n:]
	}
	return all
}

func written(t *testing.T, secret string) [][]byte {
	t.Helper()
	log := newEncoded(t, nil)
	for _, n := range notes(1, 5) {
		n.Secret += secret
		if _, err := log.Append("a", n.Number-1, n); err != nil {
			t.Fatal(err)
		}
	}
	return records(t, log)
}

func TestEncoded_KeepsWhatWasWritten(t *testing.T) {
	all := written(t, "")
	if text := bytes.Join(all, nil); bytes.Contains(text, []byte("4012")) || bytes.Contains(text, []byte("Secret")) {
		t.Error("a record is in the clear")
	}
	log := newEncoded(t, nil)
	if err := log.Import("a", bytes.NewReader(bytes.Join(all, nil))); err != nil {
		t.Fatal(err)
	}
	if got := read(t, log, 2); !slices.Equal(got, notes(3, 5)) {
		t.Errorf("read %v", got)
	}
	if head, err := log.Append("a", 5, notes(6, 6)...); err != nil || head != 6 {
		t.Error(head, err)
	}
	if got := records(t, log); len(got) != 6 || !slices.EqualFunc(got[:5], all, bytes.Equal) {
		t.Errorf("%d records afterwards", len(got))
	}
}

func TestEncoded_RefusesToWriteHolesAndPastEpochs(t *testing.T) {
	log := newEncoded(t, nil)
	if _, err := log.Append("a", 0, note{Number: 1, Epoch: 3}); err != nil {
		t.Fatal(err)
	}
	for name, batch := range map[string][]note{
		"a hole":                {{Number: 3, Epoch: 3}},
		"a hole in the batch":   {{Number: 2, Epoch: 3}, {Number: 4, Epoch: 3}},
		"an epoch that is over": {{Number: 2, Epoch: 2}},
	} {
		if head, err := log.Append("a", 1, batch...); err == nil || head != 1 || errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: head %d, %v", name, head, err)
		}
	}
	if head, err := log.Append("a", 1, note{Number: 2, Epoch: 4}); err != nil || head != 2 {
		t.Error("the next owner:", head, err)
	}
}

func TestEncoded_QuarantinesWhatIsNotAsWritten(t *testing.T) {
	const header = 4 + 2 + 1 // length, version and length of the name, the name "a"
	flip := func(at int) func(a, _ [][]byte) [][]byte {
		return func(a, _ [][]byte) [][]byte {
			if at < 0 {
				at += len(a[2])
			}
			a[2][at] ^= 1
			return a
		}
	}
	for name, c := range map[string]struct {
		alter func(a, other [][]byte) [][]byte
		why   string
	}{
		"one is missing":           {func(a, _ [][]byte) [][]byte { return slices.Delete(a, 2, 3) }, "a hole: number 4 follows number 2"},
		"the first is missing":     {func(a, _ [][]byte) [][]byte { return a[1:] }, "a hole: number 2 follows number 0"},
		"one is there twice":       {func(a, _ [][]byte) [][]byte { return slices.Insert(a, 2, a[1]) }, "a hole: number 2 follows number 2"},
		"two changed places":       {func(a, _ [][]byte) [][]byte { a[2], a[3] = a[3], a[2]; return a }, "a hole"},
		"one is another log's":     {func(a, b [][]byte) [][]byte { a[2] = b[2]; return a }, "a fork: it follows another record"},
		"it goes on as another":    {func(a, b [][]byte) [][]byte { return append(a[:2], b[2:]...) }, "a fork: it follows another record"},
		"a number was changed":     {flip(header + 7), "a hole"},
		"an epoch was changed":     {flip(header + 8), "seal does not hold"},
		"a hash was changed":       {flip(header + 16), "a fork"},
		"the name was changed":     {flip(header - 1), `belongs to the log "` + "`" + `"`},
		"a byte of it was changed": {flip(-1), "seal does not hold"},
		"a byte of the nonce, too": {flip(header + 16 + 32), "seal does not hold"},
	} {
		t.Run(name, func(t *testing.T) {
			var logs strings.Builder
			log := newEncoded(t, &logs)
			altered := c.alter(written(t, ""), written(t, "another"))
			if err := log.Import("a", bytes.NewReader(bytes.Join(altered, nil))); err != nil {
				t.Fatal(err)
			}
			err := log.Read("a", 0, func(note) error { return nil })
			if !errors.Is(err, store.ErrQuarantined) || !strings.Contains(err.Error(), c.why) {
				t.Errorf("%v; want one that says %q", err, c.why)
			}
			if !strings.Contains(logs.String(), "level=ERROR") {
				t.Errorf("it was not loud: %q", logs.String())
			}
			if _, err := log.Append("a", 5, notes(6, 6)...); !errors.Is(err, store.ErrQuarantined) {
				t.Error("it takes more:", err)
			}
			if _, err := log.Head("a"); !errors.Is(err, store.ErrQuarantined) {
				t.Error("it has a head:", err)
			}
			if _, err := log.Append("b", 0, notes(1, 1)...); err != nil {
				t.Error("another log suffers:", err)
			}
		})
	}
}

func TestEncoded_NeedsItsKey(t *testing.T) {
	log, err := store.NewEncoded(plain{}, [32]byte{2}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Import("a", bytes.NewReader(bytes.Join(written(t, ""), nil))); err != nil {
		t.Fatal(err)
	}
	if err := log.Read("a", 0, func(note) error { return nil }); !errors.Is(err, store.ErrQuarantined) {
		t.Error(err)
	}
}

func TestEncoded_RefusesWhatIsNoLog(t *testing.T) {
	whole := bytes.Join(written(t, ""), nil)
	version := slices.Clone(whole)
	version[4]++
	for name, file := range map[string][]byte{
		"cut in a length": whole[:2], "cut in a record": whole[:len(whole)-1], "of another version": version, "endless": {0xff, 0xff, 0xff, 0xff, 1},
	} {
		if err := newEncoded(t, nil).Import("a", bytes.NewReader(file)); err == nil {
			t.Errorf("a file %s was taken", name)
		}
	}
}

func FuzzEncoded_Import(f *testing.F) {
	f.Add([]byte{0, 0, 0, 3, 1, 0, 0})
	f.Fuzz(func(t *testing.T, file []byte) {
		log := newEncoded(t, nil)
		if log.Import("a", bytes.NewReader(file)) == nil {
			_ = log.Read("a", 0, func(note) error { return nil })
		}
	})
}
