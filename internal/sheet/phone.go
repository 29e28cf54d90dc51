// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import "strings"

// ReadPhone reads a Vietnamese phone number as its ten or eleven digits: mobile ones have ten, some old landlines
// eleven. It takes blanks, points and dashes out and turns +84, 84 and 0084 into 0. A number of nine digits has lost
// its 0 to Excel and gets it back with a warning; of two numbers in one cell the first is read, with one too.
func ReadPhone(c Cell) Reading[string] {
	if r, stop := unreadable[string](c); stop {
		return r
	}
	if c.Kind == Date || c.Kind == Bool {
		return bad[string]("phone_unknown", c)
	}
	first, several := c.Text, false
	if i := strings.IndexAny(first, "/;,"); i > 0 {
		first, several = first[:i], strings.TrimSpace(first[i+1:]) != ""
	}
	var digits strings.Builder
	for _, r := range first {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r == ' ' || r == '.' || r == '-' || r == '(' || r == ')' || r == '+':
		default:
			return bad[string]("phone_unknown", c)
		}
	}
	s := digits.String()
	international := false
	for _, prefix := range []string{"0084", "84"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && (len(rest) == 9 || len(rest) == 10) {
			s, international = "0"+strings.TrimPrefix(rest, "0"), true
			break
		}
	}
	lost := !international && len(s) == 9 && s[0] != '0'
	if lost {
		s = "0" + s
	}
	landline := len(s) == 11 && strings.HasPrefix(s, "02")
	if s == "" || s[0] != '0' || len(s) != 10 && !landline {
		return bad[string]("phone_digits", c, "digits", len(s))
	}
	switch {
	case several:
		return warned(s, "phone_first_of_several", c, "phone", s)
	case lost:
		return warned(s, "phone_zero_added", c, "phone", s)
	}
	return good(s)
}
