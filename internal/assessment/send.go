// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Minutes are those of the meeting at which an area judged its subjects of one model: branch, Front committee and area head.
type Minutes struct {
	PlaceID    string
	ID         string
	RoundID    string
	Model      string
	HeldOn     string // YYYY-MM-DD
	Venue      string
	Chair      string
	Secretary  string
	Present    int
	Signed     Signatures
	Opinion    string
	EvidenceID string // the signed paper, photographed
	Final      bool
	Version    int64
}

// Signatures says who has signed the minutes on paper.
type Signatures struct {
	Branch bool `json:"branch"` // chi hội khuyến học
	Front  bool `json:"front"`  // Ban công tác Mặt trận
	Head   bool `json:"head"`   // trưởng khu
}

// All reports whether the three have signed.
func (s Signatures) All() bool { return s.Branch && s.Front && s.Head }

// Vote is how the meeting voted on one subject; where none is given all present were for it.
type Vote struct {
	ID      string // assessment
	For     int
	Against int
}

const (
	selectMinutes = `SELECT place_id, id, round_id, model, held_on, venue, chair, secretary, present, signed, opinion, evidence_id, state, version
		FROM minutes WHERE place_id = $1 AND round_id = $2 AND model = $3`
	upsertMinutes = `
		INSERT INTO minutes (place_id, id, round_id, model, held_on, venue, chair, secretary, present, signed, opinion, evidence_id, state, by_id, version, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15)
		ON CONFLICT (place_id, round_id, model) DO UPDATE SET held_on = excluded.held_on, venue = excluded.venue, chair = excluded.chair, secretary = excluded.secretary,
			present = excluded.present, signed = excluded.signed, opinion = excluded.opinion, evidence_id = excluded.evidence_id, state = excluded.state,
			by_id = excluded.by_id, version = minutes.version + 1, at = excluded.at
		WHERE minutes.version = $16 AND minutes.id = excluded.id`
)

func scanMinutes(sc store.Scanner) (m Minutes, err error) {
	var signed, state string
	if err = sc.Scan(&m.PlaceID, &m.ID, &m.RoundID, &m.Model, &m.HeldOn, &m.Venue, &m.Chair, &m.Secretary, &m.Present, &signed, &m.Opinion, &m.EvidenceID, &state, &m.Version); err == nil {
		err = json.Unmarshal([]byte(signed), &m.Signed)
	}
	m.Final = state == "final"
	return m, err
}

// MinutesOf returns the minutes of an area, or fault.NotFound before there are any.
func (s *Service) MinutesOf(ctx context.Context, placeID, roundID, model string) (m Minutes, err error) {
	m, found, err := store.One(ctx, s.db.Read(), scanMinutes, selectMinutes, placeID, roundID, model)
	if err == nil && !found {
		err = fault.NotFound("minutes", placeID)
	}
	return m, err
}

// Check reports every rule the minutes break; today bounds the meeting's day. Final ones need the three signatures.
func (m Minutes) Check(today string) error {
	var errs []fault.FieldError
	if _, err := time.Parse(time.DateOnly, m.HeldOn); err != nil || m.HeldOn > today {
		errs = append(errs, fault.Field("held_on", "minutes.held_on"))
	}
	if m.Chair == "" || len(m.Chair) > 240 {
		errs = append(errs, fault.Field("chair", "minutes.chair"))
	}
	if m.Secretary == "" || len(m.Secretary) > 240 {
		errs = append(errs, fault.Field("secretary", "minutes.secretary"))
	}
	if m.Present < 3 || m.Present > 2000 {
		errs = append(errs, fault.Field("present", "minutes.present"))
	}
	if len(m.Opinion) > 10000 || len(m.Venue) > 500 {
		errs = append(errs, fault.Field("opinion", "minutes.long"))
	}
	if m.Final && !m.Signed.All() {
		errs = append(errs, fault.Field("signed", "minutes.signed"))
	}
	return fault.Invalid(errs...)
}

// SaveMinutes stores the minutes of an area's meeting and its votes. It fails with fault.Stale when they were saved since m.Version, also
// when somebody else began them meanwhile, and with fault.Conflict outside the area's and the commune's time.
func (s *Service) SaveMinutes(ctx context.Context, by identity.Actor, m Minutes, votes []Vote) (_ Minutes, err error) {
	defer fault.Wrap(&err, "assessment.SaveMinutes(%s)", m.PlaceID)
	m.Venue, m.Chair, m.Secretary, m.Opinion = text.NFC(m.Venue), text.NFC(m.Chair), text.NFC(m.Secretary), text.NFC(m.Opinion)
	if err := m.Check(store.Date(s.now())); err != nil {
		return m, err
	}
	for _, v := range votes {
		if v.For < 0 || v.Against < 0 || v.For+v.Against > m.Present {
			return m, fault.Invalid(fault.Field("votes."+v.ID, "minutes.votes", "present", m.Present))
		}
	}
	if m.ID == "" {
		m.ID = store.NewID()
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, m.PlaceID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.Score, path, m.PlaceID); err != nil {
			return err
		}
		r, err := s.round(ctx, tx, m.RoundID)
		if err != nil {
			return err
		}
		if _, ok := r.Plan.Model(m.Model); !ok {
			return fault.NotFound("model", m.Model)
		}
		if err := s.during(ctx, tx, &r, &Assessment{Model: m.Model}, ruleOf("minutes"), path); err != nil {
			return err
		}
		if err := s.stillOpen(ctx, tx, &Assessment{RoundID: r.ID, Model: m.Model}, path); err != nil {
			return err
		}
		if w, ok := r.Plan.Window(StageArea); ok && m.HeldOn < w.From {
			return fault.Invalid(fault.Field("held_on", "minutes.early", "from", w.From))
		}
		before, found, err := store.One(ctx, tx, scanMinutes, selectMinutes, m.PlaceID, m.RoundID, m.Model)
		if err != nil {
			return err
		}
		if found && before.ID != m.ID {
			return fault.Stale("minutes", before.ID)
		}
		signed, err := json.Marshal(m.Signed)
		if err != nil {
			return err
		}
		state := "draft"
		if m.Final {
			state = "final"
		}
		n, err := tx.Exec(ctx, upsertMinutes, m.PlaceID, m.ID, m.RoundID, m.Model, m.HeldOn, m.Venue, m.Chair, m.Secretary, m.Present, string(signed),
			m.Opinion, m.EvidenceID, state, by.ID, store.Micros(s.now()), m.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("minutes", m.ID)
		}
		if err := s.vote(ctx, tx, by, m, votes); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: m.PlaceID, ThingID: m.ID, Thing: "minutes", Act: "save", Before: before, After: m})
	})
	if err == nil {
		m.Version++
	}
	return m, err
}

