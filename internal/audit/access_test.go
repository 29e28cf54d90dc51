// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// The log of reads tells each read once an hour, under many readers, in chains that hold and are found out when touched.
func TestReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, now := newBook(t, db), noon
		reads := audit.NewReads(db, func() time.Time { return now })
		var group sync.WaitGroup
		for w := range 16 {
			group.Go(func() {
				for i := range 10 {
					if err := reads.Note(b.ctx, audit.Who{ID: fmt.Sprint("who", w), Address: "1.2.3.4:5"}, audit.Access{Act: audit.Read, Thing: "so-bo", PlaceID: "khu-1", ThingID: fmt.Sprint(i % 5)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if n := b.count(`SELECT count(*) FROM access_log`); n != 16*5 {
			t.Errorf("%d entries", n)
		}
		now = now.Add(time.Hour)
		b.ok(reads.Note(b.ctx, bob, audit.Access{Act: audit.Export, Thing: "so-bo.tai", PlaceID: "khu-1", Many: 1204}))
		found, err := audit.SearchReads(b.ctx, db.Read(), audit.Query{Places: []string{"khu-1"}, Most: 1})
		b.ok(err)
		if len(found) != 1 || found[0].Many != 1204 || found[0].Address != bob.Address || found[0].Device != bob.Device {
			t.Errorf("%+v", found)
		}
		b.wants(b.found())
		lane := b.count(`SELECT lane FROM access_log WHERE act = 'export'`)
		b.do(`UPDATE access_log SET many = 3 WHERE act = 'export'`)
		if got := b.found(); len(got) != 1 || !strings.HasSuffix(got[0], "changed") {
			t.Errorf("lane %d: %v", lane, got)
		}
		b.do(`UPDATE access_log SET many = 1204 WHERE act = 'export'`)
		b.do(`DELETE FROM access_log WHERE n = 2 AND lane = $1`, lane)
		if got := b.found(); len(got) == 0 || !strings.Contains(got[0], "missing") && !strings.Contains(got[0], "cut") {
			t.Errorf("%v", got)
		}
	})
}

// Nobody fills the disk with refusals: after some thousand in an hour one entry says that there were more.
func TestRefusalsAreBounded(t *testing.T) {
	b := newBook(t, storetest.SQLite(t))
	reads := audit.NewReads(b.db, func() time.Time { return noon })
	for i := range 2500 {
		b.ok(reads.Note(b.ctx, audit.Who{Address: fmt.Sprintf("10.0.%d.%d:1", i/250, i%250)}, audit.Access{Act: audit.SignIn, Thing: "account", Result: audit.Refused}))
	}
	if n, over := b.count(`SELECT count(*) FROM access_log`), b.count(`SELECT count(*) FROM access_log WHERE thing = 'too_many'`); n != 2000 || over != 1 {
		t.Errorf("%d entries, %d say that there were more", n, over)
	}
	b.ok(reads.Note(b.ctx, bob, audit.Access{Act: audit.Read, Thing: "so-bo"}))
	if n := b.count(`SELECT count(*) FROM access_log`); n != 2001 {
		t.Error("reads are told whatever was refused")
	}
}

// Old reads go after their time, which the journal says; younger ones do not, and who drops some behind its back is found.
func TestDropReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, now := newBook(t, db), noon.AddDate(-2, 0, 0)
		reads := audit.NewReads(db, func() time.Time { return now })
		note := func(n int) {
			for i := range n {
				b.ok(reads.Note(b.ctx, audit.Who{ID: fmt.Sprint("who", i%20)}, audit.Access{Act: audit.Read, Thing: "so-bo", ThingID: fmt.Sprint(i)}))
			}
		}
		note(60)
		b.closeDays(now.AddDate(0, 0, 1))
		now = noon
		note(40)
		if _, err := audit.DropReads(b.ctx, db, noon, noon.AddDate(0, -6, 0)); err == nil {
			t.Error("six months are enough")
		}
		n, err := audit.DropReads(b.ctx, db, noon, noon.AddDate(0, -14, 0))
		b.ok(err)
		if left := b.count(`SELECT count(*) FROM access_log`); n != 60 || left != 40 {
			t.Errorf("%d dropped, %d left", n, left)
		}
		b.wants(b.found())
		if n, err := audit.DropReads(b.ctx, db, noon, noon.AddDate(0, -14, 0)); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		note(60)
		b.wants(b.found())
		lane := b.count(`SELECT max(lane) FROM access_log`)
		upTo := b.count(`SELECT min(n) FROM access_log WHERE lane = $1`, lane)
		b.do(`UPDATE journal_checkpoint SET n = $1, hash = (SELECT hash FROM access_log a WHERE a.lane = $2 AND a.n = $3) WHERE lane = $4`, upTo, lane, upTo, lane)
		b.do(`DELETE FROM access_log WHERE lane = $1 AND n = $2`, lane, upTo)
		b.wants(b.found(), strings.TrimSpace(fmt.Sprint(upTo, " missing")))
	})
}

