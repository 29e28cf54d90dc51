// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import "strings"

// Change is a line of a comparison.
type Change struct {
	Role Role
	Text string
	Sign byte // '+' only in the newer, '-' only in the older, ' ' in both
}

// Compare puts two texts line by line beside each other, what went before what came.
func Compare(older, newer Text) []Change {
	a, b := older.lines(), newer.lines()
	same := make([][]int, len(a)+1) // same[i][j]: how many lines a[i:] and b[j:] share in order
	for i := range same {
		same[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				same[i][j] = same[i+1][j+1] + 1
			} else {
				same[i][j] = max(same[i+1][j], same[i][j+1])
			}
		}
	}
	var out []Change
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Change{a[i].Role, a[i].Text, ' '})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || same[i+1][j] >= same[i][j+1]):
			out = append(out, Change{a[i].Role, a[i].Text, '-'})
			i++
		default:
			out = append(out, Change{b[j].Role, b[j].Text, '+'})
			j++
		}
	}
	return out
}

func (t Text) lines() (list []Paragraph) {
	for _, p := range t.Paragraphs {
		for line := range strings.SplitSeq(p.Text, "\n") {
			list = append(list, Paragraph{p.Role, line})
		}
	}
	return list
}
