// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"context"
	"fmt"
	"time"
)

// sweepBatch is how many files Sweep asks about at once.
const sweepBatch = 500

// Swept counts what a sweep did.
type Swept struct {
	Seen, Deleted int
	Freed         int64 // bytes
}

// Sweep deletes the files that no record names. named gets up to 500 hashes and returns those that some
// record names. Only files last put before the given time are asked about: a file is put first and named
// afterwards, so leave at least an hour for the record to be written. An error of named ends the sweep
// before anything of that batch is deleted.
func Sweep(ctx context.Context, s Store, before time.Time, named func(ctx context.Context, hashes []string) (map[string]bool, error)) (done Swept, err error) {
	var batch []Info
	flush := func() error {
		hashes := make([]string, len(batch))
		for i, f := range batch {
			hashes[i] = f.SHA256
		}
		keep, err := named(ctx, hashes)
		if err != nil {
			return fmt.Errorf("blob.Sweep: %w", err)
		}
		for _, f := range batch {
			if keep[f.SHA256] {
				continue
			}
			gone, err := s.Delete(ctx, f.SHA256, before)
			if err != nil {
				return err
			}
			if gone {
				done.Deleted++
				done.Freed += f.Size
			}
		}
		batch = batch[:0]
		return nil
	}
	err = s.Walk(ctx, func(f Info) error {
		done.Seen++
		if !f.Put.Before(before) {
			return nil
		}
		if batch = append(batch, f); len(batch) < sweepBatch {
			return nil
		}
		return flush()
	})
	if err == nil && len(batch) > 0 {
		err = flush()
	}
	return done, err
}
