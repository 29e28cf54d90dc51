// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// maxTwins is how many items one is compared to: the first few tell as much as hundreds, and a photo of a whole meeting may come
// once from every household.
const maxTwins = 50

const (
	selectSameSource = `SELECT DISTINCT id FROM evidence WHERE source_sha = $1 AND source_sha <> '' AND id <> $2 AND state = 'ready' LIMIT $3`
	selectSamePixels = `SELECT DISTINCT id FROM evidence WHERE pixel_sha = $1 AND pixel_sha <> '' AND id <> $2 AND state = 'ready' LIMIT $3`
	selectNear       = `SELECT evidence_id, look FROM look_band WHERE parent_id = $1 AND band = $2 AND evidence_id <> $3 ORDER BY evidence_id DESC LIMIT $4`
	insertBand       = `INSERT INTO look_band (parent_id, band, evidence_id, look) VALUES ($1, $2, $3, $4) ON CONFLICT (parent_id, band, evidence_id) DO NOTHING`
	insertMatch      = `INSERT INTO evidence_match (evidence_id, other_id, how) VALUES ($1, $2, $3) ON CONFLICT (evidence_id, other_id) DO NOTHING`
)

// maxNear is how many pictures that share a band are looked at. A band is one of 65,536, so a commune comes near it only with
// pictures that are half plain.
const maxNear = 2000

// match finds the items that are the same as one just accepted and tells everybody concerned: equal bytes and equal pixels
// wherever they are, nearly equal pictures in the same commune.
func (s *Service) match(ctx context.Context, tx *store.Tx, it Item, p Processed) error {
	how := map[string]string{}
	var others []string
	add := func(id, why string) {
		if how[id] == "" && len(others) < maxTwins {
			how[id] = why
			others = append(others, id)
		}
	}
	for _, q := range []struct{ why, query, sha string }{{"source", selectSameSource, it.source}, {"pixels", selectSamePixels, p.Pixels}} {
		ids, err := store.Collect(ctx, tx, store.Value[string], q.query, q.sha, it.ID, maxTwins)
		if err != nil {
			return err
		}
		for _, id := range ids {
			add(id, q.why)
		}
	}
	if p.Look != 0 {
		near, err := s.near(ctx, tx, it, p.Look)
		if err != nil {
			return err
		}
		for _, id := range near {
			add(id, "look")
		}
	}
	if len(others) == 0 {
		return nil
	}
	for _, id := range others {
		for _, pair := range [][2]string{{it.ID, id}, {id, it.ID}} {
			if _, err := tx.Exec(ctx, insertMatch, pair[0], pair[1], how[id]); err != nil {
				return err
			}
		}
	}
	users, err := store.Collect(ctx, tx, scanUser, selectUsers, it.ID)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	if err := s.tell(ctx, tx, users, told); err != nil {
		return err
	}
	return s.tellTwins(ctx, tx, it.ID, told)
}

// near returns the items of the same commune whose look is the same, and enters this one's.
func (s *Service) near(ctx context.Context, tx *store.Tx, it Item, look Look) (ids []string, err error) {
	path, err := s.places.Path(ctx, tx, it.PlaceID)
	if err != nil {
		return nil, err
	}
	parent := parentOf(path)
	for _, band := range look.Bands() {
		err := store.Each(ctx, tx, func(sc store.Scanner) error {
			var id string
			var other int64
			err := sc.Scan(&id, &other)
			if err == nil && look.Same(Look(other)) {
				ids = append(ids, id)
			}
			return err
		}, selectNear, parent, band, it.ID, maxNear)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, insertBand, parent, band, it.ID, int64(look)); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// parentOf is the last but one id of a path: the commune of an area.
func parentOf(path string) string {
	ids := strings.Split(strings.Trim(path, "/"), "/")
	return ids[max(0, len(ids)-2)]
}

// user is an assessment that an item backs.
type user struct{ placeID, id string }

func scanUser(sc store.Scanner) (u user, err error) {
	err = sc.Scan(&u.placeID, &u.id)
	return u, err
}

const (
	selectUsers     = `SELECT DISTINCT place_id, assessment_id FROM evidence_use WHERE evidence_id = $1 ORDER BY place_id, assessment_id`
	selectTwinUsers = `
		SELECT DISTINCT o.place_id, o.assessment_id FROM evidence_match m JOIN evidence_use o ON o.evidence_id = m.other_id
		WHERE m.evidence_id = $1 ORDER BY o.place_id, o.assessment_id`
)

// tell calls the listener for each of users that was not told yet.
func (s *Service) tell(ctx context.Context, tx *store.Tx, users []user, told map[string]bool) error {
	for _, u := range users {
		if told[u.id] {
			continue
		}
		if told != nil {
			told[u.id] = true
		}
		if err := s.Listener(ctx, tx, identity.System, u.placeID, u.id, Change{Act: ActJudge}); err != nil {
			return err
		}
	}
	return nil
}

// tellTwins tells those whose own items are the same as this one.
func (s *Service) tellTwins(ctx context.Context, tx *store.Tx, id string, told map[string]bool) error {
	users, err := store.Collect(ctx, tx, scanUser, selectTwinUsers, id)
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, users, told)
}

// Twin is where the same picture or file is found again as another item.
type Twin struct {
	PlaceID      string
	AssessmentID string
	Criterion    string
	EvidenceID   string
	How          string // source: the same file; pixels: the same picture; look: nearly the same picture
}

const selectTwins = `
	SELECT o.place_id, o.assessment_id, o.criterion, o.evidence_id, m.how FROM evidence_match m JOIN evidence_use o ON o.evidence_id = m.other_id
	WHERE m.evidence_id = $1 ORDER BY o.place_id, o.assessment_id, o.criterion`

// Reused returns what else the picture or file of an item backs, as other items. hidden counts uses at places that by may not see.
// A twin may be of the same subject in another year; only what knows subjects can tell.
func (s *Service) Reused(ctx context.Context, by identity.Actor, placeID, id string) (twins []Twin, hidden int, err error) {
	defer fault.Wrap(&err, "evidence.Reused(%s)", id)
	if err := s.maySee(ctx, by, placeID); err != nil {
		return nil, 0, err
	}
	tx := s.db.Read()
	if _, err := get(ctx, tx, placeID, id); err != nil {
		return nil, 0, err
	}
	all, err := store.Collect(ctx, tx, func(sc store.Scanner) (t Twin, err error) {
		err = sc.Scan(&t.PlaceID, &t.AssessmentID, &t.Criterion, &t.EvidenceID, &t.How)
		return t, err
	}, selectTwins, id)
	if err != nil {
		return nil, 0, err
	}
	for _, t := range all {
		path, err := s.places.Path(ctx, tx, t.PlaceID)
		if err != nil {
			return nil, 0, err
		}
		if by.May(identity.SeeRecords, path) {
			twins = append(twins, t)
		} else {
			hidden++
		}
	}
	return twins, hidden, nil
}
