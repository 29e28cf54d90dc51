// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// nameQueries say where records name a file.
var nameQueries = []struct{ column, from string }{
	{"source_sha", "signing"}, {"sha", "signed_file"}, {"picture", "signer"},
}

// Named returns those of up to 500 hashes that a record of this package names, for evidence.Sweep.
func (s *Service) Named(ctx context.Context, hashes []string) (keep map[string]bool, err error) {
	defer fault.Wrap(&err, "signature.Named")
	keep = map[string]bool{}
	for _, q := range nameQueries {
		var w store.Where
		w.In(q.column, hashes...)
		err := store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
			sha, err := store.Value[string](sc)
			keep[sha] = true
			return err
		}, `SELECT DISTINCT `+q.column+` FROM `+q.from+w.SQL(), w.Args()...)
		if err != nil {
			return nil, err
		}
	}
	return keep, nil
}

// Difference is a signed file that is not what its record says.
type Difference struct {
	PlaceID, ID string
	What        string
}

const (
	selectAllSignings = `SELECT ` + signingColumns + ` FROM signing g ORDER BY g.thing_id`
	selectAllFiles    = `SELECT ` + fileColumns + ` FROM signed_file f ORDER BY f.thing_id, f.step`
	selectUnissued    = `
		SELECT g.thing_id FROM signing g LEFT JOIN decision d ON d.id = g.decision_id AND d.state = 'issued' LEFT JOIN outgoing_paper p ON p.id = g.thing_id AND p.decision_id = g.decision_id
		WHERE d.id IS NULL AND g.decision_id <> '' OR g.thing = 'paper' AND p.id IS NULL OR g.thing = 'decision' AND g.thing_id <> g.decision_id`
	selectPictures = `SELECT place_id, id, picture FROM signer WHERE picture <> ''`
)

// Verify demands that every file of a signing is kept with the bytes its hash says, that each is the one before it with something behind it, that
// their steps are counted, and that what is signed was issued. The signatures were judged when the files were accepted; the same bytes hold the same ones.
func (s *Service) Verify(ctx context.Context) (files int, list []Difference, err error) {
	defer fault.Wrap(&err, "signature.Verify")
	signings, err := store.Collect(ctx, s.db.Read(), scanSigning, selectAllSignings)
	if err != nil {
		return 0, nil, err
	}
	all, err := store.Collect(ctx, s.db.Read(), scanFile, selectAllFiles)
	if err != nil {
		return 0, nil, err
	}
	unissued, err := store.Collect(ctx, s.db.Read(), store.Value[string], selectUnissued)
	if err != nil {
		return 0, nil, err
	}
	of := map[string][]File{}
	for _, f := range all {
		of[f.ThingID] = append(of[f.ThingID], f)
	}
	for _, g := range signings {
		differ := func(format string, args ...any) {
			list = append(list, Difference{g.PlaceID, g.ThingID, fmt.Sprintf(format, args...)})
		}
		for _, id := range unissued {
			if id == g.ThingID {
				differ("it is signed and was never issued")
			}
		}
		g.Files = of[g.ThingID]
		delete(of, g.ThingID)
		files += 1 + len(g.Files)
		if err := s.chain(ctx, &g, differ); err != nil {
			return files, list, err
		}
	}
	for id := range of {
		list = append(list, Difference{"", id, "its signed file belongs to nothing that is signed"})
	}
	err = store.Each(ctx, s.db.Read(), func(sc store.Scanner) error {
		var d Difference
		var sha string
		if err := sc.Scan(&d.PlaceID, &d.ID, &sha); err != nil {
			return err
		}
		_, what, err := s.whole(ctx, sha)
		if d.What = what; what != "" {
			list = append(list, d)
		}
		return err
	}, selectPictures)
	return files, list, err
}

// chain follows the files of one paper from the first.
func (s *Service) chain(ctx context.Context, g *Signing, differ func(string, ...any)) error {
	before, what, err := s.whole(ctx, g.SourceSHA)
	if err != nil {
		return err
	}
	if what != "" {
		differ("the file to sign: %s", what)
	}
	if g.Steps != len(g.Files) {
		differ("%d signatures are counted, %d files kept", g.Steps, len(g.Files))
	}
	for i, f := range g.Files {
		if f.Step != i+1 || f.Kind != next(i) {
			differ("step %d of kind %s stands at place %d", f.Step, f.Kind, i+1)
		}
		b, what, err := s.whole(ctx, f.SHA)
		switch {
		case err != nil:
			return err
		case what != "":
			differ("the file of step %d: %s", f.Step, what)
		case before != nil && (len(b) <= len(before) || !bytes.HasPrefix(b, before)):
			differ("the file of step %d does not begin with the one before it", f.Step)
		}
		before = b
	}
	return nil
}

// whole reads a kept file; what is why it is not what it should be.
func (s *Service) whole(ctx context.Context, sha string) (b []byte, what string, err error) {
	b, err = s.read(ctx, sha)
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		return nil, fmt.Sprintf("%.12s is not in the file store", sha), nil
	}
	if err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(b)
	if hex.EncodeToString(sum[:]) != sha {
		return nil, fmt.Sprintf("%.12s has other bytes in the file store", sha), nil
	}
	return b, "", nil
}

const selectNamedFiles = `
	SELECT source_sha, 'signing ' || place_id || ' ' || thing_id FROM signing WHERE source_sha <> ''
	UNION ALL SELECT sha, 'signed_file ' || thing_id FROM signed_file
	UNION ALL SELECT picture, 'signer ' || place_id || ' ' || id FROM signer WHERE picture <> ''`

// Files returns the hash of every file that a record of this package names, with that record.
func (s *Service) Files(ctx context.Context) (named map[string]string, err error) {
	defer fault.Wrap(&err, "signature.Files")
	return store.Pairs(ctx, s.db.Read(), selectNamedFiles)
}
