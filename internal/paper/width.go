// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// face is the widths of the printable ASCII characters of a bold face, in thousandths of the size: its plain letters are no wider.
type face [95]int

var (
	// docFace is Times New Roman, which papers are set in.
	docFace = face{
		250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, // space to /
		500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, // 0 to ?
		930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, // @ to O
		611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, // P to _
		333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, // ` to o
		556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520, // p to ~
	}
	// pageFace is Be Vietnam Pro with the figures of Inter, which pages are set in.
	pageFace = face{
		230, 341, 391, 845, 680, 871, 763, 222, 453, 453, 513, 680, 346, 607, 335, 541, // space to /
		680, 680, 680, 680, 680, 680, 680, 680, 680, 680, 335, 346, 680, 752, 680, 621, // 0 to ?
		1018, 769, 709, 780, 751, 642, 644, 790, 732, 290, 491, 716, 643, 888, 749, 828, // @ to O
		679, 826, 712, 666, 686, 738, 745, 1057, 769, 718, 667, 504, 531, 504, 612, 736, // P to _
		288, 658, 668, 629, 668, 618, 409, 659, 608, 296, 301, 599, 288, 896, 598, 658, // ` to o
		668, 668, 429, 537, 438, 588, 594, 884, 608, 597, 521, 480, 434, 480, 490, // p to ~
	}
)

// DocWidth is about how wide a text is in the bold face of papers, and at least as wide as in the plain one: in the unit of size.
func DocWidth(s string, size float64) float64 { return docFace.width(s, size) }

func (f *face) width(s string, size float64) float64 {
	const horn, combiningHorn = 65, '\u031b'
	sum := 0
	for _, r := range norm.NFD.String(s) {
		switch at := int(r) - ' '; {
		case at >= 0 && at < len(f):
			sum += f[at]
		case r == 'Đ':
			sum += f['D'-' '] + horn
		case r == 'đ':
			sum += f['d'-' '] + horn
		case r == combiningHorn:
			sum += horn
		case r == '’' || r == '‘' || r == '“' || r == '”' || r == '–':
			sum += 500
		case r == '−':
			sum += 680
		case !unicode.In(r, unicode.Mn, unicode.Cc, unicode.Cf):
			sum += 1000
		}
	}
	return float64(sum) / 1000 * size
}
