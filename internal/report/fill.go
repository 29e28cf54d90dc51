// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// basis is what figures are filled from beside the counters: it is read before the transaction, which waits for no second connection.
type basis struct {
	place    place.Place
	kind     Kind
	from, to int
	rounds   map[int]string // year → round
	models   []string
	targets  []place.Stated
	below    []place.Place // in the order of screens
	today    string
	accepted bool // places below count by their accepted reports where there are any
}

func (s *Service) basis(ctx context.Context, p place.Place, kind Kind, from, to int, accepted bool) (b basis, err error) {
	b = basis{place: p, kind: kind, from: from, to: to, rounds: map[int]string{}, today: store.Date(s.now()), accepted: accepted}
	rounds, err := s.rounds.Rounds(ctx, p.ID)
	if err != nil {
		return b, err
	}
	planned := map[string]bool{}
	for _, r := range rounds { // the newest of a year comes first
		if r.State == assessment.RoundDraft || r.Year < from-1 || r.Year > to || b.rounds[r.Year] != "" {
			continue
		}
		b.rounds[r.Year] = r.ID
		for _, m := range r.Plan.Models {
			planned[m.Model] = true
		}
	}
	for _, m := range Models {
		if planned[m] {
			b.models = append(b.models, m)
		}
	}
	if b.targets, err = s.places.Targets(ctx); err != nil {
		return b, err
	}
	if p.Level == place.Commune {
		b.below, err = s.places.Leaves(ctx, p.ID, "")
	} else {
		b.below, err = s.places.Children(ctx, p.ID, "")
	}
	return b, err
}

// Live returns the figures of a place and year as they are now, for papers before any period is open. It fails with fault.Denied.
func (s *Service) Live(ctx context.Context, by identity.Actor, placeID string, year int) (f *Figures, err error) {
	defer fault.Wrap(&err, "report.Live(%s, %d)", placeID, year)
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return nil, err
	}
	if err := by.Check(identity.SeeFigures, p.Path, p.FullName()); err != nil {
		return nil, err
	}
	b, err := s.basis(ctx, p, Year, year, year, false)
	if err != nil {
		return nil, err
	}
	return s.fill(ctx, s.db.Read(), &b)
}

// fill works the figures out inside tx.
func (s *Service) fill(ctx context.Context, tx *store.Tx, b *basis) (*Figures, error) {
	f := &Figures{At: store.Micros(s.now()), Level: b.place.Level, Kind: b.kind, From: b.from, To: b.to, Base: b.to - 1}
	if b.kind.Review() {
		f.Base = b.from
	}
	group := rollup.ByLeaf
	if b.place.Level != place.Commune {
		group = rollup.ByCommune
	}
	ids := slices.Sorted(maps.Values(b.rounds))
	if len(ids) == 0 {
		return f, nil
	}
	t, err := rollup.Sum(ctx, tx, s.now(), b.place.Path, b.today, group, ids...)
	if err != nil {
		return nil, err
	}
	until := lastDay
	if b.kind == Half {
		f.Until = b.until()
		until = f.Until
		if err := b.leaveOut(ctx, tx, &t, group, until); err != nil {
			return nil, err
		}
	}
	region := place.RegionDefault
	if b.place.Level == place.Commune {
		region = b.place.Region
	}
	for _, model := range b.models {
		m := Model{Model: model}
		first := b.from - 1
		if b.kind == Half { // half a year is not compared with a whole one
			first = b.from
		}
		for year := first; year <= b.to; year++ {
			c := countsOf(t.Total[rollup.Key{RoundID: b.rounds[year], Model: model}])
			if c.Total == 0 && year != b.to {
				continue
			}
			y := YearOf{Year: year, Counts: c}
			if percent, _, _, _, ok := place.Target(b.targets, model, year, region); ok {
				n := int64(percent)
				y.Target = &n
			}
			m.Years = append(m.Years, y)
		}
		m.Rows = b.rows(&t, model, f.Base)
		if len(m.Rows) > 0 || slices.ContainsFunc(m.Years, func(y YearOf) bool { return y.Counts.Total > 0 }) {
			f.Models = append(f.Models, m)
		}
	}
	if b.kind == Half {
		if err := s.halfBefore(ctx, tx, b, f); err != nil {
			return nil, err
		}
	}
	if b.place.Level == place.Commune {
		return f, s.parts(ctx, tx, b, f, until)
	}
	if b.accepted {
		return f, s.fromAccepted(ctx, tx, b, f)
	}
	return f, nil
}

