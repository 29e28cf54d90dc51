// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"time"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// sweepAge is how long a file may lie without a record: it is written first, its record follows.
const sweepAge = time.Hour

// Named returns those of up to 500 hashes that some record names.
type Named func(ctx context.Context, hashes []string) (map[string]bool, error)

// Sweep deletes the files that no record names any more, and asks again for the check of those that have waited too long. also
// are the records of packages that evidence must not know; those of the registry's imports it knows.
func (s *Service) Sweep(ctx context.Context, also ...Named) (done blob.Swept, err error) {
	defer fault.Wrap(&err, "evidence.Sweep")
	before := s.now().Add(-sweepAge)
	if err := s.askAgain(ctx, before); err != nil {
		return done, err
	}
	return blob.Sweep(ctx, s.blobs, before, func(ctx context.Context, hashes []string) (map[string]bool, error) {
		keep, err := s.named(ctx, hashes)
		for _, other := range also {
			if err != nil {
				return nil, err
			}
			var more map[string]bool
			more, err = other(ctx, hashes)
			for sha := range more {
				keep[sha] = true
			}
		}
		return keep, err
	})
}

// nameQueries say where records name a file. The original of a picture is named until it is judged.
var nameQueries = []struct{ column, from string }{
	{"source_sha", "evidence WHERE state = 'received' AND source_sha <> ''"},
	{"file_sha", "evidence WHERE file_sha <> ''"},
	{"thumb_sha", "evidence WHERE thumb_sha <> ''"},
	{"file_sha", "import_batch WHERE file_sha <> ''"},
}

func (s *Service) named(ctx context.Context, hashes []string) (map[string]bool, error) {
	keep := map[string]bool{}
	for _, q := range nameQueries {
		var w store.Where
		w.In(q.column, hashes...)
		// The condition repeats that of the index, without which neither engine would use it.
		query := `SELECT DISTINCT ` + q.column + ` FROM ` + q.from + ` AND ` + w.SQL()[len(" WHERE "):]
		err := store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
			sha, err := store.Value[string](sc)
			keep[sha] = true
			return err
		}, query, w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return keep, nil
}

const selectForgotten = `SELECT place_id, id FROM evidence WHERE state = 'received' AND at < $1`

// askAgain adds a job for each item whose own was given up, as after a long failure of the disk.
func (s *Service) askAgain(ctx context.Context, before time.Time) error {
	waiting, err := store.Collect(ctx, s.db.Read(), scanUser, selectForgotten, store.Micros(before))
	if err != nil || len(waiting) == 0 {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		for _, u := range waiting {
			if _, err := s.jobs.Add(ctx, tx, processKind, u.id, task{u.placeID, u.id}, identity.System.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

const selectNamedFiles = `
	SELECT source_sha, 'evidence ' || place_id || ' ' || id FROM evidence WHERE state = 'received' AND source_sha <> ''
	UNION ALL SELECT file_sha, 'evidence ' || place_id || ' ' || id FROM evidence WHERE file_sha <> ''
	UNION ALL SELECT thumb_sha, 'evidence ' || place_id || ' ' || id FROM evidence WHERE thumb_sha <> ''
	UNION ALL SELECT file_sha, 'import ' || place_id || ' ' || id FROM import_batch WHERE file_sha <> ''`

// Files returns the hash of every file that a record of evidence or of the registry's imports names, with that record.
func (s *Service) Files(ctx context.Context) (named map[string]string, err error) {
	defer fault.Wrap(&err, "evidence.Files")
	return store.Pairs(ctx, s.db.Read(), selectNamedFiles)
}
