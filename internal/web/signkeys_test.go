// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"hoctap/internal/paper/sign"
)

// authority certifies invented people; all keys are made while the tests run.
type authority struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	a, _ := certified(t, authority{}, "Gốc Thử")
	return a
}

const keyPassword = "mật khẩu khóa"

// certified makes a key and its certificate, and the file that holds both.
func certified(t testing.TB, by authority, name string) (authority, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	if by.key == nil {
		by = authority{key, c}
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}
	der, err := x509.CreateCertificate(rand.Reader, c, by.certificate, key.Public(), by.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err = x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	file, err := pkcs12.Modern.WithIterations(2048).Encode(key, c, nil, keyPassword)
	if err != nil {
		t.Fatal(err)
	}
	return authority{key, c}, file
}

func (a authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// form is a multipart form of texts and files.
func form(t testing.TB, to string, texts map[string]string, files map[string][]byte) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, text := range texts {
		_ = w.WriteField(name, text) // a buffer never fails
	}
	for name, b := range files {
		part, _ := w.CreateFormFile(name, name+".bin")
		_, _ = part.Write(b)
	}
	_ = w.Close()
	r, err := http.NewRequest("POST", to, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// desktopTool is a program beside the browser that signs with a token: it fetches the file, signs it, brings it back, and knows neither
// cookies nor pages.
type desktopTool struct {
	t   testing.TB
	key []byte
	at  time.Time
}

func (d desktopTool) fetch(source string) (int, []byte) {
	d.t.Helper()
	got, err := http.Get(source)
	if err != nil {
		d.t.Fatal(err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return got.StatusCode, b
}

func (d desktopTool) sign(file []byte) []byte {
	d.t.Helper()
	k, err := sign.ReadPKCS12(d.key, keyPassword)
	if err != nil {
		d.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := sign.Sign(&b, file, k, d.at, sign.Place{}); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

// bring returns the status and the body of the answer.
func (d desktopTool) bring(upload string, file []byte) (int, string) {
	d.t.Helper()
	r := form(d.t, upload, nil, map[string][]byte{"uploadfile": file})
	r.Header.Set("Origin", "https://tool.invalid") // a tool may call itself anything
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return got.StatusCode, string(b)
}
