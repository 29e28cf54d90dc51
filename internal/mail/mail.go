// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package mail hands short plain letters to a mail server over SMTP. It knows nothing of the program. A letter's address and subject pass the
// library's checks, which refuse line ends, so that nothing typed by a person becomes a header.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"hoctap/internal/fault"

	smtp "github.com/wneessen/go-mail"
)

// Security is how the connection to the server is protected.
type Security string

// The kinds of security.
const (
	StartTLS Security = "starttls" // plain, then TLS; without it nothing is sent
	TLS      Security = "tls"      // from the first byte
	Plain    Security = "none"     // for a server on the same machine
)

// Server is a mail server with who sends. The zero Server sends nothing.
type Server struct {
	Host     string
	Port     int
	From     string // "hoctap@phutho.gov.vn"
	User     string // "" = no sign-in
	Password string
	Security Security
	Patience time.Duration // for one letter; 20 s when 0
}

// Letter is one message to one person.
type Letter struct {
	To      string
	Subject string
	Body    string // plain text
	ID      string // the same for the same letter, so that a second copy can be told
}

// Set says whether there is a server to send by.
func (s Server) Set() bool { return s.Host != "" }

// Check reports what is wrong with the settings.
func (s Server) Check() error {
	var errs []fault.FieldError
	if s.Host == "" {
		errs = append(errs, fault.Field("smtp-host", "mail.host"))
	}
	if !Address(s.From) {
		errs = append(errs, fault.Field("smtp-from", "mail.from"))
	}
	if s.Port < 1 || s.Port > 65535 {
		errs = append(errs, fault.Field("smtp-port", "mail.port"))
	}
	if s.User != "" && s.Security == Plain {
		errs = append(errs, fault.Field("smtp-user", "mail.plain_password"))
	}
	return fault.Invalid(errs...)
}

// Address says whether s is one bare e-mail address.
func Address(s string) bool {
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r > unicode.MaxASCII }) {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.ContainsAny(s, `"<>,;:\`)
}

// Send hands one letter over. An error means that the server did not take it.
func (s Server) Send(ctx context.Context, l Letter) (err error) {
	defer fault.Wrap(&err, "mail.Send")
	m := smtp.NewMsg()
	if err := m.From(s.From); err != nil {
		return err
	}
	if err := m.To(l.To); err != nil {
		return err
	}
	m.Subject(oneLine(l.Subject))
	m.SetMessageIDWithValue(l.ID + "@" + domainOf(s.From))
	m.SetDate()
	m.SetBodyString(smtp.TypeTextPlain, l.Body)
	patience := s.Patience
	if patience == 0 {
		patience = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	options := []smtp.Option{smtp.WithPort(s.Port), smtp.WithTimeout(patience), smtp.WithHELO(domainOf(s.From)), smtp.WithDialContextFunc(s.dial(ctx))}
	switch s.Security {
	case TLS:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS)) // dial has done it
	case Plain:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	default:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if s.User != "" {
		auth := smtp.SMTPAuthAutoDiscover
		if s.Security == TLS { // the library does not know that dial has protected the connection
			auth = smtp.SMTPAuthPlainNoEnc
		}
		options = append(options, smtp.WithSMTPAuth(auth), smtp.WithUsername(s.User), smtp.WithPassword(s.Password))
	}
	c, err := smtp.NewClient(s.Host, options...)
	if err != nil {
		return err
	}
	return c.DialAndSendWithContext(ctx, m)
}

// dial connects, and ends the connection with the letter's context: the library itself would wait for ever for the greeting of a server that says nothing.
func (s Server) dial(letter context.Context) smtp.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(letter, func() { c.Close() })
		if s.Security != TLS {
			return c, nil
		}
		t := tls.Client(c, &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12})
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return t, nil
	}
}

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// oneLine takes out what could end a header.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
