// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

// TrialKind is the kind of the job that works out a Trial; cmd gives it HandleTrial.
const TrialKind = "criteria.trial"

// TrialAtOnce is how many sheets are worked out while a person waits; more are a job.
const TrialAtOnce = 20_000

// Trial is what a version of a set would make of the last sheets of a round: how many would pass that did, and did not. Nothing is
// changed by it. Paper results stay out: they have no sheet to score.
type Trial struct {
	SetID   string       `json:"set"`
	Edit    int64        `json:"edit"` // of the text it was worked out with
	PlaceID string       `json:"place"`
	RoundID string       `json:"round"`
	Year    int          `json:"year"`    // of the round
	ByYear  int          `json:"by_year"` // whose rules were used: the nearest in which the set is in force
	Counts  TrialCounts  `json:"counts"`
	Places  []TrialPlace `json:"places"` // communes with a change, most losses first
	Causes  []TrialCause `json:"causes"` // why files would no longer pass, most frequent first
}

// TrialCounts are files.
type TrialCounts struct {
	Sheets  int64 `json:"sheets"`
	Before  int64 `json:"before"`  // pass by the version they were scored with
	After   int64 `json:"after"`   // would pass
	ToFail  int64 `json:"to_fail"` // passed, would not
	ToPass  int64 `json:"to_pass"` // did not, would
	ToOpen  int64 `json:"to_open"` // passed, would be undecided for want of facts
	Refused int64 `json:"refused"` // hold something the set refuses: a person would have to look
}

// TrialPlace is one commune.
type TrialPlace struct {
	PlaceID string      `json:"place"`
	Name    string      `json:"name"`
	Region  string      `json:"region"`
	Counts  TrialCounts `json:"counts"`
}

// TrialCause is the criterion on which files lost most, or "" when a threshold, gate or other rule alone turned them.
type TrialCause struct {
	Code  string `json:"code"`
	Count int64  `json:"count"`
}

func (c *TrialCounts) add(d TrialCounts) {
	c.Sheets += d.Sheets
	c.Before += d.Before
	c.After += d.After
	c.ToFail += d.ToFail
	c.ToPass += d.ToPass
	c.ToOpen += d.ToOpen
	c.Refused += d.Refused
}

const (
	countTrial = `SELECT count(*) FROM place_parent p JOIN assessment a ON a.place_id = p.place_id
		WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $4 AND a.round_id = $5 AND a.model = $6 AND a.stage NOT IN ('', 'paper')`
	selectTrial = `SELECT a.outcome, sh.input, sh.points
		FROM assessment a JOIN sheet sh ON sh.place_id = a.place_id AND sh.assessment_id = a.id AND sh.stage = a.stage
		WHERE a.place_id = $1 AND a.round_id = $2 AND a.model = $3 AND a.stage <> 'paper'`
	upsertTrial = `INSERT INTO set_trial (set_id, edit, place_id, round_id, result, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (set_id, place_id, round_id) DO UPDATE SET edit = excluded.edit, result = excluded.result, at = excluded.at`
	readTrial = `SELECT result FROM set_trial WHERE set_id = $1 AND place_id = $2 AND round_id = $3`
)

// TrialSize is how many sheets a trial of a model would score.
func (s *Service) TrialSize(ctx context.Context, by identity.Actor, placeID, roundID, model string) (n int, err error) {
	defer fault.Wrap(&err, "assessment.TrialSize(%s)", placeID)
	path, err := s.mayTry(ctx, by, placeID)
	if err != nil {
		return 0, err
	}
	today := store.Date(s.now())
	n, _, err = store.One(ctx, s.db.Read(), store.Value[int], countTrial, path, store.PathEnd(path), today, today, roundID, model)
	return n, err
}

func (s *Service) mayTry(ctx context.Context, by identity.Actor, placeID string) (path string, err error) {
	if path, err = s.places.Path(ctx, s.db.Read(), placeID); err != nil {
		return "", err
	}
	return path, by.Check(identity.SeeRecords, path, placeID)
}

// mayAsk lets only those who draft criteria have a trial worked out: it scores every sheet of the place and keeps what came of it.
func (s *Service) mayAsk(ctx context.Context, by identity.Actor, placeID string) error {
	path, err := s.mayTry(ctx, by, placeID)
	if err != nil {
		return err
	}
	return by.Check(identity.ManageCriteria, path, placeID)
}

