// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/image/font/sfnt"
)

// letters are what every face of a family can show. Of the others the library makes boxes of no width, and it breaks down above U+FFFF.
type letters struct {
	has     [1 << 16 / 64]uint64
	missing rune // stands where there is none
}

func lettersOf(faces ...[]byte) (*letters, error) {
	count := [1 << 16]int{}
	for i, face := range faces {
		f, err := sfnt.Parse(face)
		if err != nil {
			return nil, fmt.Errorf("paper: face %d: %w", i, err)
		}
		var b sfnt.Buffer
		for r := range rune(len(count)) {
			if glyph, err := f.GlyphIndex(&b, r); err == nil && glyph != 0 {
				count[r]++
			}
		}
	}
	l := &letters{missing: '?'}
	for r, n := range count {
		if n == len(faces) {
			l.has[r/64] |= 1 << (r % 64)
		}
	}
	if l.shows('□') {
		l.missing = '□'
	}
	return l, nil
}

func (l *letters) shows(r rune) bool { return r < 1<<16 && l.has[r/64]&(1<<(r%64)) != 0 }

// readable leaves out what is not to be seen, such as the joiners and soft hyphens of copied text, and marks the place of a letter that is missing.
func (l *letters) readable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		case l.shows(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return l.missing
	}, s)
}

// wide is a text string of PDF; the library's own has no letters above U+FFFF.
func wide(s string) string {
	b := []byte("\xfe\xff")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}
