// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import "slices"

// Change is one figure that differs between two reports. Old or New is nil where there is none.
type Change struct {
	Model   string // "" for a figure that was typed
	RowID   string // place below; "" for the total
	Row     string // its name; "" for what belongs to no area
	Year    int
	Measure string // total | registered | recognised | exemplary | target, a key of Seen, or level.… and group.…
	Old     *int64
	New     *int64
}

// Diff lists every figure that differs from old to new, in the order of the report. The times at which they were filled in are none.
func Diff(old, new *Figures) (list []Change) {
	for _, name := range union(modelNames(old), modelNames(new)) {
		a, _ := old.Of(name)
		b, _ := new.Of(name)
		var years []int
		for _, m := range []*Model{a, b} {
			for _, y := range m.Years {
				if !slices.Contains(years, y.Year) {
					years = append(years, y.Year)
				}
			}
		}
		slices.Sort(years)
		for _, year := range years {
			x, inOld := a.In(year)
			y, inNew := b.In(year)
			at := Change{Model: name, Year: year}
			list = append(list, compare(at, x.Counts, y.Counts, inOld, inNew)...)
			list = append(list, differ(at, "target", x.Target, y.Target)...)
		}
		list = append(list, diffGroups(Change{Model: name, Year: new.To}, "level.", a.Levels, b.Levels)...)
		list = append(list, diffGroups(Change{Model: name, Year: new.To}, "group.", a.Groups, b.Groups)...)
		list = append(list, diffRows(name, old, new, a.Rows, b.Rows)...)
	}
	return list
}

func modelNames(f *Figures) (list []string) {
	for i := range f.Models {
		list = append(list, f.Models[i].Model)
	}
	return list
}

// union keeps the order of a and puts what only b has behind it.
func union(a, b []string) []string {
	list := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func diffRows(model string, old, new *Figures, a, b []Row) (list []Change) {
	find := func(rows []Row, id string) (Row, bool) {
		i := slices.IndexFunc(rows, func(r Row) bool { return r.ID == id })
		if i < 0 {
			return Row{}, false
		}
		return rows[i], true
	}
	ids := func(rows []Row) (list []string) {
		for _, r := range rows {
			list = append(list, r.ID)
		}
		return list
	}
	for _, id := range union(ids(a), ids(b)) {
		x, inOld := find(a, id)
		y, inNew := find(b, id)
		name := y.Name
		if !inNew {
			name = x.Name
		}
		list = append(list, compare(Change{Model: model, RowID: id, Row: name, Year: new.To}, x.Now, y.Now, inOld, inNew)...)
		if old.Base == new.Base && new.Base != 0 {
			list = append(list, compare(Change{Model: model, RowID: id, Row: name, Year: new.Base}, x.Before, y.Before, inOld, inNew)...)
		}
	}
	return list
}

func diffGroups(at Change, prefix string, a, b []GroupOf) (list []Change) {
	keys := func(g []GroupOf) (list []string) {
		for _, x := range g {
			list = append(list, x.Key)
		}
		return list
	}
	value := func(g []GroupOf, key string) *int64 {
		for i := range g {
			if g[i].Key == key {
				return &g[i].Recognised
			}
		}
		return nil
	}
	for _, key := range union(keys(a), keys(b)) {
		list = append(list, differ(at, prefix+key, value(a, key), value(b, key))...)
	}
	return list
}

// compare lists the counts that differ; a side that is not there has none.
func compare(at Change, a, b Counts, inOld, inNew bool) (list []Change) {
	side := func(in bool, n int64) *int64 {
		if !in {
			return nil
		}
		return &n
	}
	for _, m := range []struct {
		name string
		a, b int64
	}{{"total", a.Total, b.Total}, {"registered", a.Registered, b.Registered}, {"recognised", a.Recognised, b.Recognised}, {"exemplary", a.Exemplary, b.Exemplary}} {
		list = append(list, differ(at, m.name, side(inOld, m.a), side(inNew, m.b))...)
	}
	return list
}

func differ(at Change, measure string, a, b *int64) []Change {
	if a == nil && b == nil || a != nil && b != nil && *a == *b {
		return nil
	}
	at.Measure, at.Old, at.New = measure, a, b
	return []Change{at}
}

// DiffTyped lists the typed figures that differ.
func DiffTyped(old, new *Words) (list []Change) {
	for _, s := range SeenKeys {
		list = append(list, differ(Change{}, s, old.number(s), new.number(s))...)
	}
	return list
}

func (w *Words) number(key string) *int64 {
	if n, ok := w.Seen[key]; ok {
		return &n
	}
	return nil
}
