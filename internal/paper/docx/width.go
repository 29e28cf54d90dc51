// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// advances are the widths of the printable ASCII characters in Times New Roman Bold, in thousandths of the size.
var advances = [...]int{
	250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, // space to /
	500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, // 0 to ?
	930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, // @ to O
	611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, // P to _
	333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, // ` to o
	556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520, // p to ~
}

// lengthOf is about the length of s in twips, set bold in size points: rules are as long as words, and a file has no other way to say so.
func lengthOf(s string, size float64) float64 {
	const horn, combiningHorn = 65, '\u031b'
	sum := 0
	for _, r := range norm.NFD.String(s) {
		switch at := int(r) - ' '; {
		case at >= 0 && at < len(advances):
			sum += advances[at]
		case r == 'Đ':
			sum += 722
		case r == 'đ':
			sum += 556
		case r == combiningHorn:
			sum += horn
		case !unicode.In(r, unicode.Mn, unicode.Cc, unicode.Cf):
			sum += 500
		}
	}
	return float64(max(sum, 1)) / 1000 * size * 20
}
