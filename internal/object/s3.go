// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package object

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"hoctap/internal/fault"
)

// bucket keeps objects below a prefix of a bucket. Reading after writing is consistent, as S3 promises since 2020.
type bucket struct {
	client       *minio.Client
	name, prefix string
}

const (
	defaultEndpoint = "https://s3.amazonaws.com"

	// retries of one request, with pauses that grow to a second: who calls tries the whole again later.
	retries = 6

	// A server that does not answer for so long is as good as gone.
	answerTime = 30 * time.Second

	// What is smaller goes in one request, all or nothing: an upload in parts that was cut off leaves parts that cost money.
	singlePut = 1 << 30

	// What is larger waits in a file until its size is known, so that it can be sent again.
	spoolLimit = 4 << 20
)

func openS3(address string, r Remote) (Store, error) {
	name, prefix, _ := strings.Cut(address, "/")
	if s3utils.CheckValidBucketName(name) != nil || strings.Trim(prefix, "/") != "" && !fs.ValidPath(strings.Trim(prefix, "/")) {
		return nil, fault.Invalid(fault.Field("dir", "object.s3_address", "address", "s3://"+address))
	}
	typed := cmp.Or(r.Endpoint, os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), defaultEndpoint)
	at, err := url.Parse(typed)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" {
		return nil, fault.Invalid(fault.Field("s3-endpoint", "object.endpoint", "address", typed))
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = answerTime
	transport.MaxIdleConnsPerHost = 16
	transport.DisableCompression = true
	client, err := minio.New(at.Host, &minio.Options{
		Creds:      credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}),
		Secure:     at.Scheme == "https",
		Region:     cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
		Transport:  transport,
		MaxRetries: retries,
	})
	if err != nil {
		return nil, fault.Invalid(fault.Field("s3-endpoint", "object.endpoint", "address", typed))
	}
	b := &bucket{client, name, strings.Trim(prefix, "/")}
	if b.prefix != "" {
		b.prefix += "/"
	}
	return b, nil // a server that does not answer now may later
}

func (b *bucket) String() string { return "s3://" + b.name + "/" + b.prefix }

// told turns an error of the server into one that a person can act on, where he can.
func (b *bucket) told(op, name string, err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	switch answer.Code {
	case minio.NoSuchKey:
		return fmt.Errorf("%s %s%s: %w", op, b, name, fs.ErrNotExist)
	case minio.NoSuchBucket:
		return fault.Conflict("object.no_bucket", "bucket", b.name)
	case minio.AccessDenied, "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return fault.Conflict("object.denied", "bucket", b.name, "code", answer.Code)
	}
	if answer.StatusCode == http.StatusNotFound && op != "put" {
		return fmt.Errorf("%s %s%s: %w", op, b, name, fs.ErrNotExist)
	}
	return fmt.Errorf("%s %s%s: %w", op, b, name, err)
}

func (b *bucket) key(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", fmt.Errorf("object %q: %w", name, fs.ErrInvalid)
	}
	return b.prefix + name, nil
}

func (b *bucket) Put(ctx context.Context, name string, fill func(io.Writer) error) error {
	key, err := b.key(name)
	if err != nil {
		return err
	}
	var s spool
	defer s.close()
	if err := fill(&s); err != nil {
		return err
	}
	body, size, err := s.reader()
	if err != nil {
		return err
	}
	_, err = b.client.PutObject(ctx, b.name, key, body, size, minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: size <= singlePut})
	return b.told("put", name, err)
}

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	key, err := b.key(name)
	if err != nil {
		return nil, err
	}
	o, err := b.client.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, b.told("get", name, err)
	}
	if _, err := o.Stat(); err != nil { // GetObject asks nothing yet
		o.Close()
		return nil, b.told("get", name, err)
	}
	return o, nil
}

func (b *bucket) Stat(ctx context.Context, name string) (Info, error) {
	key, err := b.key(name)
	if err != nil {
		return Info{}, err
	}
	o, err := b.client.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	return Info{name, o.Size, o.LastModified}, b.told("stat", name, err)
}

func (b *bucket) List(ctx context.Context, prefix string, each func(Info) error) error {
	for o := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + prefix, Recursive: true}) {
		if o.Err != nil {
			return b.told("list", prefix, o.Err)
		}
		if err := each(Info{strings.TrimPrefix(o.Key, b.prefix), o.Size, o.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) Delete(ctx context.Context, name string) error {
	key, err := b.key(name)
	if err != nil {
		return err
	}
	err = b.told("delete", name, b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// spool holds what is written until it is read: in memory, and in a file from spoolLimit on. What is written is encrypted already, so the file tells nothing.
type spool struct {
	memory bytes.Buffer
	file   *os.File
	size   int64
}

func (s *spool) Write(b []byte) (n int, err error) {
	s.size += int64(len(b))
	if s.file == nil && s.memory.Len()+len(b) <= spoolLimit {
		return s.memory.Write(b)
	}
	if s.file == nil {
		if s.file, err = os.CreateTemp("", "hoctap-object-*"); err != nil {
			return 0, err
		}
		if _, err := s.memory.WriteTo(s.file); err != nil {
			return 0, err
		}
	}
	return s.file.Write(b)
}

func (s *spool) reader() (io.Reader, int64, error) {
	if s.file == nil {
		return bytes.NewReader(s.memory.Bytes()), s.size, nil
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, s.size, err
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}
