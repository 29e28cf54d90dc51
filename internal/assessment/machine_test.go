// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// ways is the state machine once more, by hand: what each act needs and where it leads; "" stays, "?" goes by completeness.
var ways = map[string]map[string]string{
	"register":   {"listed": "registered"},
	"unregister": {"registered": "listed", "scored": "listed", "returned": "listed"},
	"score":      {"registered": "?", "scored": "?", "returned": "returned"},
	"send":       {"registered": "sent", "scored": "sent", "returned": "sent"},
	"appraise":   {"sent": "sent"},
	"return":     {"sent": "returned"},
	"approve":    {"sent": "approved"},
	"reject":     {"sent": "rejected"},
	"reopen":     {"approved": "sent", "rejected": "sent"},
	"vote":       {"listed": "listed", "registered": "registered", "scored": "scored", "returned": "returned"},
}

// doers says who may do an act in an area: its volunteer (v), its commune's officer (o) and reviewer (r), the province (p).
var doers = map[string]string{"register": "vo", "unregister": "vo", "score": "vo", "send": "vo", "vote": "vo", "appraise": "or", "return": "or", "approve": "o",
	"reject": "o", "reopen": "o", "close": "op", "open": "op", "registry": "vo"}

// site is one of the two areas with the people around it.
type site struct {
	commune, area string
	minutes       assessment.Minutes
	actors        map[string]identity.Actor
}

// machine is a round of two areas in two communes that a random sequence of acts goes through.
type machine struct {
	*world
	*rapid.T
	round  string
	sites  [2]*site
	merges []string
	since  string                     // last line of the journal before this round
	hands  map[string]map[string]bool // file → who has given it points
	n      int                        // names given
}

// row is what of a file must not change unnoticed.
type row struct {
	place, id, subject, state, stage, outcome, holder, scored, name string
	missing, against, evidence                                      int
	version                                                         int64
}

const selectRows = `SELECT a.place_id, a.id, a.subject_id, a.state, a.stage, a.outcome, a.holder_id, a.scored_by, a.name, a.missing, a.votes_against,
		a.evidence, a.version
	FROM assessment a
	WHERE a.round_id = $1 AND a.model = 'family' ORDER BY a.id`

func (m *machine) rows() map[string]row {
	list, err := store.Collect(m.ctx, m.db.Read(), func(sc store.Scanner) (r row, err error) {
		return r, sc.Scan(&r.place, &r.id, &r.subject, &r.state, &r.stage, &r.outcome, &r.holder, &r.scored, &r.name, &r.missing, &r.against, &r.evidence, &r.version)
	}, selectRows, m.round)
	m.must(err)
	out := map[string]row{}
	for _, r := range list {
		out[r.id] = r
	}
	return out
}

type entry struct{ thing, act, before, after string }

// journal reads what was written of files in this round, after its first n lines.
func (m *machine) journal(n int) []entry {
	list, err := store.Collect(m.ctx, m.db.Read(), func(sc store.Scanner) (e entry, err error) {
		return e, sc.Scan(&e.thing, &e.act, &e.before, &e.after)
	}, `SELECT thing_id, act, before, after FROM journal WHERE thing = 'assessment' AND id > $1 ORDER BY id`, m.since)
	m.must(err)
	return list[n:]
}

func (m *machine) must(err error) {
	if err != nil {
		m.Fatalf("%v", err)
	}
}

// Whoever does what in whatever order: no state outside the machine, no change by somebody who may not, one journal entry an act with
// before and after, exact counters and results.
func TestAnySequenceKeepsTheMachine(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	defer flag.Set("rapid.checks", checks.Value.String())
	if checks.Value.String() == checks.DefValue { // each check is some fifty transactions
		if err := flag.Set("rapid.checks", "25"); err != nil {
			t.Fatal(err)
		}
	}
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.close(w.round.ID)
		rapid.Check(t, func(r *rapid.T) {
			m := newMachine(w, r)
			defer w.close(m.round)
			for range rapid.IntRange(20, 60).Draw(r, "acts") {
				m.step()
			}
			w.exact()
			if t.Failed() {
				r.FailNow()
			}
		})
	})
}

