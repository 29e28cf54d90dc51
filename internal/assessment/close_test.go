// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"strconv"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

var february = time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone)

// lines counts the journal's lines on a round.
func (w *world) lines(act string) int {
	w.t.Helper()
	n, _, err := store.One(w.ctx, w.db.Read(), store.Value[int], `SELECT count(*) FROM journal WHERE thing = 'round' AND act = $1`, act)
	w.ok(err)
	return n
}

// Models close from the citizens up and open from the top down; what is closed takes no more work.
func TestModelsCloseInOrder(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		closing := func(model string) error { return w.s.CloseModel(w.ctx, w.officer(), w.commune, w.round.ID, model) }
		opening := func(model string) error {
			return w.s.ReopenModel(w.ctx, w.officer(), w.commune, w.round.ID, model, "Có đơn")
		}
		if err := w.s.CloseModel(w.ctx, w.volunteer(), w.commune, w.round.ID, registry.Citizen); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a volunteer closes: %v", err)
		}
		// One family will be rejected, one stays only listed, one is on the way, and one moves in later.
		w.register()
		for _, f := range w.families {
			w.registers(f, "3")
		}
		w.save(w.list()[0], assessment.StageSelf, good())
		w.minutes()
		_, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, nil)
		w.ok(err)
		first := w.list()[0]
		first, err = w.s.Reject(w.ctx, w.officer(), assessment.Key{PlaceID: first.PlaceID, ID: first.ID, Version: first.Version}, "Có người vi phạm")
		w.ok(err)
		w.refused(closing(registry.Family), "round.close_order")
		w.ok(closing(registry.Citizen))
		w.ok(closing(registry.Citizen)) // twice is once
		if n := w.lines("close_model"); n != 1 {
			t.Errorf("%d lines on one closing", n)
		}
		err = closing(registry.Family)
		w.refused(err, "round.close_open")
		if f, _ := fault.As(err); f != nil && f.Args["count"] != 3 {
			t.Errorf("open files: %v", f.Args)
		}
		w.refused(closing(registry.Clan), "round.close_order")
		for i := 1; i < 4; i++ {
			a := w.list()[i]
			_, err := w.s.Unregister(w.ctx, w.volunteer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}, "Xin rút")
			w.ok(err)
		}
		for _, model := range []string{registry.Family, registry.Clan, registry.Community, registry.Unit} {
			w.ok(closing(model))
		}
		for model, want := range map[string][]string{registry.Citizen: {"family", "clan", "community", "unit"}, registry.Family: {"clan", "community"},
			registry.Clan: {"community"}, registry.Community: nil, registry.Unit: nil} {
			list, err := w.s.WhoIsAffected(w.ctx, w.commune, w.round.ID, model)
			w.ok(err)
			var got []string
			for _, a := range list {
				got = append(got, a.Model)
				if !a.Closed {
					t.Errorf("%s counts as open", a.Model)
				}
			}
			if shown(t, got) != shown(t, want) {
				t.Errorf("reopening %s touches %v, want %v", model, got, want)
			}
		}

		// Closed: nothing moves, whoever asks.
		key := assessment.Key{PlaceID: first.PlaceID, ID: first.ID, Version: first.Version}
		_, err = w.s.Reopen(w.ctx, w.officer(), key, "Xem lại")
		w.refused(err, "round.model_closed")
		_, err = w.s.Register(w.ctx, w.volunteer(), w.area, w.round.ID, []string{w.list()[1].ID}, february)
		w.refused(err, "round.model_closed")
		appeal, err := w.s.Object(w.ctx, w.volunteer(), first.PlaceID, first.ID, "Bà Mơ", "Không ai vi phạm")
		w.ok(err)
		w.refused(w.s.AnswerAppeal(w.ctx, w.deputy(), first.PlaceID, first.ID, appeal.ID, true, "Đúng"), "round.model_closed")
		if board, err := w.s.Board(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family); err != nil {
			t.Error(err)
		} else {
			w.refused(board.Late, "round.model_closed")
		}
		// A file that comes in from a commune that is still open waits until this one opens again.
		there := w.newArea(place.OfficialID(neighbourCode, "2025-07-01"), "9")
		for i := range 2 {
			f, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: there, Model: registry.Family, Name: "Người đến " + string(rune('A'+i)), Members: 6, Adults: 4, Children: 2})
			w.ok(err)
			a := w.in(there, w.round.ID)[0]
			_, err = w.s.Register(w.ctx, identity.System, there, w.round.ID, []string{a.ID}, february)
			w.ok(err)
			if i == 1 {
				a = w.in(there, w.round.ID)[0]
				w.ok(w.registry.SetEntries(w.ctx, identity.System, there, 2026, registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "x"},
					registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true", Source: "x"}))
				_, err = w.s.Save(w.ctx, identity.System, assessment.Draft{PlaceID: there, ID: a.ID, Version: a.Version, Stage: assessment.StageArea, Entry: good()})
				w.ok(err)
				_, err = w.s.SaveMinutes(w.ctx, identity.System, assessment.Minutes{PlaceID: there, RoundID: w.round.ID, Model: registry.Family, HeldOn: "2026-11-17", Chair: "a",
					Secretary: "b", Present: 5, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
				w.ok(err)
				_, err = w.s.Send(w.ctx, identity.System, there, w.round.ID, registry.Family, nil)
				w.ok(err)
			}
			_, err = w.registry.Move(w.ctx, identity.System, there, f.ID, f.Version, w.area, "2026-11-18")
			w.ok(err)
		}
		for _, a := range w.list() {
			k := assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}
			switch a.State {
			case assessment.Registered:
				_, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageArea, Entry: good()})
				w.refused(err, "round.model_closed")
				_, err = w.s.Unregister(w.ctx, w.volunteer(), k, "Xin rút")
				w.refused(err, "round.model_closed")
			case assessment.Sent:
				_, err := w.s.Return(w.ctx, w.reviewer(), k, map[string]string{"": "x"})
				w.refused(err, "round.model_closed")
				_, err = w.s.Approve(w.ctx, w.officer(), k)
				w.refused(err, "round.model_closed")
			}
		}

		w.refused(opening(registry.Citizen), "round.reopen_order")
		if err := w.s.ReopenModel(w.ctx, w.officer(), w.commune, w.round.ID, registry.Community, " "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("opened without a reason: %v", err)
		}
		for _, model := range []string{registry.Community, registry.Clan, registry.Family} {
			w.ok(opening(model))
		}
		w.ok(opening(registry.Family)) // is open already
		if n := w.lines("reopen_model"); n != 3 {
			t.Errorf("%d lines on three reopenings", n)
		}
		w.refused(opening(registry.Citizen), "round.reopen_order") // units are still closed
		w.ok(opening(registry.Unit))
		w.ok(opening(registry.Citizen))
		w.ok(w.s.AnswerAppeal(w.ctx, w.deputy(), first.PlaceID, first.ID, appeal.ID, true, "Đúng"))
		if a := w.file(first.ID); a.State != assessment.Sent {
			t.Errorf("an upheld appeal left the file %s", a.State)
		}
		w.exact()

		// When the round itself is over, nothing goes on in any model.
		w.close(w.round.ID)
		for _, a := range w.list() {
			if a.State == assessment.Registered {
				_, err := w.s.Unregister(w.ctx, w.volunteer(), assessment.Key{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version}, "Xin rút")
				w.refused(err, "round.not_open")
			}
		}
	})
}

