// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/registry"
	"hoctap/internal/text"
)

// honorifics may stand in front of a name. They are compared with their marks: "Bá", "Hồ" and "Chu" are family names.
var honorifics = map[string]bool{"hộ": true, "ông": true, "bà": true, "anh": true, "chị": true, "cô": true, "chú": true, "bác": true}

// Masked is a holder's name as the public may see it: of families and citizens the middle names, and of a name of two words
// the first, are initials: "Bùi V. Thành". Clans, communities and units are no persons and keep theirs.
func Masked(name, model string) string {
	name = text.NFC(name)
	if model != registry.Family && model != registry.Citizen {
		return name
	}
	words := strings.Fields(name)
	for len(words) > 1 {
		first := strings.ToLower(words[0])
		if first == "gia" && strings.ToLower(words[1]) == "đình" {
			words = words[2:]
		} else if honorifics[first] {
			words = words[1:]
		} else {
			break
		}
	}
	for i := range words {
		if last := i == len(words)-1; len(words) == 1 || !last && (i > 0 || len(words) == 2) {
			r, _ := utf8.DecodeRuneInString(words[i])
			words[i] = string(unicode.ToUpper(r)) + "."
		}
	}
	return strings.Join(words, " ")
}

// Initials is all that the public reads of a child's name: "B. V. T.".
func Initials(name string) string {
	words := strings.Fields(text.NFC(name))
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + "."
	}
	return strings.Join(words, " ")
}