// newMachine opens a round with two new areas of three families each.
func newMachine(w *world, r *rapid.T) *machine {
	m := &machine{world: w, T: r, hands: map[string]map[string]bool{}}
	draft := assessment.Template(2026, place.OfficialID("25", "2025-07-01"))
	draft.Title, draft.State = "Đợt ngẫu nhiên", assessment.RoundOpen
	round, err := w.s.SaveRound(w.ctx, identity.System, draft)
	m.must(err)
	m.round = round.ID
	m.since, _, err = store.One(w.ctx, w.db.Read(), store.Value[string], `SELECT max(id) FROM journal`)
	m.must(err)
	for i, commune := range []string{w.commune, place.OfficialID(neighbourCode, "2025-07-01")} {
		area, err := w.places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: commune, Name: store.NewID()[16:], Kind: "Khu", From: "2025-07-01"})
		m.must(err)
		m.sites[i] = &site{commune: commune, area: area.ID, actors: map[string]identity.Actor{
			"v": actor(identity.AreaVolunteer, area.ID), "o": actor(identity.CommuneOfficer, commune), "r": actor(identity.Reviewer, commune),
			"p": actor(identity.ProvinceOfficer, round.PlaceID), "w": actor(identity.Viewer, commune), "a": actor(identity.Admin, round.PlaceID)}}
		for range 3 {
			f, err := w.registry.Save(w.ctx, identity.System, m.draft(area.ID))
			m.must(err)
			m.must(w.registry.SetEntries(w.ctx, identity.System, area.ID, 2026, registry.Entry{SubjectID: f.ID, Key: "poverty_status", Value: "none", Source: "x"},
				registry.Entry{SubjectID: f.ID, Key: "culture_family", Value: "true", Source: "x"},
				registry.Entry{SubjectID: f.ID, Key: registry.CitizenTitles, Value: "3", Source: "x"}))
		}
		m.sites[i].minutes, err = w.s.SaveMinutes(w.ctx, m.sites[i].actors["v"], assessment.Minutes{PlaceID: area.ID, RoundID: m.round, Model: registry.Family,
			HeldOn: "2026-11-17", Chair: "a", Secretary: "b", Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
		m.must(err)
	}
	return m
}

// close ends the round, so that the next one's newcomers are listed once.
func (w *world) close(roundID string) {
	r, err := w.s.Round(w.ctx, roundID)
	w.ok(err)
	r.State = assessment.RoundClosed
	_, err = w.s.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
}

func (m *machine) draft(area string) registry.Draft {
	m.n++
	return registry.Draft{PlaceID: area, Model: registry.Family, Name: "Chủ hộ " + string(rune('A'+m.n%26)), Number: strconv.Itoa(m.n), Members: 6, Adults: 4, Children: 2}
}

var everything = []string{"register", "register", "unregister", "score", "score", "send", "send", "send", "appraise", "return", "approve", "approve", "reject", "reopen", "vote",
	"close", "close", "open", "rename", "move", "merge", "restore", "leave", "back", "new"}

// step does one act by one person and compares all files and the journal with before.
func (m *machine) step() {
	at := m.sites[rapid.IntRange(0, 1).Draw(m.T, "area")]
	before, lines := m.rows(), len(m.journal(0))
	var files []row
	for _, id := range sorted(before) {
		if before[id].place == at.area {
			files = append(files, before[id])
		}
	}
	var f row
	if len(files) > 0 {
		f = rapid.SampledFrom(files).Draw(m.T, "file")
	}
	acts, roles, from := everything, "voorpwa", at
	mode := rapid.SampledFrom([]string{"right", "right", "right", "untimely", "wrong"}).Draw(m.T, "mode")
	sensible := len(files) > 0 && mode == "right"
	if sensible { // what the file waits for
		acts = nil
		for _, act := range everything {
			if _, right := ways[act][f.state]; right && act != "vote" {
				acts = append(acts, act)
			}
		}
	} else if mode == "wrong" && rapid.Bool().Draw(m.T, "from elsewhere") {
		from = m.sites[rapid.IntRange(0, 1).Draw(m.T, "whose")]
	}
	act := rapid.SampledFrom(acts).Draw(m.T, "act")
	if people, ok := doers[act]; ok && mode != "wrong" { // by somebody whose task it is
		roles = people
	}
	role := string(rapid.SampledFrom([]byte(roles)).Draw(m.T, "role"))
	by := from.actors[role]
	if len(files) == 0 && act != "new" && act != "close" && act != "open" {
		return
	}
	closed, err := m.s.Closed(m.ctx, at.commune, m.round)
	m.must(err)
	d := &deed{machine: m, act: act, at: at, by: by, f: f, version: f.version, entry: good()}
	if mode == "wrong" && rapid.IntRange(0, 4).Draw(m.T, "stale") == 0 {
		d.version--
	}
	switch rapid.IntRange(0, 5).Draw(m.T, "sheet") {
	case 1:
		d.entry = with(300)
	case 2:
		d.entry.Gates = nil // open
	case 3:
		d.entry.Gates = map[string]bool{"G3": false} // does not pass
	}
	err = d.do()
	if fault.KindOf(err) == fault.KindInternal && err != nil {
		m.Fatalf("%s by %s: %v", act, by.ID, err)
	}
	right := act
	if _, ok := doers[act]; !ok {
		right = "registry"
	}
	may := from == at && slices.Contains([]byte(doers[right]), role[0]) || role == "p" && slices.Contains([]byte(doers[right]), 'p')
	after, added := m.rows(), m.journal(lines)
	if !may && err == nil {
		m.Fatalf("%s by %s at %s went through", act, by.ID, at.area)
	}
	if err != nil {
		if len(added) != 0 {
			m.Fatalf("a refused %s left %+v", act, added)
		}
		for id, r := range after {
			if before[id] != r {
				m.Fatalf("a refused %s (%v) changed %+v to %+v", act, err, before[id], r)
			}
		}
	}
	for id := range before {
		if _, stays := after[id]; !stays && !(untouched(before[id]) && err == nil && slices.Contains([]string{"leave", "merge"}, act)) {
			m.Fatalf("%s lost %+v", act, before[id])
		}
	}
	m.changed(d, err, closed[registry.Family], may, before, after, added)
	if err == nil && (act == "score" || act == "appraise") {
		if m.hands[d.f.id] == nil {
			m.hands[d.f.id] = map[string]bool{}
		}
		m.hands[d.f.id][by.ID] = true
	}
}

