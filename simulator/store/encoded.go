package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
)

// Codec is how an encoding log turns changes into bytes and back.
type Codec[C any] interface {
	// Place reports the number of a change, and the epoch it was made in.
	Place(C) (number, epoch uint64)
	Encode(C) ([]byte, error)
	Decode([]byte) (C, error)
}

// Encoded keeps changes as bytes, as a log on a disk does: each in a record of
// its own that is sealed under a key and names the record before by its hash.
type Encoded[C any] struct {
	codec  Codec[C]
	seal   cipher.AEAD
	logger *slog.Logger

	mu     sync.Mutex
	chains map[string]*chain // guarded by mu
}

// chain is one log.
type chain struct {
	records [][]byte
	head    place
	hash    [sha256.Size]byte // of the last record
	broken  error             // why it is quarantined
}

// NewEncoded makes an empty log. The key has 32 bytes (AES-256).
func NewEncoded[C any](codec Codec[C], key [32]byte, logger *slog.Logger) (*Encoded[C], error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Encoded[C]{codec: codec, seal: seal, logger: logger, chains: map[string]*chain{}}, nil
}

// Append implements [Log]. A change whose number is not the next one, or whose
// epoch is over, is refused.
func (e *Encoded[C]) Append(log string, expect uint64, changes ...C) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.chains[log]
	if c == nil {
		c = &chain{}
	}
	switch {
	case c.broken != nil:
		return 0, c.broken
	case c.head.number != expect:
		return c.head.number, ErrConflict
	}
	longer := *c
	for _, change := range changes {
		if err := e.append(log, &longer, change); err != nil {
			return c.head.number, err
		}
	}
	e.chains[log] = &longer
	return longer.head.number, nil
}

// append seals a change and puts it at the end of a chain.
func (e *Encoded[C]) append(log string, c *chain, change C) error {
	number, epoch := e.codec.Place(change)
	at := place{log: log, number: number, epoch: epoch, before: c.hash}
	if why := at.follows(c.head, c.hash); why != "" {
		return fmt.Errorf("change %d cannot be written: %s", number, why)
	}
	body, err := e.codec.Encode(change)
	if err != nil {
		return fmt.Errorf("change %d cannot be written: %w", number, err)
	}
	header := at.bytes()
	c.add(at, e.seal.Seal(header, nil, body, header)) //nolint:gosec // it draws its own nonce for each record
	return nil
}

func (c *chain) add(at place, record []byte) {
	c.records, c.head, c.hash = append(c.records, record), at, sha256.Sum256(record)
}

// Read implements [Log]. It checks every record that it reads, and quarantines
// the log when one is not what was written.
func (e *Encoded[C]) Read(log string, from uint64, fn func(C) error) error {
	e.mu.Lock()
	c := e.chains[log]
	if c == nil {
		c = &chain{}
	}
	records, broken := c.records, c.broken
	e.mu.Unlock()
	if broken != nil {
		return broken
	}
	var last chain
	for n, record := range records {
		change, at, err := e.open(log, record, last)
		if err != nil {
			return e.quarantine(log, fmt.Errorf("record %d: %w", n+1, err))
		}
		last.add(at, record)
		if at.number <= from {
			continue
		}
		if err := fn(change); err != nil {
			return err
		}
	}
	return nil
}

// open checks a record against the one before, and reads it.
func (e *Encoded[C]) open(log string, record []byte, last chain) (change C, at place, err error) {
	at, header, err := placeOf(record)
	if err != nil {
		return change, at, err
	}
	if at.log != log {
		return change, at, fmt.Errorf("it belongs to the log %q", at.log)
	}
	if why := at.follows(last.head, last.hash); why != "" {
		return change, at, errors.New(why)
	}
	body, err := e.seal.Open(nil, nil, record[header:], record[:header])
	if err != nil {
		return change, at, errors.New("its seal does not hold: it was changed, or sealed under another key")
	}
	if change, err = e.codec.Decode(body); err != nil {
		return change, at, err
	}
	if number, epoch := e.codec.Place(change); number != at.number || epoch != at.epoch {
		return change, at, fmt.Errorf("its header says number %d of epoch %d, the change %d of %d", at.number, at.epoch, number, epoch)
	}
	return change, at, nil
}

// quarantine closes a log for good.
func (e *Encoded[C]) quarantine(log string, why error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := fmt.Errorf("%w: %q: %w", ErrQuarantined, log, why)
	e.logger.Error("a log of changes is not as it was written; its sandbox is quarantined", "log", log, "why", why)
	e.chains[log] = &chain{broken: err}
	return err
}

// Head implements [Log].
func (e *Encoded[C]) Head(log string) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.chains[log]
	if c == nil {
		return 0, nil
	}
	return c.head.number, c.broken
}

// Drop implements [Log].
func (e *Encoded[C]) Drop(log string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.chains, log)
}

// Export writes a log as it is kept: before each record its length, in four
// bytes.
func (e *Encoded[C]) Export(log string, w io.Writer) error {
	e.mu.Lock()
	var records [][]byte
	if c := e.chains[log]; c != nil {
		records = c.records
	}
	e.mu.Unlock()
	for _, record := range records {
		if err := binary.Write(w, binary.BigEndian, uint32(len(record))); err != nil {
			return err
		}
		if _, err := w.Write(record); err != nil {
			return err
		}
	}
	return nil
}

// Import puts what Export wrote in the place of a log. What is in it is judged
// when it is read.
func (e *Encoded[C]) Import(log string, r io.Reader) error {
	c := &chain{}
	for {
		record, err := nextRecord(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", len(c.records)+1, err)
		}
		at, _, err := placeOf(record)
		if err != nil {
			return fmt.Errorf("record %d: %w", len(c.records)+1, err)
		}
		c.add(at, record)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.chains[log] = c
	return nil
}

// nextRecord reads one record of an exported log; io.EOF where there is none.
func nextRecord(r io.Reader) ([]byte, error) {
	var size uint32
	if err := binary.Read(r, binary.BigEndian, &size); err != nil {
		return nil, err
	}
	if size > maxRecord {
		return nil, fmt.Errorf("it has %d bytes; at most %d are read", size, maxRecord)
	}
	record := make([]byte, size)
	if _, err := io.ReadFull(r, record); err != nil {
		return nil, fmt.Errorf("it is cut: %w", io.ErrUnexpectedEOF)
	}
	return record, nil
}
