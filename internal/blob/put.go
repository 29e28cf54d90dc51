// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"hoctap/internal/fault"
)

var copyBuffers = sync.Pool{New: func() any { b := make([]byte, 128<<10); return &b }}

// Put writes beside the tree, syncs, renames into it and syncs the directories, so that a file under its
// name is always whole and an answered Put is always on disk.
func (s *folder) Put(ctx context.Context, r io.Reader, limit int64) (ref Ref, err error) {
	f, err := os.CreateTemp(filepath.Join(s.root, tempName), "put-*")
	if err != nil {
		return Ref{}, fmt.Errorf("blob.Put: %w", err)
	}
	defer func() {
		if f != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if ref, err = copyHashed(ctx, f, r, limit); err != nil {
		return Ref{}, err
	}
	there, err := s.renew(ref)
	if err != nil {
		return Ref{}, fmt.Errorf("blob.Put: %w", err)
	}
	if !there {
		if err := f.Sync(); err != nil {
			return Ref{}, fmt.Errorf("blob.Put: %w", err)
		}
		if err := f.Close(); err != nil {
			return Ref{}, fmt.Errorf("blob.Put: %w", err)
		}
		if err := s.moveIn(f.Name(), ref.SHA256); err != nil {
			return Ref{}, fmt.Errorf("blob.Put: %w", err)
		}
		f = nil
	}
	// Also when the file was there: the Put that brought it may not have synced its directory yet.
	if err := s.settle(ref.SHA256); err != nil {
		return Ref{}, fmt.Errorf("blob.Put: %w", err)
	}
	return ref, nil
}

// copyHashed reads one byte past limit at most, to know that there was more.
func copyHashed(ctx context.Context, w io.Writer, r io.Reader, limit int64) (Ref, error) {
	buf := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(buf)
	hash := sha256.New()
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return Ref{}, err
		}
		n, err := r.Read((*buf)[:min(int64(len(*buf)), limit-size+1)])
		size += int64(n)
		if size > limit {
			return Ref{}, fault.TooMuch("blob.too_large", "max", limit)
		}
		hash.Write((*buf)[:n])
		if _, err := w.Write((*buf)[:n]); err != nil {
			return Ref{}, fmt.Errorf("blob.Put: %w", err)
		}
		if errors.Is(err, io.EOF) {
			return Ref{SHA256: hex.EncodeToString(hash.Sum(nil)), Size: size}, nil
		}
		if err != nil {
			return Ref{}, err
		}
	}
}

// renew reports whether the bytes are there, and if so marks them as put now, which guards them from a
// Delete that was decided on before. A file of the wrong size is damaged and counts as missing.
func (s *folder) renew(ref Ref) (bool, error) {
	mu := s.lock(ref.SHA256)
	mu.Lock()
	defer mu.Unlock()
	info, err := os.Stat(s.path(ref.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if info.Size() != ref.Size {
		return false, nil
	}
	now := time.Now()
	if err := os.Chtimes(s.path(ref.SHA256), now, now); errors.Is(err, fs.ErrNotExist) {
		return false, nil // another process deleted it just now
	} else if err != nil {
		return false, err
	}
	return true, nil
}

func (s *folder) moveIn(temp, sha string) error {
	mu := s.lock(sha)
	mu.Lock()
	defer mu.Unlock()
	err := os.Rename(temp, s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(s.path(sha)), dirMode); err != nil {
			return err
		}
		err = os.Rename(temp, s.path(sha))
	}
	return err
}

// settle syncs the leaf directory, and those above until the leaf itself is known to be on disk.
func (s *folder) settle(sha string) error {
	leaf := filepath.Dir(s.path(sha))
	n, _ := strconv.ParseUint(sha[:4], 16, 16)
	if s.synced[n].Load() {
		return s.dirs.sync(leaf)
	}
	if err := s.dirs.sync(leaf, filepath.Dir(leaf), s.root); err != nil {
		return err
	}
	s.synced[n].Store(true)
	return nil
}
