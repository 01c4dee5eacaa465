package wire

import (
	"fmt"
	"io"
)

// NewUUID draws a version 4 UUID, in small letters with dashes.
func NewUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// Body is what a client sends: nothing for nil, bytes as they are, so that anything
// can be sent, and all else as JSON.
func Body(body any, encode func(any) ([]byte, error)) ([]byte, error) {
	switch b := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return b, nil
	}
	return encode(body)
}
