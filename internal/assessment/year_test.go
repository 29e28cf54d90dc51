// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// One area goes through the year. The points are worked by hand from the reconstructed family set:
// A 10+10+8 = 28; B 5+11+10 = 26, as 3 of 4 adults hold the citizen title and 75 % lies in the band from 60 %; C 12+8 = 20;
// D 8+6+6 = 20; together 94.
func TestYearOfAnArea(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		if got, want := w.counts(), (rollup.Counts{Total: 4}); got != want {
			t.Fatalf("after the round opened: %+v, want %+v", got, want)
		}
		w.register()
		for _, f := range w.families {
			w.registers(f, "3")
		}
		list := w.list()
		saved := w.save(list[0], assessment.StageSelf, good())
		if saved.Assessment.Total == nil || *saved.Assessment.Total != 9400 || saved.Assessment.State != assessment.Scored || saved.Assessment.Outcome != "recognised" {
			t.Fatalf("the first family: %+v; needs %v, failures %v", saved.Assessment, saved.Result.Needs, saved.Result.Failures)
		}
		// The second has no answer on discipline: nothing is lost, but it is not complete.
		half := good()
		half.Gates = nil
		if saved = w.save(list[1], assessment.StageSelf, half); saved.Assessment.State != assessment.Registered || saved.Assessment.Missing != 1 {
			t.Fatalf("a sheet with one open answer: %+v", saved.Assessment)
		}
		// The third has one holder of four adults: 25 % is below the floor of 60 % in 2026, whatever the points.
		w.registers(w.families[2], "1")
		if saved = w.save(list[2], assessment.StageSelf, good()); saved.Assessment.Outcome != "not_recognised" || saved.Assessment.State != assessment.Scored {
			t.Fatalf("below the yearly floor: %+v", saved.Assessment)
		}
		w.exact()
		_, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
		if fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("sending without minutes: %v", err)
		}
		w.minutes()
		b, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
		w.ok(err)
		if b.Done != 2 || len(b.Left) != 2 {
			t.Fatalf("sent %d, left %d", b.Done, len(b.Left))
		}
		if got, want := w.counts(), (rollup.Counts{Total: 4, Registered: 4, Sent: 2, Passing: 1}); got != want {
			t.Fatalf("after sending: %+v, want %+v", got, want)
		}
		// A locked file cannot be changed by the area.
		now := w.list()[0]
		if _, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: w.area, ID: now.ID, Version: now.Version, Stage: assessment.StageSelf, Entry: good()}); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("a locked file: %v", err)
		}
		// The reviewer returns one with a comment per criterion; the area mends it and sends it again.
		third := w.list()[2]
		_, err = w.s.Return(w.ctx, w.reviewer(), assessment.Key{PlaceID: w.area, ID: third.ID, Version: third.Version}, map[string]string{"C1": "Chưa có ảnh góc học tập", "": "Xin bổ sung"})
		w.ok(err)
		third = w.list()[2]
		w.registers(w.families[2], "4")
		if saved = w.save(third, assessment.StageArea, good()); saved.Assessment.State != assessment.Returned || *saved.Assessment.Total != 9800 {
			t.Fatalf("mended: %+v", saved.Assessment)
		}
		_, err = w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, []string{third.ID})
		w.ok(err)
		f, err := w.s.Get(w.ctx, w.officer(), w.area, third.ID)
		w.ok(err)
		if len(f.Remarks) != 2 || !f.Remarks[0].Settled || len(f.Sheets) != 2 {
			t.Fatalf("the file keeps its remarks and both sheets: %+v, %d sheets", f.Remarks, len(f.Sheets))
		}
		// Approval by who may; agreeing files in one act (the third differs between its stages? 94 → 98 is below the limit of 5).
		if _, err := w.s.Approve(w.ctx, w.reviewer(), assessment.Key{PlaceID: w.area, ID: third.ID}); fault.KindOf(err) != fault.KindDenied {
			t.Fatalf("a reviewer approves: %v", err)
		}
		b, err = w.s.ApproveAgreeing(w.ctx, w.officer(), w.commune, w.round.ID, registry.Family)
		w.ok(err)
		if b.Done != 1 { // the third's area gave more than its own sheet: to be read
			t.Fatalf("approved %d in one act, want 1", b.Done)
		}
		_, err = w.s.Approve(w.ctx, w.officer(), assessment.Key{PlaceID: w.area, ID: third.ID})
		w.ok(err)
		w.exact()
		if got, want := w.counts(), (rollup.Counts{Total: 4, Registered: 4, Approved: 2, Passing: 2}); got != want {
			t.Fatalf("at the end: %+v, want %+v", got, want)
		}
	})
}

