// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package object keeps named bytes in a folder or in a bucket of an S3 server. What is there under a name is whole and on disk; putting it again
// replaces it whole. It knows nothing of what the bytes mean.
package object

import (
	"context"
	"io"
	"strings"
	"time"

	"hoctap/internal/fault"
)

// Info is an object as its place knows it. Modified is by the clock of the place, so two of one place can be compared.
type Info struct {
	Name     string
	Size     int64
	Modified time.Time
}

// Store is a place for objects. Names are paths with slashes, without "." and "..". All methods may be called by many goroutines and by several processes.
type Store interface {
	// Put stores what fill writes. It is whole and would survive a power cut when Put returns, or not there.
	Put(ctx context.Context, name string, fill func(io.Writer) error) error

	// Get opens an object; the error is an fs.ErrNotExist when there is none.
	Get(ctx context.Context, name string) (io.ReadCloser, error)

	// Stat says what is known of an object; the error is an fs.ErrNotExist when there is none.
	Stat(ctx context.Context, name string) (Info, error)

	// List calls each for every object whose name begins with prefix, which ends in a slash or is empty. What is put or deleted meanwhile may or may
	// not be seen. The order is that of names.
	List(ctx context.Context, prefix string, each func(Info) error) error

	// Delete removes an object. One that is not there is no error.
	Delete(ctx context.Context, name string) error

	// String is the address, without secrets.
	String() string
}

// Remote is what addresses of S3 buckets need besides the environment variables of AWS.
type Remote struct {
	Endpoint string // "https://host:port" of an S3 server; "" is the one of AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or of AWS itself
}

// Open returns the store at address: "s3://bucket/prefix", or the path of a folder, which is made when missing. It fails with fault.Invalid for an address
// or settings that say nothing.
func Open(address string, r Remote) (Store, error) {
	scheme, rest, found := strings.Cut(address, "://")
	switch {
	case address == "":
		return nil, fault.Invalid(fault.Field("dir", "object.no_address"))
	case found && scheme == "s3":
		return openS3(rest, r)
	case found:
		return nil, fault.Invalid(fault.Field("dir", "object.scheme", "scheme", scheme, "address", address))
	}
	return openFolder(address)
}