// changed holds what happened to the machine.
func (m *machine) changed(d *deed, err error, closed, may bool, before, after map[string]row, added []entry) {
	way, files := ways[d.act]
	if files {
		to, right := way[d.f.state]
		possible := may && right && !closed
		switch d.act {
		case "register", "send", "vote":
		default:
			possible = possible && d.version == d.f.version
		}
		switch d.act {
		case "send": // the file may wait, and still the act as a whole is done
			possible = may && !closed
		case "register": // one that is registered already is left as it is
			possible = may && (d.f.state != "listed" || !closed)
		case "vote": // one that is with the commune keeps its votes
			possible = may && !closed
		case "approve":
			possible = possible && d.f.outcome == "recognised" && !m.hands[d.f.id][d.by.ID]
		case "reject":
			possible = possible && !m.hands[d.f.id][d.by.ID]
		}
		if (err == nil) != possible && !(d.act == "send" && may && closed) {
			m.Fatalf("%s of %+v by %s (version %d, closed %v): possible %v, got %v", d.act, d.f, d.by.ID, d.version, closed, possible, err)
		}
		want := d.f.state
		if err == nil && right && !closed {
			want = to
			if d.act == "send" && (d.f.stage == "" || d.f.missing > 0) {
				want = d.f.state
			}
			if to == "?" {
				want = "scored"
				if after[d.f.id].missing > 0 {
					want = "registered"
				}
			}
		}
		if got := after[d.f.id].state; got != want {
			m.Fatalf("%s of a %s file led to %s, want %s (%v)", d.act, d.f.state, got, want, err)
		}
	}
	var moved []string
	for _, id := range sorted(after) {
		was, known := before[id]
		if !known || was == after[id] {
			continue
		}
		moved = append(moved, id)
		if id != d.f.id {
			m.Fatalf("%s of %s changed %s", d.act, d.f.id, id)
		}
		if after[id].version != was.version+1 {
			m.Fatalf("%s took version %d to %d", d.act, was.version, after[id].version)
		}
	}
	if len(added) != len(moved) {
		m.Fatalf("%s changed %d files with %d entries: %+v", d.act, len(moved), len(added), added)
	}
	for i, e := range added {
		var to struct {
			State   string
			Version int64
		}
		m.must(json.Unmarshal([]byte(e.after), &to))
		if r := after[moved[i]]; e.thing != r.id || to.State != r.state || to.Version != r.version || e.before == "{}" {
			m.Fatalf("%s wrote %+v for %+v", d.act, e, r)
		}
	}
}

func untouched(r row) bool { return r.state == "listed" && r.stage == "" && r.evidence == 0 }

