// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
)

func open(t testing.TB) (blob.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "files")
	s, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func hashOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// filesIn lists every regular file below dir, temporary ones included.
func filesIn(t testing.TB, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func read(t testing.TB, s blob.Store, sha string) []byte {
	t.Helper()
	r, size, err := s.Open(t.Context(), sha)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != size {
		t.Fatalf("Open said %d bytes, there are %d", size, len(b))
	}
	return b
}

func TestPutKeepsUnderItsHash(t *testing.T) {
	s, dir := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("abc"), 3)
	if err != nil {
		t.Fatal(err)
	}
	// SHA-256 of "abc" from FIPS 180-4, appendix B.1.
	want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if ref != (blob.Ref{SHA256: want, Size: 3}) {
		t.Fatalf("got %+v", ref)
	}
	if got := filesIn(t, dir); len(got) != 1 || got[0] != filepath.Join(dir, "ba", "78", want) {
		t.Fatalf("files: %v", got)
	}
}

func TestRoundTrip(t *testing.T) {
	s, dir := open(t)
	known := map[string][]byte{}
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(rt, "body")
		body = bytes.Repeat(body, rapid.IntRange(1, 1500).Draw(rt, "times"))
		ref, err := s.Put(t.Context(), iotest.HalfReader(bytes.NewReader(body)), int64(len(body)))
		if err != nil {
			rt.Fatal(err)
		}
		if ref.SHA256 != hashOf(body) || ref.Size != int64(len(body)) {
			rt.Fatalf("ref %+v of %d bytes", ref, len(body))
		}
		if !bytes.Equal(read(t, s, ref.SHA256), body) {
			rt.Fatal("other bytes came back")
		}
		known[ref.SHA256] = body
	})
	if got := len(filesIn(t, dir)); got != len(known) {
		t.Fatalf("%d files for %d contents", got, len(known))
	}
	last := ""
	err := s.Walk(t.Context(), func(i blob.Info) error {
		if body, ok := known[i.SHA256]; !ok || int64(len(body)) != i.Size || i.SHA256 <= last {
			t.Errorf("walked to %+v after %s", i, last)
		}
		last = i.SHA256
		delete(known, i.SHA256)
		return nil
	})
	if err != nil || len(known) != 0 {
		t.Fatalf("walk: %v, %d not seen", err, len(known))
	}
}

func TestPutLeavesNothingOnFailure(t *testing.T) {
	s, dir := open(t)
	if _, err := s.Put(t.Context(), strings.NewReader("abcd"), 3); fault.KindOf(err) != fault.KindTooMuch {
		t.Errorf("four bytes into three: %v", err)
	}
	broken := errors.New("line dropped")
	if _, err := s.Put(t.Context(), io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken)), 9); !errors.Is(err, broken) {
		t.Errorf("broken line: %v", err)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPutMendsATruncatedFile(t *testing.T) {
	s, dir := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("whole"), 9)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, ref.SHA256[:2], ref.SHA256[2:4], ref.SHA256)
	if err := os.Truncate(path, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), strings.NewReader("whole"), 9); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, ref.SHA256); string(got) != "whole" {
		t.Fatalf("got %q", got)
	}
}

func TestDeleteSparesWhatWasPutSince(t *testing.T) {
	s, _ := open(t)
	ref, err := s.Put(t.Context(), strings.NewReader("x"), 1)
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Stat(t.Context(), ref.SHA256)
	if err != nil || info.Ref != ref {
		t.Fatalf("stat %+v, %v", info, err)
	}
	decided := info.Put // someone decides to delete what was put before now …
	if _, err := s.Put(t.Context(), strings.NewReader("x"), 1); err != nil {
		t.Fatal(err) // … and someone else puts it again
	}
	if gone, err := s.Delete(t.Context(), ref.SHA256, decided); gone || err != nil {
		t.Fatalf("deleted %v, %v", gone, err)
	}
	later := time.Now().Add(time.Hour)
	if gone, err := s.Delete(t.Context(), ref.SHA256, later); !gone || err != nil {
		t.Fatalf("deleted %v, %v", gone, err)
	}
	if gone, err := s.Delete(t.Context(), ref.SHA256, later); gone || err != nil {
		t.Fatalf("second delete: %v, %v", gone, err)
	}
	if _, err := s.Stat(t.Context(), ref.SHA256); fault.KindOf(err) != fault.KindNotFound {
		t.Fatalf("stat after delete: %v", err)
	}
}

func TestOnlyHashesAreNames(t *testing.T) {
	s, dir := open(t)
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "ab", "../secret", strings.Repeat("../", 20) + "etc", strings.Repeat("A", 64), strings.Repeat("0", 64)} {
		if _, _, err := s.Open(t.Context(), name); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("Open(%q): %v", name, err)
		}
		if gone, err := s.Delete(t.Context(), name, time.Now()); gone || err != nil {
			t.Errorf("Delete(%q): %v, %v", name, gone, err)
		}
	}
}

func TestOpenClearsOldTemporaryFiles(t *testing.T) {
	_, dir := open(t)
	for name, age := range map[string]time.Duration{"put-old": time.Hour, "put-new": 0} {
		path := filepath.Join(dir, "tmp", name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := blob.Open(dir); err != nil {
		t.Fatal(err)
	}
	if left := filesIn(t, dir); len(left) != 1 || filepath.Base(left[0]) != "put-new" {
		t.Fatalf("left: %v", left)
	}
}

func TestOpenNamesWhatItCannotDo(t *testing.T) {
	for url, key := range map[string]string{"": "blob.no_address", "s3://bucket/files": "blob.s3_missing", "ftp://host": "blob.scheme"} {
		_, err := blob.Open(url)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Key != key {
			t.Errorf("Open(%q): %v", url, err)
		}
	}
}

func TestManyPutTheSame(t *testing.T) {
	s, dir := open(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for n := range 10 {
				body := bytes.Repeat([]byte{byte(n)}, 1000+n)
				if _, err := s.Put(t.Context(), bytes.NewReader(body), 2000); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	if got := filesIn(t, dir); len(got) != 10 {
		t.Fatalf("%d files for 10 contents", len(got))
	}
}
