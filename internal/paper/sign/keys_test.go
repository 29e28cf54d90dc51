// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"software.sslmate.com/src/go-pkcs12"

	"hoctap/internal/fault"
)

var signedAt = time.Date(2026, 12, 8, 9, 30, 0, 0, vietnam)

// authority is a self-made root that certifies invented people.
type authority struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func certify(c *x509.Certificate, by *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	return must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, c, by, public, key))))
}

func newAuthority(name string) authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: signedAt.AddDate(-9, 0, 0), NotAfter: signedAt.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	return authority{key, certify(c, c, key.Public(), key)}
}

func (a authority) issue(key crypto.Signer, subject string) Key {
	return a.issueFor(key, subject, signedAt.AddDate(-1, 0, 0), signedAt.AddDate(1, 0, 0))
}

func (a authority) issueFor(key crypto.Signer, subject string, from, to time.Time) Key {
	c := &x509.Certificate{SerialNumber: big.NewInt(0x5a17), Subject: pkix.Name{CommonName: subject, Organization: []string{"Ủy ban nhân dân xã Hy Cương"}},
		NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment}
	return Key{key, certify(c, a.certificate, key.Public(), a.key), []*x509.Certificate{a.certificate}}
}

func (a authority) roots() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.certificate)
	return p
}

// The keys of all tests: making them takes longer than using them.
var keys = sync.OnceValue(func() (k struct {
	root  authority
	rsa   Key
	curve Key
}) {
	k.root = newAuthority("Gốc Thử")
	k.rsa = k.root.issue(must(rsa.GenerateKey(rand.Reader, 2048)), "Hà Thị Thử")
	k.curve = k.root.issue(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), "Hoàng Văn Thử")
	return k
})

// printed is a file of n pages by our press's library, uncompressed so that tests can flip its letters.
func printed(n int) []byte {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetTitle("Quyết định (số 214)", true)
	f.SetCatalogSort(true)
	f.SetCompression(false)
	f.SetFont("Helvetica", "", 14)
	for i := range n {
		f.AddPage()
		f.Text(30, 40, fmt.Sprintf("Decision on page %d, 286 families", i+1))
		f.LinkString(30, 50, 40, 10, "https://hoctap.example/")
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func signed(t testing.TB, pdf []byte, k Key, at time.Time, p Place) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Sign(&b, pdf, k, at, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keyOf is the catalogue key of an error, the first field's for broken rules.
func keyOf(err error) string {
	f, ok := fault.As(err)
	switch {
	case err == nil:
		return ""
	case !ok:
		return "internal: " + err.Error()
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

func TestReadPKCS12(t *testing.T) {
	k := keys()
	weak := k.root.issue(must(rsa.GenerateKey(rand.Reader, 1024)), "Khóa Ngắn")
	file := func(k Key, encoder *pkcs12.Encoder) []byte {
		return must(encoder.Encode(k.signer, k.certificate, k.parents, "mật khẩu"))
	}
	good := file(k.rsa, pkcs12.Modern)
	for _, c := range []struct {
		name     string
		data     []byte
		password string
		want     string
	}{
		{"RSA", good, "mật khẩu", ""},
		{"ECDSA", file(k.curve, pkcs12.Modern), "mật khẩu", ""},
		{"old ciphers", file(k.curve, pkcs12.LegacyDES), "mật khẩu", ""},
		{"authority first", must(pkcs12.Modern.Encode(k.rsa.signer, k.root.certificate, []*x509.Certificate{k.rsa.certificate}, "mật khẩu")), "mật khẩu", ""},
		{"wrong password", good, "mat khau", "sign.password"},
		{"no password", good, "", "sign.password"},
		{"half a file", good[:len(good)/2], "mật khẩu", "sign.key"},
		{"nothing", nil, "", "sign.key"},
		{"not this kind of file", printed(1), "", "sign.key"},
		{"too large", make([]byte, maxKeyFile+1), "", "sign.key"},
		{"1024 bits", file(weak, pkcs12.Modern), "mật khẩu", "sign.key"},
		{"another's certificate", must(pkcs12.Modern.Encode(k.rsa.signer, k.curve.certificate, nil, "mật khẩu")), "mật khẩu", "sign.key"},
	} {
		got, err := ReadPKCS12(c.data, c.password)
		if keyOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err == nil && !got.certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool }).Equal(got.signer.Public()) {
			t.Errorf("%s: the certificate is not the key's", c.name)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v", k.rsa, k.rsa, k.rsa); s != "Hà Thị Thử Hà Thị Thử Hà Thị Thử" {
		t.Errorf("a key prints as %s", s)
	}
}

// A file that wants a password stretched for hours is refused before anything is stretched.
func TestStretchingIsBounded(t *testing.T) {
	k := keys()
	for _, e := range []*pkcs12.Encoder{pkcs12.Modern, pkcs12.LegacyDES} {
		usual := must(e.WithIterations(300_000).Encode(k.curve.signer, k.curve.certificate, nil, "x"))
		if !cheap(usual, 0) {
			t.Error("300,000 rounds refused")
		}
		// 0x0493e0 is 300,000; 0x7493e0 is 7.6 million.
		for i := range bytes.Count(usual, []byte{2, 3, 4, 0x93, 0xe0}) {
			b := bytes.Clone(usual)
			at := 0
			for range i + 1 {
				at += bytes.Index(b[at:], []byte{2, 3, 4, 0x93, 0xe0}) + 5
			}
			b[at-3] = 0x74
			if cheap(b, 0) {
				t.Errorf("place %d: 7.6 million rounds pass", i)
			}
		}
	}
}
