// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Difference is something that decisions, titles, codes and assessments do not agree on.
type Difference struct {
	PlaceID, ID string
	What        string
}

// Checked is how much Verify looked at.
type Checked struct {
	Decisions int
	Titles    int
}

// checker gathers differences while the tables are read.
type checker struct {
	s    *Service
	tx   *store.Tx
	n    Checked
	list []Difference
}

func (c *checker) differ(placeID, id, format string, args ...any) {
	c.list = append(c.list, Difference{placeID, id, fmt.Sprintf(format, args...)})
}

// Verify compares everything of this package with itself and with the assessments: numbers without gap and dates in their order,
// each decision's frozen hash, items with their titles, titles with their files, codes with their titles.
func (s *Service) Verify(ctx context.Context) (n Checked, differences []Difference, err error) {
	defer fault.Wrap(&err, "recognition.Verify")
	// What was issued does not change, so the hashes need no snapshot and are worked out beside the rest.
	frozen, rest := &checker{s: s, tx: s.db.Read()}, &checker{s: s}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return frozen.hashes(ctx) })
	group.Go(func() error {
		return s.db.Snapshot(ctx, func(tx *store.Tx) error {
			rest.tx = tx
			for _, check := range []func(context.Context) error{rest.numbers, rest.papers, rest.texts, rest.links, rest.files} {
				if err := check(ctx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	err = group.Wait()
	return frozen.n, append(rest.list, frozen.list...), err
}

const (
	selectNumbered  = `SELECT ` + decisionColumns + ` FROM decision d WHERE d.state = 'issued' ORDER BY d.body_id, d.year, d.number`
	selectAllSeries = `SELECT body_id, year, first, last FROM number_series WHERE kind = $1`
)

type seriesKey struct {
	body string
	year int
}

// numbers demands that each series gives first … last once each, and dates that do not run backwards.
func (c *checker) numbers(ctx context.Context) error {
	kept := map[seriesKey]series{}
	err := store.Each(ctx, c.tx, func(sc store.Scanner) error {
		var k seriesKey
		var x series
		if err := sc.Scan(&k.body, &k.year, &x.first, &x.last); err != nil {
			return err
		}
		kept[k] = x
		return nil
	}, selectAllSeries, string(PaperDecision))
	if err != nil {
		return err
	}
	var at seriesKey
	var next int64
	var date string
	finish := func() {
		if x := kept[at]; at.body != "" && next != x.last+1 {
			c.differ("", at.body, "its register of %d ends with %d, its decisions with %d", at.year, x.last, next-1)
		}
		delete(kept, at)
	}
	err = store.Each(ctx, c.tx, func(sc store.Scanner) error {
		d, err := scanDecision(sc)
		if err != nil {
			return err
		}
		if k := (seriesKey{d.BodyID, d.Year}); k != at {
			finish()
			at, next, date = k, kept[k].first, ""
		}
		if d.Number != next {
			c.differ(d.PlaceID, d.ID, "%s of %d: number %d should follow", d.Text(), d.Year, next)
		}
		if d.Date < date {
			c.differ(d.PlaceID, d.ID, "%s is dated %s, the one before it %s", d.Text(), d.Date, date)
		}
		next, date = d.Number+1, d.Date
		return nil
	}, selectNumbered)
	if err != nil {
		return err
	}
	finish()
	for k, x := range kept {
		if x.last >= x.first {
			c.differ("", k.body, "its register of %d ends with %d, and it has no decision", k.year, x.last)
		}
	}
	return nil
}

// hashes works out the frozen hash of every issued decision again.
func (c *checker) hashes(ctx context.Context) error {
	decisions, err := store.Collect(ctx, c.tx, scanDecision, selectNumbered)
	if err != nil {
		return err
	}
	for i := range decisions {
		d := &decisions[i]
		c.n.Decisions++
		items, err := store.Collect(ctx, c.tx, scanItem, selectItems, d.ID)
		if err != nil {
			return err
		}
		titles, err := store.Collect(ctx, c.tx, scanTitle, selectTitlesOf, d.ID)
		if err != nil {
			return err
		}
		c.n.Titles += len(titles)
		if d.Items != len(items) {
			c.differ(d.PlaceID, d.ID, "%s says %d items, its list has %d", d.Text(), d.Items, len(items))
		}
		sha, err := d.Freeze(items, titles)
		if err != nil {
			return err
		}
		if sha != d.SHA {
			c.differ(d.PlaceID, d.ID, "%s is no longer what was issued: its hash was %.12s and is %.12s", d.Text(), d.SHA, sha)
		}
		of := map[string]int{}
		for _, t := range titles {
			of[t.AssessmentID]++
		}
		for _, it := range items {
			n := of[it.AssessmentID]
			if delete(of, it.AssessmentID); (n > 0) != (it.Act != ActRevoke) {
				c.differ(it.PlaceID, it.AssessmentID, "%s lists %s to %s, with %d titles", d.Text(), it.Name, it.Act, n)
			}
		}
		if d.Kind == KindAmend || d.Kind == KindRevoke { // a restored title of a period rests on the file of another year
			continue
		}
		for id := range of {
			c.differ(d.PlaceID, id, "a title of %s is not on its list", d.Text())
		}
	}
	return nil
}

// The queries below return only what is wrong.
const (
	selectLoose = `
		SELECT t.place_id, t.id, CASE WHEN d.id IS NULL THEN 'it has no issued decision'
			WHEN t.state <> 'valid' AND e.id IS NULL THEN 'no issued decision ended it'
			WHEN t.state = 'valid' AND t.ended_by <> '' THEN 'it is valid and was ended'
			ELSE 'its code belongs to another certificate' END
		FROM title t LEFT JOIN decision d ON d.id = t.decision_id AND d.state = 'issued'
		LEFT JOIN decision e ON e.id = t.ended_by AND e.state = 'issued'
		LEFT JOIN certificate_code c ON c.code = t.code
		WHERE d.id IS NULL OR t.state <> 'valid' AND e.id IS NULL OR t.state = 'valid' AND t.ended_by <> ''
			OR c.code IS NULL OR c.title_id <> t.id OR c.place_id <> t.place_id`
	selectLooseCodes = `
		SELECT c.place_id, c.code, 'this code is of no certificate' FROM certificate_code c
		LEFT JOIN title t ON t.place_id = c.place_id AND t.id = c.title_id WHERE t.id IS NULL`
	// A file that went along with its subject is not beside its title: those few are looked up one by one.
	selectUnlike = `
		SELECT ` + titleColumns + ` FROM title t LEFT JOIN assessment a ON a.place_id = t.place_id AND a.id = t.assessment_id
		WHERE t.state = 'valid' AND t.from_year = t.year AND (a.id IS NULL OR a.state <> 'recognised' OR t.exemplary AND NOT a.exemplary)`
	selectUntitled = `
		SELECT a.place_id, a.id, 'it is ' || a.state || ' and its titles do not say so' FROM assessment a
		WHERE a.state IN ('recognised', 'revoked') AND
			(SELECT count(*) FROM title t WHERE t.subject_id = a.subject_id AND t.model = a.model AND t.assessment_id = a.id
				AND t.state = 'valid' AND NOT t.exemplary) <> CASE WHEN a.state = 'recognised' THEN 1 ELSE 0 END
		OR a.exemplary AND NOT EXISTS (SELECT 1 FROM title t WHERE t.subject_id = a.subject_id AND t.model = a.model AND t.assessment_id = a.id
				AND t.state = 'valid' AND t.exemplary AND t.from_year = t.year)`
)

// links demands that every title has its decision and its code, and every code its title.
func (c *checker) links(ctx context.Context) error {
	for _, query := range []string{selectLoose, selectLooseCodes} {
		if err := c.report(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) report(ctx context.Context, query string) error {
	return store.Each(ctx, c.tx, func(sc store.Scanner) error {
		var d Difference
		err := sc.Scan(&d.PlaceID, &d.ID, &d.What)
		c.list = append(c.list, d)
		return err
	}, query)
}

// files demands that valid titles and the states of files say the same.
func (c *checker) files(ctx context.Context) error {
	unlike, err := store.Collect(ctx, c.tx, scanTitle, selectUnlike)
	if err != nil {
		return err
	}
	for i := range unlike {
		t := &unlike[i]
		a, err := c.s.fileOf(ctx, c.tx, t)
		if fault.KindOf(err) == fault.KindNotFound {
			c.differ(t.PlaceID, t.ID, "the title of %s has no file", t.Name)
		} else if err != nil {
			return err
		} else if a.State != assessment.Recognised || t.Exemplary && !a.Exemplary {
			c.differ(t.PlaceID, t.ID, "the title of %s is valid, its file is %s", t.Name, a.State)
		}
	}
	return c.report(ctx, selectUntitled)
}
