// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"unicode"

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

// toneless returns w in small letters without its tone; ok is false when it has two or is no word.
func toneless(w string) (s string, tone rune, ok bool) {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(w)) {
		switch r {
		case 0x0300, 0x0301, 0x0303, 0x0309, 0x0323:
			if tone != 0 {
				return "", 0, false
			}
			tone = r
		default:
			if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
				return "", 0, false
			}
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String()), tone, true
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
