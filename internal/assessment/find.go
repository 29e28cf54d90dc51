// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// InLeaf returns every assessment of a leaf in a round and model, in the order of the area's list: for entry of a whole
// area. Sheets come by assessment id, with their stages; those of last year's results too, under PrevID.
func (s *Service) InLeaf(ctx context.Context, by identity.Actor, placeID, roundID, model string) (list []Assessment, filled map[string]map[Stage]Sheet, err error) {
	defer fault.Wrap(&err, "assessment.InLeaf(%s)", placeID)
	tx := s.db.Read()
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return nil, nil, err
	}
	if err := by.Check(identity.SeeRecords, path, placeID); err != nil {
		return nil, nil, err
	}
	list, err = store.Collect(ctx, tx, scan, selectInLeaf, placeID, roundID, model)
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(list, byNumber)
	filled = map[string]map[Stage]Sheet{}
	read := func(query string) error {
		return store.Each(ctx, tx, func(sc store.Scanner) error {
			var id string
			sh, err := scanSheet(prefixed{sc, &id})
			if filled[id] == nil {
				filled[id] = map[Stage]Sheet{}
			}
			filled[id][sh.Stage] = sh
			return err
		}, query, placeID, roundID, model)
	}
	if err := read(selectLeafSheets); err != nil {
		return nil, nil, err
	}
	return list, filled, read(selectPrevSheets)
}

const (
	selectInLeaf     = `SELECT ` + columns + ` FROM assessment a WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3 ORDER BY a.sort, a.id`
	selectLeafSheets = `SELECT sh.assessment_id, sh.stage, sh.input, sh.points, sh.total, sh.outcome, sh.by_id, sh.at
		FROM assessment a JOIN sheet sh ON sh.place_id = a.place_id AND sh.assessment_id = a.id
		WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3`
	selectPrevSheets = `SELECT sh.assessment_id, sh.stage, sh.input, sh.points, sh.total, sh.outcome, sh.by_id, sh.at
		FROM assessment a JOIN sheet sh ON sh.place_id = a.prev_place_id AND sh.assessment_id = a.prev_id
		WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3 AND a.prev_id <> ''`
)

// prefixed reads one more column in front of those that scanSheet reads.
type prefixed struct {
	store.Scanner
	first *string
}

func (p prefixed) Scan(dest ...any) error { return p.Scanner.Scan(append([]any{p.first}, dest...)...) }

// byNumber is the order of the area's own list, by number where there is one, else by name.
func byNumber(a, b Assessment) int {
	if a.Number != b.Number && a.Number != "" && b.Number != "" && len(a.Number) != len(b.Number) {
		return len(a.Number) - len(b.Number)
	}
	switch {
	case a.Number < b.Number:
		return -1
	case a.Number > b.Number:
		return 1
	case a.Sort < b.Sort:
		return -1
	case a.Sort > b.Sort:
		return 1
	}
	return 0
}

// File is everything about one assessment: for reading and for review.
type File struct {
	Assessment Assessment
	Round      Round
	Set        *criteria.Compiled
	Result     *criteria.Result // of the last sheet, worked out again with the version it was scored with; nil without one
	Entry      Entry            // of the last sheet
	Sheets     map[Stage]Sheet
	Remarks    []Remark
	Previous   *Sheet // last year's last sheet, where it was kept
	Path       string
}

// Get returns a file with its explanation.
func (s *Service) Get(ctx context.Context, by identity.Actor, placeID, id string) (f File, err error) {
	defer fault.Wrap(&err, "assessment.Get(%s)", id)
	tx := s.db.Read()
	if f.Assessment, f.Path, err = s.may(ctx, tx, by, identity.SeeRecords, placeID, id); err != nil {
		return f, err
	}
	a := &f.Assessment
	if f.Round, err = s.round(ctx, tx, a.RoundID); err != nil {
		return f, err
	}
	if f.Set, err = s.sets.Compiled(ctx, a.SetID); err != nil {
		return f, err
	}
	if f.Sheets, err = sheets(ctx, tx, placeID, id); err != nil {
		return f, err
	}
	if f.Remarks, err = store.Collect(ctx, tx, scanRemark, selectRemarks, placeID, id); err != nil {
		return f, err
	}
	if a.PrevID != "" {
		before, err := sheets(ctx, tx, a.PrevPlaceID, a.PrevID)
		if err != nil {
			return f, err
		}
		if sh, ok := last(before); ok {
			f.Previous = &sh
		}
	}
	if sh, ok := f.Sheets[a.Stage]; ok && a.Stage != StagePaper {
		f.Entry = sh.Entry
	} else if f.Entry, _, err = s.complete(ctx, tx, &f.Round, a, f.Set, Entry{}); err != nil {
		return f, err
	}
	f.Result, err = f.explain()
	return f, err
}

