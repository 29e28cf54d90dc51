// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Board is a whole area on one screen: every subject of a model with its sheet, worked out, and last year's beside it.
type Board struct {
	PlaceID string
	Round   Round
	Model   string
	Stage   Stage // the stage a save of today belongs to
	Set     *criteria.Compiled
	Rows    []BoardRow
	Minutes *Minutes // nil before there are any
	Late    error    // why nothing can be saved today; nil when it can
}

// BoardRow is one subject. Input and Result are the last sheet's, or what registers and registry already say.
type BoardRow struct {
	Assessment Assessment
	Subject    registry.Subject
	Entry      Entry
	Input      *criteria.Input
	Result     criteria.Result
	Locked     map[string]string // facts that another register answers, with its name
	Own        *Sheet            // the subject's own sheet, when the area's is another
	Previous   *Sheet            // last year's last sheet, when it was kept
	Waits      bool              // the sheet is the subject's own, by its slip: the area has not looked at it yet
}

// Board returns the board of a leaf, in a handful of queries however many subjects there are.
func (s *Service) Board(ctx context.Context, by identity.Actor, placeID, roundID, model string) (b Board, err error) {
	defer fault.Wrap(&err, "assessment.Board(%s, %s)", placeID, model)
	list, filled, err := s.InLeaf(ctx, by, placeID, roundID, model)
	if err != nil {
		return b, err
	}
	tx := s.db.Read()
	b.PlaceID, b.Model = placeID, model
	if b.Round, err = s.round(ctx, tx, roundID); err != nil {
		return b, err
	}
	if err := s.openBoard(ctx, tx, &b); err != nil {
		return b, err
	}
	known, err := s.knownOfLeaf(ctx, tx, &b, list)
	if err != nil {
		return b, err
	}
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return b, err
	}
	sees := by.Sees(path)
	b.Rows = make([]BoardRow, 0, len(list))
	for _, a := range list {
		row := BoardRow{Assessment: a, Subject: known.subjects[a.SubjectID]}
		registry.Mask(sees, &row.Subject)
		if sh, ok := filled[a.ID][a.Stage]; ok {
			row.Entry, row.Waits = sh.Entry, waits(&a, &sh)
		}
		if own, ok := filled[a.ID][StageSelf]; ok && a.Stage != StageSelf {
			row.Own = &own
		}
		if sh, ok := last(filled[a.PrevID]); ok && a.PrevID != "" {
			row.Previous = &sh
		}
		set := b.Set
		if a.SetID != set.ID() {
			if set, err = s.sets.Compiled(ctx, a.SetID); err != nil {
				return b, err
			}
		}
		row.Locked = sources(set, known.entries[a.SubjectID])
		if !a.Locked() {
			row.Entry = known.complete(&b.Round, &row.Assessment, set, row.Entry)
		}
		row.Input = set.NewInput()
		row.Input.Year = b.Round.Year
		if err := row.Entry.fill(set, row.Input); err != nil {
			return b, err
		}
		if err := set.ScoreInto(row.Input, &row.Result); fault.Ours(err) {
			return b, err
		}
		b.Rows = append(b.Rows, row)
	}
	return b, nil
}

// Row is one row of a board: after a save, or when a row is opened.
func (s *Service) Row(ctx context.Context, by identity.Actor, placeID, id string) (b Board, err error) {
	defer fault.Wrap(&err, "assessment.Row(%s)", id)
	f, err := s.Get(ctx, by, placeID, id)
	if err != nil {
		return b, err
	}
	tx := s.db.Read()
	b = Board{PlaceID: placeID, Round: f.Round, Model: f.Assessment.Model}
	if err := s.openBoard(ctx, tx, &b); err != nil {
		return b, err
	}
	b.Set = f.Set
	row := BoardRow{Assessment: f.Assessment, Entry: f.Entry, Previous: f.Previous}
	if row.Subject, err = s.registry.Load(ctx, tx, placeID, f.Assessment.SubjectID); err != nil {
		return b, err
	}
	path, err := s.places.Path(ctx, tx, row.Subject.PlaceID)
	if err != nil {
		return b, err
	}
	registry.Mask(by.Sees(path), &row.Subject)
	if !row.Assessment.Locked() {
		if row.Entry, _, err = s.complete(ctx, tx, &f.Round, &row.Assessment, f.Set, row.Entry); err != nil {
			return b, err
		}
	}
	entries, err := s.registry.EntriesOf(ctx, tx, placeID, f.Assessment.SubjectID, f.Round.Year)
	if err != nil {
		return b, err
	}
	row.Locked = sources(f.Set, entries)
	if own, ok := f.Sheets[StageSelf]; ok && f.Assessment.Stage != StageSelf {
		row.Own = &own
	}
	row.Input = f.Set.NewInput()
	row.Input.Year = f.Round.Year
	if err := row.Entry.fill(f.Set, row.Input); err != nil {
		return b, err
	}
	if err := f.Set.ScoreInto(row.Input, &row.Result); fault.Ours(err) {
		return b, err
	}
	if sh, ok := f.Sheets[StageSelf]; ok {
		row.Waits = waits(&row.Assessment, &sh)
	}
	b.Rows = []BoardRow{row}
	return b, nil
}

