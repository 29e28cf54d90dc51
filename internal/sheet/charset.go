// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"hoctap/internal/text"
)

const bomUTF8 = "\xEF\xBB\xBF"

// sampleBytes is how much of a plain text file is looked at to tell its charset and delimiter.
const sampleBytes = 64 << 10

// charset returns how to read the bytes of a plain text file, nil for UTF-8. Without a mark and not valid UTF-8, the
// file is from before Unicode: TCVN3 and VNI files are read as Latin letters, which each cell turns into
// Vietnamese ones, the rest as Windows-1258.
func charset(ctx context.Context, r io.ReaderAt, size int64) (encoding.Encoding, error) {
	head := make([]byte, min(size, sampleBytes))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	} else {
		head = head[:n]
	}
	if order := utf16Order(head); order != nil {
		return order, nil
	}
	valid, err := validUTF8(ctx, io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, err
	}
	if valid {
		return nil, nil
	}
	latin, _ := charmap.Windows1252.NewDecoder().String(string(head))
	modern, _ := charmap.Windows1258.NewDecoder().String(string(head))
	best := text.Vietnamese(modern)
	for _, e := range []text.Encoding{text.TCVN3, text.VNI} {
		if text.Vietnamese(text.FromLegacy(latin, e)) > best {
			return charmap.Windows1252, nil
		}
	}
	return charmap.Windows1258, nil
}

// utf16Order tells UTF-16 by its mark, or by the zero bytes that its ASCII letters have.
func utf16Order(head []byte) encoding.Encoding {
	little := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return little
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return big
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch n := len(head) / 2; {
	case n >= 4 && zeros[1] > n/2 && zeros[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case n >= 4 && zeros[0] > n/2 && zeros[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// validUTF8 reads everything once; a file that turns foreign in its last line would otherwise be read wrongly.
func validUTF8(ctx context.Context, r io.Reader) (bool, error) {
	buf := make([]byte, 256<<10)
	kept := 0
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, err := r.Read(buf[kept:])
		b := buf[:kept+n]
		for len(b) > 0 {
			if utf8.FullRune(b) {
				c, width := utf8.DecodeRune(b)
				if c == utf8.RuneError && width == 1 {
					return false, nil
				}
				b = b[width:]
				continue
			}
			break
		}
		kept = copy(buf, b)
		if errors.Is(err, io.EOF) {
			return kept == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// decoded reads a plain text file as UTF-8 without a mark.
func decoded(r io.Reader, enc encoding.Encoding) io.Reader {
	if enc == nil {
		return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
	}
	return transform.NewReader(r, enc.NewDecoder())
}
