// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package entry is the screen on which a whole area is scored: every household as a row, last year's result beside it, the
// keyboard all the way, each row saved by itself. The engine on the server gives every point; the browser shows running points by the same rules
// until the server has answered.
package entry

import (
	"maps"
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /nhap", index)
	m.Signed("GET /nhap/{place}", show)
	m.Signed("GET /nhap/{place}/bien-ban", minutesFile)
	m.Signed("GET /nhap/{place}/phieu", sheetsFile)
	m.Signed("GET /nhap/{place}/giay-dang-ky", registrationFile)
	m.Signed("GET /nhap/{place}/{id}", open)
	m.Signed("POST /nhap/{place}", saveAll)
	m.Signed("POST /nhap/{place}/{id}", save)
	m.Signed("POST /nhap/{place}/dieu-kien", answerGate)
	m.Signed("POST /nhap/{place}/dang-ky", register)
	m.Signed("POST /nhap/{place}/gui", send)
}

// model is the learning model a page is about: ?mo-hinh, else families.
func model(v *site.Visit) string {
	if m := v.R.FormValue("mo-hinh"); m != "" {
		return m
	}
	return registry.Family
}

// open answers with one row and everything its open panel shows.
func open(v *site.Visit) error {
	b, err := v.Assessment.Row(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"))
	if err != nil {
		return err
	}
	return v.JSON(detailOf(v, &b))
}

// saving is what the browser sends for a row: the version it saw and the whole entry as it is now.
type saving struct {
	Version int64            `json:"version"`
	Entry   assessment.Entry `json:"entry"`
}

func save(v *site.Visit) error {
	var in saving
	if err := v.Read(&in); err != nil {
		return err
	}
	b, err := v.Assessment.SaveRow(v.Ctx(), v.Actor, assessment.Draft{PlaceID: v.Path("place"), ID: v.Path("id"), Version: in.Version, Entry: in.Entry})
	if err != nil {
		return err
	}
	return v.JSON(detailOf(v, &b))
}

// waiting are rows that were answered without a network, sent together when it is back.
type waiting struct {
	Rows []struct {
		ID string `json:"id"`
		saving
	} `json:"rows"`
}

// answered is what became of one of them: the row as it is now, or the sentence that refuses it.
type answered struct {
	ID       string `json:"id"`
	Row      *row   `json:"row,omitempty"`
	Sentence string `json:"sentence,omitempty"`
}

// saveAll stores many rows of an area in one transaction and answers one by one.
func saveAll(v *site.Visit) error {
	if _, err := v.Here(identity.Score); err != nil {
		return err
	}
	var in waiting
	if err := v.Read(&in); err != nil {
		return err
	}
	drafts := make([]assessment.Draft, len(in.Rows))
	for i, r := range in.Rows {
		drafts[i] = assessment.Draft{PlaceID: v.Path("place"), ID: r.ID, Version: r.Version, Entry: r.Entry}
	}
	boards, refused, err := v.Assessment.SaveRows(v.Ctx(), v.Actor, drafts)
	if err != nil {
		return err
	}
	list := make([]answered, len(drafts))
	for i := range list {
		list[i].ID = drafts[i].ID
		if refused[i] != nil {
			list[i].Sentence = sentence(v, refused[i])
			continue
		}
		r := rowOf(v.Ctx(), &boards[i], &boards[i].Rows[0])
		list[i].Row = &r
	}
	return v.JSON(map[string]any{"rows": list})
}

// sentence is why a row was refused: the first broken rule, else the fault itself.
func sentence(v *site.Visit, refused error) string {
	whole, fields := lang.Fault(v.Ctx(), refused)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		return fields[name]
	}
	return whole
}

// answerGate records one answer for every row of the area that has none.
func answerGate(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.Score)
	if err != nil {
		return err
	}
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	if _, err := v.Assessment.AnswerGate(v.Ctx(), v.Actor, p.ID, r.ID, model(v), v.Form("ma"), v.Form("tra-loi") == "co"); err != nil {
		return err
	}
	return v.Go(site.With("/nhap/"+p.ID, "mo-hinh", model(v), "nam", v.R.FormValue("nam")))
}
