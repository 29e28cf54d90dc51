// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Appeal is an objection to a published result. It never changes a record by itself: an upheld one leads to a reopened file or
// to a new decision.
type Appeal struct {
	PlaceID      string
	ID           string
	AssessmentID string
	Body         string
	ByName       string // whoever objects; a villager has no account
	State        string // open | upheld | dismissed
	Answer       string
	At           int64
	AnsweredAt   int64
}

// The states of an appeal.
const (
	AppealOpen      = "open"
	AppealUpheld    = "upheld"
	AppealDismissed = "dismissed"
)

const (
	insertAppeal  = `INSERT INTO appeal (place_id, id, assessment_id, body, by_name, state, by_id, at) VALUES ($1, $2, $3, $4, $5, 'open', $6, $7)`
	answerAppeal  = `UPDATE appeal SET state = $1, answer = $2, answered_by = $3, answered_at = $4 WHERE place_id = $5 AND id = $6 AND assessment_id = $7 AND state = 'open'`
	selectAppeal  = `SELECT place_id, id, assessment_id, body, by_name, state, answer, at, answered_at FROM appeal WHERE place_id = $1 AND assessment_id = $2 ORDER BY id`
	selectAppeals = `SELECT l.place_id, l.id, l.assessment_id, l.body, l.by_name, l.state, l.answer, l.at, l.answered_at
		FROM place_parent p JOIN appeal l ON l.place_id = p.place_id
		WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4 AND l.state = 'open' ORDER BY l.id LIMIT 200`
)

func scanAppeal(sc store.Scanner) (a Appeal, err error) {
	err = sc.Scan(&a.PlaceID, &a.ID, &a.AssessmentID, &a.Body, &a.ByName, &a.State, &a.Answer, &a.At, &a.AnsweredAt)
	return a, err
}

// Object enters an appeal that somebody brought to the area or the commune, once the commune has judged the file.
func (s *Service) Object(ctx context.Context, by identity.Actor, placeID, id, name, body string) (ap Appeal, err error) {
	defer fault.Wrap(&err, "assessment.Object(%s)", id)
	ap = Appeal{PlaceID: placeID, ID: store.NewID(), AssessmentID: id, Body: text.NFC(body), ByName: text.NFC(name), State: AppealOpen, At: store.Micros(s.now())}
	var errs []fault.FieldError
	if ap.Body == "" || len(ap.Body) > 8000 {
		errs = append(errs, fault.Field("body", "appeal.body"))
	}
	if ap.ByName == "" || len(ap.ByName) > 240 {
		errs = append(errs, fault.Field("name", "appeal.name"))
	}
	if err := fault.Invalid(errs...); err != nil {
		return ap, err
	}
	return ap, s.db.Write(ctx, func(tx *store.Tx) error {
		a, path, err := s.may(ctx, tx, by, identity.SeeRecords, placeID, id)
		if err != nil {
			return err
		}
		if by.Check(identity.Score, path, placeID) != nil {
			if err := by.Check(identity.Appraise, path, placeID); err != nil {
				return err
			}
		}
		switch a.State {
		case Approved, Rejected, Recognised, Revoked:
		default:
			return fault.Conflict("appeal.early", "name", a.Name)
		}
		if _, err := tx.Exec(ctx, insertAppeal, ap.PlaceID, ap.ID, ap.AssessmentID, ap.Body, ap.ByName, by.ID, ap.At); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: id, Thing: "assessment", Act: "appeal", After: ap})
	})
}

// AnswerAppeal settles an appeal with a reason that whoever objected can read; neither who scored the file nor who closed it may. An upheld appeal on a file without a decision
// reopens it, for which its model must still be open in the commune.
func (s *Service) AnswerAppeal(ctx context.Context, by identity.Actor, placeID, id, appealID string, upheld bool, answer string) (err error) {
	defer fault.Wrap(&err, "assessment.AnswerAppeal(%s)", appealID)
	if answer = text.NFC(answer); answer == "" || len(answer) > 8000 {
		return fault.Invalid(fault.Field("answer", "remark.needed"))
	}
	state := AppealDismissed
	if upheld {
		state = AppealUpheld
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		rule := ruleOf("answer_appeal")
		before, path, err := s.may(ctx, tx, by, rule.Act, placeID, id)
		if err != nil {
			return err
		}
		if err := by.Apart(rule, path, before.hands(), before.Name); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, answerAppeal, state, answer, by.ID, store.Micros(s.now()), placeID, appealID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("appeal", appealID)
		}
		if upheld && (before.State == Approved || before.State == Rejected) {
			if err := s.stillOpen(ctx, tx, &before, path); err != nil {
				return err
			}
			after := before
			if after.State, err = step(&before, ActReopen); err != nil {
				return err
			}
			if err := s.change(ctx, tx, by, &before, &after, ActReopen, answer, nil); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: placeID, ThingID: id, Thing: "assessment", Act: "appeal_" + state, Reason: answer})
	})
}

// Appeals returns the appeals on one file.
func (s *Service) Appeals(ctx context.Context, by identity.Actor, placeID, id string) (list []Appeal, err error) {
	defer fault.Wrap(&err, "assessment.Appeals(%s)", id)
	if _, _, err := s.may(ctx, s.db.Read(), by, identity.SeeRecords, placeID, id); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanAppeal, selectAppeal, placeID, id)
}

// OpenAppeals returns the appeals below a place that wait for an answer, oldest first, 200 at most.
func (s *Service) OpenAppeals(ctx context.Context, by identity.Actor, placeID string) (list []Appeal, err error) {
	defer fault.Wrap(&err, "assessment.OpenAppeals(%s)", placeID)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	today := store.Date(s.now())
	return store.Collect(ctx, s.db.Read(), scanAppeal, selectAppeals, path, store.PathEnd(path), today, today)
}
