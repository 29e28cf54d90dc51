// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
)

// Process reads a received file as a whole and stores what may be served: a picture made anew with its
// thumbnail, a document unchanged. fault.KindInvalid and fault.KindTooMuch mean that the file is refused for
// good, and their keys tell the sender why; any other error may pass, and the caller tries again later.
// Doing it twice is harmless and gives the same answer.
//
// Process deletes nothing. Once the outcome is recorded, the caller may delete the original of a picture, or
// the whole of a refused file, if no other record names it: store.Delete(ctx, got.SHA256, received at).
func Process(ctx context.Context, store blob.Store, got Received) (done Processed, err error) {
	defer fault.Wrap(&err, "evidence.Process(%s)", got.SHA256)
	defer func() { nameFile(err, got.Name) }()
	r, size, err := store.Open(ctx, got.SHA256)
	if err != nil {
		return Processed{}, err
	}
	defer r.Close()
	done = Processed{Kind: got.Kind, Original: blob.Ref{SHA256: got.SHA256, Size: size}}
	if !got.Kind.IsPicture() {
		if err := inspect(ctx, r, size, got.Kind); err != nil {
			return Processed{}, err
		}
		done.Full = done.Original
		return done, nil
	}
	p, err := Clean(ctx, r, got.Kind)
	if err != nil {
		return Processed{}, err
	}
	done.W, done.H, done.TakenAt, done.Pixels, done.Look = p.W, p.H, p.TakenAt, p.Pixels, p.Look
	if done.Full, err = store.Put(ctx, bytes.NewReader(p.Full), int64(len(p.Full))); err != nil {
		return Processed{}, err
	}
	done.Thumb, err = store.Put(ctx, bytes.NewReader(p.Thumb), int64(len(p.Thumb)))
	return done, err
}

// inspect looks through a document within the memory that pictures share.
func inspect(ctx context.Context, r io.Reader, size int64, kind Kind) error {
	if size > kind.Limit() {
		return tooLarge(kind, "")
	}
	need := size
	if kind == PDF {
		need += maxInflated
	}
	if err := memory.Acquire(ctx, need); err != nil {
		return err
	}
	defer memory.Release(need)
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if kind == PDF {
		return inspectPDF(data)
	}
	return inspectOffice(data, kind)
}

// nameFile puts the file's name into a refusal: the checks see bytes only.
func nameFile(err error, name string) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return
	}
	for _, e := range f.Fields {
		if _, asked := e.Args["name"]; asked {
			e.Args["name"] = name
		}
	}
}