// AskTrial asks for the job that works a trial out; LastTrial gives its result.
func (s *Service) AskTrial(ctx context.Context, by identity.Actor, queue *job.Queue, setID, placeID, roundID string) (jobID string, err error) {
	defer fault.Wrap(&err, "assessment.AskTrial(%s)", setID)
	if err := s.mayAsk(ctx, by, placeID); err != nil {
		return "", err
	}
	return jobID, s.db.Write(ctx, func(tx *store.Tx) (err error) {
		ask := Trial{SetID: setID, PlaceID: placeID, RoundID: roundID}
		jobID, err = queue.Add(ctx, tx, TrialKind, setID+"|"+placeID+"|"+roundID, ask, by.ID)
		return err
	})
}

// HandleTrial works out the trial a job asks for. A job that was cut off starts over: the result is written once, at the end.
func (s *Service) HandleTrial(ctx context.Context, j *job.Job) error {
	var ask Trial
	if err := json.Unmarshal(j.Payload, &ask); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	_, err := s.Try(ctx, identity.System, ask.SetID, ask.PlaceID, ask.RoundID, func(done, all int) error { return j.Step(ctx, int64(done), int64(all)) })
	return err
}

// LastTrial returns the newest trial of a version at a place, whichever text of a draft it was made with; found is false when
// there is none.
func (s *Service) LastTrial(ctx context.Context, by identity.Actor, setID, placeID, roundID string) (t Trial, found bool, err error) {
	defer fault.Wrap(&err, "assessment.LastTrial(%s)", setID)
	if _, err := s.mayTry(ctx, by, placeID); err != nil {
		return t, false, err
	}
	body, found, err := store.One(ctx, s.db.Read(), store.Value[string], readTrial, setID, placeID, roundID)
	if err != nil || !found {
		return t, false, err
	}
	return t, true, json.Unmarshal([]byte(body), &t)
}

// Try scores the last sheet of each file of a round below a place with another version of the set, and keeps what came of it. It fails
// with fault.Invalid when the version is a draft with faults. step may be nil.
func (s *Service) Try(ctx context.Context, by identity.Actor, setID, placeID, roundID string, step func(done, all int) error) (t Trial, err error) {
	defer fault.Wrap(&err, "assessment.Try(%s)", setID)
	if err := s.mayAsk(ctx, by, placeID); err != nil {
		return t, err
	}
	v, err := s.sets.Get(ctx, setID)
	if err != nil {
		return t, err
	}
	set, err := s.compiledOf(ctx, v)
	if err != nil {
		return t, err
	}
	r, err := s.Round(ctx, roundID)
	if err != nil {
		return t, err
	}
	t = Trial{SetID: setID, Edit: v.Edit, PlaceID: placeID, RoundID: roundID, Year: r.Year, ByYear: nearest(set.Set.Effective, r.Year)}
	leaves, err := s.places.Leaves(ctx, placeID, store.Date(s.now()))
	if err != nil {
		return t, err
	}
	w := trialWork{scorer: NewScorer(set), year: t.ByYear, causes: map[string]int64{}}
	communes := map[string]*TrialPlace{}
	for i, leaf := range leaves {
		var c TrialCounts
		err := store.Each(ctx, s.db.Read(), func(sc store.Scanner) error { return w.one(sc, &c) }, selectTrial, leaf.ID, roundID, string(v.Model))
		if err != nil {
			return t, err
		}
		t.Counts.add(c)
		if communes[leaf.ParentID] == nil {
			communes[leaf.ParentID] = &TrialPlace{PlaceID: leaf.ParentID, Region: leaf.Region}
		}
		communes[leaf.ParentID].Counts.add(c)
		if step != nil && (i%20 == 19 || i == len(leaves)-1) {
			if err := step(i+1, len(leaves)); err != nil {
				return t, err
			}
		}
	}
	if err := s.order(ctx, &t, communes, w.causes); err != nil {
		return t, err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	return t, s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, upsertTrial, t.SetID, t.Edit, t.PlaceID, t.RoundID, string(body), store.Micros(s.now()))
		return err
	})
}

// compiledOf compiles the very text whose edit the trial will name: a draft may be saved again meanwhile.
func (s *Service) compiledOf(ctx context.Context, v version.Version) (*criteria.Compiled, error) {
	if v.State == version.Draft {
		return s.sets.Try(ctx, v.SetID, v.Body)
	}
	return s.sets.Compiled(ctx, v.ID)
}

