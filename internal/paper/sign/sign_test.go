// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
)

// scrawl is a blue line on nothing.
func scrawl() []byte {
	p := image.NewNRGBA(image.Rect(0, 0, 120, 40))
	for x := range 120 {
		for w := range 4 {
			p.SetNRGBA(x, 18+w+int(10*math.Sin(float64(x)/9)), color.NRGBA{20, 50, 160, 220})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func shown() Place { return Place{Left: 120, Top: 200, Width: 50, Height: 20, Picture: scrawl()} }

func TestSignThenVerify(t *testing.T) {
	k := keys()
	for _, c := range []struct {
		name  string
		key   Key
		place Place
	}{{"RSA", k.rsa, Place{}}, {"ECDSA", k.curve, Place{}}, {"shown", k.rsa, shown()}} {
		original := printed(2)
		pdf := signed(t, original, c.key, signedAt, c.place)
		if !bytes.HasPrefix(pdf, original) {
			t.Fatalf("%s: the original is no prefix", c.name)
		}
		list, err := Verify(pdf, original, k.root.roots(), signedAt)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v, %v", c.name, list, err)
		}
		if s := list[0]; !s.Whole || !s.At.Equal(signedAt) || s.Serial != "5a17" || !s.Certificate.Equal(c.key.certificate) || s.Subject != c.key.certificate.Subject.String() {
			t.Errorf("%s: %+v", c.name, s)
		}
		if !bytes.Contains(pdf[len(original):], []byte("/M (D:20261208093000+07'00')")) {
			t.Errorf("%s: no time with the offset of Vietnam", c.name)
		}
	}
}

// The head of the committee signs, then the committee: both hold, the second covers the whole file.
func TestTwoSigners(t *testing.T) {
	k := keys()
	original := printed(3)
	one := signed(t, original, k.rsa, signedAt, shown())
	two := signed(t, one, k.curve, signedAt.AddDate(0, 0, 1), shown())
	for _, base := range [][]byte{nil, original, one} {
		list, err := Verify(two, base, k.root.roots(), signedAt.AddDate(0, 0, 2))
		if err != nil || len(list) != 2 || list[0].Whole || !list[1].Whole || !list[0].Certificate.Equal(k.rsa.certificate) {
			t.Errorf("%+v, %v", list, err)
		}
	}
	if _, err := Verify(two, two, k.root.roots(), signedAt.AddDate(0, 0, 2)); keyOf(err) != "sign.unsigned" {
		t.Errorf("nothing new was signed: %v", err)
	}
}

// A file without a line break at its end, and nearly the largest number of signers.
func TestManyRevisions(t *testing.T) {
	k := keys()
	original := bytes.TrimRight(printed(1), "\n")
	pdf := original
	for range maxRevisions - 1 {
		pdf = signed(t, pdf, k.curve, signedAt, Place{})
	}
	if list, err := Verify(pdf, original, k.root.roots(), signedAt); err != nil || len(list) != maxRevisions-1 {
		t.Errorf("%d signatures, %v", len(list), err)
	}
	full := signed(t, pdf, k.curve, signedAt, Place{})
	if _, err := Verify(full, original, k.root.roots(), signedAt); keyOf(err) != "sign.unreadable" {
		t.Errorf("%d revisions: %v", maxRevisions+1, err)
	}
}

func TestSignRefuses(t *testing.T) {
	k := keys()
	off := func(change func(*Place)) Place {
		p := shown()
		change(&p)
		return p
	}
	bomb := bytes.Clone(scrawl())
	copy(bomb[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // says it is 65,536 by 65,536
	for _, c := range []struct {
		name  string
		pdf   []byte
		key   Key
		year  int
		place Place
		want  string
	}{
		{"no key", printed(1), Key{}, 0, Place{}, "sign.key"},
		{"too early", printed(1), k.rsa, -2, Place{}, "sign.key_expired"},
		{"too late", printed(1), k.rsa, 2, Place{}, "sign.key_expired"},
		{"no PDF file", []byte("PK"), k.rsa, 0, Place{}, "sign.unreadable"},
		{"empty", nil, k.rsa, 0, Place{}, "sign.unreadable"},
		{"off the page", printed(1), k.rsa, 0, off(func(p *Place) { p.Left = 180 }), "sign.place"},
		{"below the page", printed(1), k.rsa, 0, off(func(p *Place) { p.Top = 290 }), "sign.place"},
		{"no height", printed(1), k.rsa, 0, off(func(p *Place) { p.Height = 0 }), "sign.place"},
		{"nowhere", printed(1), k.rsa, 0, off(func(p *Place) { p.Top = math.NaN() }), "sign.place"},
		{"no picture", printed(1), k.rsa, 0, off(func(p *Place) { p.Picture = nil }), "sign.picture"},
		{"huge picture", printed(1), k.rsa, 0, off(func(p *Place) { p.Picture = bomb }), "sign.picture"},
		{"half a picture", printed(1), k.rsa, 0, off(func(p *Place) { p.Picture = p.Picture[:60] }), "sign.picture"},
	} {
		var b bytes.Buffer
		err := Sign(&b, c.pdf, c.key, signedAt.AddDate(c.year, 0, 0), c.place)
		if keyOf(err) != c.want || b.Len() > 0 {
			t.Errorf("%s: %v and %d bytes, want %q", c.name, err, b.Len(), c.want)
		}
	}
}
