package keystore

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // asked for by the cipher that all readers know
	"math/big"
)

// What a derived key is for (RFC 7292, appendix B.3).
const (
	forKey byte = 1
	forIV  byte = 2
	forMAC byte = 3
)

// blockSize is SHA-1's, v in RFC 7292.
const blockSize = 64

// derive makes a key out of a password, with SHA-1 (RFC 7292, appendix B.2).
func derive(use byte, password, salt []byte, size int) []byte {
	diversifier := bytes.Repeat([]byte{use}, blockSize)
	input := append(filled(salt), filled(password)...)
	one := big.NewInt(1)
	limit := new(big.Int).Lsh(one, 8*blockSize)
	var out []byte
	for len(out) < size {
		sum := sha1.Sum(append(bytes.Clone(diversifier), input...)) //nolint:gosec // see the import
		for range iterations - 1 {
			sum = sha1.Sum(sum[:]) //nolint:gosec // see the import
		}
		out = append(out, sum[:]...)
		add := new(big.Int).Add(new(big.Int).SetBytes(filled(sum[:])), one)
		for i := 0; i < len(input); i += blockSize {
			block := new(big.Int).SetBytes(input[i : i+blockSize])
			block.Add(block, add).Mod(block, limit).FillBytes(input[i : i+blockSize])
		}
	}
	return out[:size]
}

// filled repeats a text until it fills whole blocks.
func filled(text []byte) []byte {
	size := (len(text) + blockSize - 1) / blockSize * blockSize
	return bytes.Repeat(text, size/max(1, len(text))+1)[:size]
}
