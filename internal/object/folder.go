// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"hoctap/internal/fault"
)

// folder keeps objects as files below dir.
type folder struct{ dir string }

// markFile is made with the folder. A disk that was taken away leaves its mount point, an empty folder on the disk of the database: without the mark
// nothing is written there.
const (
	markFile = ".hoctap-objects"
	newFiles = ".new-*"
)

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, markFile), os.O_RDONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &folder{dir}, errors.Join(f.Close(), syncDir(dir))
}

func (f *folder) String() string { return f.dir }

// path keeps names inside the folder.
func (f *folder) path(name string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) || strings.Contains(name, "\\") {
		return "", fmt.Errorf("object %q: %w", name, fs.ErrInvalid)
	}
	return filepath.Join(f.dir, filepath.FromSlash(name)), nil
}

func (f *folder) Put(ctx context.Context, name string, fill func(io.Writer) error) (err error) {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(f.dir, markFile)); err != nil {
		return fault.Conflict("object.gone", "dir", f.dir)
	}
	dir := filepath.Dir(path)
	if err := f.makeDir(dir); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, newFiles)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err := fill(tmp); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// makeDir makes a directory below the folder, on disk, and never the folder itself.
func (f *folder) makeDir(dir string) error {
	if dir == filepath.Clean(f.dir) {
		return nil
	}
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := f.makeDir(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

func (f *folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	path, err := f.path(name)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (f *folder) Stat(_ context.Context, name string) (Info, error) {
	path, err := f.path(name)
	if err != nil {
		return Info{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Info{}, err
	}
	return Info{name, info.Size(), info.ModTime()}, nil
}

func (f *folder) List(ctx context.Context, prefix string, each func(Info) error) error {
	if _, err := os.Stat(filepath.Join(f.dir, markFile)); err != nil {
		return fault.Conflict("object.gone", "dir", f.dir)
	}
	root, err := f.path(strings.TrimSuffix("./"+prefix, "/"))
	if err != nil {
		return err
	}
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		return each(Info{filepath.ToSlash(name), info.Size(), info.ModTime()})
	})
}

func (f *folder) Delete(_ context.Context, name string) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // NTFS journals names itself and refuses to flush a directory handle
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
