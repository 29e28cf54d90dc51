// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"

	"hoctap/internal/paper"
)

// paperOf is a paper of our press when the build has put its fonts in place.
func paperOf(t *testing.T) []byte {
	t.Helper()
	p := papertest.Press(t)
	d := &paper.Document{Title: "Quyết định số 214/QĐ-UBND", Author: "Ủy ban nhân dân xã Hy Cương", Date: "2026-12-08",
		Parts: []paper.Part{{Name: "Quyết định", Blocks: []paper.Block{paper.Text(paper.Centre, "QUYẾT ĐỊNH:"), paper.Code{Text: "https://hoctap.example/xac-minh/QD2608515214"}}}}}
	d.Clean()
	var b bytes.Buffer
	if err := p.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Other programs agree: with each sort of key, shown and not, once and twice signed, of the library's bare file and of our press's paper.
func TestJudges(t *testing.T) {
	k := keys()
	for _, c := range []struct {
		name string
		pdf  func(*testing.T) []byte
		keys []Key
		at   Place
	}{
		{"rsa", func(*testing.T) []byte { return printed(2) }, []Key{k.rsa}, Place{}},
		{"ecdsa", func(*testing.T) []byte { return printed(2) }, []Key{k.curve}, Place{}},
		{"twice", func(*testing.T) []byte { return printed(2) }, []Key{k.curve, k.rsa}, shown()},
		{"paper", paperOf, []Key{k.rsa, k.curve}, shown()},
	} {
		t.Run(c.name, func(t *testing.T) {
			original := c.pdf(t)
			pdf := original
			for _, key := range c.keys {
				pdf = signed(t, pdf, key, signedAt, c.at)
			}
			if list, err := Verify(pdf, original, k.root.roots(), signedAt); err != nil || len(list) != len(c.keys) {
				t.Fatalf("our own judgement: %d, %v", len(list), err)
			}
			path := papertest.Keep(t, c.name+".pdf", pdf)
			said, err := papertest.Ask(t, "pdfsig", "-nocert", path)
			if err != nil || strings.Count(said, "Signature is Valid") != len(c.keys) || strings.Count(said, "Total document signed") != 1 ||
				strings.Count(said, "ETSI.CAdES.detached") != len(c.keys) || !strings.Contains(said, who(c.keys[0].certificate)) || !strings.Contains(said, "Dec 08 2026") {
				t.Errorf("pdfsig: %v\n%s", err, said)
			}
			if said, err := papertest.Ask(t, "qpdf", "--check", path); err != nil || strings.Contains(strings.ToLower(said), "warning") {
				t.Errorf("qpdf: %v\n%s", err, said)
			}
			if said, err := papertest.Ask(t, "pdftoppm", "-r", "40", "-png", path, strings.TrimSuffix(path, ".pdf")); err != nil || said != "" {
				t.Errorf("pdftoppm: %v\n%s", err, said)
			}
			last := c.keys[len(c.keys)-1]
			openssl(t, pdf, last, k.root)

			changed := flipped(pdf, bytes.Index(pdf, []byte("stream"))+30)
			if said, _ := papertest.Ask(t, "pdfsig", "-nocert", papertest.Keep(t, c.name+"-flipped.pdf", changed)); strings.Count(said, "Digest Mismatch") != len(c.keys) {
				t.Errorf("pdfsig on a changed file:\n%s", said)
			}
		})
	}
}

// openssl verifies the last message of a file against its bytes and against the root, at the time of signing.
func openssl(t *testing.T, pdf []byte, by Key, root authority) {
	t.Helper()
	h := holeOf(t, pdf)
	message := must(hex.DecodeString(string(pdf[h.from+1 : h.to-1])))
	content := append(bytes.Clone(pdf[:h.from]), pdf[h.to:]...)
	said, err := papertest.Ask(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", papertest.Keep(t, "message.der", message), "-content", papertest.Keep(t, "content.bin", content),
		"-CAfile", papertest.Keep(t, "root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.certificate.Raw})), "-purpose", "any",
		"-attime", strconv.FormatInt(signedAt.Unix(), 10), "-signer", filepath.Join(t.TempDir(), "signer.pem"), "-out", os.DevNull)
	if err != nil || !strings.Contains(said, "successful") {
		t.Errorf("openssl about %s: %v\n%s", by, err, said)
	}
}

// A key file as the usual program writes it opens.
func TestOpensslKeyFile(t *testing.T) {
	k := keys()
	private := must(x509.MarshalPKCS8PrivateKey(k.curve.signer))
	parts := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	parts = append(parts, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.curve.certificate.Raw})...)
	path := filepath.Join(t.TempDir(), "key.p12")
	if said, err := papertest.Ask(t, "openssl", "pkcs12", "-export", "-in", papertest.Keep(t, "key.pem", parts), "-out", path, "-passout", "pass:Mật khẩu 1"); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	b := must(os.ReadFile(path))
	got, err := ReadPKCS12(b, "Mật khẩu 1")
	if err != nil || !got.certificate.Equal(k.curve.certificate) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadPKCS12(b, "mật khẩu 1"); keyOf(err) != "sign.password" {
		t.Errorf("wrong password: %v", err)
	}
}
