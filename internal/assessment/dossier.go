// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Dossier is a file with all that its own page shows beside the sheets.
type Dossier struct {
	File
	Subject registry.Subject
	Locked  map[string]string // facts that another register answers, with its name
	Input   *criteria.Input   // of Entry
	Stage   Stage             // the stage that a save of the area belongs to today
	Late    error             // why the area can save nothing today; nil when it can
	Closed  error             // why the commune can settle nothing today; nil when it can
	Minutes *Minutes
	Appeals []Appeal
	History []Event
}

// Event is one line of a file's journal.
type Event struct {
	At      time.Time
	ByName  string // "" for what the program did by itself
	Own     bool   // by the subject, with its slip
	ForName string // on whose behalf, by a delegation; "" for none
	Act     Act
	Stage   Stage // of a saved sheet
	State   State // afterwards; "" where the act is not about it
	Outcome string
	Total   *criteria.Points
	Reason  string
}

// Dossier returns a file as its page shows it. What registers and registry say is filled in as long as the file is not locked.
func (s *Service) Dossier(ctx context.Context, by identity.Actor, placeID, id string) (d Dossier, err error) {
	defer fault.Wrap(&err, "assessment.Dossier(%s)", id)
	if d.File, err = s.Get(ctx, by, placeID, id); err != nil {
		return d, err
	}
	tx, a := s.db.Read(), &d.Assessment
	b := Board{PlaceID: placeID, Round: d.Round, Model: a.Model}
	if err := s.openBoard(ctx, tx, &b); err != nil {
		return d, err
	}
	d.Stage, d.Late, d.Minutes = b.Stage, b.Late, b.Minutes
	if sh, ok := d.Sheets[StageSelf]; ok && d.Stage == StageSelf && identity.IsOwn(sh.ByID) { // the subject's stays; the area's is another
		d.Stage = StageArea
		d.Late = s.mayWrite(ctx, tx, &d.Round, a, StageArea, d.Path)
	}
	if d.Late != nil && a.State == Returned { // a returned file may be mended as long as the commune appraises
		d.Late = s.mayWrite(ctx, tx, &d.Round, a, b.Stage, d.Path)
	}
	if d.Closed = s.inTime(ctx, tx, &d.Round, a.Model, StageAppraisal, d.Path); d.Closed == nil {
		d.Closed = s.stillOpen(ctx, tx, a, d.Path)
	}
	if fault.Ours(d.Closed) {
		return d, d.Closed
	}
	if d.Subject, err = s.registry.Load(ctx, tx, placeID, a.SubjectID); err != nil {
		return d, err
	}
	entries, err := s.registry.EntriesOf(ctx, tx, placeID, a.SubjectID, d.Round.Year)
	if err != nil {
		return d, err
	}
	d.Locked = sources(d.Set, entries)
	if !a.Locked() {
		if d.Entry, _, err = s.complete(ctx, tx, &d.Round, a, d.Set, d.Entry); err != nil {
			return d, err
		}
		if d.Result, err = d.explain(); err != nil && fault.KindOf(err) != fault.KindInvalid {
			return d, err
		}
	}
	d.Input = d.Set.NewInput()
	d.Input.Year = d.Round.Year
	if err := d.Entry.fill(d.Set, d.Input); err != nil {
		return d, err
	}
	if d.Appeals, err = store.Collect(ctx, tx, scanAppeal, selectAppeal, placeID, id); err != nil {
		return d, err
	}
	registry.Mask(by.Sees(d.Path), &d.Subject)
	if !by.Sees(d.Path).Has(identity.FieldStatus) && !by.May(identity.Inspect, d.Path) { // who checks a file needs what its score was made of
		delete(d.Entry.Facts, "poverty_status")
	}
	d.History, err = s.history(ctx, tx, placeID, id)
	return d, err
}

const selectActors = `SELECT DISTINCT a.id, a.name FROM journal j JOIN account a ON a.id = j.actor_id WHERE j.place_id = $1 AND j.thing_id = $2`

const selectName = `SELECT name FROM account WHERE id = $1`

// history reads the journal of a file, also at the places it moved from, with the names of those who acted, oldest first.
func (s *Service) history(ctx context.Context, tx *store.Tx, placeID, id string) (list []Event, err error) {
	places, names := []string{placeID}, map[string]string{}
	var lines []audit.Line
	for i := 0; i < len(places); i++ {
		there, err := audit.History(ctx, tx, places[i], id)
		if err != nil {
			return nil, err
		}
		for _, l := range there {
			var before struct{ Place string }
			if l.Act == actMove && json.Unmarshal(l.Before, &before) == nil && !slices.Contains(places, before.Place) {
				places = append(places, before.Place)
			}
		}
		lines = append(lines, there...)
		err = store.Each(ctx, tx, func(sc store.Scanner) error {
			var id, name string
			err := sc.Scan(&id, &name)
			names[id] = name
			return err
		}, selectActors, places[i], id)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(lines, func(a, b audit.Line) int { return strings.Compare(a.ID, b.ID) })
	for _, l := range lines {
		e := Event{At: l.At, ByName: names[l.ActorID], Own: identity.IsOwn(l.ActorID), Act: Act(l.Act), Reason: l.Reason}
		if giver := l.For(); giver != "" {
			if names[giver] == "" {
				if names[giver], _, err = store.One(ctx, tx, store.Value[string], selectName, giver); err != nil {
					return nil, err
				}
			}
			e.ForName = names[giver]
		}
		var after struct {
			State   State           `json:"state"`
			Total   json.Number     `json:"total"` // points as printed
			Outcome string          `json:"outcome"`
			Sheet   json.RawMessage `json:"sheet"`
		}
		if json.Unmarshal(l.After, &after) == nil { // entries of other acts have other shapes: only their words are shown
			e.State, e.Outcome = after.State, after.Outcome
			if n, ok := criteria.ParseNum(after.Total.String()); ok {
				p := n.Points()
				e.Total = &p
			}
			var sheet struct {
				Stage Stage `json:"stage"`
			}
			if json.Unmarshal(after.Sheet, &sheet) == nil {
				e.Stage = sheet.Stage
			}
		}
		list = append(list, e)
	}
	return list, nil
}

// Next is the file behind a in the list that f describes, for going through it file by file. found is false at its end.
func (s *Service) Next(ctx context.Context, by identity.Actor, f Filter, a *Assessment) (next Assessment, found bool, err error) {
	f.After, f.Limit = CursorOf(a), 1
	list, _, err := s.Find(ctx, by, f)
	if err != nil || len(list) == 0 {
		return next, false, err
	}
	return list[0], true, nil
}

// Clone is a copy whose facts, scores, gates and counts can be changed without changing e.
func (e Entry) Clone() Entry {
	e.Facts, e.Scores, e.Gates, e.Counts = cloned(e.Facts), cloned(e.Scores), cloned(e.Gates), cloned(e.Counts)
	return e
}

// SameAs reports whether people said the same in both: facts, scores and gates.
func (e Entry) SameAs(f Entry) bool {
	same := func(x, y any) bool {
		a, _ := json.Marshal(x)
		b, _ := json.Marshal(y)
		return string(a) == string(b)
	}
	return same(cloned(e.Facts), cloned(f.Facts)) && same(cloned(e.Scores), cloned(f.Scores)) && same(cloned(e.Gates), cloned(f.Gates))
}