// rows are the places below that have anybody, in their order; what belongs to the place itself comes last.
func (b *basis) rows(t *rollup.Table, model string, base int) (list []Row) {
	now, before := rollup.Key{RoundID: b.rounds[b.to], Model: model}, rollup.Key{RoundID: b.rounds[base], Model: model}
	add := func(id, key, name string) {
		r := Row{ID: id, Name: name, Now: countsOf(t.Of[key][now])}
		if b.kind != Half && b.rounds[base] != "" {
			r.Before = countsOf(t.Of[key][before])
		}
		if r.Now.Total > 0 || r.Before.Total > 0 {
			list = append(list, r)
		}
	}
	for _, p := range b.below {
		if p.Level != place.Own {
			add(p.ID, p.ID, p.FullName())
		}
	}
	own := place.OwnLeaf(b.place.ID)
	if b.place.Level == place.Commune {
		add(own, own, "")
	} else {
		add(own, "", "")
	}
	return list
}

const (
	selectParts = `SELECT t.model, t.level, count(*) FROM place_parent p JOIN title t ON t.place_id = p.place_id
		JOIN decision o ON o.id = t.origin_id
		WHERE p.path >= $1 AND p.path < $2 AND p.valid_from <= $3 AND p.valid_to >= $3 AND t.year = $4 AND t.state = 'valid' AND NOT t.exemplary AND t.level <> ''
			AND o.date <= $5 GROUP BY t.model, t.level ORDER BY t.model, t.level`
	selectGroups = `SELECT s.kind, count(*), sum(CASE WHEN a.state = 'recognised' AND NOT EXISTS (SELECT 1 FROM title t JOIN decision o ON o.id = t.origin_id
			WHERE t.subject_id = s.id AND t.model = a.model AND t.year = $1 AND t.state = 'valid' AND NOT t.exemplary AND o.date > $2) THEN 1 ELSE 0 END)
		FROM place_parent p JOIN assessment a ON a.place_id = p.place_id JOIN subject s ON s.place_id = a.place_id AND s.id = a.subject_id
		WHERE p.path >= $3 AND p.path < $4 AND p.valid_from <= $5 AND p.valid_to >= $5 AND a.round_id = $6 AND a.model = $7 AND s.kind <> ''
		GROUP BY s.kind ORDER BY s.kind`
)

// parts adds levels of titles and groups of citizens, for a commune.
func (s *Service) parts(ctx context.Context, tx *store.Tx, b *basis, f *Figures, until string) error {
	err := store.Each(ctx, tx, func(sc store.Scanner) error {
		var model string
		var g GroupOf
		if err := sc.Scan(&model, &g.Key, &g.Recognised); err != nil {
			return err
		}
		if m, found := f.Of(model); found {
			m.Levels = append(m.Levels, g)
		}
		return nil
	}, selectParts, b.place.Path, store.PathEnd(b.place.Path), b.today, b.to, until)
	if err != nil {
		return err
	}
	m, found := f.Of(registry.Citizen)
	if !found || b.rounds[b.to] == "" {
		return nil
	}
	m.Groups, err = store.Collect(ctx, tx, func(sc store.Scanner) (g GroupOf, err error) {
		err = sc.Scan(&g.Key, &g.Total, &g.Recognised)
		return g, err
	}, selectGroups, b.to, until, b.place.Path, store.PathEnd(b.place.Path), b.today, b.rounds[b.to], registry.Citizen)
	return err
}

const selectAccepted = `
	SELECT r.place_id, p.content FROM report_period q JOIN report r ON r.period_id = q.id
	JOIN report_version v ON v.place_id = r.place_id AND v.period_id = r.period_id AND v.no = r.accepted
	JOIN outgoing_paper p ON p.id = v.paper_id
	WHERE q.place_id = $1 AND q.level = $2 AND q.kind = $3 AND q.to_year = $4`

