// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"testing"

	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/wording"
)

// What gives titles back says so, before it is issued and for ever after; what also corrects is an amendment.
func TestWordsOfLaterDecisions(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families...)
		d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		titles := w.titles(d)
		says := func(d recognition.Decision, want wording.Kind) {
			t.Helper()
			said, err := w.s.Wordings(w.ctx, w.officer(), &d)
			w.ok(err)
			if said.Paper.Kind != want || !said.Paper.Text.Equal(wording.Standard(want, false)) {
				t.Errorf("%s says %s, want %s", d.ID, said.Paper.Kind, want)
			}
		}
		revoke := w.draft(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: titles[0].AssessmentID}}})
		says(revoke, wording.Revoke)
		revoke = w.issue(revoke)
		says(revoke, wording.Revoke)
		back := w.draft(recognition.Draft{Kind: recognition.KindAmend, AmendsID: revoke.ID, Items: []recognition.Choice{{AssessmentID: titles[0].AssessmentID, Act: recognition.ActRestore}}})
		says(back, wording.Restore)
		says(w.issue(back), wording.Restore)
		taking := w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: d.ID, Items: []recognition.Choice{{AssessmentID: titles[1].AssessmentID, Act: recognition.ActRevoke},
			{AssessmentID: titles[2].AssessmentID, Act: recognition.ActCorrect, Name: "Tên Đúng"}}})
		says(taking, wording.Amend)
		says(w.draft(recognition.Draft{Kind: recognition.KindAmend, AmendsID: taking.ID, Items: []recognition.Choice{{AssessmentID: titles[1].AssessmentID, Act: recognition.ActRestore}}}), wording.Restore)
		says(w.draft(recognition.Draft{Kind: recognition.KindAmend, AmendsID: taking.ID, Items: []recognition.Choice{{AssessmentID: titles[1].AssessmentID, Act: recognition.ActRestore},
			{AssessmentID: titles[2].AssessmentID, Act: recognition.ActCorrect, Name: "Tên Khác"}}}), wording.Amend)
		w.exact()
	})
}

// A decision issued before there were templates names no text: it says what was shipped then, whatever is shipped since.
func TestFirstWords(t *testing.T) {
	w := build(t, placetest.SQLite(t), families...)
	d := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
	d.Wording = ""
	said, err := w.s.Wordings(w.ctx, w.officer(), &d)
	w.ok(err)
	if !said.Paper.Text.Equal(wording.First(wording.Recognise, false)) || !said.Certificate.Text.Equal(wording.First(wording.Certificate, false)) {
		t.Errorf("%+v", said)
	}
	if said.Certificate.Text.Equal(wording.Standard(wording.Certificate, false)) {
		t.Error("the first text is the one of today")
	}
}
