// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Encoding is how a text was written before it became Unicode. The legacy ones are font encodings: the file
// says "Latin letters" and a font (.VnTime, VNI-Times) draws Vietnamese ones in their place.
type Encoding uint8

// The encodings that Vietnamese offices left behind.
const (
	Unicode Encoding = iota
	TCVN3            // TCVN 5712:1993 VN3, fonts .Vn…, called ABC
	VNI              // VNI for Windows, fonts VNI-…
)

// String returns the name people know: "Unicode", "TCVN3 (ABC)", "VNI".
func (e Encoding) String() string {
	switch e {
	case TCVN3:
		return "TCVN3 (ABC)"
	case VNI:
		return "VNI"
	}
	return "Unicode"
}

// DetectLegacy tells in which legacy encoding s is, and how sure that is, from 0 to 1. It returns Unicode
// with 0 when nothing speaks for a legacy one.
//
// It judges word by word: a word speaks for an encoding when it becomes a Vietnamese syllable by it and is none as
// it stands, and against it when it does not become one. So proper Vietnamese is never taken for legacy
// text. A text whose words are syllables both ways ("hé", which is "hộ" in TCVN3) stays Unicode: only its
// neighbours can tell, see Ambiguous.
func DetectLegacy(s string) (Encoding, float64) {
	if !onlyLatin1(s) {
		return Unicode, 0
	}
	s = norm.NFC.String(s)
	t, v := weigh(s, TCVN3), weigh(s, VNI)
	if t <= 0 && v <= 0 {
		return Unicode, 0
	}
	if v > t {
		return VNI, v
	}
	return TCVN3, t
}

// Ambiguous says whether s is Vietnamese as it stands and also when read in legacy encoding e: "hé" and "hộ".
// Where the rest of a table is in e, such a text most likely is, too.
func Ambiguous(s string, e Encoding) bool {
	if e == Unicode || !onlyLatin1(s) {
		return false
	}
	s = norm.NFC.String(s)
	legacy := 0
	for _, w := range legacyWords(s, e) {
		if ascii(w) {
			continue
		}
		d := decode(w, e)
		if !isSyllable(d) {
			return false
		}
		if d != w {
			legacy++
		}
	}
	return legacy > 0
}

// Vietnamese returns the share of the words of s beyond ASCII that are Vietnamese syllables, 0 when there is no
// such word. It tells which of several readings of the same bytes is the right one.
func Vietnamese(s string) float64 {
	all, fit := 0, 0
	for w := range strings.FieldsFuncSeq(norm.NFC.String(s), func(r rune) bool { return r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0xA1 }) {
		if ascii(w) {
			continue
		}
		all++
		if isSyllable(w) {
			fit++
		}
	}
	return float64(fit) / float64(max(all, 1))
}

// FromLegacy converts s from e to composed Unicode.
func FromLegacy(s string, e Encoding) string {
	switch e {
	case TCVN3:
		return FromTCVN3(s)
	case VNI:
		return FromVNI(s)
	}
	return norm.NFC.String(s)
}

// weigh returns how far the words of s speak for e: the share of its words beyond ASCII that become syllables, less
// for few of them, 0 when none speaks clearly.
func weigh(s string, e Encoding) float64 {
	clear, both, against := 0, 0, 0
	for _, w := range legacyWords(s, e) {
		if ascii(w) {
			continue
		}
		became, stands := isSyllable(decode(w, e)), pronounceable(w)
		switch {
		case became && !stands:
			clear++
		case became:
			both++
		default:
			against++
		}
	}
	if clear == 0 || against >= clear {
		return 0
	}
	share := float64(clear+both) / float64(clear+both+against)
	// One clear word is two letters by chance now and then; three are not.
	return share * (1 - 0.4/float64(clear*clear))
}

func decode(w string, e Encoding) string {
	if e == VNI {
		return FromVNI(w)
	}
	return lowerTCVN3(w)
}

// legacyWords splits s at everything that is no part of a word when s is in e. Words of legacy signs without
// one plain letter are left out: "«", "½" and "©" are signs more often than letters.
func legacyWords(s string, e Encoding) []string {
	words := strings.FieldsFunc(s, func(r rune) bool {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !plain && (r < 0xA1 || r == 0xD7 && e == VNI || r == 0xF7 && e == VNI)
	})
	out := words[:0]
	for _, w := range words {
		if strings.IndexFunc(w, func(r rune) bool { return r < 0x80 || r >= 0xC0 }) >= 0 {
			out = append(out, w)
		}
	}
	return out
}

// onlyLatin1 says whether s has signs beyond ASCII and all of them are such as a font encoding uses.
func onlyLatin1(s string) bool {
	high := false
	for _, r := range s {
		switch {
		case r < 0x80:
		case r <= 0xFF, r == greekMu, r >= 0x2010 && r <= 0x201F, r == 0x2026:
			high = true
		default:
			return false
		}
	}
	return high
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