func (s *Service) vote(ctx context.Context, tx *store.Tx, by identity.Actor, m Minutes, votes []Vote) error {
	for _, v := range votes {
		before, err := get(ctx, tx, m.PlaceID, v.ID)
		if err != nil {
			return err
		}
		if before.RoundID != m.RoundID || before.Model != m.Model {
			return fault.NotFound("assessment", v.ID)
		}
		if before.Locked() || before.VotesFor == v.For && before.VotesAgainst == v.Against {
			continue
		}
		after := before
		after.VotesFor, after.VotesAgainst = v.For, v.Against
		after.Flags &^= FlagVotes
		if v.Against > 0 {
			after.Flags |= FlagVotes
		}
		if err := s.change(ctx, tx, by, &before, &after, "vote", "", nil); err != nil {
			return err
		}
	}
	return nil
}

const selectSendable = `SELECT ` + columns + ` FROM assessment a
	WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3 AND a.state IN ('registered', 'scored', 'returned') ORDER BY a.sort, a.id`

// Send hands the files of an area to the commune: those named, or all that are complete. A file that cannot go yet is left with the
// reason; the others go. Minutes with the three signatures are needed where the round says so.
func (s *Service) Send(ctx context.Context, by identity.Actor, placeID, roundID, model string, ids []string) (b Batch, err error) {
	defer fault.Wrap(&err, "assessment.Send(%s, %s)", placeID, model)
	named := map[string]bool{}
	for _, id := range ids {
		named[id] = true
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		b = Batch{}
		path, err := s.places.Path(ctx, tx, placeID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.Score, path, placeID); err != nil {
			return err
		}
		r, err := s.round(ctx, tx, roundID)
		if err != nil {
			return err
		}
		if err := s.haveMinutes(ctx, tx, &r, placeID, model); err != nil {
			return err
		}
		list, err := store.Collect(ctx, tx, scan, selectSendable, placeID, roundID, model)
		if err != nil {
			return err
		}
		for i := range list {
			a := &list[i]
			if len(named) > 0 && !named[a.ID] {
				continue
			}
			if why := s.maySend(ctx, tx, &r, a, path); why != nil {
				if fault.Ours(why) {
					return why
				}
				b.Left = append(b.Left, Left{*a, why})
				continue
			}
			if err := s.sendOne(ctx, tx, by, a); err != nil {
				return err
			}
			b.Done++
		}
		return nil
	})
	return b, err
}

func (s *Service) haveMinutes(ctx context.Context, tx *store.Tx, r *Round, placeID, model string) error {
	plan, ok := r.Plan.Model(model)
	if !ok {
		return fault.NotFound("model", model)
	}
	if !plan.Minutes {
		return nil
	}
	m, found, err := store.One(ctx, tx, scanMinutes, selectMinutes, placeID, r.ID, model)
	if err == nil && (!found || !m.Final) {
		err = fault.Conflict("minutes.needed", "model", model)
	}
	return err
}

// maySend says why a file cannot go to the commune.
func (s *Service) maySend(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, path string) error {
	if err := registry.Free(ctx, tx, a.SubjectID, a.Name); err != nil {
		return err
	}
	if err := s.mayWrite(ctx, tx, r, a, StageArea, path); err != nil {
		return err
	}
	if a.Stage == "" || a.Missing > 0 {
		return fault.Conflict("assessment.incomplete", "name", a.Name, "missing", a.Missing)
	}
	if a.Flags&FlagEvidence != 0 {
		return fault.Conflict("assessment.evidence", "name", a.Name)
	}
	return nil
}

func (s *Service) sendOne(ctx context.Context, tx *store.Tx, by identity.Actor, before *Assessment) (err error) {
	after := *before
	if before.State == Registered {
		after.State = Scored // complete, but still open only in the eyes of a rule that changed since
	}
	if after.State, err = step(&after, ActSend); err != nil {
		return err
	}
	after.SentAt = s.now()
	if before.State == Returned {
		if _, err := tx.Exec(ctx, settleRemarks, store.Micros(s.now()), before.PlaceID, before.ID); err != nil {
			return err
		}
	}
	return s.change(ctx, tx, by, before, &after, ActSend, "", nil)
}
