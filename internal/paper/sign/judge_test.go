// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoctap/internal/paper"
	press "hoctap/internal/paper/pdf"
)

// judge runs a program from Debian and returns what it said.
func judge(t *testing.T, name string, args ...string) (said string, err error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("HOCTAP_TEST_OFFICE") != "" {
			t.Fatal(err)
		}
		t.Skipf("%v: make test installs it", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	return string(out), err
}

func kept(t *testing.T, name string, b []byte) string {
	t.Helper()
	dir := t.TempDir()
	if keep := os.Getenv("HOCTAP_TEST_KEEP"); keep != "" {
		dir = keep
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// paperOf is a paper of our press when the build has put its fonts in place.
func paperOf(t *testing.T) []byte {
	t.Helper()
	face := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "ui", "fonts", name))
		if os.IsNotExist(err) && os.Getenv("HOCTAP_TEST_OFFICE") == "" {
			t.Skipf("%v: make builds the fonts", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p := must(press.New(press.Faces{Text: face("tinos-400.ttf"), TextItalic: face("tinos-400-italic.ttf"), TextBold: face("tinos-700.ttf"), TextBoldItalic: face("tinos-700-italic.ttf"),
		Display: face("lora-400.ttf"), DisplayItalic: face("lora-400-italic.ttf"), DisplayBold: face("lora-700.ttf")}))
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
			path := kept(t, c.name+".pdf", pdf)
			said, err := judge(t, "pdfsig", "-nocert", path)
			if err != nil || strings.Count(said, "Signature is Valid") != len(c.keys) || strings.Count(said, "Total document signed") != 1 ||
				strings.Count(said, "ETSI.CAdES.detached") != len(c.keys) || !strings.Contains(said, who(c.keys[0].certificate)) || !strings.Contains(said, "Dec 08 2026") {
				t.Errorf("pdfsig: %v\n%s", err, said)
			}
			if said, err := judge(t, "qpdf", "--check", path); err != nil || strings.Contains(strings.ToLower(said), "warning") {
				t.Errorf("qpdf: %v\n%s", err, said)
			}
			if said, err := judge(t, "pdftoppm", "-r", "40", "-png", path, strings.TrimSuffix(path, ".pdf")); err != nil || said != "" {
				t.Errorf("pdftoppm: %v\n%s", err, said)
			}
			last := c.keys[len(c.keys)-1]
			openssl(t, pdf, last, k.root)

			changed := flipped(pdf, bytes.Index(pdf, []byte("stream"))+30)
			if said, _ := judge(t, "pdfsig", "-nocert", kept(t, c.name+"-flipped.pdf", changed)); strings.Count(said, "Digest Mismatch") != len(c.keys) {
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
	said, err := judge(t, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", kept(t, "message.der", message), "-content", kept(t, "content.bin", content),
		"-CAfile", kept(t, "root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.certificate.Raw})), "-purpose", "any",
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
	if said, err := judge(t, "openssl", "pkcs12", "-export", "-in", kept(t, "key.pem", parts), "-out", path, "-passout", "pass:Mật khẩu 1"); err != nil {
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
