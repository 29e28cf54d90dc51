// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"io"
)

// Watch returns s, with each told of every file that was put through it, before Put returns. It must be quick.
func Watch(s Store, each func(Ref)) Store { return watched{s, each} }

type watched struct {
	Store
	each func(Ref)
}

func (w watched) Put(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	ref, err := w.Store.Put(ctx, r, limit)
	if err == nil {
		w.each(ref)
	}
	return ref, err
}
