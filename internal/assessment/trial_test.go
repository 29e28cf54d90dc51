// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// TestTrial scores the area's sheets with a draft: who would lose the title, and by what.
func TestTrial(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.register()
		for i, f := range w.families {
			w.registers(f, []string{"4", "4", "4", "3"}[i])
		}
		list := w.list()
		for i, a := range list[:3] { // the fourth has no sheet
			e := good()
			if i == 2 {
				e.Facts["adults_learned"] = 0.0 // 10 points less
			}
			w.save(a, assessment.StageArea, e)
		}
		province := place.OfficialID("25", "2025-07-01")
		by := actor(identity.ProvinceOfficer, province)
		d, err := w.sets.NewDraft(w.ctx, by, "family-2021-2030@1")
		w.ok(err)
		try := func() assessment.Trial {
			t.Helper()
			trial, err := w.s.Try(w.ctx, by, d.ID, province, w.round.ID, nil)
			w.ok(err)
			last, found, err := w.s.LastTrial(w.ctx, by, d.ID, province, w.round.ID)
			w.ok(err)
			if !found || last.Counts != trial.Counts || last.Edit != d.Edit {
				t.Errorf("kept %+v, worked out %+v", last, trial)
			}
			return trial
		}
		if _, found, err := w.s.LastTrial(w.ctx, by, d.ID, province, w.round.ID); found || err != nil {
			t.Errorf("a trial before any: %v", err)
		}
		n, err := w.s.TrialSize(w.ctx, by, province, w.round.ID, registry.Family)
		w.ok(err)
		if n != 3 {
			t.Errorf("%d sheets", n)
		}
		if got, want := try().Counts, (assessment.TrialCounts{Sheets: 3, Before: 3, After: 3}); got != want {
			t.Errorf("the same text: %+v", got)
		}

		save := func(from, to string) {
			t.Helper()
			if !strings.Contains(d.Body, from) {
				t.Fatalf("no %q", from)
			}
			next, faults, err := w.sets.SaveDraft(w.ctx, by, d.ID, d.Edit, strings.Replace(d.Body, from, to, 1))
			w.ok(err)
			w.ok(faults)
			d = next
		}
		save("region: default, min_total: 80", "region: default, min_total: 95")
		save("region: mountainous, min_total: 70", "region: mountainous, min_total: 95")
		save("region: especially_difficult, min_total: 70", "region: especially_difficult, min_total: 95")
		trial := try()
		if want := (assessment.TrialCounts{Sheets: 3, Before: 3, After: 2, ToFail: 1}); trial.Counts != want {
			t.Errorf("threshold 95: %+v", trial.Counts)
		}
		if len(trial.Places) != 1 || trial.Places[0].PlaceID != w.commune || trial.Places[0].Name == "" || len(trial.Causes) != 1 || trial.Causes[0].Code != "" {
			t.Errorf("where and why: %+v %+v", trial.Places, trial.Causes)
		}

		// A criterion under another code is unknown to every sheet; another fact is missing: undecided, not failed.
		save("code: D3,", "code: D9,")
		if got, want := try().Counts, (assessment.TrialCounts{Sheets: 3, Before: 3, ToOpen: 3}); got != want {
			t.Errorf("a new criterion: %+v", got)
		}

		// In force from next year: the rules of that year are tried.
		save("effective: {from: 2022, to: 2030}", "effective: {from: 2027, to: 2030}")
		if got := try(); got.Year != 2026 || got.ByYear != 2027 {
			t.Errorf("year %d by %d", got.Year, got.ByYear)
		}

		if _, err := w.s.Try(w.ctx, actor(identity.Reviewer, place.OfficialID(neighbourCode, "2025-07-01")), d.ID, w.commune, w.round.ID, nil); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a stranger tried: %v", err)
		}
		broken, _, err := w.sets.SaveDraft(w.ctx, by, d.ID, d.Edit, "một: [")
		w.ok(err)
		if _, err := w.s.Try(w.ctx, by, broken.ID, province, w.round.ID, nil); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a draft with faults: %v", err)
		}
		w.exact()
	})
}

// TestTrialAsJob: a job leaves the same result behind.
func TestTrialAsJob(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.register()
		w.registers(w.families[0], "4")
		w.save(w.list()[0], assessment.StageArea, good())
		queue := job.New(db, func() time.Time { return w.at }, slog.New(slog.DiscardHandler))
		queue.Handle(assessment.TrialKind, w.s.HandleTrial)
		if _, err := w.s.AskTrial(w.ctx, w.officer(), queue, "family-2021-2030@1", w.commune, w.round.ID); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("an officer of a commune, who writes no criteria, asks for a trial: %v", err)
		}
		id, err := w.s.AskTrial(w.ctx, actor(identity.ProvinceOfficer, place.OfficialID("25", "2025-07-01")), queue, "family-2021-2030@1", w.commune, w.round.ID)
		w.ok(err)
		w.ok(queue.Drain(context.Background()))
		j, err := queue.Get(w.ctx, id)
		w.ok(err)
		last, found, err := w.s.LastTrial(w.ctx, w.officer(), "family-2021-2030@1", w.commune, w.round.ID)
		w.ok(err)
		if j.State != job.Done || j.All == 0 || !found || last.Counts.Sheets != 1 || last.Counts.After != 1 {
			t.Errorf("job %+v left %+v", j, last)
		}
	})
}
