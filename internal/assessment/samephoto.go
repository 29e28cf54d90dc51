// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// SamePhoto is one picture or file that backs two subjects as separate items.
type SamePhoto struct {
	A, B  Party
	Title string // of A's item
	How   string // source | pixels | look: the same file, the same picture, nearly the same picture
}

// Party is one of the two files.
type Party struct{ PlaceID, ID, Name, EvidenceID string }

// 8 is FlagReused: without it no picture of the file is known elsewhere, so the joins start from few rows.
const selectSamePhotos = `
	SELECT a.place_id, a.id, a.name, u.evidence_id, b.place_id, b.id, b.name, o.evidence_id, e.title, m.how
	FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
	JOIN evidence_use u ON u.place_id = a.place_id AND u.assessment_id = a.id
	JOIN evidence_match m ON m.evidence_id = u.evidence_id
	JOIN evidence_use o ON o.evidence_id = m.other_id
	JOIN assessment b ON b.place_id = o.place_id AND b.id = o.assessment_id
	JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
	WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4 AND a.round_id = $5 AND a.model = $6
	AND a.flags & 8 <> 0 AND b.round_id = $7 AND a.id <> b.id
	GROUP BY a.place_id, a.id, a.name, u.evidence_id, b.place_id, b.id, b.name, o.evidence_id, e.title, m.how
	ORDER BY u.evidence_id, o.evidence_id LIMIT 200`

// SamePhotos returns the pairs of files below a commune that are backed by the same picture, each pair once, 100 at most. The other
// file may lie in another area.
func (s *Service) SamePhotos(ctx context.Context, by identity.Actor, placeID, roundID, model string) (list []SamePhoto, err error) {
	defer fault.Wrap(&err, "assessment.SamePhotos(%s, %s)", placeID, model)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, err
	}
	today := store.Date(s.now())
	both, err := store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (p SamePhoto, err error) {
		err = sc.Scan(&p.A.PlaceID, &p.A.ID, &p.A.Name, &p.A.EvidenceID, &p.B.PlaceID, &p.B.ID, &p.B.Name, &p.B.EvidenceID, &p.Title, &p.How)
		return p, err
	}, selectSamePhotos, path, store.PathEnd(path), today, today, roundID, model, roundID)
	seen := map[[2]string]bool{}
	for _, p := range both {
		if seen[[2]string{p.B.EvidenceID, p.A.EvidenceID}] {
			continue // the same pair from its other side
		}
		seen[[2]string{p.A.EvidenceID, p.B.EvidenceID}] = true
		list = append(list, p)
	}
	return list, err
}
