// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// A subject may fill in the self sheet of its file by a slip (identity.Own). What it said waits for the area, which scores a sheet of its own beside
// it and never writes over it; once the area has, or the stage is over, the subject only reads.

const selectSelfSheet = `SELECT by_id, at FROM sheet WHERE place_id = $1 AND assessment_id = $2 AND stage = 'self'`

// ownSheet is when the subject itself saved its sheet by its slip; 0 when it did not, also where somebody typed one from paper.
func ownSheet(ctx context.Context, tx *store.Tx, placeID, id string) (at int64, err error) {
	_, err = store.Collect(ctx, tx, func(sc store.Scanner) (struct{}, error) {
		var by string
		var when int64
		err := sc.Scan(&by, &when)
		if identity.IsOwn(by) {
			at = when
		}
		return struct{}{}, err
	}, selectSelfSheet, placeID, id)
	return at, err
}

// ownSeen refuses a sheet that was filled in before another device of the subject sent one.
func ownSeen(ctx context.Context, tx *store.Tx, a *Assessment, seen int64) error {
	at, err := ownSheet(ctx, tx, a.PlaceID, a.ID)
	if err == nil && at != seen {
		err = fault.Stale("own_sheet", a.ID)
	}
	return err
}

// keepOwn guards both sides: the subject writes only while the area has not scored, and nobody writes over what the subject said.
func (s *Service) keepOwn(ctx context.Context, tx *store.Tx, by identity.Actor, a *Assessment, stage Stage) error {
	if by.Own.FileID != "" {
		return own(a)
	}
	if stage != StageSelf || a.Stage == "" {
		return nil
	}
	at, err := ownSheet(ctx, tx, a.PlaceID, a.ID)
	if err == nil && at != 0 {
		err = fault.Conflict("self.kept", "name", a.Name)
	}
	return err
}

// own refuses what is no longer the subject's to say.
func own(a *Assessment) error {
	switch {
	case a.State == Listed:
		return fault.Conflict("self.not_registered")
	case a.Stage != "" && a.Stage != StageSelf, a.State == Returned, a.Locked():
		return fault.Conflict("self.scored")
	}
	return nil
}

// ownMay is why a subject may not change its file now; nil when it may.
func (s *Service) ownMay(ctx context.Context, tx *store.Tx, by identity.Actor, r *Round, a *Assessment, path string) error {
	if err := by.Fills(ruleOf(ActScore), a.PlaceID, a.ID); err != nil {
		return err
	}
	if err := own(a); err != nil {
		return err
	}
	if err := registry.Free(ctx, tx, a.SubjectID, ""); err != nil {
		return err
	}
	return s.mayWrite(ctx, tx, r, a, StageSelf, path)
}

// waits reports whether a file's last sheet is what its subject said, and the area has not looked at it.
func waits(a *Assessment, sh *Sheet) bool {
	return a.Stage == StageSelf && sh.Stage == StageSelf && identity.IsOwn(sh.ByID) && !a.Locked()
}

// OwnFile is a file as its subject sees it by its slip. The board has one row; its entry is what the subject said and what registry and registers
// know, never what others typed.
type OwnFile struct {
	Board
	Sent *Sheet // what the subject sent; nil before that
	Said bool   // somebody typed a self sheet for it
}

// Row is the file's row.
func (o *OwnFile) Row() *BoardRow { return &o.Rows[0] }

// Own returns the actor's own file. Late is why nothing can be sent. It fails with fault.NotFound for who has none, or one that moved away.
func (s *Service) Own(ctx context.Context, by identity.Actor) (o OwnFile, err error) {
	defer fault.Wrap(&err, "assessment.Own(%s)", by.Own.FileID)
	if by.Own.FileID == "" {
		return o, fault.NotFound("assessment", "")
	}
	tx := s.db.Read()
	a, err := get(ctx, tx, by.Own.PlaceID, by.Own.FileID)
	if err != nil {
		return o, err
	}
	o.PlaceID, o.Model, o.Stage = a.PlaceID, a.Model, StageSelf
	if o.Round, err = s.round(ctx, tx, a.RoundID); err != nil {
		return o, err
	}
	if o.Set, err = s.sets.Compiled(ctx, a.SetID); err != nil {
		return o, err
	}
	path, err := s.places.Path(ctx, tx, a.PlaceID)
	if err != nil {
		return o, err
	}
	if o.Late = s.ownMay(ctx, tx, by, &o.Round, &a, path); o.Late != nil && fault.KindOf(o.Late) == fault.KindInternal {
		return o, o.Late
	}
	all, err := sheets(ctx, tx, a.PlaceID, a.ID)
	if err != nil {
		return o, err
	}
	row := BoardRow{Assessment: a}
	if sh, ok := all[StageSelf]; ok {
		if o.Said = !identity.IsOwn(sh.ByID); !o.Said {
			o.Sent, row.Entry, row.Waits = &sh, sh.Entry, waits(&a, &sh)
		}
	}
	if row.Subject, err = s.registry.Load(ctx, tx, a.PlaceID, a.SubjectID); err != nil {
		return o, err
	}
	entries, err := s.registry.EntriesOf(ctx, tx, a.PlaceID, a.SubjectID, o.Round.Year)
	if err != nil {
		return o, err
	}
	row.Locked = sources(o.Set, entries)
	if o.Late == nil {
		if row.Entry, _, err = s.complete(ctx, tx, &o.Round, &a, o.Set, row.Entry); err != nil {
			return o, err
		}
	}
	row.Input = o.Set.NewInput()
	row.Input.Year = o.Round.Year
	if err := row.Entry.fill(o.Set, row.Input); err != nil {
		return o, err
	}
	if err := o.Set.ScoreInto(row.Input, &row.Result); err != nil && fault.KindOf(err) == fault.KindInternal {
		return o, err
	}
	o.Rows = []BoardRow{row}
	return o, nil
}

// AcceptOwn takes what a subject said of itself as the area's sheet, word for word. It fails as Save does, and with fault.Conflict where the
// subject has sent nothing that waits.
func (s *Service) AcceptOwn(ctx context.Context, by identity.Actor, placeID, id string, version int64) (saved Saved, err error) {
	defer fault.Wrap(&err, "assessment.AcceptOwn(%s)", id)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		a, _, err := s.may(ctx, tx, by, ruleOf(ActScore).Act, placeID, id)
		if err != nil {
			return err
		}
		all, err := sheets(ctx, tx, placeID, id)
		if err != nil {
			return err
		}
		sh, ok := all[StageSelf]
		if !ok || !waits(&a, &sh) {
			return fault.Conflict("self.nothing", "name", a.Name)
		}
		saved, err = s.save(ctx, tx, by, Draft{PlaceID: placeID, ID: id, Version: version, Stage: StageArea, Entry: sh.Entry}, &leaf{})
		return err
	})
	return saved, err
}