// explain works out an entry again as it was scored.
func (f *File) explain() (*criteria.Result, error) {
	return NewScorer(f.Set).Score(f.Round.Year, f.Entry)
}

// last returns the sheet that counted: the newest, and of several of one moment that of the later stage.
func last(all map[Stage]Sheet) (sheet Sheet, ok bool) {
	for _, stage := range []Stage{StagePaper, StageSelf, StageArea, StageAppraisal} {
		if sh, there := all[stage]; there && (!ok || sh.At >= sheet.At) {
			sheet, ok = sh, true
		}
	}
	return sheet, ok
}

func scanRemark(sc store.Scanner) (r Remark, err error) {
	var settled int64
	err = sc.Scan(&r.ID, &r.Stage, &r.Kind, &r.Criterion, &r.Body, &r.ByName, &r.At, &settled)
	r.Settled = settled != 0
	return r, err
}

// Filter chooses assessments below a place.
type Filter struct {
	PlaceID string // a leaf, commune or above
	RoundID string
	Model   string
	States  []State
	Flags   Flag   // any of these
	Clean   bool   // none of AttentionFlags
	Outcome string // by the last sheet
	Query   string // part of the name, in any spelling
	ByGap   bool   // largest difference first, else by name
	After   Cursor
	Limit   int // at most 200; 50 when 0
}

// Cursor is the last row of a page; the next page begins behind it.
type Cursor struct {
	Gap  int64
	Sort string
	ID   string
}

// Find returns a page of assessments and the cursor of the next, which is zero on the last page.
func (s *Service) Find(ctx context.Context, by identity.Actor, f Filter) (list []Assessment, next Cursor, err error) {
	defer fault.Wrap(&err, "assessment.Find(%s)", f.PlaceID)
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	w, err := s.where(ctx, by, f)
	if err != nil {
		return nil, next, err
	}
	order := ` ORDER BY a.sort, a.id`
	if f.ByGap {
		order = ` ORDER BY a.gap DESC, a.sort, a.id`
	}
	if f.After.ID != "" {
		if f.ByGap {
			w.And("(a.gap < ? OR a.gap = ? AND (a.sort > ? OR a.sort = ? AND a.id > ?))", f.After.Gap, f.After.Gap, f.After.Sort, f.After.Sort, f.After.ID)
		} else {
			w.And("(a.sort > ? OR a.sort = ? AND a.id > ?)", f.After.Sort, f.After.Sort, f.After.ID)
		}
	}
	// The inner query chooses and sorts in the queue's index alone; only the rows of the page itself are read.
	list, err = store.Collect(ctx, s.db.Read(), scan, `SELECT `+columns+` FROM (SELECT a.place_id, a.id FROM place_parent p JOIN assessment a ON a.place_id = p.place_id`+
		w.SQL()+order+` LIMIT `+w.Next(1)+`) k JOIN assessment a ON a.place_id = k.place_id AND a.id = k.id`+order, w.Args(f.Limit+1)...)
	if err == nil && len(list) > f.Limit {
		list = list[:f.Limit]
		l := list[f.Limit-1]
		next = Cursor{int64(l.Gap), l.Sort, l.ID}
	}
	return list, next, err
}

// Count returns how many assessments a filter chooses.
func (s *Service) Count(ctx context.Context, by identity.Actor, f Filter) (n int, err error) {
	defer fault.Wrap(&err, "assessment.Count(%s)", f.PlaceID)
	w, err := s.where(ctx, by, f)
	if err != nil {
		return 0, err
	}
	n, _, err = store.One(ctx, s.db.Read(), store.Value[int], `SELECT count(*) FROM place_parent p JOIN assessment a ON a.place_id = p.place_id`+w.SQL(), w.Args()...)
	return n, err
}

func (s *Service) where(ctx context.Context, by identity.Actor, f Filter) (*store.Where, error) {
	path, err := s.places.Path(ctx, s.db.Read(), f.PlaceID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeRecords, path, f.PlaceID); err != nil {
		return nil, err
	}
	today := store.Date(s.now())
	w := new(store.Where)
	w.And("p.path >= ? AND p.path < ?", path, store.PathEnd(path)).And("p.valid_from <= ? AND p.valid_to >= ?", today, today)
	w.And("a.round_id = ? AND a.model = ?", f.RoundID, f.Model)
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, st := range f.States {
			states[i] = string(st)
		}
		w.In("a.state", states...)
	}
	if f.Flags != 0 {
		w.And("a.flags & ? <> 0", int(f.Flags))
	}
	if f.Clean {
		w.And("a.flags & ? = 0", int(AttentionFlags))
	}
	if f.Outcome != "" {
		w.And("a.outcome = ?", f.Outcome)
	}
	if q := text.Fold(f.Query); q != "" {
		w.And("a.fold LIKE ?", "%"+q+"%") // folded text holds neither % nor _
	}
	return w, nil
}
