// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package selfsheet

import (
	"context"
	"crypto/subtle"
	"io"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// Who finds a slip before its household used it can fill in the sheet, as with a paper form. Who finds it later learns nothing of what was answered: the
// browser that sent it holds a proof, another one is asked for the house number that was shown after sending.

// Proof is what the browser that sent the sheet keeps; "" before anything was sent.
func (s *Service) Proof(o *Opened) string {
	if o.pin == "" {
		return ""
	}
	return s.keys.Hash("self_link proof", o.ID+"."+o.pin)
}

// Knows reports whether a proof is that of the slip's household.
func (s *Service) Knows(o *Opened, proof string) bool {
	return o.pin != "" && subtle.ConstantTimeCompare([]byte(proof), []byte(s.Proof(o))) == 1
}

// Sees reports whether who has this proof may see what was answered: the household itself, or everybody before there is anything. After a slip was renewed
// nobody sees it until it is sent again.
func (s *Service) Sees(o *Opened, proof string) bool { return o.File.Sent == nil || s.Knows(o, proof) }

// mayAnswer reports whether who has this proof may send.
func (s *Service) mayAnswer(o *Opened, proof string) bool { return o.pin == "" || s.Knows(o, proof) }

// Guarded reports whether another browser must type the house number before it may send.
func (s *Service) Guarded(o *Opened, proof string) bool { return !s.mayAnswer(o, proof) }

// Pin is the house number, for a browser that holds the proof; "" before anything was sent.
func (s *Service) Pin(o *Opened, proof string) (string, error) {
	if !s.Knows(o, proof) {
		return "", nil
	}
	return sealed.SlipPin.Open(s.keys, o.ID, o.pin)
}

const (
	updateTry   = `UPDATE self_link SET tries = tries + 1 WHERE id = $1 AND tries < $2`
	updateRight = `UPDATE self_link SET tries = 0 WHERE id = $1`
)

// Unlock checks the house number that another phone was asked for, and returns the proof. Each try is counted before it is looked at; after MaxTries wrong
// ones only a new slip helps (fault.TooMuch). A wrong one fails with fault.Invalid.
func (s *Service) Unlock(ctx context.Context, o *Opened, number string) (proof string, err error) {
	defer fault.Wrap(&err, "selfsheet.Unlock(%s)", o.ID)
	if o.pin == "" {
		return "", nil
	}
	pin, err := sealed.SlipPin.Open(s.keys, o.ID, o.pin)
	if err != nil {
		return "", err
	}
	var counted int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		counted, err = tx.Exec(ctx, updateTry, o.ID, MaxTries)
		return err
	})
	if err != nil {
		return "", err
	}
	if counted == 0 {
		return "", fault.TooMuch("slip.locked")
	}
	if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(number)), []byte(pin)) != 1 {
		return "", fault.Invalid(fault.Field("so-nha", "slip.number", "count", max(0, MaxTries-o.Tries-1)))
	}
	return s.Proof(o), s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, updateRight, o.ID)
		return err
	})
}

const (
	updateSend   = `UPDATE self_link SET sends = sends + 1 WHERE id = $1 AND serial = $2 AND revoked_at = 0 AND sends < $3`
	updatePin    = `UPDATE self_link SET pin = $1 WHERE id = $2 AND pin = ''`
	updateUpload = `UPDATE self_link SET uploads = uploads + 1 WHERE id = $1 AND serial = $2 AND revoked_at = 0 AND uploads < $3`
	selectPin    = `SELECT pin FROM self_link WHERE id = $1`
)

