// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"io"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Backing is an item as it backs one assessment.
type Backing struct {
	Item
	Criteria []string // codes, in order; "" is the file as a whole
	Shared   int      // how many other assessments of the leaf it backs as well, openly
	Twins    int      // how many assessments the same picture or file backs as another item
}

const (
	selectBacking = `
		SELECT ` + columns + `, u.criterion FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
		WHERE u.place_id = $1 AND u.assessment_id = $2 ORDER BY u.criterion, e.id`
	selectShared = `
		SELECT o.evidence_id, count(DISTINCT o.assessment_id) FROM evidence_use u
		JOIN evidence_use o ON o.evidence_id = u.evidence_id AND o.place_id = u.place_id AND o.assessment_id <> u.assessment_id
		WHERE u.place_id = $1 AND u.assessment_id = $2 GROUP BY o.evidence_id`
	selectTwinCounts = `
		SELECT m.evidence_id, count(DISTINCT o.assessment_id) FROM evidence_use u
		JOIN evidence_match m ON m.evidence_id = u.evidence_id
		JOIN evidence_use o ON o.evidence_id = m.other_id AND o.assessment_id <> u.assessment_id
		WHERE u.place_id = $1 AND u.assessment_id = $2 GROUP BY m.evidence_id`
)

// List returns what backs an assessment, by criterion. Refused items are among it.
func (s *Service) List(ctx context.Context, by identity.Actor, placeID, assessmentID string) (list []Backing, err error) {
	defer fault.Wrap(&err, "evidence.List(%s)", assessmentID)
	if err := s.mayList(ctx, by, placeID, assessmentID); err != nil {
		return nil, err
	}
	tx, at := s.db.Read(), map[string]int{}
	err = store.Each(ctx, tx, func(sc store.Scanner) error {
		var code string
		it, err := scan(longer{sc, &code})
		if err != nil {
			return err
		}
		if notOthers(by, it) != nil {
			return nil
		}
		i, ok := at[it.ID]
		if !ok {
			i = len(list)
			at[it.ID] = i
			list = append(list, Backing{Item: it})
		}
		list[i].Criteria = append(list[i].Criteria, code)
		return nil
	}, selectBacking, placeID, assessmentID)
	if err != nil || len(list) == 0 {
		return list, err
	}
	count := func(query string, set func(b *Backing, n int)) error {
		return store.Each(ctx, tx, func(sc store.Scanner) error {
			var id string
			var n int
			err := sc.Scan(&id, &n)
			if i, ok := at[id]; ok {
				set(&list[i], n)
			}
			return err
		}, query, placeID, assessmentID)
	}
	if err := count(selectShared, func(b *Backing, n int) { b.Shared = n }); err != nil {
		return nil, err
	}
	return list, count(selectTwinCounts, func(b *Backing, n int) { b.Twins = n })
}

// mayList lets a subject with its slip see what it sent for its own file.
func (s *Service) mayList(ctx context.Context, by identity.Actor, placeID, assessmentID string) error {
	if by.Own.FileID != "" {
		return mayBack(by, placeID, []Use{{AssessmentID: assessmentID}})
	}
	return s.maySee(ctx, by, placeID)
}

// longer reads one more column after those that scan reads.
type longer struct {
	store.Scanner
	last *string
}

func (l longer) Scan(dest ...any) error { return l.Scanner.Scan(append(dest, l.last)...) }

// leafPage is how many items OfLeaf returns at once.
const leafPage = 60

const selectOfLeaf = `SELECT ` + columns + ` FROM evidence e WHERE e.place_id = $1 AND e.id < $2 AND e.state <> 'refused' ORDER BY e.id DESC LIMIT $3`

// OfLeaf returns the newest items of a leaf, for choosing one that backs more than one subject. before is the id of the last item
// of the page above, "" for the first page; next is "" on the last page.
func (s *Service) OfLeaf(ctx context.Context, by identity.Actor, placeID, before string) (list []Item, next string, err error) {
	defer fault.Wrap(&err, "evidence.OfLeaf(%s)", placeID)
	if err := s.maySee(ctx, by, placeID); err != nil {
		return nil, "", err
	}
	if before == "" {
		before = "~" // after every id
	}
	list, err = store.Collect(ctx, s.db.Read(), scan, selectOfLeaf, placeID, before, leafPage+1)
	if err == nil && len(list) > leafPage {
		list = list[:leafPage]
		next = list[leafPage-1].ID
	}
	return list, next, err
}

// Size chooses which form of a file is opened.
type Size int

// The sizes.
const (
	Full Size = iota
	Thumb
)

// Opened is a file that may be sent. The caller closes it.
type Opened struct {
	io.ReadSeekCloser
	Item
	SHA256 string // of these bytes: they never change
}

// Open returns the bytes of an item that is ready. To who may not see the place there is no such item: fault.NotFound. A file that
// is not accepted yet, or was refused, is never opened: fault.Conflict.
func (s *Service) Open(ctx context.Context, by identity.Actor, placeID, id string, size Size) (o Opened, err error) {
	defer fault.Wrap(&err, "evidence.Open(%s)", id)
	if err := s.maySee(ctx, by, placeID); err != nil {
		if fault.KindOf(err) == fault.KindDenied {
			err = fault.NotFound("evidence", id)
		}
		return o, err
	}
	if o.Item, err = get(ctx, s.db.Read(), placeID, id); err != nil {
		return o, err
	}
	switch {
	case o.State == StateReceived:
		return o, fault.Conflict("evidence.waiting", "name", o.Name)
	case o.State == StateRefused:
		return o, fault.Conflict("evidence.refused", "name", o.Name)
	}
	if o.SHA256 = o.file; size == Thumb {
		o.SHA256 = o.thumb
	}
	if o.SHA256 == "" {
		return o, fault.NotFound("evidence", id)
	}
	o.ReadSeekCloser, _, err = s.blobs.Open(ctx, o.SHA256)
	return o, err
}
