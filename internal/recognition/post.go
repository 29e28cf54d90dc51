// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/text"
)

// A post (chức vụ) is what stands above a signature, a line of paper a line: "Chủ tịch", or with the form in which somebody signs (Decree
// 30/2020/NĐ-CP, article 13) "TM. Ban Thường vụ\nChủ tịch", "KT. Chủ tịch\nPhó Chủ tịch".

// postForms are the forms of signing: on behalf of a collective, in place of the head, on the head's order, by the head's authority.
var postForms = []string{"TM.", "KT.", "TL.", "TUQ."}

// maxPostLines is room for a deputy who signs for the head of a collective: "TM. …", "KT. …", and the post.
const maxPostLines = 3

// PostLines parts a post into the lines that say in what form it is signed, and the post itself.
func PostLines(post string) (form []string, holder string) {
	lines := strings.Split(post, "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

// cleanPost brings a post into the form that is kept: NFC, no empty lines.
func cleanPost(post string) string {
	lines := strings.FieldsFunc(post, func(r rune) bool { return strings.ContainsRune("\r\n\u2028\u2029", r) })
	for i := range lines {
		lines[i] = text.NFC(lines[i])
	}
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

// checkPost reports what is wrong with a cleaned post: lines above the last one say the form of signing.
func checkPost(post string) []fault.FieldError {
	errs := words("post", post, maxPost)
	form, _ := PostLines(post)
	if len(form) >= maxPostLines {
		return append(errs, fault.Field("post", "recognition.post_lines", "max", maxPostLines))
	}
	for _, line := range form {
		if !slices.ContainsFunc(postForms, func(f string) bool { return strings.HasPrefix(strings.ToUpper(line), f) }) {
			return append(errs, fault.Field("post", "recognition.post_form", "line", line))
		}
	}
	return errs
}

func holderOf(post string) string {
	_, holder := PostLines(post)
	return holder
}
