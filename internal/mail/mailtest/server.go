// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package mailtest is a mail server on the loopback address for tests: it speaks SMTP as far as letters need it, with STARTTLS and a sign-in where asked,
// and keeps what it was given.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server is a mail server that ends with its test.
type Server struct {
	Port  int
	TLS   *tls.Config // offers STARTTLS where it is set
	First bool        // TLS from the first byte
	User  string      // asks for a sign-in where it is set
	Pass  string

	mu       sync.Mutex
	letters  []Letter
	refusing int // how many letters to refuse
}

// Letter is a message as it came in.
type Letter struct {
	From, To string
	Secure   bool
	Data     string // headers and body, line ends as "\n"
}

// patience is how long a conversation may take.
const patience = 10 * time.Second

// Start opens a server; change its fields by set before the first letter.
func Start(t testing.TB, set ...func(*Server)) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Port: l.Addr().(*net.TCPAddr).Port}
	for _, f := range set {
		f(s)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(patience)) // a client that hangs up without a word ends nothing by itself
				s.talk(c)
			}()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return s
}

// Refuse makes the server refuse the next n letters.
func (s *Server) Refuse(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = n
}

// Letters are those that came in so far.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// talk answers one connection until it says QUIT.
func (s *Server) talk(c net.Conn) {
	in := bufio.NewReader(c)
	say := func(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }
	var l Letter
	secure, known := false, s.User == ""
	if s.First {
		c, secure = tls.Server(c, s.TLS), true
		in = bufio.NewReader(c)
	}
	say("220 mailtest ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			say("250-mailtest")
			if s.TLS != nil && !secure {
				say("250-STARTTLS")
			}
			if s.User != "" {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case "HELO", "NOOP", "RSET":
			say("250 ok")
		case "STARTTLS":
			if s.TLS == nil {
				say("502 no")
				continue
			}
			say("220 go on")
			t := tls.Server(c, s.TLS)
			if t.Handshake() != nil {
				return
			}
			c, in, secure = t, bufio.NewReader(t), true
		case "AUTH":
			_, token, _ := strings.Cut(rest, " ")
			raw, _ := base64.StdEncoding.DecodeString(token)
			if known = string(raw) == "\x00"+s.User+"\x00"+s.Pass; !known {
				say("535 no")
				continue
			}
			say("235 welcome")
		case "MAIL":
			if !known {
				say("530 sign in")
				continue
			}
			l = Letter{From: bracketed(rest), Secure: secure}
			say("250 ok")
		case "RCPT":
			l.To = bracketed(rest)
			say("250 ok")
		case "DATA":
			s.data(in, &l, say)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 %s", verb)
		}
	}
}

// data reads a letter to its last line and keeps or refuses it.
func (s *Server) data(in *bufio.Reader, l *Letter, say func(string, ...any)) {
	say("354 go on")
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "." {
			break
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusing > 0 {
		s.refusing--
		say("451 later")
		return
	}
	l.Data = b.String()
	s.letters = append(s.letters, *l)
	say("250 ok")
}

func bracketed(s string) string {
	_, s, _ = strings.Cut(s, "<")
	s, _, _ = strings.Cut(s, ">")
	return s
}

// Body is the text of a message, whatever way it was encoded for its travel.
func Body(m *mail.Message) io.Reader {
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(m.Body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, m.Body)
	}
	return m.Body
}
