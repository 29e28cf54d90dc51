// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"context"
	"slices"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// Setting says whether a body signs electronically. What it issues from Since on counts once it is signed; what it issued before has its
// original on paper.
type Setting struct {
	BodyID  string
	Since   time.Time // zero: by hand
	Version int64     // 0 while nobody has decided
}

// On says whether the body signs electronically.
func (s Setting) On() bool { return !s.Since.IsZero() }

const (
	selectSetting = `SELECT body_id, since, version FROM body_signing WHERE body_id = $1`
	upsertSetting = `
		INSERT INTO body_signing (body_id, since, version) VALUES ($1, $2, 1)
		ON CONFLICT (body_id) DO UPDATE SET since = excluded.since, version = body_signing.version + 1 WHERE body_signing.version = $3`
)

func scanSetting(sc store.Scanner) (x Setting, err error) {
	var since int64
	err = sc.Scan(&x.BodyID, &since, &x.Version)
	if since != 0 {
		x.Since = store.Time(since)
	}
	return x, err
}

func (s *Service) setting(ctx context.Context, tx *store.Tx, bodyID string) (Setting, error) {
	x, found, err := store.One(ctx, tx, scanSetting, selectSetting, bodyID)
	if !found {
		x = Setting{BodyID: bodyID}
	}
	return x, err
}

// Setting returns how a body signs.
func (s *Service) Setting(ctx context.Context, by identity.Actor, bodyID string) (x Setting, err error) {
	defer fault.Wrap(&err, "signature.Setting(%s)", bodyID)
	if _, err := s.body(ctx, by, identity.SeeRecords, bodyID); err != nil {
		return x, err
	}
	return s.setting(ctx, s.db.Read(), bodyID)
}

// SetElectronic makes a body sign electronically from now on, or by hand again. It fails with fault.Conflict where nobody could sign
// ("signature.no_roots", "signature.no_person"), with fault.Stale when somebody changed it since version, and with fault.Denied.
func (s *Service) SetElectronic(ctx context.Context, by identity.Actor, bodyID string, on bool, version int64) (err error) {
	defer fault.Wrap(&err, "signature.SetElectronic(%s)", bodyID)
	b, err := s.body(ctx, by, identity.Decide, bodyID)
	if err != nil {
		return err
	}
	if on {
		if err := s.ready(); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.Decide, b.PlaceID); err != nil {
			return err
		}
		before, err := s.setting(ctx, tx, bodyID)
		if err != nil {
			return err
		}
		if before.Version == version && before.On() == on {
			return nil // what was in force stays in force since its day
		}
		signers, err := s.signers(ctx, tx, bodyID)
		if err != nil {
			return err
		}
		if on && !inForce(signers, Person) {
			return fault.Conflict("signature.no_person", "body", b.Name)
		}
		after := Setting{BodyID: bodyID, Version: version + 1}
		var since int64
		if on {
			after.Since = s.now()
			since = store.Micros(after.Since)
		}
		n, err := tx.Exec(ctx, upsertSetting, bodyID, since, version)
		if err != nil {
			return err
		}
		if n == 0 || before.Version != version {
			return fault.Stale("body", bodyID)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: bodyID, Thing: "body", Act: "sign_setting", Before: before, After: after})
	})
}

func inForce(list []Signer, kind Kind) bool {
	return slices.ContainsFunc(list, func(x Signer) bool { return x.Kind == kind && x.InForce() })
}

const selectComplete = `SELECT complete FROM signing WHERE thing_id = $1`

// Waits says whether an issued decision counts only once it is signed, and is not signed yet.
func (s *Service) Waits(ctx context.Context, tx *store.Tx, d *recognition.Decision) (waits bool, err error) {
	defer fault.Wrap(&err, "signature.Waits(%s)", d.ID)
	if tx == nil {
		tx = s.db.Read()
	}
	x, err := s.setting(ctx, tx, d.BodyID)
	if err != nil || !x.On() || d.State != recognition.StateIssued || d.IssuedAt.Before(x.Since) {
		return false, err
	}
	complete, _, err := store.One(ctx, tx, store.Value[bool], selectComplete, d.ID)
	return !complete, err
}

// Gate refuses what follows a decision that waits for its signature, with fault.Conflict "signature.waiting". It is recognition's Gate.
func (s *Service) Gate(ctx context.Context, tx *store.Tx, d *recognition.Decision) error {
	waits, err := s.Waits(ctx, tx, d)
	if err == nil && waits {
		err = fault.Conflict("signature.waiting", "decision", d.Text())
	}
	return err
}
