// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package text holds what the program knows about written Vietnamese: normal form, folding for search, and
// the order of names. Both database engines index what these functions return, so a query finds the same
// rows on either.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NFC returns s in composed form, without leading and trailing blanks and with inner runs of white space
// as one blank. Every text that enters the program passes through it.
func NFC(s string) string {
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// Fold returns s as search sees it: no marks, lower case, đ as d, everything that is neither letter nor digit
// as one blank. "Hoà Bình", "hòa  bình" and "HOA-BINH" fold alike. It is for finding only, never for
// uniqueness or for legal names: different people fold to the same text.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if blank && b.Len() > 0 {
				b.WriteByte(' ')
			}
			blank = false
			r = unicode.ToLower(r)
			if r == 'đ' {
				r = 'd'
			}
			b.WriteRune(r)
		default:
			blank = true
		}
	}
	return b.String()
}

// GivenName returns the last word of a Vietnamese name, the one people are sorted and addressed by.
func GivenName(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// SortKey orders people as Vietnamese lists do: by given name, then by the whole name, both folded.
func SortKey(name string) string {
	return Fold(GivenName(name)) + " " + Fold(name)
}
