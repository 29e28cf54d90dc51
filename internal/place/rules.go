// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"cmp"
	"slices"
	"strings"

	"hoctap/internal/text"

	"golang.org/x/text/unicode/norm"
)

// sortNaturally orders places of one parent as people list them: numbers by value, then the own leaf.
func sortNaturally(list []Place) {
	keyed := make([]keyedPlace, len(list))
	for i, p := range list {
		keyed[i] = keyedPlace{text.Fold(p.FullName()), p}
	}
	slices.SortFunc(keyed, func(a, b keyedPlace) int {
		return cmp.Or(last(a.Place)-last(b.Place), natural(a.key, b.key), strings.Compare(a.FullName(), b.FullName()), strings.Compare(a.ID, b.ID))
	})
	for i, k := range keyed {
		list[i] = k.Place
	}
}

// keyedPlace carries the folded name, which costs more than a comparison.
type keyedPlace struct {
	key string
	Place
}

func last(p Place) int {
	if p.Level == Own {
		return 1
	}
	return 0
}

// natural compares two folded names, runs of digits by their value.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x == 0 || y == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
		if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
			return c
		}
		a, b = a[x:], b[y:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// same returns the key under which two spellings of one name are equal: letter case and the seat of the tone mark do not
// count ("Hoà", "HÒA"), every other mark does ("Đồng" is not "Đông").
func same(name string) string {
	words := strings.Fields(strings.ToLower(norm.NFD.String(name)))
	for i, w := range words {
		var letters, tones strings.Builder
		for _, r := range w {
			switch r {
			case '\u0300', '\u0301', '\u0303', '\u0309', '\u0323':
				tones.WriteRune(r)
			default:
				letters.WriteRune(r)
			}
		}
		words[i] = letters.String() + tones.String()
	}
	return strings.Join(words, " ")
}
