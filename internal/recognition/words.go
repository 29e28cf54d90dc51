// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"strings"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// How many letters what goes onto papers may have.
const (
	maxName   = 120 // of persons, as in the registry
	maxPost   = 120
	maxBody   = 150
	maxReason = 2000
	maxGround = 1000
	maxSymbol = 20

	maxGrounds = 20 // căn cứ
)

// words checks what a person typed for a paper: its length in letters, and that every character shows, whatever the paper is read on. Lines may end.
func words(field, value string, most int) (errs []fault.FieldError) {
	if utf8.RuneCountInString(value) > most {
		errs = append(errs, fault.Field(field, "recognition.long", "max", most))
	}
	if !text.Printable(strings.ReplaceAll(value, "\n", " ")) {
		errs = append(errs, fault.Field(field, "recognition.control"))
	}
	return errs
}
