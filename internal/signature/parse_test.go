// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/big"
	"testing"
	"time"
	"unicode/utf8"

	"hoctap/internal/fault"
	"hoctap/internal/paper/pdf"
)

var day = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func certificate(f *testing.F, name string) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: day.AddDate(-1, 0, 0), NotAfter: day.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		f.Fatal(err)
	}
	return der
}

// Whatever is sent as a certificate is taken or refused in words; what is taken has texts that every database holds.
func FuzzCertificate(f *testing.F) {
	der := certificate(f, "Nguyễn Văn Đức\x00\n")
	f.Add(der)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := readCertificate(b, day)
		if err != nil {
			if fault.KindOf(err) != fault.KindInvalid {
				t.Fatal(err)
			}
			return
		}
		for _, s := range []string{nameOf(c), subjectOf(c.Subject), subjectOf(c.Issuer)} {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxName || bytes.ContainsAny([]byte(s), "\x00\n\r\t") {
				t.Fatalf("%q", s)
			}
		}
		if len(keyOf(c)) != 64 {
			t.Fatal("no key")
		}
	})
}

// Whatever is sent as a picture is refused in words, or becomes one that can be read again and shows something.
func FuzzPicture(f *testing.F) {
	f.Add(scrawl(60, 20, 3))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []Kind{Person, Seal} {
			out, err := readPicture(b, kind)
			if err != nil {
				if fault.KindOf(err) != fault.KindInvalid {
					t.Fatal(err)
				}
				continue
			}
			if again, err := readPicture(out, kind); err == nil && !bytes.Equal(again, out) {
				t.Fatal("the second reading says something else")
			}
			if p, err := png.Decode(bytes.NewReader(out)); err != nil || p.Bounds().Empty() {
				t.Fatal(err)
			}
		}
	})
}

// scrawl is a blue frame, edge dots away from the sides of a picture.
func scrawl(width, height, edge int) []byte {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	blue := color.NRGBA{20, 40, 170, 255}
	for x := edge; x < width-edge; x++ {
		p.SetNRGBA(x, edge, blue)
		p.SetNRGBA(x, height-1-edge, blue)
	}
	for y := edge; y < height-edge; y++ {
		p.SetNRGBA(edge, y, blue)
		p.SetNRGBA(width-1-edge, y, blue)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// The signature stands in the middle of its room; the seal is as large as it is and covers the left third of what is drawn.
func TestPlaces(t *testing.T) {
	at := pdf.Spot{Page: 2, Left: 110, Top: 180, Width: 80, Height: 27}
	for _, c := range []struct {
		name          string
		width, height int // of the signature's picture, with an edge of 10 that is cut off
		w, h          float64
	}{
		{"wide", 116, 40, 48, 10}, {"high", 30, 64, 5, 22}, {"square", 42, 42, 22, 22},
	} {
		drawn, err := readPicture(scrawl(c.width, c.height, 10), Person)
		if err != nil {
			t.Fatal(err)
		}
		p := placeOf(Person, at, drawn, nil)
		if math.Abs(p.Width-c.w) > 0.01 || math.Abs(p.Height-c.h) > 0.01 || p.Page != 2 {
			t.Errorf("%s: %.2f × %.2f on page %d", c.name, p.Width, p.Height, p.Page)
		}
		if middle, height := p.Left+p.Width/2, p.Top+p.Height/2; math.Abs(middle-150) > 0.01 || math.Abs(height-193.5) > 0.01 {
			t.Errorf("%s: around %.2f, %.2f", c.name, middle, height)
		}
		s := placeOf(Seal, at, scrawl(100, 100, 0), drawn)
		if s.Width != sealSide || math.Abs(s.Left+s.Width-(p.Left+p.Width/3)) > 0.01 || math.Abs(s.Top+s.Height/2-193.5) > 0.01 {
			t.Errorf("%s: the seal at %+v over %+v", c.name, s, p)
		}
	}
	if p := placeOf(Person, at, nil, nil); p.Width != 0 {
		t.Errorf("without a picture: %+v", p)
	}
	if p := placeOf(Person, pdf.Spot{}, scrawl(40, 40, 0), nil); p.Width != 0 {
		t.Errorf("on a paper without a signer: %+v", p)
	}
}
