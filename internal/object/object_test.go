// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package object_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/object"
	"hoctap/internal/object/objecttest"
)

func each(t *testing.T, test func(t *testing.T, s object.Store)) {
	t.Run("folder", func(t *testing.T) {
		s, err := object.Open(filepath.Join(t.TempDir(), "objects"), object.Remote{})
		if err != nil {
			t.Fatal(err)
		}
		test(t, s)
	})
	t.Run("s3", func(t *testing.T) { test(t, objecttest.Start(t).Open("copies/here")) })
}

func put(t *testing.T, s object.Store, name, text string) {
	t.Helper()
	if err := s.Put(t.Context(), name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s object.Store, name string) string {
	t.Helper()
	r, err := s.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThereAndGone(t *testing.T) {
	each(t, func(t *testing.T, s object.Store) {
		long := strings.Repeat("0123456789abcdef", 2<<20) // waits in a file
		for name, text := range map[string]string{"a/x.age": "một", "a/b/y": "y", "ab": "hai", "long": long} {
			put(t, s, name, text)
			if get(t, s, name) != text {
				t.Errorf("%s: other bytes came back", name)
			}
		}
		put(t, s, "ab", "ba")
		if got := get(t, s, "ab"); got != "ba" {
			t.Errorf("put again: %q", got)
		}
		list := func(prefix string) (names []string) {
			t.Helper()
			err := s.List(t.Context(), prefix, func(i object.Info) error {
				if age := time.Since(i.Modified); age < -time.Minute || age > time.Minute {
					t.Errorf("%s was put %s ago", i.Name, age)
				}
				names = append(names, i.Name)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		if got := strings.Join(list(""), " "); got != "a/b/y a/x.age ab long" {
			t.Errorf("all: %s", got)
		}
		if got := strings.Join(list("a/"), " "); got != "a/b/y a/x.age" {
			t.Errorf("below a: %s", got)
		}
		if got := list("none/"); len(got) != 0 {
			t.Errorf("below nothing: %v", got)
		}
		if i, err := s.Stat(t.Context(), "long"); err != nil || i.Size != int64(len(long)) {
			t.Errorf("%+v, %v", i, err)
		}
		for range 2 {
			if err := s.Delete(t.Context(), "ab"); err != nil {
				t.Error(err)
			}
		}
		if _, err := s.Get(t.Context(), "ab"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("get what is gone: %v", err)
		}
		if _, err := s.Stat(t.Context(), "ab"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("stat what is gone: %v", err)
		}
		broken := errors.New("broken")
		if err := s.Put(t.Context(), "half", func(w io.Writer) error { _, _ = w.Write([]byte("x")); return broken }); !errors.Is(err, broken) {
			t.Errorf("half a put: %v", err)
		}
		if got := list(""); len(got) != 3 {
			t.Errorf("half a put left something: %v", got)
		}
		for _, name := range []string{"../x", "/x", "a/../../x", ""} {
			if err := s.Put(t.Context(), name, func(io.Writer) error { return nil }); err == nil {
				t.Errorf("put %q", name)
			}
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s object.Store) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 10 {
					text := strings.Repeat(string(rune('a'+i)), 10000)
					if err := s.Put(t.Context(), "same", func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if got := get(t, s, "same"); len(got) != 10000 || strings.Trim(got, got[:1]) != "" {
			t.Error("a mixture of two")
		}
	})
}

// A server that answers 503, hangs up or is slow gets the request again; one that is gone is an error, and not for ever.
func TestBadDays(t *testing.T) {
	server := objecttest.Start(t)
	s := server.Open("x")
	for i, bad := range []objecttest.Mood{objecttest.Busy, objecttest.HangsUp, objecttest.CutsOff} {
		server.Be(bad, 2)
		name := string(rune('a' + i))
		put(t, s, name, "một")
		server.Be(bad, 2)
		if get(t, s, name) != "một" {
			t.Errorf("mood %d: other bytes", bad)
		}
	}
	server.Be(objecttest.Busy, 1<<30)
	if err := s.Put(t.Context(), "never", func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }); err == nil {
		t.Error("put into a server that is gone")
	}
	server.Be(objecttest.Well, 0)
	put(t, s, "never", "again")
}

func TestADiskTakenAwayIsNotWrittenTo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	s, err := object.Open(dir, object.Remote{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "a/b", "x")
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
	write := func() error { return s.Put(t.Context(), "a/c", func(io.Writer) error { return nil }) }
	if err := write(); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("no folder: %v", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil { // the mount point
		t.Fatal(err)
	}
	if err := write(); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("an empty folder: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir+"-away", dir); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Errorf("the disk is back: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for address, endpoint := range map[string]string{"": "", "ftp://x": "", "s3://": "", "s3://b": "localhost:9000", "s3://bb": "https://h/path", "s3://bbb": "file:///x",
		"s3://bbb/../x": "http://127.0.0.1:1"} {
		if _, err := object.Open(address, object.Remote{Endpoint: endpoint}); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%q at %q: %v", address, endpoint, err)
		}
	}
}

func TestWithoutBucket(t *testing.T) {
	server := objecttest.Start(t)
	s, err := object.Open("s3://another/x", object.Remote{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Put(t.Context(), "a", func(w io.Writer) error { _, err := w.Write(bytes.Repeat([]byte{1}, 100)); return err })
	if f, ok := fault.As(err); !ok || f.Key != "object.no_bucket" {
		t.Errorf("%v", err)
	}
}
