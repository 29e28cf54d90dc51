// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package blob keeps files under the SHA-256 of their bytes: each content once, never changed, whole or
// not there at all. It knows nothing of who names a file; records elsewhere do, and whoever owns those
// records decides what to delete.
package blob

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"hoctap/internal/fault"
)

// Ref names stored bytes.
type Ref struct {
	SHA256 string // 64 lower-case hexadecimal digits
	Size   int64  // bytes
}

// Info is a stored file as the store knows it.
type Info struct {
	Ref
	Put time.Time // when these bytes were last put; a second Put of the same bytes renews it
}

// Store is a place for files. A folder and an S3 bucket can both be one, so nothing here needs a file
// system. All methods may be called by many goroutines and by several processes on the same place.
type Store interface {
	// Put stores what r holds, at most limit bytes, and returns when it would survive a power cut.
	// Bytes that are there already are not written again. More than limit bytes fail with
	// fault.KindTooMuch (key "blob.too_large", args max) and leave nothing behind, as does an error of r.
	Put(ctx context.Context, r io.Reader, limit int64) (Ref, error)

	// Open returns a reader over the bytes and their count; the caller closes it. Fails with
	// fault.KindNotFound when there is no such file or sha256 is no hash.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, int64, error)

	// Stat says whether and since when a file is there; fault.KindNotFound when not.
	Stat(ctx context.Context, sha256 string) (Info, error)

	// Delete removes the file if it was last put before the given time, and tells whether it did. The
	// condition closes the gap between "no record names it" and the removal: someone may put the same
	// bytes meanwhile and be told that they are stored. A missing file is no error.
	Delete(ctx context.Context, sha256 string, putBefore time.Time) (bool, error)

	// Walk calls each for every file, in order of hash, until each fails or ctx ends. Files put or
	// deleted meanwhile may or may not be seen.
	Walk(ctx context.Context, each func(Info) error) error
}

// Open returns the store at url: a directory's path, which is created when missing.
// An "s3://" address fails with fault.KindInvalid (key "blob.s3_missing"), any other scheme with
// "blob.scheme".
func Open(url string) (Store, error) {
	scheme, _, found := strings.Cut(url, "://")
	switch {
	case url == "":
		return nil, fault.Invalid(fault.Field("files", "blob.no_address"))
	case found && scheme == "s3":
		return nil, fault.Invalid(fault.Field("files", "blob.s3_missing", "url", url))
	case found:
		return nil, fault.Invalid(fault.Field("files", "blob.scheme", "scheme", scheme, "url", url))
	}
	s, err := openFolder(url)
	if err != nil {
		return nil, fmt.Errorf("blob.Open(%s): %w", url, err)
	}
	return s, nil
}

// isHash keeps anything but a hash out of paths and keys.
func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