// Send saves what the subject answers. seen is when the sheet was saved that its page was made from, 0 for none. The same answers sent twice are taken
// once. It fails with fault.Stale when another phone has sent others meanwhile, fault.Conflict without the proof, fault.TooMuch past MaxSends, and as
// assessment.Save does. It returns the proof for the browser.
func (s *Service) Send(ctx context.Context, o *Opened, proof string, seen int64, e assessment.Entry) (_ string, err error) {
	defer fault.Wrap(&err, "selfsheet.Send(%s)", o.FileID)
	if sent := o.File.Sent; sent != nil && sent.At != seen {
		if !s.Knows(o, proof) || !o.File.Row().Waits || !sameAnswers(sent.Entry, e) {
			return "", fault.Stale("own_sheet", o.FileID)
		}
		return s.Proof(o), nil // sent twice
	}
	if !s.mayAnswer(o, proof) {
		return "", fault.Conflict("slip.guarded")
	}
	if err := s.spend(ctx, o, updateSend, MaxSends, "slip.sends"); err != nil {
		return "", err
	}
	_, err = s.assessments.Save(ctx, o.By, assessment.Draft{PlaceID: o.PlaceID, ID: o.FileID, Seen: seen, Entry: e})
	if err != nil {
		return "", err
	}
	if o.pin == "" {
		kept := sealed.SlipPin.Seal(s.keys, o.ID, newPin())
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			if _, err := tx.Exec(ctx, updatePin, kept, o.ID); err != nil {
				return err
			}
			o.pin, _, err = store.One(ctx, tx, store.Value[string], selectPin, o.ID)
			return err
		})
	}
	return s.Proof(o), err
}

// sameAnswers reports whether what was kept holds just these answers; what the registry added is not an answer.
func sameAnswers(kept, sent assessment.Entry) bool {
	for key := range kept.Facts {
		if _, answered := sent.Facts[key]; !answered {
			kept = kept.Clone()
			delete(kept.Facts, key)
		}
	}
	for key := range kept.Gates {
		if _, answered := sent.Gates[key]; !answered {
			kept = kept.Clone()
			delete(kept.Gates, key)
		}
	}
	return kept.SameAs(sent)
}

// spend counts one use of a slip that is still good, before it is made.
func (s *Service) spend(ctx context.Context, o *Opened, query string, most int, key string) error {
	var n int64
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Exec(ctx, query, o.ID, o.Serial, most)
		return err
	})
	if err == nil && n == 0 {
		err = fault.TooMuch(key, "max", most)
	}
	return err
}

// Upload takes a picture for a criterion of the subject's file. It fails with fault.Conflict before the sheet was sent, fault.Conflict without the proof,
// fault.TooMuch past MaxUploads, and as evidence.Upload does.
func (s *Service) Upload(ctx context.Context, o *Opened, proof, criterion, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "selfsheet.Upload(%s)", o.FileID)
	if err := s.mayFile(o, proof); err != nil {
		return err
	}
	if err := s.spend(ctx, o, updateUpload, MaxUploads, "slip.uploads"); err != nil {
		return err
	}
	_, err = s.evidence.Upload(ctx, o.By, o.PlaceID, []evidence.Use{{AssessmentID: o.FileID, Criterion: criterion}}, "", name, r)
	return err
}

func (s *Service) mayFile(o *Opened, proof string) error {
	switch {
	case o.File.Late != nil:
		return o.File.Late
	case o.File.Sent == nil:
		return fault.Conflict("slip.send_first")
	case !s.Knows(o, proof):
		return fault.Conflict("slip.guarded")
	}
	return nil
}

// Remove takes a picture back that the subject sent.
func (s *Service) Remove(ctx context.Context, o *Opened, proof, criterion, id string) (err error) {
	defer fault.Wrap(&err, "selfsheet.Remove(%s)", id)
	if err := s.mayFile(o, proof); err != nil {
		return err
	}
	_, err = s.evidence.Detach(ctx, o.By, o.PlaceID, id, []evidence.Use{{AssessmentID: o.FileID, Criterion: criterion}})
	return err
}

// Pictures are those that the subject sent, for who holds the proof.
func (s *Service) Pictures(ctx context.Context, o *Opened, proof string) ([]evidence.Backing, error) {
	if o.File.Sent == nil || !s.Knows(o, proof) {
		return nil, nil
	}
	return s.evidence.List(ctx, o.By, o.PlaceID, o.FileID)
}
