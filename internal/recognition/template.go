// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/wording"
)

// Scope is whose templates are meant: those of one body, or those that a province writes for all bodies of a kind in its communes.
type Scope struct {
	ID       string // of the body, or BodyID(kind, province)
	Kind     string // of body
	PlaceID  string
	Name     string // of the body; "" for a province's word to its communes
	Communes bool
}

// Committee says whether the body is a People's Committee.
func (s Scope) Committee() bool { return committee(s.Kind) }

func committee(kind string) bool { return strings.HasPrefix(kind, "ubnd") }

// Template is one saved version of what a scope says in a kind of paper. Version 0 is the text as shipped.
type Template struct {
	ScopeID  string
	Kind     wording.Kind
	Version  int
	PlaceID  string
	Text     *wording.Text // nil follows the level above, else the text as shipped
	File     string        // SHA-256 of the office's own DOCX; "" follows the level above, else there is none
	FileName string
	Remark   string
	ByID     string
	ByName   string
	At       time.Time
}

const (
	templateColumns = `t.body_id, t.kind, t.version, t.place_id, t.content, t.file, t.file_name, t.remark, t.by_id, t.by_name, t.at`
	selectNewest    = `SELECT ` + templateColumns + ` FROM paper_template t WHERE t.body_id = $1
		AND t.version = (SELECT max(m.version) FROM paper_template m WHERE m.body_id = t.body_id AND m.kind = t.kind)`
	selectVersions = `SELECT ` + templateColumns + ` FROM paper_template t WHERE t.body_id = $1 AND t.kind = $2 ORDER BY t.version DESC`
)

func scanTemplate(sc store.Scanner) (t Template, err error) {
	var content string
	var at int64
	if err := sc.Scan(&t.ScopeID, &t.Kind, &t.Version, &t.PlaceID, &content, &t.File, &t.FileName, &t.Remark, &t.ByID, &t.ByName, &at); err != nil {
		return t, err
	}
	t.At = store.Time(at)
	if content != "" {
		t.Text = new(wording.Text)
		err = json.Unmarshal([]byte(content), t.Text)
	}
	return t, err
}

// Scopes are whose templates are written at a commune or province: its bodies', and at a province also those for its communes.
func (s *Service) Scopes(ctx context.Context, by identity.Actor, placeID string) (list []Scope, err error) {
	defer fault.Wrap(&err, "recognition.Scopes(%s)", placeID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	return s.scopes(ctx, placeID)
}

func (s *Service) scopes(ctx context.Context, placeID string) (list []Scope, err error) {
	bodies, err := s.EnsureBodies(ctx, placeID)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		list = append(list, Scope{ID: b.ID, Kind: b.Kind, PlaceID: placeID, Name: b.Name})
	}
	p, err := s.places.Get(ctx, placeID)
	if err == nil && p.Level == place.Province {
		for _, kind := range []string{BodyAssociationCommune, BodyCommitteeCommune} {
			list = append(list, Scope{ID: BodyID(kind, placeID), Kind: kind, PlaceID: placeID, Communes: true})
		}
	}
	return list, err
}

// scope is the one with an id; what is no scope is not found.
func (s *Service) scope(ctx context.Context, id string) (Scope, error) {
	_, placeID, _ := strings.Cut(id, "-")
	list, err := s.scopes(ctx, placeID)
	if err != nil && fault.KindOf(err) != fault.KindNotFound {
		return Scope{}, err
	}
	if i := slices.IndexFunc(list, func(x Scope) bool { return x.ID == id }); i >= 0 {
		return list[i], nil
	}
	return Scope{}, fault.NotFound("body", id)
}

// seen is the scope with an id, for a reader of its place.
func (s *Service) seen(ctx context.Context, by identity.Actor, scopeID string, k wording.Kind) (Scope, error) {
	if !k.Known() {
		return Scope{}, fault.NotFound("template", string(k))
	}
	x, err := s.scope(ctx, scopeID)
	if err != nil {
		return x, err
	}
	return x, s.may(ctx, nil, by, identity.SeeRecords, x.PlaceID)
}