// openBoard fills in what belongs to the whole board: set, stage of today, minutes, and why nothing can be saved.
func (s *Service) openBoard(ctx context.Context, tx *store.Tx, b *Board) error {
	plan, ok := b.Round.Plan.Model(b.Model)
	if !ok {
		return fault.NotFound("model", b.Model)
	}
	path, err := s.places.Path(ctx, tx, b.PlaceID)
	if err != nil {
		return err
	}
	if b.Set, err = s.sets.Compiled(ctx, plan.SetID); err != nil {
		return err
	}
	m, found, err := store.One(ctx, tx, scanMinutes, selectMinutes, b.PlaceID, b.Round.ID, b.Model)
	if err != nil {
		return err
	}
	if found {
		b.Minutes = &m
	}
	b.Stage, b.Late = s.stageToday(ctx, tx, &b.Round, b.Model, path, found)
	if fault.Ours(b.Late) {
		return b.Late
	}
	if b.Late == nil {
		probe := Assessment{PlaceID: b.PlaceID, RoundID: b.Round.ID, Model: b.Model}
		b.Late = s.stillOpen(ctx, tx, &probe, path)
	}
	if fault.Ours(b.Late) {
		return b.Late
	}
	return nil
}

// stageToday is the stage that what an area saves today belongs to: the subject's own sheet, or the area's once it has minutes or the
// time of the former is over. late is why it is neither's time.
func (s *Service) stageToday(ctx context.Context, tx *store.Tx, r *Round, model, path string, minutes bool) (stage Stage, late error) {
	late = s.inTime(ctx, tx, r, model, StageSelf, path)
	if late != nil || minutes {
		if s.inTime(ctx, tx, r, model, StageArea, path) == nil {
			return StageArea, nil
		}
	}
	return StageSelf, late
}

// SaveRow is Save for the stage of today, answered with the row as Row would read it. A volunteer saves row after row, so it reads
// nothing twice. It fails as Save does.
func (s *Service) SaveRow(ctx context.Context, by identity.Actor, draft Draft) (b Board, err error) {
	defer fault.Wrap(&err, "assessment.SaveRow(%s)", draft.ID)
	draft.Stage = ""
	saved, err := s.Save(ctx, by, draft)
	if err != nil {
		return b, err
	}
	return s.boardOf(ctx, &saved)
}

// MaxTogether is how many sheets one call of SaveRows takes: they share a transaction, and others wait meanwhile.
const MaxTogether = 200

// SaveRows is SaveRow for many sheets of one leaf in one transaction, as when a browser has its network back. Each gets its own answer: a board of
// one row, or why it was refused. It fails with fault.TooMuch for more than MaxTogether.
func (s *Service) SaveRows(ctx context.Context, by identity.Actor, drafts []Draft) (rows []Board, refused []error, err error) {
	defer fault.Wrap(&err, "assessment.SaveRows(%d)", len(drafts))
	if len(drafts) > MaxTogether {
		return nil, nil, fault.TooMuch("assessment.too_many_rows", "most", MaxTogether)
	}
	for i := range drafts {
		drafts[i].Stage = ""
	}
	saved, refused, err := s.SaveAll(ctx, by, drafts)
	if err != nil {
		return nil, nil, err
	}
	rows = make([]Board, len(drafts))
	for i := range saved {
		if refused[i] != nil {
			continue
		}
		if rows[i], err = s.boardOf(ctx, &saved[i]); err != nil {
			return nil, nil, err
		}
	}
	return rows, refused, nil
}

// boardOf is what was saved as a board of one row.
func (s *Service) boardOf(ctx context.Context, saved *Saved) (b Board, err error) {
	a := saved.Assessment
	b = Board{PlaceID: a.PlaceID, Round: saved.round, Model: a.Model, Stage: a.Stage, Set: saved.Set}
	row := BoardRow{Assessment: a, Subject: saved.known.subjects[a.SubjectID], Entry: saved.Entry, Input: saved.input, Result: *saved.Result,
		Locked: sources(saved.Set, saved.known.entries[a.SubjectID])}
	tx := s.db.Read()
	if a.SelfTotal != nil && a.Stage != StageSelf {
		all, err := sheets(ctx, tx, a.PlaceID, a.ID)
		if err != nil {
			return b, err
		}
		if own, ok := all[StageSelf]; ok {
			row.Own = &own
		}
	}
	if a.PrevID != "" {
		before, err := sheets(ctx, tx, a.PrevPlaceID, a.PrevID)
		if err != nil {
			return b, err
		}
		if sh, ok := last(before); ok {
			row.Previous = &sh
		}
	}
	b.Rows = []BoardRow{row}
	return b, nil
}

// AnswerGate records one answer to a gate for every subject of an area that has none yet, such as "the police has confirmed: no
// one was fined". Subjects that are locked or not registered are left out. It is one transaction; n is how many were changed.
func (s *Service) AnswerGate(ctx context.Context, by identity.Actor, placeID, roundID, model, gate string, yes bool) (n int, err error) {
	defer fault.Wrap(&err, "assessment.AnswerGate(%s, %s)", placeID, gate)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return 0, err
	}
	if err := by.Check(identity.Score, path, placeID); err != nil {
		return 0, err
	}
	b, err := s.Board(ctx, by, placeID, roundID, model)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(b.Set.Gates, func(g criteria.Gate) bool { return g.Code == gate }) {
		return 0, fault.Invalid(fault.Field("gates."+gate, "criteria.unknown_gate", "code", gate))
	}
	if b.Late != nil {
		return 0, b.Late
	}
	var drafts []Draft
	for _, row := range b.Rows {
		a := row.Assessment
		if _, answered := row.Entry.Gates[gate]; answered || a.Locked() || a.State == Listed || row.Waits { // a subject's own sheet is looked at first
			continue
		}
		e := row.Entry
		e.Gates = cloned(e.Gates)
		e.Gates[gate] = yes
		drafts = append(drafts, Draft{PlaceID: placeID, ID: a.ID, Version: a.Version, Entry: e})
	}
	if len(drafts) == 0 {
		return 0, nil
	}
	_, faults, err := s.SaveAll(ctx, by, drafts)
	if err != nil {
		return 0, err
	}
	for _, f := range faults {
		if f == nil {
			n++
		}
	}
	return n, nil
}
