package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// ErrForm says that bytes are no change in the form this program reads.
var ErrForm = errors.New("not the form of a change")

// form writes values as bytes or reads them, by the same walk: a function of
// each type names its members once, in their order among the bytes, and hands
// their addresses to the form. Numbers have as many bytes as they need, texts
// and lists their length in front. After the first error nothing happens.
//
// Reading makes an empty list nil, and every time one of UTC.
type form struct {
	reading bool
	bytes   []byte // written so far, or left to read
	err     error
}

// fail keeps the first error.
func (f *form) fail(format string, a ...any) {
	if f.err == nil {
		f.err = fmt.Errorf("%w: "+format, append([]any{ErrForm}, a...)...)
		f.bytes = nil
	}
}

// unsigned walks a number that is mostly small.
func unsigned[T ~uint8 | ~uint16 | ~uint32 | ~uint64](f *form, v *T) {
	if !f.reading {
		f.bytes = binary.AppendUvarint(f.bytes, uint64(*v))
		return
	}
	n, size := binary.Uvarint(f.bytes)
	if size <= 0 || uint64(T(n)) != n {
		f.fail("a number is cut or too large")
		return
	}
	*v, f.bytes = T(n), f.bytes[size:]
}

// signed walks a number that may be negative.
func signed[T ~int | ~int32 | ~int64](f *form, v *T) {
	if !f.reading {
		f.bytes = binary.AppendVarint(f.bytes, int64(*v))
		return
	}
	n, size := binary.Varint(f.bytes)
	if size <= 0 || int64(T(n)) != n {
		f.fail("a number is cut or too large")
		return
	}
	*v, f.bytes = T(n), f.bytes[size:]
}

// key walks a number as likely large as small, in eight bytes.
func (f *form) key(v *uint64) {
	if !f.reading {
		f.bytes = binary.BigEndian.AppendUint64(f.bytes, *v)
		return
	}
	if raw := f.take(8); f.err == nil {
		*v = binary.BigEndian.Uint64(raw)
	}
}

// take reads n bytes.
func (f *form) take(n uint64) []byte {
	if n > uint64(len(f.bytes)) {
		f.fail("cut: %d bytes are left of %d", len(f.bytes), n)
		return nil
	}
	raw := f.bytes[:n:n]
	f.bytes = f.bytes[n:]
	return raw
}

// text walks a text or bytes.
func text[T ~string | ~[]byte](f *form, v *T) {
	n := uint64(len(*v))
	unsigned(f, &n)
	if !f.reading {
		f.bytes = append(f.bytes, *v...)
		return
	}
	if raw := f.take(n); len(raw) > 0 {
		*v = T(string(raw)) // a copy: what was read is not kept by a part of it
	}
}

// flags walks up to 64 truths as one number.
func (f *form) flags(all ...*bool) {
	var set uint64
	for i, v := range all {
		if *v {
			set |= 1 << i
		}
	}
	unsigned(f, &set)
	if set>>len(all) != 0 {
		f.fail("an unknown flag")
	}
	for i, v := range all {
		*v = set&(1<<i) != 0
	}
}

// instant walks a point in time; the zero time stays zero.
func (f *form) instant(v *time.Time) {
	known := !v.IsZero()
	f.flags(&known)
	if !known {
		return
	}
	seconds, nanos := v.Unix(), uint32(v.Nanosecond())
	signed(f, &seconds)
	unsigned(f, &nanos)
	if nanos >= uint32(time.Second) {
		f.fail("a second has no %d nanoseconds", nanos)
	}
	if f.reading && f.err == nil {
		*v = time.Unix(seconds, int64(nanos)).UTC()
	}
}

// list walks each item of a list.
func list[T any](f *form, v *[]T, each func(*form, *T)) {
	n := uint64(len(*v))
	unsigned(f, &n)
	if f.reading {
		if n > uint64(len(f.bytes)) { // each item has a byte at least
			f.fail("a list of %d in %d bytes", n, len(f.bytes))
			return
		}
		*v = nil
	}
	for i := range n {
		if f.err != nil {
			return
		}
		if f.reading {
			*v = append(*v, *new(T))
		}
		each(f, &(*v)[i])
	}
}

// given walks a value that may be missing.
func given[T any](f *form, v **T, each func(*form, *T)) {
	is := *v != nil
	f.flags(&is)
	if !is || f.err != nil {
		return
	}
	if f.reading {
		*v = new(T)
	}
	each(f, *v)
}

// unlessZero walks a value that is mostly zero.
func unlessZero[T comparable](f *form, v *T, each func(*form, *T)) {
	is := *v != *new(T)
	f.flags(&is)
	if is && f.err == nil {
		each(f, v)
	}
}

// texts walks a map of texts, in the order of its keys.
func (f *form) texts(v *map[string]string) {
	keys := slices.Sorted(maps.Keys(*v))
	list(f, &keys, text)
	if f.reading && len(keys) > 0 {
		*v = make(map[string]string, len(keys))
	}
	for _, k := range keys {
		value := (*v)[k]
		text(f, &value)
		if f.reading && f.err == nil {
			(*v)[k] = value
		}
	}
}
