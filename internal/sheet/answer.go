// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"

	"hoctap/internal/text"
)

// yes and no are folded answers. A tick counts as yes, and so does the "x" that people type for one.
var (
	yes = map[string]bool{"co": true, "x": true, "1": true, "v": true, "yes": true, "y": true, "true": true, "dung": true, "dat": true, "c": true}
	no  = map[string]bool{"khong": true, "0": true, "ko": true, "k": true, "no": true, "n": true, "false": true, "sai": true, "chua": true, "khong dat": true, "chua dat": true, "o": true}
)

// ReadYesNo reads an answer: "có", "x", "1", "đạt", a tick; "không", "0", "chưa". A blank cell is Blank, which a caller
// may take for no.
func ReadYesNo(c Cell) Reading[bool] {
	if r, stop := unreadable[bool](c); stop {
		return r
	}
	if strings.ContainsAny(c.Text, "✓✔☑☒") && len([]rune(c.Text)) == 1 {
		return good(true)
	}
	if c.Text == "☐" {
		return good(false)
	}
	switch s := text.Fold(c.Text); {
	case c.Kind == Date:
	case yes[s]:
		return good(true)
	case no[s]:
		return good(false)
	}
	return bad[bool]("answer_unknown", c)
}
