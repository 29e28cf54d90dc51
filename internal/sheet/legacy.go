// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hoctap/internal/text"
)

// tallyTexts is how many of a table's texts are judged together.
const tallyTexts = 5000

// judged is how many bytes of a text are looked at to tell its encoding.
const judged = 1000

// Confidence from which a cell is converted: one clear word is enough in a table that is not known to be proper
// Unicode, two are needed in one that is.
const (
	sureAlone    = 0.6
	sureInProper = 0.9
)

// tally counts texts in legacy encodings and in proper Vietnamese.
type tally struct{ tcvn3, vni, proper int }

func (c *tally) add(s string) {
	s = opening(s)
	if isASCII(s) {
		return
	}
	switch e, sure := text.DetectLegacy(s); {
	case sure >= sureAlone && e == text.TCVN3:
		c.tcvn3++
	case sure >= sureAlone && e == text.VNI:
		c.vni++
	case strings.IndexFunc(norm.NFC.String(s), vietnameseOnly) >= 0:
		c.proper++
	}
}

// vietnameseOnly says whether r is a letter that no Western language and no font encoding has.
func vietnameseOnly(r rune) bool {
	return r >= 0x1EA0 && r <= 0x1EF9 || r == 'ă' || r == 'đ' || r == 'ơ' || r == 'ư' || r == 'Đ' || r == 'Ơ' || r == 'Ư'
}

func (c *tally) verdict() (dominant text.Encoding, proper bool) {
	switch {
	case c.tcvn3 >= 3 && c.tcvn3 > 3*c.proper && c.tcvn3 > 2*c.vni:
		return text.TCVN3, false
	case c.vni >= 3 && c.vni > 3*c.proper && c.vni > 2*c.tcvn3:
		return text.VNI, false
	}
	return text.Unicode, c.proper > 3*(c.tcvn3+c.vni)
}

// understand sets the cell's text from what the file stores, out of whatever encoding it is in.
func (c *Cell) understand(raw string, st style, dominant text.Encoding, proper bool) {
	c.Raw = raw
	c.Text = raw
	if isASCII(raw) {
		c.Text = clean(raw)
		return
	}
	begin := opening(raw)
	found, sure := text.DetectLegacy(begin)
	threshold := sureAlone
	if proper {
		threshold = sureInProper
	}
	hint := st.encoding
	if hint == text.Unicode {
		hint = dominant
	}
	switch {
	case sure >= threshold:
		c.Legacy = found
	case hint != text.Unicode && (found == hint || text.Ambiguous(begin, hint)):
		c.Legacy = hint
		c.Ambiguous = st.encoding == text.Unicode
	case sure > 0:
		c.Ambiguous = true
	}
	if c.Legacy != text.Unicode {
		c.Text = text.FromLegacy(raw, c.Legacy)
		if st.capitals && c.Legacy == text.TCVN3 {
			c.Text = strings.ToUpper(c.Text)
		}
	}
	c.Text = clean(c.Text)
}

// opening returns the beginning of s that is judged, whole letters of it.
func opening(s string) string {
	if len(s) <= judged {
		return s
	}
	end := judged
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// clean is text.NFC without its cost for the many texts that are clean already, with bad UTF-8 made visible, and
// without what cannot be seen: control signs, zero width signs and changes of direction that come with copying.
func clean(s string) string {
	if isASCII(s) && tidy(s) {
		return s
	}
	return text.NFC(strings.Map(func(r rune) rune {
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7F,
			r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF:
			return -1
		case r == '\t', r == '\n', r == '\r':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// tidy says whether an ASCII text has neither control signs nor blanks too many.
func tidy(s string) bool {
	blank := true // a blank at the start is one too many
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7F || s[i] == ' ' && blank {
			return false
		}
		blank = s[i] == ' '
	}
	return !blank || s == ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
