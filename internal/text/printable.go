// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable says whether every character of s shows on paper. Marks that turn the direction of writing, blanks without width and controls do not: with them
// a name reads otherwise on one paper than on another.
func Printable(s string) bool { return strings.IndexFunc(s, unprintable) < 0 }

func unprintable(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7F
	}
	return r == utf8.RuneError || !unicode.IsPrint(r)
}
