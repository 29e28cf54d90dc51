// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Life is how long the addresses for a desktop tool can be used.
const Life = 15 * time.Minute

// What an address is for.
const (
	useSource = "source"
	useUpload = "upload"
)

// Offer is a pair of one-time addresses for a desktop tool. The tokens are shown once: only their hashes are kept.
type Offer struct {
	Source string // token to fetch the file with
	Upload string // token to bring it back with
	Until  time.Time
}

const (
	insertToken  = `INSERT INTO signing_token (hash, use, thing_id, step, by_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`
	expireTokens = `UPDATE signing_token SET expires_at = $1 WHERE thing_id = $2 AND by_id = $3 AND expires_at > $1`
	deleteTokens = `DELETE FROM signing_token WHERE expires_at < $1`
	selectToken  = `
		SELECT t.step, t.by_id, t.expires_at, g.thing_id, g.thing, g.decision_id
		FROM signing_token t JOIN signing g ON g.thing_id = t.thing_id
		WHERE t.hash = $1 AND t.use = $2 AND t.used_at = 0 AND t.expires_at > $3 AND g.steps + 1 = t.step`
	useToken = `UPDATE signing_token SET used_at = $1 WHERE hash = $2 AND used_at = 0 AND expires_at > $1`
)

// Offer makes addresses for the next step; those that by had of the same paper end. It fails as Upload does.
func (s *Service) Offer(ctx context.Context, by identity.Actor, t Target, step int) (o Offer, err error) {
	defer fault.Wrap(&err, "signature.Offer(%s, %d)", t.id(), step)
	g, err := s.open(ctx, by, t, step)
	if err != nil {
		return o, err
	}
	now := s.now()
	o = Offer{Source: newToken(), Upload: newToken(), Until: now.Add(Life)}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.mayIssue(ctx, tx, by, &g); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, deleteTokens, store.Micros(now.Add(-24*time.Hour))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, expireTokens, store.Micros(now), g.ThingID, by.ID); err != nil {
			return err
		}
		for use, token := range map[string]string{useSource: o.Source, useUpload: o.Upload} {
			if _, err := tx.Exec(ctx, insertToken, hashOf(token), use, g.ThingID, step, by.ID, store.Micros(o.Until)); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: g.PlaceID, ThingID: g.ThingID, Thing: "signing", Act: "offer", After: map[string]any{"step": step, "until": o.Until}})
	})
	return o, err
}

// newToken is 256 bits by chance.
func newToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Ticket is a valid address in use: what it is for and who asked for it.
type Ticket struct {
	s    *Service
	hash string
	by   identity.Actor
	g    Signing
}

// Name is number and symbol of what is signed.
func (t *Ticket) Name() string { return t.g.number }

// gone is the one answer for an address that was never given, is too old or was used: whoever tries some learns nothing.
func gone() error { return fault.NotFound("signing_address", "") }

// SourceTicket opens an address that a tool fetches from. It stays open until its time is over or a file was accepted: a tool that is given a wrong PIN, or
// whose connection breaks, fetches again, and the bytes are the same ones. It fails with fault.NotFound.
func (s *Service) SourceTicket(ctx context.Context, token, address string) (*Ticket, error) {
	return s.ticket(ctx, useSource, token, address)
}

// UploadTicket opens an address that a tool brings the signed file to. It is used up by the file that is accepted: one that was signed with the wrong
// certificate can be signed again. It fails with fault.NotFound.
func (s *Service) UploadTicket(ctx context.Context, token, address string) (*Ticket, error) {
	return s.ticket(ctx, useUpload, token, address)
}

func (s *Service) ticket(ctx context.Context, use, token, address string) (t *Ticket, err error) {
	defer fault.Wrap(&err, "signature.ticket(%s)", use)
	var step int
	var byID, thing string
	var expires int64
	hash := hashOf(token)
	g, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (g Signing, err error) {
		err = sc.Scan(&step, &byID, &expires, &g.ThingID, &thing, &g.DecisionID)
		return g, err
	}, selectToken, hash, use, store.Micros(s.now()))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, gone()
	}
	// Who asked for the address may have lost the right since.
	by, err := s.identity.Actor(ctx, byID, address)
	if err == nil {
		target := Target{DecisionID: g.DecisionID}
		if thing == "paper" {
			target.PaperID = g.ThingID
		}
		t = &Ticket{s: s, hash: hash, by: by}
		t.g, err = s.open(ctx, by, target, step)
	}
	if err != nil && !fault.Ours(err) {
		return nil, gone()
	}
	return t, err
}

// File opens what is to be signed. The caller closes it.
func (t *Ticket) File(ctx context.Context) (io.ReadSeekCloser, int64, error) {
	return t.s.blobs.Open(ctx, t.g.last())
}

// Accept takes the signed file. It fails as Upload does, and with fault.NotFound when the address was used or ran out meanwhile.
func (t *Ticket) Accept(ctx context.Context, file []byte) (f File, err error) {
	defer fault.Wrap(&err, "signature.Accept(%s)", t.g.ThingID)
	return t.s.accept(ctx, t.by, &t.g, file, t.hash)
}

// use spends a token inside the transaction that accepts its file.
func (s *Service) use(ctx context.Context, tx *store.Tx, hash string) error {
	n, err := tx.Exec(ctx, useToken, store.Micros(s.now()), hash)
	if err == nil && n == 0 {
		err = gone()
	}
	return err
}
