// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// onsets are the consonants a Vietnamese syllable can begin with, longest first.
var onsets = strings.Fields("ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x")

// rimes are what can follow the onset, without tones.
var rimes = func() map[string]bool {
	set := map[string]bool{}
	for _, r := range strings.Fields(`
		a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
		e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
		i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
		o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
		ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
		u ua uân uâng uât uây uc uê uêch uên uênh uêt uêu ui um un ung uôc uôi uôm uôn uông uôt uơ uơi uơn up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu
		ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
		y ych yêm yên yêng yêt yêu yn ynh yt yu`) {
		set[r] = true
	}
	return set
}()

// isSyllable says whether w is one Vietnamese syllable, in any case and with the tone on whichever vowel.
func isSyllable(w string) bool {
	s, tone, ok := toneless(w)
	if !ok {
		return false
	}
	if rimeFits(s, tone) {
		return true
	}
	for _, o := range onsets {
		if rest, ok := strings.CutPrefix(s, o); ok && rimeFits(rest, tone) {
			return true
		}
	}
	return s == "gi"
}

// pronounceable says whether w is a syllable by the looser rules of the minorities' names: any consonants, then a
// Vietnamese rime (Yông, Krông).
func pronounceable(w string) bool {
	s, tone, ok := toneless(w)
	return ok && (isSyllable(w) || rimeFits(strings.TrimLeft(s, "bcdđfghjklmnpqrstvwxyz"), tone))
}

// toned is a letter taken apart: the letter without its tone, and the tone's mark, 0 for none.
type toned struct{ letter, tone rune }

// letters are the small Vietnamese letters beyond ASCII. Taking a word apart by norm cost ten times as much.
var letters = func() map[rune]toned {
	table := map[rune]toned{'đ': {'đ', 0}}
	for _, vowel := range "aăâeêioôơuưy" {
		for _, tone := range []rune{0, 0x0300, 0x0301, 0x0303, 0x0309, 0x0323} {
			s := string(vowel)
			if tone != 0 {
				s = norm.NFC.String(s + string(tone))
			}
			table[[]rune(s)[0]] = toned{vowel, tone}
		}
	}
	return table
}()

// toneless returns w, which is composed, in small letters without its tone; ok is false when it has two or is no word.
func toneless(w string) (s string, tone rune, ok bool) {
	var b [32]byte
	out := b[:0]
	for _, r := range w {
		r = unicode.ToLower(r)
		if r >= 0x80 {
			t, vietnamese := letters[r]
			if !vietnamese || t.tone != 0 && tone != 0 {
				return "", 0, false
			}
			r, tone = t.letter, max(tone, t.tone)
		} else if r < 'a' || r > 'z' {
			return "", 0, false
		}
		if len(out)+utf8.UTFMax > len(b) {
			return "", 0, false // longer than any syllable
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), tone, true
}

// rimeFits says whether rime exists and can have the tone: one that ends in a stop has only sắc or nặng.
func rimeFits(rime string, tone rune) bool {
	if !rimes[rime] {
		return false
	}
	for _, stop := range []string{"c", "ch", "p", "t"} {
		if strings.HasSuffix(rime, stop) {
			return tone == 0x0301 || tone == 0x0323
		}
	}
	return true
}
