package journal

import (
	"bytes"
	"slices"
)

// kept are the newest records of a journal, oldest first. New ones take the memory
// of those that were dropped, which is a fifth of what a Visa provisioning allocates
// once the journal is full.
type kept struct {
	ring  []record
	first int // where the oldest is
	count int
	spare [][]byte // packed bytes of dropped records
}

// What bounds the memory that waits for a record of its size: 128 KiB.
const (
	maxSpare     = 8
	maxSpareSize = 16 << 10
)

// at is the record of a place, from 0 for the oldest.
func (k *kept) at(i int) *record { return &k.ring[(k.first+i)%len(k.ring)] }

// add keeps a record, its packed bytes copied, and returns its size.
func (k *kept) add(r record) int {
	if k.count == len(k.ring) {
		larger := make([]record, max(16, 2*k.count))
		for i := range k.count {
			larger[i] = *k.at(i)
		}
		k.ring, k.first = larger, 0
	}
	k.count++
	r.packed = k.copied(r.packed)
	*k.at(k.count - 1) = r
	return r.size()
}

// drop forgets the oldest record, and returns its size.
func (k *kept) drop() int {
	r := k.at(0)
	size := r.size()
	if len(k.spare) < maxSpare && cap(r.packed) <= maxSpareSize {
		k.spare = append(k.spare, r.packed)
	}
	*r = record{}
	k.first, k.count = (k.first+1)%len(k.ring), k.count-1
	return size
}

// copied copies bytes to where a dropped record of about their size had its own.
func (k *kept) copied(packed []byte) []byte {
	for i, room := range k.spare {
		if n := len(packed); n <= cap(room) && cap(room) <= 2*n {
			k.spare = slices.Delete(k.spare, i, i+1)
			return append(room[:0], packed...)
		}
	}
	if len(k.spare) == maxSpare {
		k.spare = k.spare[1:]
	}
	return bytes.Clone(packed)
}
