// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import "strings"

// Piece is a stretch of a template: words as they stand, or a field.
type Piece struct {
	Text  string
	Field string // name as written, without blanks at its ends; Text is then empty
}

// Slip is something in a template that cannot be read.
type Slip struct {
	Line int    // from 1
	Key  string // of its sentence: "wording.unclosed" or "wording.stray"
	Near string // some of the words where it is
}

// Parse cuts a text at its {{fields}}. A field ends on the line where it begins. What cannot be read stays as words and is reported.
func Parse(s string) (pieces []Piece, slips []Slip) {
	line := 1
	words := func(t string) {
		if t == "" {
			return
		}
		for at := strings.Index(t, "}}"); at >= 0; {
			slips = append(slips, Slip{line + strings.Count(t[:at], "\n"), "wording.stray", about(t, at)})
			next := strings.Index(t[at+2:], "}}")
			if next < 0 {
				break
			}
			at += 2 + next
		}
		line += strings.Count(t, "\n")
		pieces = append(pieces, Piece{Text: t})
	}
	for {
		at := strings.Index(s, "{{")
		if at < 0 {
			words(s)
			return pieces, slips
		}
		words(s[:at])
		s = s[at:]
		end := strings.Index(s, "}}")
		name := ""
		if end >= 0 {
			name = s[2:end]
		}
		if end < 0 || strings.Contains(name, "\n") || strings.Contains(name, "{{") {
			slips = append(slips, Slip{line, "wording.unclosed", about(s, 0)})
			pieces, s = append(pieces, Piece{Text: "{{"}), s[2:]
			continue
		}
		pieces, s = append(pieces, Piece{Field: strings.TrimSpace(name)}), s[end+2:]
	}
}

// about is what stands around a place of a text, on its line.
func about(s string, at int) string {
	from := strings.LastIndexByte(s[:at], '\n') + 1
	to := len(s)
	if n := strings.IndexByte(s[at:], '\n'); n >= 0 {
		to = at + n
	}
	r, before := []rune(s[from:to]), len([]rune(s[from:at]))
	return string(r[max(0, before-20):min(len(r), before+24)])
}