// A proof leads from an entry to a published root by hashes of plain lines, which a shell can follow; a changed line leads nowhere.
func TestProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBook(t, db)
		for place := range 5 {
			b.write(entry(fmt.Sprint("khu-", place), "t", place))
		}
		b.fill()
		id, _, err := store.One(b.ctx, db.Read(), store.Value[string], `SELECT id FROM journal WHERE place_id = 'khu-1' AND n = 6`)
		b.ok(err)
		if _, _, err := audit.Prove(b.ctx, db, "khu-1", id); err == nil {
			t.Error("a proof before the day is over")
		}
		published := b.closeDays(noon.AddDate(0, 0, 1))
		b.write(entry("khu-1", "t", 9))
		lines, root, err := audit.Prove(b.ctx, db, "khu-1", id)
		b.ok(err)
		text := strings.Join(lines, "\n") + "\n"
		if !strings.Contains(lines[0], "Nguyễn Thị Ẩn") || !strings.Contains(lines[1], bob.ID) || strings.Count(text, bob.ID) != 1 {
			t.Errorf("%s", text)
		}
		if got, err := audit.CheckProof(strings.NewReader(text), published); err != nil || got.Root != root.Root {
			t.Errorf("%v %v", got, err)
		}
		script := `last=; while IFS= read -r line; do case $line in *"$last"*) ;; *) echo broken; exit;; esac; last=$(printf %s "$line" | sha256sum | cut -c1-64); done; echo "$last"`
		shell := exec.Command("sh", "-c", script)
		shell.Stdin = strings.NewReader(text)
		out, err := shell.Output()
		b.ok(err)
		if strings.TrimSpace(string(out)) != root.Root {
			t.Errorf("a shell finds %s, not %s", out, root.Root)
		}
		for i := range lines {
			changed := append([]string{}, lines...)
			changed[i] = strings.Replace(changed[i], "0", "1", 1) + " "
			if _, err := audit.CheckProof(strings.NewReader(strings.Join(changed, "\n")), published); err == nil {
				t.Errorf("line %d may be changed", i+1)
			}
		}
		if _, err := audit.CheckProof(strings.NewReader(text), nil); err == nil {
			t.Error("a proof without a published root")
		}
	})
}

// collector takes counted messages as RFC 6587 has them; it can close after some.
type collector struct {
	net.Listener
	mu       sync.Mutex
	messages []string
	hangUp   int // close the connection after so many messages, once
}

func listen(t *testing.T, with *tls.Config) *collector {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if with != nil {
		l = tls.NewListener(l, with)
	}
	c := &collector{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.take(conn)
		}
	}()
	return c
}

func (c *collector) take(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		head, err := in.ReadString(' ')
		if err != nil {
			return
		}
		n, err := strconv.Atoi(strings.TrimSpace(head))
		if err != nil {
			return
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		c.mu.Lock()
		c.messages = append(c.messages, string(body))
		stop := c.hangUp == len(c.messages)
		c.mu.Unlock()
		if stop {
			return
		}
	}
}

func (c *collector) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string{}, c.messages...)
}

var header = regexp.MustCompile(`^<110>1 2026-11-18T05:00:00\.000000Z \S+ hoctap - subject\.save - \x{FEFF}\{`)

