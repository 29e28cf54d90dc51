// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/binary"
	"strconv"
	"strings"

	"hoctap/internal/text"
)

// stringTable holds the shared strings in a few large chunks: a Go string each would cost 16 bytes more and keep
// the collector busy with millions of pointers.
type stringTable struct {
	chunks [][]byte
	at     []uint32 // where each string begins: chunk number × chunkSize + offset, its length first
	bytes  int
}

const chunkSize = 1 << 20

func (t *stringTable) add(b []byte) error {
	if t.bytes += len(b); t.bytes > MaxStringBytes {
		return tooMuch("too_many_strings", MaxStringBytes>>20)
	}
	if len(t.at) == MaxStrings {
		return tooMuch("too_many_strings", MaxStringBytes>>20)
	}
	last := len(t.chunks) - 1
	if last < 0 || len(t.chunks[last])+binary.MaxVarintLen32+len(b) > chunkSize {
		t.chunks = append(t.chunks, make([]byte, 0, chunkSize))
		last++
	}
	t.at = append(t.at, uint32(last*chunkSize+len(t.chunks[last])))
	t.chunks[last] = binary.AppendUvarint(t.chunks[last], uint64(len(b)))
	t.chunks[last] = append(t.chunks[last], b...)
	return nil
}

// get returns string i; ok is false when there is none.
func (t *stringTable) get(i int) (s string, ok bool) {
	if i < 0 || i >= len(t.at) {
		return "", false
	}
	b := t.chunks[t.at[i]/chunkSize][t.at[i]%chunkSize:]
	n, w := binary.Uvarint(b)
	return string(b[w : w+int(n)]), true
}

// read fills the table from its part. A string may be cut into runs of different fonts; readings for Japanese
// (rPh) are no part of it.
func (t *stringTable) read(a *archive, part string) error {
	rc, err := a.open(part)
	if err != nil {
		return err
	}
	defer rc.Close()
	s := newScanner(rc, part)
	var item []byte
	root, phonetic := true, false
	for {
		tok, err := s.next()
		if err != nil {
			return err
		}
		switch {
		case tok == tokenEOF:
			return nil
		case root:
			if string(s.name) != "sst" {
				return s.damaged()
			}
			root = false
		case tok == tokenStart:
			switch string(s.name) {
			case "si":
				item = item[:0]
			case "rPh":
				phonetic = true
			case "t":
				s.collect()
			}
		default:
			switch string(s.name) {
			case "si":
				if err := t.add(item); err != nil {
					return err
				}
			case "rPh":
				phonetic = false
			case "t":
				if b := s.take(); !phonetic {
					item = append(item, b...)
				}
				if len(item) > MaxCell*4 {
					return tooMuch("long_cell", MaxCell, "part", part)
				}
			}
		}
	}
}

// tally judges the first strings together: which legacy encoding the book is in, or that it is proper Unicode.
func (t *stringTable) tally() (dominant text.Encoding, proper bool) {
	var c tally
	for i := 0; i < len(t.at) && i < tallyTexts; i++ {
		s, _ := t.get(i)
		c.add(s)
	}
	return c.verdict()
}

// unescape resolves OOXML's own escapes of signs that XML forbids: "_x000D_".
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
