// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// vniAlone are the VNI letters of one sign; ô and ö also carry tones, as ơ and ư.
var vniAlone = map[rune]rune{
	'í': 'í', 'ì': 'ì', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'î': 'ỵ', 'ñ': 'đ', 'ô': 'ơ', 'ö': 'ư',
	'Í': 'Í', 'Ì': 'Ì', 'Æ': 'Ỉ', 'Ó': 'Ĩ', 'Ò': 'Ị', 'Î': 'Ỵ', 'Ñ': 'Đ', 'Ô': 'Ơ', 'Ö': 'Ư',
}

// vniTone are the signs that put a tone on the letter before them.
var vniTone = map[rune]string{'ù': "\u0301", 'ø': "\u0300", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323"}

// vniHat are the signs that put a circumflex, with or without a tone, on a, e or o.
var vniHat = map[rune]string{
	'â': "\u0302", 'á': "\u0302\u0301", 'à': "\u0302\u0300", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0323\u0302",
}

// vniBreve are the signs that put a breve, with or without a tone, on a.
var vniBreve = map[rune]string{
	'ê': "\u0306", 'é': "\u0306\u0301", 'è': "\u0306\u0300", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0323\u0306",
}

// FromVNI converts a VNI (Windows) text, whose codes stand in s as the characters of code page 1252, to composed
// Unicode. A tone sign counts only behind a letter that can carry it; anything else stays as it is.
func FromVNI(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		base, carries := vniBase(r)
		if carries && i+1 < len(runes) {
			if marks := vniMarks(unicode.ToLower(r), unicode.ToLower(runes[i+1])); marks != "" {
				b.WriteRune(base)
				b.WriteString(marks)
				i++
				continue
			}
		}
		b.WriteRune(base)
	}
	return norm.NFC.String(b.String())
}

// vniBase returns the letter that r is by itself, and whether a sign behind it may change it.
func vniBase(r rune) (base rune, carries bool) {
	if letter, ok := vniAlone[r]; ok {
		low := unicode.ToLower(r)
		return letter, low == 'ô' || low == 'ö'
	}
	return r, strings.ContainsRune("aeouyAEOUY", r)
}

// vniMarks returns the marks that sign puts on letter, "" when the two do not belong together.
func vniMarks(letter, sign rune) string {
	if tone := vniTone[sign]; tone != "" {
		return tone
	}
	if strings.ContainsRune("aeo", letter) && vniHat[sign] != "" {
		return vniHat[sign]
	}
	if letter == 'a' {
		return vniBreve[sign]
	}
	return ""
}