// Every entry reaches the collector, also over a connection that breaks, and nothing is sent again without need; values stay at home.
func TestForward(t *testing.T) {
	certificate, roots := selfSigned(t)
	for _, network := range []string{"tcp", "tls"} {
		t.Run(network, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				b := newBook(t, db)
				b.fill()
				b.ok(audit.NewReads(db, func() time.Time { return noon }).Note(b.ctx, bob, audit.Access{Act: audit.Attempt, Thing: "tham-dinh", PlaceID: "khu-1", Result: audit.Refused}))
				var with *tls.Config
				if network == "tls" {
					with = &tls.Config{Certificates: []tls.Certificate{certificate}}
				}
				there := listen(t, with)
				there.hangUp = 10
				to, err := audit.ReadCollector(network + "://" + there.Addr().String())
				b.ok(err)
				to.Settle, to.TLS = 100*time.Millisecond, &tls.Config{RootCAs: roots}
				if _, err := audit.Forward(b.ctx, db, to); err == nil {
					t.Error("a broken connection was not noticed")
				}
				n, err := audit.Forward(b.ctx, db, to)
				b.ok(err)
				if n != 37 {
					t.Errorf("%d sent", n)
				}
				hashes := map[string]bool{}
				for _, m := range there.taken() {
					var e audit.Exported
					_, text, _ := strings.Cut(m, "\uFEFF")
					if err := json.Unmarshal([]byte(text), &e); err != nil {
						t.Fatal(err)
					}
					if hashes[e.Hash] = true; e.Act == "save" && (!header.MatchString(m) || e.Address != bob.Address) || e.Act == "attempt" && !strings.HasPrefix(m, "<108>1 ") {
						t.Errorf("%s", m)
					}
					if strings.Contains(m, "Nguyễn") {
						t.Errorf("a value left: %s", m)
					}
				}
				if len(hashes) != 37 {
					t.Errorf("%d entries arrived", len(hashes))
				}
				before := len(there.taken())
				b.write(entry("khu-1", "t", 1))
				if n, err := audit.Forward(b.ctx, db, to); n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
				if n, err := audit.Forward(b.ctx, db, to); n != 0 || err != nil || len(there.taken()) != before+1 {
					t.Errorf("%d, %v, %d", n, err, len(there.taken()))
				}
			})
		})
	}
}

func TestForwardUDP(t *testing.T) {
	b := newBook(t, storetest.SQLite(t))
	b.fill()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	b.ok(err)
	defer conn.Close()
	to, err := audit.ReadCollector("udp://" + conn.LocalAddr().String())
	b.ok(err)
	n, err := audit.Forward(b.ctx, b.db, to)
	if b.ok(err); n != 36 {
		t.Errorf("%d sent", n)
	}
	b.ok(conn.SetReadDeadline(time.Now().Add(5 * time.Second)))
	message := make([]byte, 65_535)
	for range n {
		size, _, err := conn.ReadFrom(message)
		b.ok(err)
		if !bytes.HasPrefix(message[:size], []byte("<110>1 ")) {
			t.Errorf("%s", message[:size])
		}
	}
}

func TestCollectorAddresses(t *testing.T) {
	for _, bad := range []string{"", "http://a:1", "tcp://", "tcp://host", "tcp://host:1/path", "tcp://user@host:1", "host:514", "tls://host:1?x=y"} {
		if _, err := audit.ReadCollector(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "soc"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// The words of the source that would change or delete the journal: only the erasure of values may, and only the log of reads is shortened.
func TestOnlyAppended(t *testing.T) {
	touches := regexp.MustCompile(`(?i)(UPDATE|DELETE\s+FROM|INSERT\s+OR\s+REPLACE\s+INTO|REPLACE\s+INTO|TRUNCATE(\s+TABLE)?|DROP\s+TABLE|ALTER\s+TABLE)\s+(journal|journal_day|journal_day_head|access_log)\b`)
	allowed := map[string]int{"audit/forget.go UPDATE journal": 1, "audit/drop.go DELETE FROM access_log": 1, "store/migration/0033_journal.sql ALTER TABLE journal": 1}
	for _, root := range []string{"..", "../../cmd"} {
		for _, pattern := range []string{"*.go", "*/*.go", "*/*/*.go", "*/*/*.sql"} {
			files, err := filepath.Glob(filepath.Join(root, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range files {
				if strings.HasSuffix(name, "_test.go") {
					continue
				}
				for _, m := range touches.FindAllString(read(t, name), -1) {
					key := filepath.ToSlash(strings.TrimPrefix(name, "../")) + " " + strings.Join(strings.Fields(m), " ")
					if allowed[key]--; allowed[key] < 0 {
						t.Errorf("%s: the journal is only appended to", key)
					}
				}
			}
		}
	}
	for key, n := range allowed {
		if n > 0 {
			t.Errorf("%s is gone: the search is broken", key)
		}
	}
}

func read(t *testing.T, name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0":  "Edge 139, Windows",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36":                   "Chrome 139, Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                         "Firefox 140, Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile Safari/604": "Safari 18, iPhone",
		"x\n<b>\x00" + strings.Repeat("y", 200): "x <b> " + strings.Repeat("y", 54),
		"":                                      "",
	} {
		if got := audit.Device(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}
