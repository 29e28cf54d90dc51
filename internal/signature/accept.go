// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"crypto/x509"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/sign"
	"hoctap/internal/store"
)

// early is how far the clock of the machine that signed may run behind the server's.
const early = 10 * time.Minute

// Upload takes a file that was signed outside: it must be the file of the next step, byte for byte, with one signature behind it. step is the one the
// page showed. It fails with fault.KindInvalid for what sign.Verify finds, and "signature.one_signature", "signature.not_allowed",
// "signature.ended", "signature.wrong_kind", "signature.too_early"; with fault.TooMuch for a file too large; with fault.Stale "signing" when
// another file was accepted since; with fault.Denied.
func (s *Service) Upload(ctx context.Context, by identity.Actor, t Target, step int, file []byte) (f File, err error) {
	defer fault.Wrap(&err, "signature.Upload(%s, %d)", t.id(), step)
	g, err := s.open(ctx, by, t, step)
	if err != nil {
		return f, err
	}
	return s.accept(ctx, by, &g, file, "")
}

// open is known for somebody who is about to sign step.
func (s *Service) open(ctx context.Context, by identity.Actor, t Target, step int) (Signing, error) {
	g, err := s.known(ctx, by, t)
	if err == nil {
		err = s.mayIssue(ctx, nil, by, &g)
	}
	if err == nil {
		err = s.ready()
	}
	switch {
	case err != nil:
	case g.SourceSHA == "":
		err = fault.Conflict("signature.not_begun")
	case g.Steps+1 != step:
		err = fault.Stale("signing", g.ThingID)
	case g.Next() == "":
		err = fault.Conflict("signature.all_signed")
	}
	return g, err
}

// accept judges a file and puts it on top of the others. token is the hash of the one-time address it came by, if it did.
func (s *Service) accept(ctx context.Context, by identity.Actor, g *Signing, file []byte, token string) (f File, err error) {
	last, signer, err := s.judge(ctx, g, file)
	if err != nil {
		return f, err
	}
	ref, err := s.blobs.Put(ctx, bytes.NewReader(file), maxFile)
	if err != nil {
		return f, err
	}
	f = File{ThingID: g.ThingID, Step: g.Steps + 1, Kind: signer.Kind, SHA: ref.SHA256, Size: ref.Size, SignerID: signer.ID, Name: nameOf(last.Certificate),
		Subject: subjectOf(last.Certificate.Subject), Serial: last.Serial, SignedAt: last.At, ByID: by.ID, AcceptedAt: s.now()}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.mayIssue(ctx, tx, by, g); err != nil {
			return err
		}
		signers, err := s.signers(ctx, tx, g.BodyID)
		if err != nil {
			return err
		}
		if _, err := allowed(signers, last.Certificate); err != nil {
			return err
		}
		if token != "" {
			if err := s.use(ctx, tx, token); err != nil {
				return err
			}
		}
		return s.keep(ctx, tx, by, g, f, f.Kind == Seal || !inForce(signers, Seal))
	})
	return f, err
}

const (
	raiseSigning = `UPDATE signing SET steps = steps + 1, complete = $1 WHERE thing_id = $2 AND steps = $3`
	insertFile   = `
		INSERT INTO signed_file (thing_id, step, kind, sha, size, signer_id, name, subject, serial, signed_at, by_id, accepted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
)

// keep records an accepted file; of two that come at once the second finds the step taken.
func (s *Service) keep(ctx context.Context, tx *store.Tx, by identity.Actor, g *Signing, f File, complete bool) error {
	n, err := tx.Exec(ctx, raiseSigning, complete, f.ThingID, f.Step-1)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale("signing", f.ThingID)
	}
	_, err = tx.Exec(ctx, insertFile, f.ThingID, f.Step, string(f.Kind), f.SHA, f.Size, f.SignerID, f.Name, f.Subject, f.Serial, store.Micros(f.SignedAt), f.ByID, store.Micros(f.AcceptedAt))
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: g.PlaceID, ThingID: g.ThingID, Thing: "signing", Act: "sign", After: f})
}

// judge says who signed last, when everything about the file is as it should be.
func (s *Service) judge(ctx context.Context, g *Signing, file []byte) (last sign.Signature, signer Signer, err error) {
	if len(file) > maxFile {
		return last, signer, fault.TooMuch("signature.too_large", "max", maxFile>>20)
	}
	base, err := s.read(ctx, g.last())
	if err != nil {
		return last, signer, err
	}
	list, err := sign.Verify(file, base, s.roots, s.now())
	if err != nil {
		return last, signer, err
	}
	if len(list) != g.Steps+1 {
		return last, signer, invalid("signature.one_signature")
	}
	last = list[len(list)-1]
	signers, err := s.signers(ctx, s.db.Read(), g.BodyID)
	if err != nil {
		return last, signer, err
	}
	if signer, err = allowed(signers, last.Certificate); err != nil {
		return last, signer, err
	}
	switch {
	case signer.Kind != g.Next():
		err = invalid("signature.wrong_kind", "name", signer.Name, "want", string(g.Next()))
	case last.At.Before(g.issuedAt.Add(-early)):
		err = invalid("signature.too_early", "name", signer.Name, "at", stamp(last.At), "number", g.number, "issued", stamp(g.issuedAt))
	}
	return last, signer, err
}

// allowed finds the signer by the key of a certificate.
func allowed(list []Signer, c *x509.Certificate) (Signer, error) {
	key := keyOf(c)
	ended := false
	for _, x := range list {
		if x.KeySHA == key && x.InForce() {
			return x, nil
		}
		ended = ended || x.KeySHA == key
	}
	if ended {
		return Signer{}, invalid("signature.ended", "name", nameOf(c))
	}
	return Signer{}, invalid("signature.not_allowed", "name", nameOf(c))
}

// invalid is a fault about the file as a whole.
func invalid(key string, pairs ...any) error {
	f := fault.Conflict(key, pairs...)
	f.Kind = fault.KindInvalid
	return f
}

// stamp is a time as Decree 30/2020/NĐ-CP wants it beside a signature: ISO 8601 with the offset of Vietnam.
func stamp(at time.Time) string { return at.In(store.Zone).Format(time.RFC3339) }
