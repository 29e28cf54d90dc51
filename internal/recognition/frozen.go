// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// frozenText is the canonical JSON of an issued decision, with its "items" and "titles" behind: these fields in this order, for ever. A field
// added later must be omitted when empty, or every old hash would fail.
type frozenText struct {
	ID       string   `json:"id"`
	BodyID   string   `json:"body_id"`
	BodyName string   `json:"body_name"`
	PlaceID  string   `json:"place_id"`
	RoundID  string   `json:"round_id"`
	Model    string   `json:"model"`
	Kind     Kind     `json:"kind"`
	FromYear int      `json:"from_year"`
	ForYear  int      `json:"for_year"`
	Year     int      `json:"year"`
	Number   int64    `json:"number"`
	Symbol   string   `json:"symbol"`
	Date     string   `json:"date"`
	Signer   string   `json:"signer"`
	Post     string   `json:"post"`
	Reason   string   `json:"reason"`
	Grounds  []string `json:"grounds"`
	AmendsID string   `json:"amends_id"`
	Verified string   `json:"verified"`
	Wording  string   `json:"wording,omitempty"` // the hash of what it says; decisions issued before there were templates have none
}

type frozenItem struct {
	No           int    `json:"no"`
	PlaceID      string `json:"place_id"`
	AssessmentID string `json:"assessment_id"`
	SubjectID    string `json:"subject_id"`
	Name         string `json:"name"`
	Was          string `json:"was"`
	AreaName     string `json:"area_name"`
	Total        *int64 `json:"total"` // hundredths
	Act          Act    `json:"act"`
}

// frozenTitle leaves out State and EndedBy: those are later decisions' doing.
type frozenTitle struct {
	ID           string `json:"id"`
	PlaceID      string `json:"place_id"`
	SubjectID    string `json:"subject_id"`
	AssessmentID string `json:"assessment_id"`
	Model        string `json:"model"`
	FromYear     int    `json:"from_year"`
	Year         int    `json:"year"`
	UntilYear    int    `json:"until_year"`
	Level        string `json:"level"`
	Exemplary    bool   `json:"exemplary"`
	Name         string `json:"name"`
	AreaName     string `json:"area_name"`
	OriginID     string `json:"origin_id"`
	DecidedOn    string `json:"decided_on"`
	Code         string `json:"code"`
}

// Freeze returns the SHA-256 of a decision's canonical JSON in hex; items and titles come in the order of the list, titles by id within. It is
// written piece by piece: the lists of a large commune would be many megabytes at once.
func (d *Decision) Freeze(items []Item, titles []Title) (sha string, err error) {
	h := sha256.New()
	put := func(before string, v any) {
		b, e := json.Marshal(v)
		err = errors.Join(err, e)
		h.Write([]byte(before))
		h.Write(b)
	}
	head, err := json.Marshal(frozenText{d.ID, d.BodyID, d.BodyName, d.PlaceID, d.RoundID, d.Model, d.Kind, d.FromYear, d.ForYear, d.Year, d.Number, d.Symbol, d.Date,
		d.Signer, d.Post, d.Reason, d.Grounds, d.AmendsID, string(d.Verified), d.Wording})
	if err != nil {
		return "", err
	}
	h.Write(head[:len(head)-1])
	before := `,"items":[`
	for _, it := range items {
		var total *int64
		if it.Total != nil {
			n := int64(*it.Total)
			total = &n
		}
		put(before, frozenItem{it.No, it.PlaceID, it.AssessmentID, it.SubjectID, it.Name, it.Was, it.AreaName, total, it.Act})
		before = ","
	}
	if len(items) == 0 {
		h.Write([]byte(before))
	}
	before = `],"titles":[`
	for _, x := range titles {
		put(before, frozenTitle{x.ID, x.PlaceID, x.SubjectID, x.AssessmentID, x.Model, x.FromYear, x.Year, x.UntilYear, x.Level, x.Exemplary, x.Name, x.AreaName,
			x.OriginID, x.DecidedOn, string(x.Code)})
		before = ","
	}
	if len(titles) == 0 {
		h.Write([]byte(before))
	}
	h.Write([]byte("]}\n"))
	return hex.EncodeToString(h.Sum(nil)), err
}

// FrozenItems is Items for a paper: of an issued decision it checks that decision, list and titles are still what was issued. It fails with
// fault.Conflict when somebody changed them behind the program's back.
func (s *Service) FrozenItems(ctx context.Context, by identity.Actor, d *Decision) (items []Item, err error) {
	defer fault.Wrap(&err, "recognition.FrozenItems(%s)", d.ID)
	if items, err = s.Items(ctx, by, d.ID); err != nil || d.State != StateIssued {
		return items, err
	}
	titles, err := store.Collect(ctx, s.db.Read(), scanTitle, selectTitlesOf, d.ID)
	if err != nil {
		return nil, err
	}
	sha, err := d.Freeze(items, titles)
	if err == nil && sha != d.SHA {
		err = fault.Conflict("recognition.changed", "number", d.Text())
	}
	return items, err
}
