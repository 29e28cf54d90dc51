// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"hoctap/internal/fault"
)

const (
	tempName = "tmp" // below the root, on the same file system so that rename is atomic

	// A temporary file untouched for so long belongs to no living upload, whichever process began it.
	tempAge = 10 * time.Minute

	dirMode = 0o750
)

// folder keeps files as root/ab/cd/abcd…: 65,536 leaves hold ten million files at 150 each.
type folder struct {
	root   string
	dirs   dirSync
	locks  [64]sync.Mutex // by hash: Put's "is there" and Delete's "is old" exclude each other
	synced [1 << 16]atomic.Bool
}

func openFolder(root string) (*folder, error) {
	s := &folder{root: root}
	if err := os.MkdirAll(filepath.Join(root, tempName), dirMode); err != nil {
		return nil, err
	}
	if err := s.dirs.sync(filepath.Dir(filepath.Clean(root)), root); err != nil {
		return nil, err
	}
	return s, s.sweepTemp(time.Now().Add(-tempAge))
}

// sweepTemp removes what a killed process left half written.
func (s *folder) sweepTemp(before time.Time) error {
	entries, err := os.ReadDir(filepath.Join(s.root, tempName))
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || info.ModTime().After(before) {
			continue // gone meanwhile, not ours, or still being written
		}
		if err := os.Remove(filepath.Join(s.root, tempName, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (s *folder) path(sha string) string {
	return filepath.Join(s.root, sha[:2], sha[2:4], sha)
}

// lock serialises what touches one hash in this process; another process is kept off by rename alone.
func (s *folder) lock(sha string) *sync.Mutex {
	b, _ := hex.DecodeString(sha[:2])
	return &s.locks[int(b[0])%len(s.locks)]
}

func (s *folder) Open(_ context.Context, sha string) (io.ReadSeekCloser, int64, error) {
	if !isHash(sha) {
		return nil, 0, fault.NotFound("file", sha)
	}
	f, err := os.Open(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fault.NotFound("file", sha)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("blob.Open: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("blob.Open: %w", err)
	}
	return f, info.Size(), nil
}

func (s *folder) Stat(_ context.Context, sha string) (Info, error) {
	if !isHash(sha) {
		return Info{}, fault.NotFound("file", sha)
	}
	info, err := os.Stat(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, fault.NotFound("file", sha)
	}
	if err != nil {
		return Info{}, fmt.Errorf("blob.Stat: %w", err)
	}
	return Info{Ref: Ref{SHA256: sha, Size: info.Size()}, Put: info.ModTime()}, nil
}

func (s *folder) Delete(_ context.Context, sha string, putBefore time.Time) (bool, error) {
	if !isHash(sha) {
		return false, nil
	}
	mu := s.lock(sha)
	mu.Lock()
	defer mu.Unlock()
	info, err := os.Stat(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil && !info.ModTime().Before(putBefore) {
		return false, nil
	}
	if err == nil {
		err = os.Remove(s.path(sha))
	}
	if err != nil {
		return false, fmt.Errorf("blob.Delete: %w", err)
	}
	return true, nil
}

func (s *folder) Walk(ctx context.Context, each func(Info) error) error {
	return filepath.WalkDir(s.root, func(path string, e fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) && path != s.root {
			return nil // deleted since its directory was read
		}
		if err != nil {
			return err
		}
		if e.IsDir() && path == filepath.Join(s.root, tempName) {
			return fs.SkipDir
		}
		if e.IsDir() || !isHash(e.Name()) {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return each(Info{Ref: Ref{SHA256: e.Name(), Size: info.Size()}, Put: info.ModTime()})
	})
}