func sorted(rows map[string]row) (ids []string) {
	for id := range rows {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// deed is one act on one file by one person.
type deed struct {
	*machine
	act     string
	at      *site
	by      identity.Actor
	f       row
	version int64
	entry   assessment.Entry
}

func (d *deed) do() (err error) {
	ctx, key := d.ctx, assessment.Key{PlaceID: d.f.place, ID: d.f.id, Version: d.version}
	switch d.act {
	case "register":
		_, err = d.s.Register(ctx, d.by, d.at.area, d.round, []string{d.f.id}, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	case "unregister":
		_, err = d.s.Unregister(ctx, d.by, key, "Gia đình xin rút")
	case "score", "appraise":
		stage := rapid.SampledFrom([]assessment.Stage{assessment.StageSelf, assessment.StageArea}).Draw(d.T, "stage")
		if d.act == "appraise" {
			stage = assessment.StageAppraisal
		}
		_, err = d.s.Save(ctx, d.by, assessment.Draft{PlaceID: d.f.place, ID: d.f.id, Version: d.version, Stage: stage, Entry: d.entry,
			Reasons: map[string]string{"A3": "x", "C1": "x", "C2": "x", "D3": "x"}})
	case "send":
		_, err = d.s.Send(ctx, d.by, d.at.area, d.round, registry.Family, []string{d.f.id})
	case "return":
		_, err = d.s.Return(ctx, d.by, key, map[string]string{"": "Xin bổ sung"})
	case "approve":
		_, err = d.s.Approve(ctx, d.by, key)
	case "reject":
		_, err = d.s.Reject(ctx, d.by, key, "Chưa đủ")
	case "reopen":
		_, err = d.s.Reopen(ctx, d.by, key, "Xem lại")
	case "vote":
		var saved assessment.Minutes
		vote := assessment.Vote{ID: d.f.id, For: 20 - d.n%3, Against: d.n % 3}
		if saved, err = d.s.SaveMinutes(ctx, d.by, d.at.minutes, []assessment.Vote{vote}); err == nil {
			d.at.minutes = saved
		}
	case "close", "open":
		model := rapid.SampledFrom([]string{registry.Citizen, registry.Family}).Draw(d.T, "model")
		if d.act == "close" {
			return d.s.CloseModel(ctx, d.by, d.at.commune, d.round, model)
		}
		return d.s.ReopenModel(ctx, d.by, d.at.commune, d.round, model, "Có đơn")
	default:
		return d.inRegistry()
	}
	return err
}

// inRegistry changes the subject of the file; the registry's own rules may refuse, permission apart.
func (d *deed) inRegistry() error {
	if d.act == "new" {
		_, err := d.registry.Save(d.ctx, d.by, d.draft(d.at.area))
		return err
	}
	sub, err := d.registry.Load(d.ctx, d.db.Read(), d.f.place, d.f.subject)
	d.must(err)
	switch d.act {
	case "rename":
		change := sub.Draft()
		d.n++
		change.Name = fmt.Sprintf("Chủ hộ mới %c", 'A'+d.n%26)
		_, err = d.registry.Save(d.ctx, d.by, change)
	case "move":
		to := d.sites[0]
		if to == d.at {
			to = d.sites[1]
		}
		if len(d.by.Grants) > 0 && d.by.Grants[0].Role == identity.CommuneOfficer { // both communes must be open to who moves
			d.by.Grants = append(slices.Clone(d.by.Grants), identity.Grant{Role: identity.CommuneOfficer, PlaceID: to.commune})
		}
		_, err = d.registry.Move(d.ctx, d.by, sub.PlaceID, sub.ID, sub.Version, to.area, "2026-11-18")
	case "leave":
		_, err = d.registry.Leave(d.ctx, d.by, sub.PlaceID, sub.ID, sub.Version, "Chuyển đi")
	case "back":
		_, err = d.registry.Back(d.ctx, d.by, sub.PlaceID, sub.ID, sub.Version, "Trở về")
	case "merge":
		return d.merge(sub)
	case "restore":
		if len(d.merges) == 0 {
			return fault.NotFound("merge", "")
		}
		_, err = d.registry.UndoMerge(d.ctx, d.by, d.at.area, d.merges[len(d.merges)-1])
	}
	return err
}

// merge makes the file's subject a part of another family of the area.
func (d *deed) merge(gone registry.Subject) error {
	list, err := d.registry.InLeaf(d.ctx, d.db.Read(), d.at.area, registry.Family)
	d.must(err)
	for _, keep := range list {
		if keep.ID != gone.ID {
			_, id, err := d.registry.Merge(d.ctx, d.by, d.at.area, keep.ID, keep.Version, gone.ID, gone.Version)
			if err == nil {
				d.merges = append(d.merges, id)
			}
			return err
		}
	}
	return fault.NotFound("subject", "")
}
