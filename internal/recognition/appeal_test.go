// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"testing"

	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// A list that names a file somebody objects to is not signed before the answer, whatever page the request came from.
func TestUnansweredAppealHoldsASignatureUp(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families[0])
		all := w.all()
		d := w.draft(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all...)})
		appeal, err := w.files.Object(w.ctx, w.officer(), all[1].PlaceID, all[1].ID, "Hà Thị Mơ", "Nhà chưa có góc học tập")
		w.ok(err)
		sign := recognition.Signing{ID: d.ID, Version: d.Version, Date: store.Date(w.at), Signer: signer}
		_, err = w.s.Issue(w.ctx, w.officer(), sign)
		w.refused(err, "recognition.appeals")
		if got := w.counts(); got.Recognised != 0 || got.Approved != 3 {
			t.Fatalf("a refused signature left %+v", got)
		}
		w.ok(w.files.AnswerAppeal(w.ctx, w.deputy(), all[1].PlaceID, all[1].ID, appeal.ID, false, "Đã xem tại nhà: có góc học tập."))
		issued := w.issue(d)
		if issued.Text() != "01/QĐ-HKH" { // the refused one used no number
			t.Fatalf("issued as %s", issued.Text())
		}
		// An objection to a title does not stop the decision that withdraws it.
		_, err = w.files.Object(w.ctx, w.officer(), all[0].PlaceID, all[0].ID, "Hà Thị Mơ", "Nhà có người bị xử phạt")
		w.ok(err)
		w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: issued.ID, Items: chosen(all[0])})
		w.exact()
	})
}
