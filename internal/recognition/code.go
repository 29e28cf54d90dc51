// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"unicode"

	"hoctap/internal/fault"
)

// Code is the code of a certificate: 12 characters of Crockford's base 32, 60 random bits, so that nobody guesses one.
type Code string

const (
	codeLength = 12
	alphabet   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// newCode draws a code from the system's random source.
func newCode() Code {
	var b [8]byte
	rand.Read(b[:]) // never fails, see crypto/rand
	return codeOf(binary.LittleEndian.Uint64(b[:]))
}

// codeOf writes the lowest 60 bits.
func codeOf(bits uint64) Code {
	var out [codeLength]byte
	for i := range out {
		out[codeLength-1-i] = alphabet[bits&31]
		bits >>= 5
	}
	return Code(out[:])
}

// String is the code as certificates show it, "XXXX-XXXX-XXXX".
func (c Code) String() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:4] + "-" + c[4:8] + "-" + c[8:])
}

// misread are letters that are in no code, and what a reader meant by them.
var misread = map[rune]rune{'O': '0', 'I': '1', 'L': '1', 'U': 'V'}

// ParseCode reads a code as a person types it: any case, with or without blanks and dashes, O for 0, I and L for 1, U for V.
// It fails with fault.Invalid, which says how many characters there are or which one is in no code.
func ParseCode(typed string) (Code, error) {
	var b strings.Builder
	n := 0
	for _, r := range typed {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) || r == '.' || r == '_' {
			continue
		}
		if n++; n > codeLength {
			continue // only counted
		}
		if r = unicode.ToUpper(r); misread[r] != 0 {
			r = misread[r]
		}
		if r > unicode.MaxASCII || strings.IndexByte(alphabet, byte(r)) < 0 {
			return "", fault.Invalid(fault.Field("code", "recognition.code_letter", "letter", string(r)))
		}
		b.WriteRune(r)
	}
	if n != codeLength {
		return "", fault.Invalid(fault.Field("code", "recognition.code_length", "count", n, "want", codeLength))
	}
	return Code(b.String()), nil
}
