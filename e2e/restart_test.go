// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"hoctap/internal/demo"
	"hoctap/internal/store"
)

// held starts the program on a socket that outlives it, as a service manager does.
func held(t *testing.T, l *net.TCPListener, log io.Writer, hoctap string, args ...string) *exec.Cmd {
	t.Helper()
	socket, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	cmd := exec.Command("sh", append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"`, hoctap}, args...)...)
	cmd.ExtraFiles, cmd.Stderr = []*os.File{socket}, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// People go on signing in while the program is stopped and started under them: nobody is refused, and each answer they got is in the journal. Meanwhile a
// collector gets the traces, and neither they nor the log hold what was asked for.
func TestRestartLosesNothing(t *testing.T) {
	dir := t.TempDir()
	hoctap := filepath.Join(dir, "hoctap")
	run(t, "go", "build", "-o", hoctap, "../cmd/hoctap")
	database, files := filepath.Join(dir, "hoctap.db"), filepath.Join(dir, "files")
	where := []string{"--db", "sqlite:" + database, "--files", files, "--log", "json"}
	run(t, hoctap, append(where, "demo", "--families", "100", "--from", "2026", "--to", "2026", "--today", "2026-11-18", "--communes", "08515")...)

	spans := collect(t)
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	base := "http://" + l.Addr().String()
	var log bytes.Buffer
	start := func() *exec.Cmd {
		return held(t, l, &log, hoctap, append(where, "serve", "--log-requests", "--otlp", spans.address)...)
	}
	var signedIn, failed atomic.Int64
	stop := make(chan struct{})
	var people sync.WaitGroup
	server := start()
	for range 4 {
		people.Go(func() {
			c := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			for {
				select {
				case <-stop:
					return
				default:
				}
				a, err := signIn(c, base, "/dang-nhap", "caoson.khong.co", "mật khẩu lạ")
				if err == nil {
					a, err = signIn(c, base, "/dang-nhap?ve=%2Fbi-mat", "hycuong", demo.Password)
				}
				if err != nil {
					failed.Add(1)
					t.Errorf("refused: %v", err)
					return
				}
				if a.StatusCode == http.StatusSeeOther {
					signedIn.Add(1)
				}
			}
		})
	}
	for range 3 {
		time.Sleep(700 * time.Millisecond)
		if err := server.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := server.Wait(); err != nil {
			t.Errorf("the stop: %v\n%s", err, &log)
		}
		server = start()
	}
	time.Sleep(500 * time.Millisecond)
	close(stop)
	people.Wait()
	_ = server.Process.Signal(syscall.SIGTERM)
	_ = server.Wait()

	db, err := store.Open(t.Context(), "sqlite:"+database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	kept, _, err := store.One(t.Context(), db.Read(), store.Value[int64], `SELECT count(*) FROM journal WHERE act = 'sign_in'`)
	if err != nil || signedIn.Load() == 0 || kept < signedIn.Load() || kept > signedIn.Load()+failed.Load() {
		t.Errorf("%d were told that they are in, %d entries in the journal, %v", signedIn.Load(), kept, err)
	}
	names := spans.names()
	for _, want := range []string{"POST /dang-nhap", "write", "query"} {
		if !slices.Contains(names, want) {
			t.Errorf("no span %q among %d: %q", want, len(names), slices.Compact(names))
		}
	}
	lines := 0
	for line := range strings.Lines(log.String()) {
		var said struct{ Msg, Route, Trace string }
		if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "request" {
			lines++
			if said.Route != "POST /dang-nhap" && said.Route != "GET /dang-nhap" || len(said.Trace) != 32 {
				t.Errorf("log: %s", line)
			}
		}
	}
	if lines < int(signedIn.Load()) {
		t.Errorf("%d lines of requests", lines)
	}
	for where, text := range map[string]string{"log": log.String(), "traces": spans.text()} {
		for _, secret := range []string{"bi-mat", "caoson.khong.co", "mật khẩu lạ", demo.Password, "hycuong"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q stands in the %s", secret, where)
			}
		}
	}
}

var tokenIn = regexp.MustCompile(`name="_the" value="([^"]+)"`)

// signIn opens the form of a page and posts it with its token, as a browser without scripts does. The client keeps no cookie: each time somebody else comes.
func signIn(c *http.Client, base, path, login, password string) (*http.Response, error) {
	page, err := c.Get(base + path)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(page.Body)
	page.Body.Close()
	if err != nil {
		return nil, err
	}
	token := tokenIn.FindSubmatch(body)
	if token == nil {
		return nil, fmt.Errorf("%s: %s: no token", path, page.Status)
	}
	r, err := http.NewRequest("POST", base+path, strings.NewReader(url.Values{"_the": {string(token[1])}, "login": {login}, "password": {password}}.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, k := range page.Cookies() {
		r.AddCookie(k)
	}
	a, err := c.Do(r)
	if err == nil {
		a.Body.Close()
	}
	return a, err
}

// spanSink is a collector of traces.
type spanSink struct {
	address string
	mu      sync.Mutex
	all     []*collector.ExportTraceServiceRequest
}

func collect(t *testing.T) *spanSink {
	s := &spanSink{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unzipped
		}
		b, err := io.ReadAll(body)
		sent := &collector.ExportTraceServiceRequest{}
		if err == nil {
			err = proto.Unmarshal(b, sent)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		s.mu.Lock()
		s.all = append(s.all, sent)
		s.mu.Unlock()
	}))
	t.Cleanup(server.Close)
	s.address = server.URL
	return s
}

func (s *spanSink) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, sent := range s.all {
		for _, of := range sent.ResourceSpans {
			for _, by := range of.ScopeSpans {
				for _, span := range by.Spans {
					list = append(list, span.Name)
				}
			}
		}
	}
	slices.Sort(list)
	return list
}

func (s *spanSink) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, sent := range s.all {
		b.WriteString(sent.String())
	}
	return b.String()
}