func TestStagesHaveTheirTime(t *testing.T) {
	w := build(t, shipped.SQLite(t))
	first := w.list()[0]
	// Registered on paper in April: the window ended on 31 March, and the answer says so.
	_, err := w.s.Register(w.ctx, w.volunteer(), w.area, w.round.ID, []string{first.ID}, time.Date(2026, 4, 2, 9, 0, 0, 0, store.Zone))
	if f, ok := fault.As(err); !ok || f.Key != "round.late" || f.Args["to"] != "2026-03-31" {
		t.Fatalf("late registration: %v", err)
	}
	_, err = w.s.Extend(w.ctx, w.volunteer(), assessment.Extension{RoundID: w.round.ID, PlaceID: w.area, Stage: assessment.StageRegistration, Until: "2026-12-01", Reason: "Lũ"})
	if fault.KindOf(err) != fault.KindDenied {
		t.Fatalf("a volunteer extends: %v", err)
	}
	_, err = w.s.Extend(w.ctx, actor(identity.ProvinceOfficer, w.round.PlaceID), assessment.Extension{RoundID: w.round.ID, PlaceID: w.commune, Stage: assessment.StageRegistration, Until: "2026-12-01", Reason: "Lũ"})
	w.ok(err)
	_, err = w.s.Register(w.ctx, w.volunteer(), w.area, w.round.ID, []string{first.ID}, time.Date(2026, 4, 2, 9, 0, 0, 0, store.Zone))
	w.ok(err)
	// Registered by extension, but not in time: the set's gate "Có đăng ký trong hạn" sees that.
	saved := w.save(w.list()[0], assessment.StageSelf, good())
	if saved.Entry.Gates["G1"] {
		t.Error("a late registration passes the gate")
	}
	w.at = time.Date(2026, 9, 1, 8, 0, 0, 0, store.Zone)
	now := w.list()[0]
	_, err = w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: w.area, ID: now.ID, Version: now.Version, Stage: assessment.StageSelf, Entry: good()})
	if f, ok := fault.As(err); !ok || f.Key != "round.early" || f.Args["from"] != "2026-10-01" {
		t.Fatalf("scoring before October: %v", err)
	}
}

func TestTwoPeopleAtOneFile(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.register()
		first := w.list()[0]
		w.save(first, assessment.StageSelf, good())
		_, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: w.area, ID: first.ID, Version: first.Version, Stage: assessment.StageSelf, Entry: assessment.Entry{}})
		if fault.KindOf(err) != fault.KindStale {
			t.Fatalf("the second of two savers: %v", err)
		}
		saved, faults, err := w.s.SaveAll(w.ctx, w.volunteer(), []assessment.Draft{
			{PlaceID: w.area, ID: first.ID, Version: first.Version, Stage: assessment.StageSelf, Entry: good()}, // stale
			{PlaceID: w.area, ID: w.list()[1].ID, Version: w.list()[1].Version, Stage: assessment.StageSelf, Entry: good()},
		})
		w.ok(err)
		if fault.KindOf(faults[0]) != fault.KindStale || faults[1] != nil || saved[1].Assessment.Stage != assessment.StageSelf {
			t.Fatalf("a batch answers row by row: %v", faults)
		}
		w.exact()
	})
}

// Everybody who is not allowed is refused, at the neighbour's and above.
func TestNobodyElseMay(t *testing.T) {
	w := build(t, shipped.SQLite(t))
	w.register()
	a := w.list()[0]
	stranger := actor(identity.CommuneOfficer, "07900@2025-07-01")
	k := assessment.Key{PlaceID: a.PlaceID, ID: a.ID}
	for name, try := range map[string]func() error{
		"read": func() error { _, err := w.s.Get(w.ctx, stranger, a.PlaceID, a.ID); return err },
		"list": func() error {
			_, _, err := w.s.InLeaf(w.ctx, stranger, w.area, w.round.ID, registry.Family)
			return err
		},
		"find": func() error {
			_, _, err := w.s.Find(w.ctx, stranger, assessment.Filter{PlaceID: w.commune, RoundID: w.round.ID, Model: registry.Family})
			return err
		},
		"register": func() error {
			_, err := w.s.Register(w.ctx, stranger, w.area, w.round.ID, []string{a.ID}, w.at)
			return err
		},
		"save": func() error {
			_, err := w.s.Save(w.ctx, stranger, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageSelf})
			return err
		},
		"appraise": func() error {
			_, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal})
			return err
		},
		"send": func() error {
			_, err := w.s.Send(w.ctx, stranger, w.area, w.round.ID, registry.Family, nil)
			return err
		},
		"return":  func() error { _, err := w.s.Return(w.ctx, stranger, k, map[string]string{"": "x"}); return err },
		"approve": func() error { _, err := w.s.Approve(w.ctx, w.volunteer(), k); return err },
		"reject":  func() error { _, err := w.s.Reject(w.ctx, stranger, k, "x"); return err },
		"recheck": func() error {
			_, err := w.s.DrawRecheck(w.ctx, stranger, w.commune, w.round.ID, registry.Family, 5)
			return err
		},
		"close": func() error { return w.s.CloseModel(w.ctx, stranger, w.commune, w.round.ID, registry.Family) },
		"admin": func() error { _, err := w.s.Get(w.ctx, actor(identity.Admin, "vn"), a.PlaceID, a.ID); return err },
		"minutes": func() error {
			_, err := w.s.SaveMinutes(w.ctx, stranger, assessment.Minutes{PlaceID: w.area, RoundID: w.round.ID, Model: registry.Family, HeldOn: "2026-11-17", Chair: "a", Secretary: "b", Present: 5}, nil)
			return err
		},
	} {
		if err := try(); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("%s: %v, want denied", name, err)
		}
	}
	w.exact()
}
