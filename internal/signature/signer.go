// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// Signer is who may sign for a body: a person or the body's seal, known by the key of a certificate.
type Signer struct {
	ID        string
	BodyID    string
	PlaceID   string // of the body
	Kind      Kind
	KeySHA    string // SHA-256 of the public key, hex
	Name      string
	Subject   string
	Issuer    string
	Serial    string
	ValidFrom time.Time
	ValidTo   time.Time
	Picture   string // SHA-256 of a PNG in the file store; "" for none
	ByID      string
	AddedAt   time.Time
	EndedAt   time.Time // zero while it is in force
}

// InForce says whether new signatures of this signer are accepted.
func (s *Signer) InForce() bool { return s.EndedAt.IsZero() }

const (
	signerColumns = `id, body_id, place_id, kind, key_sha, name, subject, issuer, serial, valid_from, valid_to, picture, by_id, added_at, ended_at`
	selectSigners = `SELECT ` + signerColumns + ` FROM signer WHERE body_id = $1 ORDER BY ended_at, kind, added_at, id`
	selectSigner  = `SELECT ` + signerColumns + ` FROM signer WHERE id = $1`
	insertSigner  = `INSERT INTO signer (` + signerColumns + `, certificate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15)
		ON CONFLICT DO NOTHING`
	endSigner = `UPDATE signer SET ended_at = $1 WHERE id = $2 AND ended_at = 0`
)

func scanSigner(sc store.Scanner) (s Signer, err error) {
	var from, to, added, ended int64
	err = sc.Scan(&s.ID, &s.BodyID, &s.PlaceID, &s.Kind, &s.KeySHA, &s.Name, &s.Subject, &s.Issuer, &s.Serial, &from, &to, &s.Picture, &s.ByID, &added, &ended)
	s.ValidFrom, s.ValidTo, s.AddedAt = store.Time(from), store.Time(to), store.Time(added)
	if ended != 0 {
		s.EndedAt = store.Time(ended)
	}
	return s, err
}

// body returns a body that by may do act at.
func (s *Service) body(ctx context.Context, by identity.Actor, act identity.Act, id string) (recognition.Body, error) {
	b, err := s.recognition.BodyByID(ctx, id)
	if err != nil {
		return b, err
	}
	return b, s.may(ctx, nil, by, act, b.PlaceID)
}

func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return err
	}
	return by.Check(act, path, placeID)
}

// Signers returns who may sign for a body, those in force first. It fails with fault.NotFound and fault.Denied.
func (s *Service) Signers(ctx context.Context, by identity.Actor, bodyID string) (list []Signer, err error) {
	defer fault.Wrap(&err, "signature.Signers(%s)", bodyID)
	if _, err := s.body(ctx, by, identity.SeeRecords, bodyID); err != nil {
		return nil, err
	}
	return s.signers(ctx, s.db.Read(), bodyID)
}

func (s *Service) signers(ctx context.Context, tx *store.Tx, bodyID string) ([]Signer, error) {
	return store.Collect(ctx, tx, scanSigner, selectSigners, bodyID)
}

// Drafted is a signer as a form sends it.
type Drafted struct {
	BodyID      string
	Kind        Kind
	Certificate []byte // .cer, .crt or .pem
	Picture     []byte // PNG; nil for none
}

// AddSigner lets the holder of a certificate sign for a body. It fails with fault.Invalid, fields "kind", "certificate" and "picture"; with
// fault.Conflict "signature.signer_known" when the key is there already; with fault.Denied.
func (s *Service) AddSigner(ctx context.Context, by identity.Actor, d Drafted) (added Signer, err error) {
	defer fault.Wrap(&err, "signature.AddSigner(%s)", d.BodyID)
	b, err := s.body(ctx, by, identity.Decide, d.BodyID)
	if err != nil {
		return added, err
	}
	c, picture, err := d.read(s.now())
	if err != nil {
		return added, err
	}
	added = Signer{ID: store.NewID(), BodyID: b.ID, PlaceID: b.PlaceID, Kind: d.Kind, KeySHA: keyOf(c), Name: nameOf(c), Subject: subjectOf(c.Subject), Issuer: subjectOf(c.Issuer),
		Serial: c.SerialNumber.Text(16), ValidFrom: c.NotBefore, ValidTo: c.NotAfter, ByID: by.ID, AddedAt: s.now()}
	if picture != nil {
		ref, err := s.blobs.Put(ctx, bytes.NewReader(picture), maxFile)
		if err != nil {
			return added, err
		}
		added.Picture = ref.SHA256
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.Decide, b.PlaceID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, insertSigner, added.ID, added.BodyID, added.PlaceID, string(added.Kind), added.KeySHA, added.Name, added.Subject, added.Issuer, added.Serial,
			store.Micros(added.ValidFrom), store.Micros(added.ValidTo), added.Picture, added.ByID, store.Micros(added.AddedAt), base64.StdEncoding.EncodeToString(c.Raw))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("signature.signer_known", "name", added.Name)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: b.PlaceID, ThingID: added.ID, Thing: "signer", Act: "add", After: added})
	})
	return added, err
}

// read gathers what is wrong with all of the form.
func (d *Drafted) read(now time.Time) (c *x509.Certificate, picture []byte, err error) {
	var errs []fault.FieldError
	gather := func(err error) {
		if f, ok := fault.As(err); ok {
			errs = append(errs, f.Fields...)
		}
	}
	if d.Kind != Person && d.Kind != Seal {
		errs = append(errs, fault.Field("kind", "signature.kind"))
	}
	c, wrong := readCertificate(d.Certificate, now)
	gather(wrong)
	if d.Picture != nil && len(errs) == 0 {
		picture, wrong = readPicture(d.Picture, d.Kind)
		gather(wrong)
	}
	return c, picture, fault.Invalid(errs...)
}

// EndSigner stops the signer: what was signed stays signed, nothing more is accepted. It fails with fault.NotFound, fault.Denied, and
// fault.Conflict "signature.signer_ended" when that was done before.
func (s *Service) EndSigner(ctx context.Context, by identity.Actor, bodyID, id string) (err error) {
	defer fault.Wrap(&err, "signature.EndSigner(%s)", id)
	if _, err := s.body(ctx, by, identity.Decide, bodyID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		before, found, err := store.One(ctx, tx, scanSigner, selectSigner, id)
		if err == nil && (!found || before.BodyID != bodyID) {
			err = fault.NotFound("signer", id)
		}
		if err != nil {
			return err
		}
		if err := s.may(ctx, tx, by, identity.Decide, before.PlaceID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, endSigner, store.Micros(s.now()), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("signature.signer_ended", "name", before.Name)
		}
		after := before
		after.EndedAt = s.now()
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: before.PlaceID, ThingID: id, Thing: "signer", Act: "end", Before: before, After: after})
	})
}
