package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// maxRecord is how long a record may be that is read, in bytes.
const maxRecord = 64 << 20

// recordVersion is the one form of records that is written and read.
const recordVersion = 1

// place is the header of a record: where in which log it belongs. It is in the
// clear, so that a store can sort records it cannot open, and authenticated by
// the seal of what follows it.
//
//	version 1 byte · length of the log's name 1 byte · name · number 8 · epoch 8 · hash of the record before 32
type place struct {
	log    string
	number uint64
	epoch  uint64 // rises with each owner of the sandbox
	before [sha256.Size]byte
}

// maxName bounds the name of a log, in bytes.
const maxName = 255

func (p place) bytes() []byte {
	out := append(make([]byte, 0, 2+len(p.log)+16+len(p.before)), recordVersion, byte(len(p.log)))
	out = append(out, p.log...)
	out = binary.BigEndian.AppendUint64(out, p.number)
	out = binary.BigEndian.AppendUint64(out, p.epoch)
	return append(out, p.before[:]...)
}

// placeOf reads the header of a record, and reports its length.
func placeOf(record []byte) (p place, length int, err error) {
	switch {
	case len(record) < 2:
		return p, 0, errors.New("it is cut")
	case record[0] != recordVersion:
		return p, 0, fmt.Errorf("it has version %d; this program reads version %d", record[0], recordVersion)
	}
	name := int(record[1])
	if length = 2 + name + 16 + len(p.before); len(record) < length {
		return p, 0, errors.New("it is cut")
	}
	p.log = string(record[2 : 2+name])
	p.number = binary.BigEndian.Uint64(record[2+name:])
	p.epoch = binary.BigEndian.Uint64(record[2+name+8:])
	copy(p.before[:], record[2+name+16:])
	return p, length, nil
}

// follows says why a record cannot come after another one, "" if it can.
func (p place) follows(last place, hash [sha256.Size]byte) string {
	switch {
	case len(p.log) > maxName:
		return fmt.Sprintf("the name of the log has more than %d bytes", maxName)
	case p.number != last.number+1:
		return fmt.Sprintf("a hole: number %d follows number %d", p.number, last.number)
	case p.epoch < last.epoch:
		return fmt.Sprintf("a fork: it is of epoch %d and follows one of epoch %d", p.epoch, last.epoch)
	case p.before != hash:
		return "a fork: it follows another record than the one before it"
	}
	return ""
}