// TemplateVersions returns the scope and all its saved versions for a kind of paper, newest first.
func (s *Service) TemplateVersions(ctx context.Context, by identity.Actor, scopeID string, k wording.Kind) (x Scope, list []Template, err error) {
	defer fault.Wrap(&err, "recognition.TemplateVersions(%s, %s)", scopeID, k)
	if x, err = s.seen(ctx, by, scopeID, k); err != nil {
		return x, nil, err
	}
	list, err = store.Collect(ctx, s.db.Read(), scanTemplate, selectVersions, scopeID, string(k))
	return x, list, err
}

// Wording is what papers of a kind say, and where that comes from. It is frozen as JSON: these names in this order, for ever.
type Wording struct {
	Kind        wording.Kind `json:"kind"`
	From        string       `json:"from,omitempty"` // scope; "" is the text as shipped
	Version     int          `json:"version"`
	Text        wording.Text `json:"text"`
	File        string       `json:"file,omitempty"` // SHA-256 of the office's own DOCX
	FileFrom    string       `json:"file_from,omitempty"`
	FileVersion int          `json:"file_version,omitempty"`
}

// wordings finds what is in force, for papers of several kinds by bodies of one kind at one place: their own word, else that of the nearest place
// above, else the text as shipped.
func (s *Service) wordings(ctx context.Context, tx *store.Tx, bodyKind, placeID string, kinds ...wording.Kind) (list []Wording, err error) {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return nil, err
	}
	if tx == nil {
		tx = s.db.Read()
	}
	for _, k := range kinds {
		list = append(list, Wording{Kind: k, Text: wording.Standard(k, committee(bodyKind))})
	}
	above := strings.Split(strings.Trim(path, "/"), "/")
	for _, at := range slices.Backward(above) {
		saved, err := store.Collect(ctx, tx, scanTemplate, selectNewest, BodyID(bodyKind, at))
		if err != nil {
			return nil, err
		}
		for i := range list {
			for _, t := range saved {
				if w := &list[i]; t.Kind == w.Kind {
					w.take(t)
				}
			}
		}
	}
	return list, nil
}

// take fills in what a template says where nearer ones were silent.
func (w *Wording) take(t Template) {
	if w.From == "" && t.Text != nil {
		w.From, w.Version, w.Text = t.ScopeID, t.Version, *t.Text
	}
	if w.File == "" && t.File != "" {
		w.File, w.FileFrom, w.FileVersion = t.File, t.ScopeID, t.Version
	}
}

// InForce returns what a scope's papers say now, for every kind in the order of wording.Kinds.
func (s *Service) InForce(ctx context.Context, by identity.Actor, scopeID string) (x Scope, list []Wording, err error) {
	defer fault.Wrap(&err, "recognition.InForce(%s)", scopeID)
	if x, err = s.seen(ctx, by, scopeID, wording.Notice); err != nil {
		return x, nil, err
	}
	list, err = s.wordings(ctx, nil, x.Kind, x.PlaceID, wording.Kinds...)
	return x, list, err
}

// WordingFor returns the body of a kind that writes for a place, its own or that of the nearest place above, and what its papers of a kind say now.
func (s *Service) WordingFor(ctx context.Context, by identity.Actor, bodyKind, placeID string, k wording.Kind) (b Body, w Wording, err error) {
	defer fault.Wrap(&err, "recognition.WordingFor(%s, %s, %s)", bodyKind, placeID, k)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return b, w, err
	}
	if b, err = s.deciding(ctx, bodyKind, placeID); err != nil {
		return b, w, err
	}
	list, err := s.wordings(ctx, nil, b.Kind, b.PlaceID, k)
	if err != nil {
		return b, w, err
	}
	return b, list[0], nil
}
