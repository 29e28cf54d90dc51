// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"hoctap/internal/registry"
	"hoctap/internal/rollup"
)

// Figures are the numbers of a report as the system fills them in.
type Figures struct {
	At     int64   `json:"at"`              // microseconds: as of when
	Until  string  `json:"until,omitempty"` // of a six-month report: decisions dated later count for nothing
	Level  string  `json:"level"`           // of the place
	Kind   Kind    `json:"kind"`
	From   int     `json:"from"`
	To     int     `json:"to"`
	Base   int     `json:"base,omitempty"` // the year that rows and totals are compared with; 0 for none
	Models []Model `json:"models"`
}

// Model is one learning model in a report.
type Model struct {
	Model  string    `json:"model"`
	Years  []YearOf  `json:"years"`            // oldest first; the last one is To
	Rows   []Row     `json:"rows,omitempty"`   // areas of a commune, communes of a province
	Levels []GroupOf `json:"levels,omitempty"` // of what is recognised, by level of the title
	Groups []GroupOf `json:"groups,omitempty"` // citizens by group
}

// YearOf is a model in one year.
type YearOf struct {
	Year   int    `json:"year"`
	Counts Counts `json:"counts"`
	Target *int64 `json:"target,omitempty"` // hundredths of a percent
}

// Row is a place below.
type Row struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Now    Counts `json:"now"`
	Before Counts `json:"before"`
	From   int    `json:"from,omitempty"` // version of the accepted report it is taken from; 0 for live figures
	Why    string `json:"why,omitempty"`  // how that report explains what stands out
}

// Counts are the columns of published reports that the system knows.
type Counts struct {
	Total      int64 `json:"total"`
	Registered int64 `json:"registered"`
	Recognised int64 `json:"recognised"`
	Exemplary  int64 `json:"exemplary"`
}

// GroupOf is a part of a model: citizens of a group, titles of a level.
type GroupOf struct {
	Key        string `json:"key"`
	Total      int64  `json:"total,omitempty"` // of a group
	Recognised int64  `json:"recognised"`
}

func (c Counts) plus(d Counts) Counts {
	return Counts{c.Total + d.Total, c.Registered + d.Registered, c.Recognised + d.Recognised, c.Exemplary + d.Exemplary}
}

func countsOf(c rollup.Counts) Counts {
	return Counts{c.Total, c.Registered, c.Recognised, c.Exemplary}
}

// Models are the models in the order that reports show them; the last one is not assessed by rounds yet.
var Models = []string{registry.Family, registry.Clan, registry.Community, registry.Unit, registry.Citizen, Commune}

// Commune is the model of the learning commune (xã học tập).
const Commune = "commune"

// In returns the counts of a year; found is false when the report has none.
func (m *Model) In(year int) (y YearOf, found bool) {
	i := slices.IndexFunc(m.Years, func(y YearOf) bool { return y.Year == year })
	if i < 0 {
		return YearOf{Year: year}, false
	}
	return m.Years[i], true
}

// Of returns a model's figures, or none.
func (f *Figures) Of(model string) (m *Model, found bool) {
	for i := range f.Models {
		if f.Models[i].Model == model {
			return &f.Models[i], true
		}
	}
	return &Model{Model: model}, false
}

// Live is how many rows are not from accepted reports, and how many there are.
func (f *Figures) Live() (live, all int) {
	seen := map[string]bool{}
	for i := range f.Models {
		for _, r := range f.Models[i].Rows {
			if !seen[r.ID] {
				seen[r.ID] = true
				all++
				if r.From == 0 {
					live++
				}
			}
		}
	}
	return live, all
}

// FirstYear is the first year of the report's time in which some model has anybody; 0 for none.
func (f *Figures) FirstYear() (first int) {
	for i := range f.Models {
		for _, y := range f.Models[i].Years {
			if y.Year >= f.From && y.Counts.Total > 0 && (first == 0 || y.Year < first) {
				first = y.Year
			}
		}
	}
	return first
}
