// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"
)

// archive is a zip file whose entries have been counted and weighed before any is unpacked.
type archive struct {
	parts map[string]*zip.File // by name in lower case without a leading slash, as OPC compares names
}

// meteredReader fails once more than left bytes were asked of it, so that listing an archive of a million
// empty entries ends early.
type meteredReader struct {
	io.ReaderAt
	left  int64
	spent bool
}

func (m *meteredReader) ReadAt(p []byte, off int64) (int, error) {
	if m.left -= int64(len(p)); m.left < 0 {
		m.spent = true
		return 0, errors.New("the list of entries is too long")
	}
	return m.ReaderAt.ReadAt(p, off)
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	metered := &meteredReader{ReaderAt: r, left: directoryBytes}
	listed, err := zip.NewReader(metered, size)
	switch {
	case metered.spent:
		return nil, tooMuch("too_many_parts", MaxParts)
	case err != nil:
		return nil, damaged("zip")
	case len(listed.File) > MaxParts:
		return nil, tooMuch("too_many_parts", MaxParts)
	}
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged("zip")
	}
	a := &archive{parts: make(map[string]*zip.File, len(zr.File))}
	var total uint64
	for _, f := range zr.File {
		packed := max(min(f.CompressedSize64, uint64(size)), 1)
		if f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/packed >= MaxRatio {
			return nil, tooMuch("bomb", MaxRatio, "part", f.Name)
		}
		if f.UncompressedSize64 > MaxUnzipped {
			return nil, tooMuch("unpacked_too_big", MaxUnzipped>>20)
		}
		if total += f.UncompressedSize64; total > MaxUnzipped {
			return nil, tooMuch("unpacked_too_big", MaxUnzipped>>20)
		}
		if f.Flags&1 != 0 {
			return nil, refuse("locked")
		}
		name := partName(f.Name)
		if _, twice := a.parts[name]; twice {
			return nil, damaged(f.Name) // two parts of one name: which one is read would depend on the reader
		}
		a.parts[name] = f
	}
	return a, nil
}

// has says whether the archive holds a part of that name.
func (a *archive) has(name string) bool { return a.parts[partName(name)] != nil }

// hasUnder says whether the archive holds a part below the folder.
func (a *archive) hasUnder(folder string) bool {
	for name := range a.parts {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

// open unpacks a part as it is read. archive/zip ends with an error where a part is longer than its entry says, so the
// sum that openArchive took holds.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, damaged(name)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, damaged(name)
	}
	return rc, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}