// nearest is year, or the nearest in which the set is in force.
func nearest(y criteria.Years, year int) int {
	year = max(year, y.From)
	if y.To != 0 {
		year = min(year, y.To)
	}
	return year
}

func (s *Service) order(ctx context.Context, t *Trial, communes map[string]*TrialPlace, causes map[string]int64) error {
	var ids []string
	for id, c := range communes {
		if n := c.Counts; n.ToFail+n.ToPass+n.ToOpen+n.Refused > 0 {
			ids = append(ids, id)
		}
	}
	names, err := s.places.Names(ctx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		communes[id].Name = names[id]
		t.Places = append(t.Places, *communes[id])
	}
	slices.SortFunc(t.Places, func(a, b TrialPlace) int {
		if d := b.Counts.ToFail - a.Counts.ToFail; d != 0 {
			return int(d)
		}
		if a.Name+a.PlaceID < b.Name+b.PlaceID {
			return -1
		}
		return 1
	})
	for code, n := range causes {
		t.Causes = append(t.Causes, TrialCause{code, n})
	}
	slices.SortFunc(t.Causes, func(a, b TrialCause) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return nil
}

// trialWork scores sheet after sheet in the same memory.
type trialWork struct {
	scorer *Scorer
	year   int
	causes map[string]int64
}

func (w *trialWork) one(sc store.Scanner, c *TrialCounts) error {
	var outcome, input, points string
	if err := sc.Scan(&outcome, &input, &points); err != nil {
		return err
	}
	var entry Entry
	if err := json.Unmarshal([]byte(input), &entry); err != nil {
		return err
	}
	c.Sheets++
	passed := outcome == criteria.Recognised.String()
	if passed {
		c.Before++
	}
	entry.keepKnown(w.scorer.Set)
	result, err := w.scorer.Score(w.year, entry)
	switch {
	case err != nil:
		c.Refused++
	case result.Outcome == criteria.Recognised:
		c.After++
		if !passed {
			c.ToPass++
		}
	case passed && result.Outcome == criteria.Undecided:
		c.ToOpen++
	case passed:
		c.ToFail++
		code, err := w.lost(result, points)
		if err != nil {
			return err
		}
		w.causes[code]++
	}
	return nil
}

// lost names the criterion on which a file has most points less than its sheet says, "" when there is none.
func (w *trialWork) lost(result *criteria.Result, points string) (code string, err error) {
	var before map[string]int64 // hundredths, as kept in the sheet
	if err := json.Unmarshal([]byte(points), &before); err != nil {
		return "", err
	}
	most := criteria.Points(0)
	for i, k := range w.scorer.Set.Criteria {
		r := &result.Criteria[i]
		had, ok := before[k.Code]
		if ok && r.State == criteria.StateScored && criteria.Points(had)-r.Points > most {
			code, most = k.Code, criteria.Points(had)-r.Points
		}
	}
	return code, nil
}

// keepKnown drops what the set has no place for: a sheet of one version scored by another answers what both ask.
func (e *Entry) keepKnown(c *criteria.Compiled) {
	for key, v := range e.Facts {
		i, ok := c.FactIndex(key)
		if ok {
			_, ok = factValue(&c.Facts[i], v)
		}
		if !ok {
			delete(e.Facts, key)
		}
	}
	for code, m := range e.Scores {
		i, ok := c.CriterionIndex(code)
		if !ok {
			delete(e.Scores, code)
			continue
		}
		for level := range m.Levels {
			if slices.IndexFunc(c.Levels, func(l criteria.Level) bool { return l.Code == level }) <= 0 {
				delete(m.Levels, level)
			}
		}
		if m.Ticks != nil {
			items := c.Criteria[i].Scoring.Items
			kept := slices.DeleteFunc(slices.Clone(*m.Ticks), func(t string) bool {
				return !slices.ContainsFunc(items, func(it criteria.Item) bool { return it.Code == t })
			})
			m.Ticks = &kept
			if len(items) == 0 {
				m.Ticks = nil
			}
			e.Scores[code] = m
		}
	}
	for code := range e.Gates {
		if !slices.ContainsFunc(c.Gates, func(g criteria.Gate) bool { return g.Code == code }) {
			delete(e.Gates, code)
		}
	}
}
