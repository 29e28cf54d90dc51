// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"hoctap/internal/signature"
	"hoctap/internal/store"
)

// Certificates and pictures that cannot be taken, each with its reason.
func TestRefusedSigners(t *testing.T) {
	w, p := build(t, ready.SQLite(t)), people()
	from, to := issued.AddDate(-2, 0, 0), issued.AddDate(1, 0, 0)
	weak := p.root.over(must(rsa.GenerateKey(rand.Reader, 1024)), "Khóa Ngắn", from, to)
	old := p.root.issue("Hết Hạn", from, issued.AddDate(-1, 0, 0))
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	blue, red := drawing(color.NRGBA{20, 40, 170, 255}, 60, 40), drawing(color.NRGBA{200, 20, 30, 255}, 60, 60)
	full := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	draw.Draw(full, full.Bounds(), image.NewUniform(color.NRGBA{20, 40, 170, 255}), image.Point{}, draw.Src)
	var opaque bytes.Buffer
	if err := png.Encode(&opaque, full); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		kind signature.Kind
		cert []byte
		pic  []byte
		want string
	}{
		{"no kind", "", p.person.pem(), nil, "signature.kind"},
		{"no file", signature.Person, nil, nil, "signature.cert_file"},
		{"a key file", signature.Person, p.person.file(), nil, "signature.cert_file"},
		{"a private key beside it", signature.Person, append(private, p.person.pem()...), nil, "signature.cert_private"},
		{"an authority", signature.Person, p.root.certificate.Raw, nil, "signature.cert_use"},
		{"too weak", signature.Person, weak.pem(), nil, "signature.cert_weak"},
		{"expired", signature.Person, old.pem(), nil, "signature.cert_expired"},
		{"too large", signature.Person, make([]byte, signature.MaxCertificate+1), nil, "signature.cert_file"},
		{"a red signature", signature.Person, p.person.pem(), red, "signature.picture_blue"},
		{"a blue seal", signature.Seal, p.seal.pem(), blue, "signature.picture_red"},
		{"no ground", signature.Person, p.person.pem(), opaque.Bytes(), "signature.picture_ground"},
		{"nothing on it", signature.Person, p.person.pem(), drawing(color.NRGBA{}, 40, 40), "signature.picture_ground"},
		{"no picture", signature.Person, p.person.pem(), []byte("GIF89a"), "signature.picture"},
	} {
		if _, err := w.s.AddSigner(w.ctx, w.officer, signature.Drafted{BodyID: w.body, Kind: c.kind, Certificate: c.cert, Picture: c.pic}); keyOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if list, err := w.s.Signers(w.ctx, w.officer, w.body); err != nil || len(list) != 0 {
		t.Errorf("%d were added, %v", len(list), err)
	}
}

// A signer is known by the key: a renewed certificate over it is the same one, a namesake is not.
func TestSignersByKey(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		renewed := p.root.over(p.person.key, "Nguyễn Văn Đức", issued.AddDate(0, -1, 0), issued.AddDate(3, 0, 0))
		if _, err := w.s.AddSigner(w.ctx, w.officer, signature.Drafted{BodyID: w.body, Kind: signature.Person, Certificate: renewed.certificate.Raw}); keyOf(err) != "signature.signer_known" {
			t.Errorf("the same key again: %v", err)
		}
		_, err := w.s.Upload(w.ctx, w.officer, target, 1, renewed.sign(printed(), issued))
		w.ok(err)
		list, err := w.s.Signers(w.ctx, w.officer, w.body)
		w.ok(err)
		for _, x := range list {
			if x.Name == "Nguyễn Văn Đức" {
				w.ok(w.s.EndSigner(w.ctx, w.officer, w.body, x.ID))
				if err := w.s.EndSigner(w.ctx, w.officer, w.body, x.ID); keyOf(err) != "signature.signer_ended" {
					t.Errorf("ended twice: %v", err)
				}
			}
		}
		w.add(signature.Person, renewed, nil) // an ended key may come back
		odd := w.add(signature.Person, p.root.issue("<b>\x00Đức\n\u202e"+strings.Repeat("ơ", 400), issued.AddDate(-1, 0, 0), issued.AddDate(1, 0, 0)), nil)
		if !strings.HasPrefix(odd.Name, "<b>Đứcơ") || utf8.RuneCountInString(odd.Name) != 300 {
			t.Errorf("a certificate's name became %q", odd.Name)
		}
		w.verified()
	})
}
