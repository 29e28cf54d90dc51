// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/paper/sign"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// Public is what anybody may know of a decision's signatures.
type Public struct {
	Waits bool // it counts only once it is signed, and is not
	Signs []PublicSign
}

// PublicSign is a signature of a decision.
type PublicSign struct {
	Kind Kind
	Name string
	At   time.Time
}

const selectIssuedDecision = `SELECT id, body_id, state, issued_at FROM decision WHERE id = $1 AND state = 'issued'`

// Public returns who signed a decision; anybody may ask who holds a certificate of it.
func (s *Service) Public(ctx context.Context, decisionID string) (p Public, err error) {
	defer fault.Wrap(&err, "signature.Public(%s)", decisionID)
	d, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (d recognition.Decision, err error) {
		var issued int64
		err = sc.Scan(&d.ID, &d.BodyID, &d.State, &issued)
		d.IssuedAt = store.Time(issued)
		return d, err
	}, selectIssuedDecision, decisionID)
	if err != nil || !found {
		return p, err
	}
	if p.Waits, err = s.Waits(ctx, nil, &d); err != nil {
		return p, err
	}
	files, err := store.Collect(ctx, s.db.Read(), scanFile, selectFiles, decisionID)
	for _, f := range files {
		p.Signs = append(p.Signs, PublicSign{f.Kind, f.Name, f.SignedAt})
	}
	return p, err
}

// PublicWaits says whether an issued decision counts only once it is signed, and is not.
func (s *Service) PublicWaits(ctx context.Context, decisionID string) (bool, error) {
	p, err := s.Public(ctx, decisionID)
	return p.Waits, err
}

// Checked is what a file that somebody holds turns out to be.
type Checked struct {
	Held  Held
	Signs []PublicSign // those in the file, of any kind; empty when one does not hold
	Wrong error        // why they do not hold; nil when they do
}

// Held says how a file compares with those that are kept.
type Held string

// What a file can be.
const (
	HeldLast    Held = "last"    // the signed decision
	HeldEarlier Held = "earlier" // it, before the seal was put on it
	HeldSource  Held = "source"  // it, before anybody signed
	HeldOther   Held = "other"   // something else
)

// MaxCheck is how large a file may be that the public has checked.
const MaxCheck = 16 << 20

// Check compares a file with the signed decision and judges its signatures; it keeps nothing. Anybody may ask.
func (s *Service) Check(ctx context.Context, decisionID string, file []byte) (c Checked, err error) {
	defer fault.Wrap(&err, "signature.Check(%s)", decisionID)
	sum := sha256.Sum256(file)
	sha := hex.EncodeToString(sum[:])
	c.Held = HeldOther
	g, found, err := store.One(ctx, s.db.Read(), scanSigning, selectSigning, decisionID)
	if err != nil {
		return c, err
	}
	files, err := store.Collect(ctx, s.db.Read(), scanFile, selectFiles, decisionID)
	if err != nil {
		return c, err
	}
	if found && g.SourceSHA == sha {
		c.Held = HeldSource
	}
	for i, f := range files {
		if f.SHA == sha {
			c.Held = HeldEarlier
			if i == len(files)-1 {
				c.Held = HeldLast
			}
		}
	}
	list, wrong := sign.Verify(file, nil, s.roots, s.now())
	if fault.Ours(wrong) {
		return c, wrong
	}
	c.Wrong = wrong
	for i, x := range list {
		p := PublicSign{Name: nameOf(x.Certificate), At: x.At}
		if c.Held != HeldOther && i < len(files) {
			p.Kind = files[i].Kind
		}
		c.Signs = append(c.Signs, p)
	}
	return c, nil
}
