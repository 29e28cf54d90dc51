// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"mime"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/mail"
	"hoctap/internal/mail/mailtest"
)

// certificate is of the test's mail server; the whole test trusts it.
var certificate tls.Certificate

// TestMain makes the certificate before anything reads which ones the machine trusts.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "hoctap-mail")
	if err != nil {
		log.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mailtest"}, NotBefore: time.Unix(0, 0), NotAfter: time.Now().AddDate(10, 0, 0), IsCA: true,
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		log.Fatal(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func plain(s *mailtest.Server) mail.Server {
	return mail.Server{Host: "127.0.0.1", Port: s.Port, From: "hoctap@phutho.gov.vn", Security: mail.Plain}
}

// A letter arrives as it was written, in Vietnamese.
func TestLetterArrives(t *testing.T) {
	s := mailtest.Start(t)
	body := "Kính gửi Dương Thị Hồng,\n\nBáo cáo năm 2026 của Xã Hy Cương phải gửi chậm nhất ngày 05/12/2026.\n.\nHết."
	if err := plain(s).Send(t.Context(), mail.Letter{To: "hong@phutho.gov.vn", Subject: "Nhắc hạn gửi: Báo cáo năm 2026", Body: body, ID: "p.before7.a"}); err != nil {
		t.Fatal(err)
	}
	list := s.Letters()
	if len(list) != 1 || list[0].To != "hong@phutho.gov.vn" || list[0].From != "hoctap@phutho.gov.vn" {
		t.Fatalf("%+v", list)
	}
	m, err := netmail.ReadMessage(strings.NewReader(list[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Nhắc hạn gửi: Báo cáo năm 2026" || m.Header.Get("Message-Id") != "<p.before7.a@phutho.gov.vn>" {
		t.Errorf("subject %q, id %q, %v", subject, m.Header.Get("Message-Id"), err)
	}
	raw, err := io.ReadAll(mailtest.Body(m))
	if err != nil || strings.TrimSpace(string(raw)) != body {
		t.Errorf("%q, %v", raw, err)
	}
}

// Nothing typed by anybody becomes a header or a second recipient.
func TestNoHeaderIsInjected(t *testing.T) {
	s := mailtest.Start(t)
	by := plain(s)
	for _, to := range []string{"a@x.vn\r\nBcc: b@x.vn", "a@x.vn, b@x.vn", "a@x.vn>\r\nRCPT TO:<b@x.vn", "\"x\r\n\" <a@x.vn>", "", "a", "a@x.vn\x00"} {
		if mail.Address(to) {
			t.Errorf("%q counts as an address", to)
		}
		_ = by.Send(t.Context(), mail.Letter{To: to, Subject: "x", Body: "y", ID: "1"})
	}
	for _, l := range s.Letters() {
		if strings.Contains(l.Data, "b@x.vn") && strings.Contains(l.Data, "Bcc") || l.To == "b@x.vn" {
			t.Errorf("sent to somebody else: %+v", l)
		}
	}
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "Báo cáo\r\nBcc: b@x.vn\r\n\r\nthân", Body: "y\r\n.\r\nMAIL FROM:<e@x.vn>\r\n", ID: "2"}); err != nil {
		t.Fatal(err)
	}
	list := s.Letters()
	m, err := netmail.ReadMessage(strings.NewReader(list[len(list)-1].Data))
	if err != nil || m.Header.Get("Bcc") != "" || list[len(list)-1].To != "a@x.vn" {
		t.Errorf("%v %v", m.Header, err)
	}
}

func TestAddress(t *testing.T) {
	for s, want := range map[string]bool{"hoikhuyenhoc@phutho.gov.vn": true, "a.b+c@x.vn": true, "a@localhost": false, "A <a@x.vn>": false, "a@x.vn ": false, "ă@x.vn": false,
		strings.Repeat("a", 250) + "@x.vn": false, "a@x.vn\n": false, `"a b"@x.vn`: false} {
		if got := mail.Address(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// STARTTLS is demanded where it is set: without it nothing is sent, and the password never leaves.
func TestProtectedConnection(t *testing.T) {
	secret := func(s *mailtest.Server) { s.User, s.Pass = "hoctap", "bí mật" }
	s := mailtest.Start(t, secret, func(s *mailtest.Server) { s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}} })
	by := plain(s)
	by.Security, by.User, by.Password = mail.StartTLS, "hoctap", "bí mật"
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "x", Body: "y", ID: "1"}); err != nil {
		t.Fatal(err)
	}
	if list := s.Letters(); len(list) != 1 || !list[0].Secure {
		t.Errorf("%+v", list)
	}
	by.Password = "sai"
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "x", Body: "y", ID: "2"}); err == nil {
		t.Error("a wrong password was taken")
	}
	whole := mailtest.Start(t, secret, func(s *mailtest.Server) {
		s.TLS, s.First = &tls.Config{Certificates: []tls.Certificate{certificate}}, true
	})
	by.Port, by.Password, by.Security = whole.Port, "bí mật", mail.TLS
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "x", Body: "y", ID: "4"}); err != nil || len(whole.Letters()) != 1 {
		t.Errorf("TLS from the first byte: %v", err)
	}
	by.Security = mail.StartTLS
	bare := mailtest.Start(t, secret)
	by.Port, by.Password = bare.Port, "bí mật"
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "x", Body: "y", ID: "3"}); err == nil || len(bare.Letters()) > 0 {
		t.Errorf("sent without protection: %v", err)
	}
}

// A server that is down or silent costs its patience and no more.
func TestServerThatIsDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it takes connections and never says a word
	by := mail.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "hoctap@phutho.gov.vn", Security: mail.Plain, Patience: 200 * time.Millisecond}
	if err := by.Send(t.Context(), mail.Letter{To: "a@x.vn", Subject: "x", Body: "y", ID: "1"}); err == nil {
		t.Error("nobody took it")
	}
}

func TestSettings(t *testing.T) {
	if f, _ := fault.As(mail.Server{Host: "x", From: "x", User: "u", Security: mail.Plain}.Check()); f == nil || len(f.Fields) != 3 {
		t.Errorf("%v", f)
	}
	if err := (mail.Server{Host: "x", Port: 587, From: "a@x.vn", User: "u", Security: mail.StartTLS}).Check(); err != nil {
		t.Error(err)
	}
}
