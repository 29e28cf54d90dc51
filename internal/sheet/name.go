// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"
	"unicode"
)

// ReadName reads the name of a person or body. One in capitals or small letters only is kept as it is, with a
// warning that suggests each word with its first letter raised; Args["suggestion"] holds it. A name of digits
// or without any letter is refused.
func ReadName(c Cell) Reading[string] {
	if r, stop := unreadable[string](c); stop {
		return r
	}
	upper, lower, digits := 0, 0, 0
	for _, r := range c.Text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		case unicode.IsDigit(r):
			digits++
		}
	}
	letters := upper + lower
	switch {
	case c.Kind != Text || letters == 0 || digits > letters:
		return bad[string]("name_unknown", c)
	case lower == 0 && upper > 1:
		return warned(c.Text, "name_in_capitals", c, "suggestion", TitleCase(c.Text))
	case upper == 0 && lower > 1:
		return warned(c.Text, "name_in_small_letters", c, "suggestion", TitleCase(c.Text))
	}
	return good(c.Text)
}

// TitleCase returns s with the first letter of each word raised and the others lowered, as Vietnamese names are
// written; behind an apostrophe or dash a word begins anew (H'Hen, Bru-Vân).
func TitleCase(s string) string {
	var b strings.Builder
	begin := true
	for _, r := range s {
		if begin {
			b.WriteRune(unicode.ToUpper(r))
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
		begin = !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
	}
	return b.String()
}