// fromAccepted puts the accepted reports of the places below in the place of live figures, and adds the totals up again.
func (s *Service) fromAccepted(ctx context.Context, tx *store.Tx, b *basis, f *Figures) error {
	reports := map[string]*Snapshot{}
	err := store.Each(ctx, tx, func(sc store.Scanner) error {
		var id, content string
		if err := sc.Scan(&id, &content); err != nil {
			return err
		}
		snap, err := Decode(content)
		reports[id] = snap
		return err
	}, selectAccepted, b.place.ID, place.Commune, string(b.kind), b.to)
	if err != nil || len(reports) == 0 {
		return err
	}
	for i := range f.Models {
		m := &f.Models[i]
		var sum Counts
		for k := range m.Rows {
			r := &m.Rows[k]
			if snap := reports[r.ID]; snap != nil {
				of, _ := snap.Figures.Of(m.Model)
				y, _ := of.In(b.to)
				r.Now, r.From, r.Why = y.Counts, snap.No, explained(snap, m.Model)
			}
			sum = sum.plus(r.Now)
		}
		for k := range m.Years {
			if m.Years[k].Year == b.to {
				m.Years[k].Counts = sum
			}
		}
	}
	if live, _ := f.Live(); live == 0 {
		sumParts(f, reports)
	}
	return nil
}

// explained joins what a report says about a model's flags.
func explained(snap *Snapshot, model string) string {
	var list []string
	for _, f := range Flags(&snap.Figures) {
		if s := snap.Words.Explanations[f.ID()]; f.Model == model && s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return strings.Join(list, " ")
}

// sumParts adds up levels and groups: only when every row is from a report, as a part of them would say too little.
func sumParts(f *Figures, reports map[string]*Snapshot) {
	for i := range f.Models {
		m := &f.Models[i]
		levels, groups := map[string]GroupOf{}, map[string]GroupOf{}
		add := func(to map[string]GroupOf, list []GroupOf) {
			for _, g := range list {
				to[g.Key] = GroupOf{g.Key, to[g.Key].Total + g.Total, to[g.Key].Recognised + g.Recognised}
			}
		}
		for _, snap := range reports {
			of, _ := snap.Figures.Of(m.Model)
			add(levels, of.Levels)
			add(groups, of.Groups)
		}
		for _, key := range slices.Sorted(maps.Keys(levels)) {
			m.Levels = append(m.Levels, levels[key])
		}
		for _, key := range slices.Sorted(maps.Keys(groups)) {
			m.Groups = append(m.Groups, groups[key])
		}
	}
}

const selectHalfBefore = `
	SELECT p.content FROM report_period q JOIN report r ON r.period_id = q.id
	JOIN report_version v ON v.place_id = r.place_id AND v.period_id = r.period_id AND v.no = r.accepted
	JOIN outgoing_paper p ON p.id = v.paper_id
	WHERE r.place_id = $1 AND q.level = $2 AND q.kind = $3 AND q.to_year = $4`

// halfBefore puts the accepted six-month report of the year before beside the figures; without one they are compared with nothing.
func (s *Service) halfBefore(ctx context.Context, tx *store.Tx, b *basis, f *Figures) error {
	content, found, err := store.One(ctx, tx, store.Value[string], selectHalfBefore, b.place.ID, b.place.Level, string(Half), b.to-1)
	if err != nil || !found {
		f.Base = 0
		return err
	}
	snap, err := Decode(content)
	if err != nil {
		return err
	}
	for i := range f.Models {
		m := &f.Models[i]
		old, _ := snap.Figures.Of(m.Model)
		if y, ok := old.In(b.to - 1); ok {
			m.Years = append([]YearOf{y}, m.Years...)
		}
		for k := range m.Rows {
			if n := slices.IndexFunc(old.Rows, func(r Row) bool { return r.ID == m.Rows[k].ID }); n >= 0 {
				m.Rows[k].Before = old.Rows[n].Now
			}
		}
	}
	return nil
}

// Decode reads what a submitted report was frozen as: the content of its outgoing paper.
func Decode(content string) (*Snapshot, error) {
	var snap Snapshot
	if err := json.Unmarshal([]byte(content), &snap); err != nil {
		return nil, err
	}
	return &snap, nil
}
