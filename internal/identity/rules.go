// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// What a password must be (TCVN 14423:2026 asks for 14 characters of four kinds where it stands alone, and 8 where a second factor stands beside it).
// The kinds are asked of those who work for an office. Heads of areas, many of them old and on a phone, get and choose some random words with a number:
// as hard to guess, and they can be read and typed.
const (
	MinPassword     = 14
	MinWithSecond   = 8
	maxPassword     = 1000 // bytes
	passwordsKept   = 10   // none of the last so many is taken again
	fewestDifferent = 5    // characters
)

// Strength is what is asked of one person's password.
type Strength struct {
	Min   int  // characters
	Mixed bool // small and capital letters, digits and other signs
}

func strengthOf(roles []Role, second bool) Strength {
	st := Strength{Min: MinPassword, Mixed: slices.ContainsFunc(roles, func(r Role) bool { return r != AreaVolunteer })}
	if second {
		st.Min = MinWithSecond
	}
	return st
}

//go:embed common.txt
var commonList string

var common = func() map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(commonList) {
		all[word] = true
	}
	return all
}()

// checkPassword reports the rule that a password breaks. name is the owner's.
func checkPassword(st Strength, login, name, password string) error {
	refuse := func(key string, pairs ...any) error { return fault.Invalid(fault.Field("password", key, pairs...)) }
	letters := bare(password)
	switch {
	case utf8.RuneCountInString(password) < st.Min:
		return refuse("password.short", "min", st.Min)
	case len(password) > maxPassword:
		return refuse("password.long")
	case st.Mixed && !mixed(password):
		return refuse("password.mixed")
	case holdsLogin(letters, login):
		return refuse("password.login")
	case holdsName(letters, name):
		return refuse("password.name")
	case isCommon(letters):
		return refuse("password.common")
	}
	return nil
}

// bare is a password without marks, signs and capitals: "Mật-Khẩu 1" is "matkhau1".
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(s))
}

func mixed(password string) bool {
	var upper, lower, digit, other bool
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		case !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r):
			other = true
		}
	}
	return upper && lower && digit && other
}

// holdsLogin says whether a login stands in a password. One of up to four letters is a word of the language and would refuse too much.
func holdsLogin(letters, login string) bool {
	login = bare(login)
	return len(login) > 4 && strings.Contains(letters, login)
}

// holdsName says whether the whole name or its last two words stand in a password; one short word would refuse too much.
func holdsName(letters, name string) bool {
	words := strings.Fields(text.Fold(name))
	if len(words) < 2 {
		return false
	}
	short := bare(strings.Join(words[len(words)-2:], ""))
	return len(short) >= 6 && strings.Contains(letters, short)
}

// isCommon says whether a guesser begins with it: a word of the list with digits around it, digits alone, or few characters over and over.
func isCommon(letters string) bool {
	word := strings.TrimFunc(letters, unicode.IsDigit)
	different := map[rune]bool{}
	for _, r := range letters {
		different[r] = true
	}
	half := letters[:len(letters)/2]
	twice := len(letters) > 1 && len(letters)%2 == 0 && half == letters[len(letters)/2:] && (common[half] || common[strings.TrimFunc(half, unicode.IsDigit)])
	return word == "" || common[word] || common[letters] || len(different) < fewestDifferent || twice
}

// syllables are easy to read from paper and to type without marks.
var syllables = strings.Fields("an ba bac ban bay be binh ca cam canh cao cau cay chi chim cho co con cu da dao dat day den di do dong du em ga gao gia gio gom " +
	"ha hai han hat hoa hoc hong ke khe kho khu la lam lan le lo lua lung ma mai me mia mo moi mua nam nang nau ngo ngon nha nho nui nuoc oi ong pho phu qua que " +
	"rau ro rung sao sen song sua tam tan tao tau tay the tho thu tia to toi tra tram tre tu tung van vang ve vo vui vuon xa xanh xe xoi xuan yen")

// Phrase is a random password of so many words and a number: "lua sen tre may nha 47". Five words are about 41 random bits, enough for a slip that opens once,
// for two weeks, behind a brake; six are 48, for a password that stays. It does not hold the logins.
func Phrase(words int, sign string, logins ...string) string {
	list := make([]string, words)
	for {
		for i := range list {
			list[i] = syllables[pick(len(syllables))]
		}
		letters := strings.Join(list, "")
		if len(letters) >= MinPassword && !slices.ContainsFunc(logins, func(l string) bool { return holdsLogin(letters, l) }) {
			break // long enough also when it is typed without the spaces
		}
	}
	number := string([]byte{byte('1' + pick(9)), byte('0' + pick(10))})
	return strings.Join(append(list, number), sign)
}

// slipForm is a password from paper as it is compared: with or without spaces and hyphens, in small letters or capitals.
func slipForm(password string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, password)
}
