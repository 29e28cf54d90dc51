// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"slices"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
)

// In what form somebody signs stands on lines of its own above the post, and only forms that Decree 30 knows do.
func TestPostsOfSigners(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	list, err := w.s.Bodies(w.ctx, w.officer(), w.commune)
	if err != nil {
		t.Fatal(err)
	}
	usual := map[string]string{recognition.BodyAssociationCommune: "TM. Ban Thường vụ\nChủ tịch", recognition.BodyCommitteeCommune: "Chủ tịch"}
	b := list[0]
	for _, x := range list {
		if x.Version == 1 && x.Post != usual[x.Kind] {
			t.Errorf("%s signs as %q", x.Kind, x.Post)
		}
	}
	for typed, want := range map[string]string{
		" TM.  BAN THƯỜNG VỤ \r\n\r\n CHỦ TỊCH ": "TM. BAN THƯỜNG VỤ\nCHỦ TỊCH",
		"Chủ tịch":                                        "Chủ tịch",
		"Q. Chủ tịch":                                     "Q. Chủ tịch",
		"kt. chủ tịch\nphó chủ tịch":                      "kt. chủ tịch\nphó chủ tịch",
		"TL. Chủ tịch\nChánh Văn phòng":                   "TL. Chủ tịch\nChánh Văn phòng",
		"TUQ. Chủ tịch\nTrưởng phòng":                     "TUQ. Chủ tịch\nTrưởng phòng",
		"TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch": "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch",
		"": "",
	} {
		b.Post = typed
		saved, err := w.s.SaveBody(w.ctx, w.officer(), b)
		if err != nil || saved.Post != want {
			t.Errorf("%q: %q %v", typed, saved.Post, err)
			continue
		}
		b = saved
	}
	for typed, want := range map[string]string{"Ban Thường vụ\nChủ tịch": "recognition.post_form", "TM. A\nKT. B\nTL. C\nD": "recognition.post_lines"} {
		b.Post = typed
		_, err := w.s.SaveBody(w.ctx, w.officer(), b)
		f, is := fault.As(err)
		if !is || !slices.ContainsFunc(f.Fields, func(x fault.FieldError) bool { return x.Field == "post" && x.Key == want }) {
			t.Errorf("%q: %v, want %s", typed, err, want)
		}
	}
	form, holder := recognition.PostLines("TM. Ban Thường vụ\nChủ tịch")
	if len(form) != 1 || form[0] != "TM. Ban Thường vụ" || holder != "Chủ tịch" {
		t.Errorf("%q %q", form, holder)
	}
	if form, holder := recognition.PostLines(""); len(form) != 0 || holder != "" {
		t.Errorf("%q %q", form, holder)
	}
}
