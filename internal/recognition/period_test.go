// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func keyOf(a assessment.Assessment) assessment.Key {
	return assessment.Key{PlaceID: a.PlaceID, ID: a.ID}
}

func areaDraft(commune string) place.AreaDraft {
	return place.AreaDraft{CommuneID: commune, Name: "7", Kind: "Khu", From: "2025-07-01"}
}

func rule(placeID string, years, minimum int) recognition.PeriodRule {
	return recognition.PeriodRule{PlaceID: placeID, Model: registry.Family, Body: recognition.BodyCommitteeProvince, Years: years, Minimum: minimum}
}

// Two years running: who was recognised in both may be named by the province, who lost a year may not, and who loses one later
// loses the exemplary title with it.
func TestExemplaryOfAPeriod(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db, families[0])
		all := w.all()
		first := w.decide(recognition.Draft{Kind: recognition.KindRecognise, Items: chosen(all[0], all[1])}) // the third has no title of 2026
		_, err := w.s.SetPeriodRule(w.ctx, w.above(), rule(w.province, 2, 3))
		w.refused(err, "recognition.period_minimum")
		set, err := w.s.SetPeriodRule(w.ctx, w.above(), rule(w.province, 2, 2))
		w.ok(err)
		set.Minimum = 1
		set.Version = 0
		_, err = w.s.SetPeriodRule(w.ctx, w.above(), set)
		w.refused(err, "stale.period_rule")

		w.at = day(2027, 1, 10)
		w.round = w.open(2027)
		w.at = day(2027, 11, 18)
		for _, area := range w.areas {
			_, err := w.files.ListLeaf(w.ctx, w.officer(), area, w.round.ID)
			w.ok(err)
			w.approve(area, w.round)
		}
		w.at = day(2027, 12, 1)
		w.decide(recognition.Draft{Kind: recognition.KindRecognise, Whole: true})
		r, list, err := w.s.Candidates(w.ctx, w.above(), w.province, registry.Family, 2027)
		w.ok(err)
		if r.Years != 2 || len(list) != 2 || len(list[0].Recognised) != 2 {
			t.Fatalf("candidates by %+v: %+v", r, list)
		}
		d := recognition.Draft{Kind: recognition.KindExemplary, Grounds: []string{"Căn cứ"}, Period: true, PlaceID: w.province, RoundID: w.round.ID, Model: registry.Family}
		for _, a := range w.all() {
			d.Items = append(d.Items, recognition.Choice{AssessmentID: a.ID})
		}
		_, err = w.s.SaveDraft(w.ctx, w.above(), d)
		w.refused(err, "recognition.not_candidate")
		d.Items = nil
		for _, c := range list {
			d.Items = append(d.Items, recognition.Choice{AssessmentID: c.AssessmentID})
		}
		_, err = w.s.SaveDraft(w.ctx, w.officer(), d)
		w.refused(err, "denied.decide")
		out, err := w.s.SaveDraft(w.ctx, w.above(), d)
		w.ok(err)
		out, err = w.s.Issue(w.ctx, w.above(), recognition.Signing{ID: out.ID, Version: out.Version, Date: "2027-12-01", Signer: signer})
		w.ok(err)
		if out.BodyName != "Ủy ban nhân dân tỉnh Phú Thọ" || out.FromYear != 2026 || out.ForYear != 2027 || out.Text() != "01/QĐ-UBND" {
			t.Fatalf("issued: %+v", out)
		}
		w.exact()
		if _, list, err = w.s.Candidates(w.ctx, w.above(), w.province, registry.Family, 2027); err != nil || len(list) != 0 {
			t.Fatalf("named once is enough: %+v %v", list, err)
		}
		titles, err := w.s.TitlesOf(w.ctx, w.above(), out.ID)
		w.ok(err)
		if p := w.public(titles[0].Code); !p.Exemplary || p.FromYear != 2026 || p.Status != recognition.StatusValid {
			t.Fatalf("public: %+v", p)
		}
		// The title of 2026 turns out wrong.
		revoke := w.decide(recognition.Draft{Kind: recognition.KindRevoke, AmendsID: first.ID, Items: []recognition.Choice{{AssessmentID: all[0].ID}}})
		status := map[string]recognition.Status{}
		for _, x := range titles {
			status[x.SubjectID] = w.public(x.Code).Status
		}
		if status[all[0].SubjectID] != recognition.StatusRevoked || status[all[1].SubjectID] != recognition.StatusValid {
			t.Fatalf("after the revocation: %v", status)
		}
		w.exact()
		w.decide(recognition.Draft{Kind: recognition.KindAmend, AmendsID: revoke.ID, Items: []recognition.Choice{{AssessmentID: all[0].ID, Act: recognition.ActRestore}}})
		held, _, err := w.s.Holders(w.ctx, w.above(), recognition.HolderFilter{PlaceID: w.province, Model: registry.Family, Year: 2027, Exemplary: true})
		w.ok(err)
		if len(held) != 2 {
			t.Fatalf("after the restoration: %d exemplary", len(held))
		}
		w.exact()
	})
}
