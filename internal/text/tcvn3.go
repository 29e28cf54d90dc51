// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// greekMu is what some programs make of the micro sign, TCVN3's "à".
const greekMu = 'μ'

// tcvn3 gives the letter at each code from 0xA1 to 0xFE of TCVN 5712:1993 VN3, 0 where there is none.
var tcvn3 = func() (table [256]rune) {
	for _, run := range []struct {
		from    int
		letters string
	}{
		{0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"},
		{0xB5, "àảãáạ"}, {0xBB, "ằẳẵắ"},
		{0xC6, "ặầẩẫấậè"}, {0xCE, "ẻẽéẹềểễếệìỉ"},
		{0xDC, "ĩíịò"}, {0xE1, "ỏõóọồổỗốộờởỡớợù"},
		{0xF1, "ủũúụừửữứựỳỷỹýỵ"},
	} {
		i := run.from
		for _, r := range run.letters {
			table[i] = r
			i++
		}
	}
	return table
}()

// FromTCVN3 converts a TCVN3 (ABC) text, whose codes stand in s as the Latin-1 characters of the same number,
// to composed Unicode. Signs that are no TCVN3 code stay.
//
// TCVN3 has only seven capitals beyond ASCII (Ă Â Ê Ô Ơ Ư Đ). Every other one is typed as the small letter and
// drawn as a capital by a font whose name ends in H (.VnTimeH). So a word with plain capitals behind its first letter
// is raised as a whole ("NGUYÔN" is "NGUYỄN"), and in a text without any small plain letter such a word raises its
// neighbours ("Lª QUANG" is "LÊ QUANG"). What was typed entirely in small letters under such a font
// stays small, and so does a first letter like "Á" in "Ái": the text alone does not tell.
func FromTCVN3(s string) string {
	return norm.NFC.String(raiseTCVN3(s, lowerTCVN3(s)))
}

// lowerTCVN3 converts code by code.
func lowerTCVN3(s string) string {
	return strings.Map(func(r rune) rune {
		if r == greekMu {
			return 'à'
		}
		if r < 256 && tcvn3[r] != 0 {
			return tcvn3[r]
		}
		return r
	}, s)
}

// raiseTCVN3 gives the words of plain, the converted form of s rune by rune, the capitals that TCVN3 cannot hold.
func raiseTCVN3(s, plain string) string {
	from, to := []rune(s), []rune(plain)
	small := strings.ContainsFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' })
	shout := false // some word is in capitals beyond doubt
	type word struct{ from, to int }
	var words []word
	for i := 0; i < len(to); {
		if !unicode.IsLetter(to[i]) {
			i++
			continue
		}
		j := i
		for j < len(to) && unicode.IsLetter(to[j]) {
			j++
		}
		words = append(words, word{i, j})
		shout = shout || capitals(from[i:j], 1)
		i = j
	}
	for _, w := range words {
		if capitals(from[w.from:w.to], 1) || shout && !small {
			for i := w.from; i < w.to; i++ {
				to[i] = unicode.ToUpper(to[i])
			}
		}
	}
	return string(to)
}

// capitals says whether a TCVN3 word has a certain capital behind its first skip letters and no plain small letter.
func capitals(w []rune, skip int) bool {
	found := false
	for i, r := range w {
		switch {
		case r >= 'a' && r <= 'z':
			return false
		case i >= skip && (r >= 'A' && r <= 'Z' || r >= 0xA1 && r <= 0xA7):
			found = true
		}
	}
	return found
}
