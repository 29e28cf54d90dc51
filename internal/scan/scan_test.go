// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package scan_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/scan"
	"hoctap/internal/scan/scantest"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

func TestAddresses(t *testing.T) {
	for _, bad := range []string{"", "clamd.ctl", "unix:clamd", "tcp://host", "http://host:1", "tcp:host:1"} {
		if _, err := scan.At(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"unix:/run/clamav/clamd.ctl", "unix:///run/clamav/clamd.ctl", "tcp://127.0.0.1:3310", "tcp://[::1]:3310"} {
		if _, err := scan.At(good); err != nil {
			t.Error(err)
		}
	}
}

// What clamd says while it misbehaves is never taken for "clean".
func TestNoVerdictIsNoVerdict(t *testing.T) {
	for name, answer := range map[string]string{"silence": "", "size": "INSTREAM size limit exceeded. ERROR\x00", "another protocol": "HTTP/1.1 200 OK\r\n\r\n", "half": "stream: O", "error": "stream: Can't allocate memory ERROR\x00"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.ReadFull(c, make([]byte, 30))
				_, _ = io.WriteString(c, answer)
				c.Close()
			}
		}()
		c, err := scan.At("tcp://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if found, err := c.Find(t.Context(), bytes.NewReader(make([]byte, 5<<20))); err == nil || found != "" {
			t.Errorf("%s: %q %v", name, found, err)
		}
		l.Close()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, _ := scan.At("tcp://" + l.Addr().String())
	c.Patience = 200 * time.Millisecond
	if _, err := c.Find(t.Context(), strings.NewReader("x")); err == nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a silent one: %v", err)
	}
}

func TestClamd(t *testing.T) {
	d := scantest.New(t)
	c, err := scan.At(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"empty": nil, "text": []byte("Kính gửi"), "large": bytes.Repeat([]byte("ab"), 5<<20)} {
		if found, err := c.Find(t.Context(), bytes.NewReader(body)); found != "" || err != nil {
			t.Errorf("%s: %q %v", name, found, err)
		}
	}
	for name, body := range map[string][]byte{"virus": scantest.Virus(), "behind a megabyte": append(bytes.Repeat([]byte("ab"), 1<<19), scantest.Virus()...)} {
		if found, err := c.Find(t.Context(), bytes.NewReader(body)); found != scantest.Found || err != nil {
			t.Errorf("%s: %q %v", name, found, err)
		}
	}
	if found, err := c.Find(t.Context(), bytes.NewReader(make([]byte, 41<<20))); err == nil {
		t.Errorf("larger than clamd takes: %q", found)
	}
	if _, err := c.Find(t.Context(), iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file that breaks off: %v", err)
	}
}

// What came while the scanner was away is taken in, judged when it is back, and an infected file is served no more.
func TestScannerAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := scantest.New(t)
		blobs, err := blob.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
		c, _ := scan.At(d.Address)
		make := func(required bool) *scan.Service {
			return scan.New(db, blobs, func() time.Time { return at }, c, required)
		}
		s := make(false)
		by := identity.Actor{ID: "a", Address: "198.51.100.7:4711"}
		sums := map[string]string{}
		files := map[string][]byte{"sạch.pdf": []byte("%PDF-1.7"), "độc.pdf": scantest.Virus(), "không giữ.jpg": []byte("made anew")}
		d.Stop()
		if err := make(true).Judge(t.Context(), by, "a.pdf", strings.NewReader("x")); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("taken in unjudged: %v", err)
		}
		for name, body := range files {
			if err := s.Judge(t.Context(), by, name, bytes.NewReader(body)); err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(body)
			sums[name] = hex.EncodeToString(sum[:])
			if name != "không giữ.jpg" {
				if _, err := blobs.Put(t.Context(), bytes.NewReader(body), 1<<20); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Check(t.Context(), sums[name], name); err != nil {
				t.Errorf("nobody knows yet: %v", err)
			}
		}
		if _, err := s.Later(t.Context()); err == nil {
			t.Error("judged by a scanner that is away")
		}
		rows := func() int {
			n, _, err := store.One(t.Context(), db.Read(), store.Value[int], `SELECT count(*) FROM upload_scan`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if rows() != 3 {
			t.Errorf("%d wait", rows())
		}
		d.Start()
		if bad, err := s.Later(t.Context()); bad != 1 || err != nil {
			t.Errorf("%d, %v", bad, err)
		}
		if rows() != 2 {
			t.Errorf("%d left: the infected one, and the one that may still be put", rows())
		}
		at = at.Add(time.Hour)
		if bad, err := s.Later(t.Context()); bad != 0 || err != nil || rows() != 1 {
			t.Errorf("%d, %v, %d left", bad, err, rows())
		}
		if err := s.Check(t.Context(), sums["độc.pdf"], "độc.pdf"); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("served: %v", err)
		}
		if err := s.Check(t.Context(), sums["sạch.pdf"], "sạch.pdf"); err != nil {
			t.Error(err)
		}
		said, _, err := store.One(t.Context(), db.Read(), store.Value[string], `SELECT after FROM journal WHERE thing = 'upload' AND act = 'find_infected' AND actor_id = 'a'`)
		if err != nil || !strings.Contains(said, scantest.Found) || !strings.Contains(said, "độc.pdf") {
			t.Errorf("the journal: %q %v", said, err)
		}
	})
}
