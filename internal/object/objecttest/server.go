// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package objecttest runs an S3 server for tests, and gives it bad days.
package objecttest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"hoctap/internal/object"
)

// Mood is how a server answers.
type Mood int

// The moods.
const (
	Well    Mood = iota
	Busy         // 503 to everything
	HangsUp      // closes the connection
	CutsOff      // sends half of the answer's body
	Slow         // answers after a while
)

// slowness is how long a slow server thinks.
const slowness = 300 * time.Millisecond

// Server is an S3 server with one bucket.
type Server struct {
	URL string
	t   testing.TB

	mu    sync.Mutex
	mood  Mood
	times int
}

// Bucket is its name.
const Bucket = "hoctap"

// Start starts one that ends with the test. The keys of the test's environment are for it.
func Start(t testing.TB) *Server {
	t.Helper()
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "hoctap", "AWS_SECRET_ACCESS_KEY": "0123456789abcdef", "AWS_REGION": "us-east-1", "AWS_SESSION_TOKEN": ""} {
		t.Setenv(name, value)
	}
	memory := s3mem.New()
	if err := memory.CreateBucket(Bucket); err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t}
	inner := gofakes3.New(memory).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch s.next() {
		case Busy:
			http.Error(w, "busy", http.StatusServiceUnavailable)
		case HangsUp:
			panic(http.ErrAbortHandler)
		case CutsOff:
			inner.ServeHTTP(&cutter{ResponseWriter: w}, r)
			panic(http.ErrAbortHandler)
		case Slow:
			time.Sleep(slowness)
			inner.ServeHTTP(w, r)
		default:
			inner.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// cutter lets nothing of a body through.
type cutter struct{ http.ResponseWriter }

func (c *cutter) Write(b []byte) (int, error) { return len(b), nil }

func (s *Server) next() Mood {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times == 0 {
		return Well
	}
	s.times--
	return s.mood
}

// Be gives the server a mood for the next requests.
func (s *Server) Be(m Mood, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mood, s.times = m, times
}

// Address is that of a prefix of the bucket.
func (s *Server) Address(prefix string) string {
	return "s3://" + Bucket + "/" + strings.TrimPrefix(prefix, "/")
}

// Open opens it.
func (s *Server) Open(prefix string) object.Store {
	s.t.Helper()
	o, err := object.Open(s.Address(prefix), object.Remote{Endpoint: s.URL})
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}
