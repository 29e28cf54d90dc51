// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/sign"
)

// MaxKey is how many bytes a key's file may have.
const MaxKey = 1 << 20

// SignWithKey signs the next step with a key that is sent for this one signature, a PKCS#12 file and its password. Neither is kept or written
// anywhere. It fails as Upload does, and with fault.Invalid for what sign.ReadPKCS12 finds, fields "file" and "password".
func (s *Service) SignWithKey(ctx context.Context, by identity.Actor, t Target, step int, key []byte, password string) (f File, err error) {
	defer fault.Wrap(&err, "signature.SignWithKey(%s, %d)", t.id(), step)
	g, err := s.open(ctx, by, t, step)
	if err != nil {
		return f, err
	}
	k, err := sign.ReadPKCS12(key, password)
	if err != nil {
		return f, err
	}
	signers, err := s.signers(ctx, s.db.Read(), g.BodyID)
	if err != nil {
		return f, err
	}
	signer, err := allowed(signers, k.Certificate())
	if err != nil {
		return f, err
	}
	if signer.Kind != g.Next() {
		return f, invalid("signature.wrong_kind", "name", signer.Name, "want", string(g.Next()))
	}
	at, err := s.placeOf(ctx, &g, signers, signer)
	if err != nil {
		return f, err
	}
	now := s.now().Truncate(time.Second)
	at.Line = lineOf(signer.Kind, g.Spot, nameOf(k.Certificate())+", "+stamp(now), s.Face)
	base, err := s.read(ctx, g.last())
	if err != nil {
		return f, err
	}
	var signed bytes.Buffer
	if err := sign.Sign(&signed, base, k, now, at); err != nil {
		return f, err
	}
	return s.accept(ctx, by, &g, signed.Bytes(), "")
}

// placeOf is where a signer's picture shows on the paper.
func (s *Service) placeOf(ctx context.Context, g *Signing, signers []Signer, signer Signer) (sign.Place, error) {
	picture, err := s.picture(ctx, signer)
	if err != nil {
		return sign.Place{}, err
	}
	var before []byte
	if person, ok := g.Signed(Person); ok {
		for _, x := range signers {
			if x.ID == person.SignerID {
				if before, err = s.picture(ctx, x); err != nil {
					return sign.Place{}, err
				}
			}
		}
	}
	return placeOf(signer.Kind, g.Spot, picture, before), nil
}

func (s *Service) picture(ctx context.Context, signer Signer) ([]byte, error) {
	if signer.Picture == "" {
		return nil, nil
	}
	return s.read(ctx, signer.Picture)
}

// Picture returns a signer's picture, for the page of the body's signers. It fails with fault.NotFound and fault.Denied.
func (s *Service) Picture(ctx context.Context, by identity.Actor, bodyID, id string) (png []byte, err error) {
	defer fault.Wrap(&err, "signature.Picture(%s)", id)
	list, err := s.Signers(ctx, by, bodyID)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if x.ID == id && x.Picture != "" {
			return s.picture(ctx, x)
		}
	}
	return nil, fault.NotFound("file", id)
}