const putTitle = `INSERT INTO title (place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name, no, decision_id,
	origin_id, decided_on, code, state) VALUES ($1, $2, $3, '', $4, $5, $5, $6, '', false, '', '', 1, '', '', '', $7, $8)`

// title gives a subject a title as a decision does.
func (w *world) title(s registry.Subject, year, until int, state string) {
	w.t.Helper()
	w.ok(w.db.Write(w.ctx, func(tx *store.Tx) error {
		id := store.NewID()
		_, err := tx.Exec(w.ctx, putTitle, s.PlaceID, id, s.ID, s.Model, year, until, id[14:], state)
		return err
	}))
}

// Titles feed upward. Ten families of four adults live in the area; the clan has the first eight.
// Families 1 to 6 and 9 hold this year's title, 7 one of last year that ended, 8 one that was revoked; 10 one of 2025 that runs to 2026.
// Clan: 6 of 8 = 75 %, from 70 % on 20 points. Community: 8 of 10 = 80 %, from 70 % on 12 points.
// Adults: families 1 to 4 have three citizens with the title each: of the clan 12 of 32 = 37.5 %, from 20 % on 3 points; of the
// community 12 of 40 = 30 %, from 20 % on 4 points. One more family title takes the clan to 7 of 8 = 87.5 %: 25 points, and the community to
// 90 %: 15 points. Its only clan holds no title: 0 %, 0 points, then 100 %, 8 points.
func TestTitlesFeedUpward(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		area := w.newArea(w.commune, "7")
		var families []registry.Subject
		for i := range 10 {
			f, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: area, Model: registry.Family, Name: "Chủ hộ " + string(rune('A'+i)),
				Number: strconv.Itoa(i + 1), Members: 5, Adults: 4})
			w.ok(err)
			families = append(families, f)
			switch {
			case i < 6 || i == 8:
				w.title(f, 2026, 2026, "valid")
			case i == 6:
				w.title(f, 2025, 2025, "valid")
			case i == 7:
				w.title(f, 2026, 2026, "revoked")
			default:
				w.title(f, 2025, 2026, "valid")
			}
			if i < 4 {
				w.ok(w.registry.SetEntries(w.ctx, identity.System, area, 2026, registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: "3", Source: "x"}))
			}
		}
		clan, err := w.registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: area, Model: registry.Clan, Name: "Dòng họ Hà"})
		w.ok(err)
		var members []registry.Member
		for _, f := range families[:8] {
			members = append(members, registry.Member{PlaceID: area, ID: f.ID, As: registry.MemberFamily})
		}
		_, err = w.registry.SetMembers(w.ctx, identity.System, area, clan.ID, clan.Version, members)
		w.ok(err)
		p, err := w.places.Get(w.ctx, area)
		w.ok(err)
		w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
			_, err := w.registry.AddCommunities(w.ctx, tx, identity.System, p)
			return err
		}))
		volunteer := actor(identity.AreaVolunteer, area)
		points := func(model string, e assessment.Entry) map[string]criteria.Points {
			t.Helper()
			list, _, err := w.s.InLeaf(w.ctx, volunteer, area, w.round.ID, model)
			w.ok(err)
			if len(list) != 1 {
				t.Fatalf("%d files of %s", len(list), model)
			}
			_, err = w.s.Register(w.ctx, volunteer, area, w.round.ID, []string{list[0].ID}, february)
			w.ok(err)
			list, _, err = w.s.InLeaf(w.ctx, volunteer, area, w.round.ID, model)
			w.ok(err)
			_, err = w.s.Save(w.ctx, volunteer, assessment.Draft{PlaceID: area, ID: list[0].ID, Version: list[0].Version, Stage: assessment.StageArea, Entry: e})
			w.ok(err)
			f, err := w.s.Get(w.ctx, volunteer, area, list[0].ID)
			w.ok(err)
			return f.Sheets[assessment.StageArea].Points
		}
		clans := assessment.Entry{Facts: map[string]any{"clans": 1.0}}
		if got := points(registry.Clan, assessment.Entry{}); got["B1"] != 2000 || got["B3"] != 300 {
			t.Errorf("the clan gets %v", got)
		}
		if got := points(registry.Community, clans); got["B1"] != 1200 || got["B2"] != 0 || got["B3"] != 400 {
			t.Errorf("the community gets %v", got)
		}
		w.title(families[7], 2026, 2026, "valid")
		w.title(clan, 2026, 2026, "valid")
		if got := points(registry.Clan, assessment.Entry{}); got["B1"] != 2500 {
			t.Errorf("with seven of eight the clan gets %v", got)
		}
		if got := points(registry.Community, clans); got["B1"] != 1500 || got["B2"] != 800 {
			t.Errorf("with nine of ten the community gets %v", got)
		}
		w.exact()
	})
}
