// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/keyring"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// Held is everything that is held on one subject, by part. It is made when it is asked for and never kept: a second copy would be more to protect.
type Held struct {
	Made      time.Time `json:"made"`
	SubjectID string    `json:"subject"`
	Parts     []Part    `json:"parts"`
}

// Part is the rows of one kind, with the names of their values in their order.
type Part struct {
	Key     string   `json:"part"` // catalogue key below "privacy.held."
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// heldParts read what is held, by leaf and subject. Officers stand with their post, not their name: that one is theirs.
var heldParts = []struct {
	key, query string
	once       bool // by the subject alone, not for each leaf
}{
	{"subject", `SELECT model, name, number, kind, address, phone, id_tail, id_sealed, body, birth_year, sex, ethnic, members, adults, children, state FROM subject WHERE place_id = $1 AND id = $2`, false},
	{"stay", `SELECT place_id, valid_from, valid_to FROM stay WHERE place_id = $1 AND subject_id = $2 ORDER BY valid_from`, false},
	{"move", `SELECT to_id, date, state, reason FROM move_request WHERE subject_id = $1 ORDER BY at`, true},
	{"membership", `SELECT s.name, m.member FROM membership m LEFT JOIN subject s ON s.place_id = m.place_id AND s.id = m.group_id WHERE m.member_id = $1 ORDER BY m.group_id`, true},
	{"register", `SELECT year, key, value, source FROM register_entry WHERE place_id = $1 AND subject_id = $2 ORDER BY year, key`, false},
	{"import", `SELECT b.created_at, b.file_name, b.id || '/' || i.row_no AS row, i.cells, i.state FROM import_row i JOIN import_batch b ON b.id = i.batch_id WHERE i.subject_id = $1 AND i.subject_id <> '' ORDER BY b.created_at, i.row_no`, true},
	{"assessment", `SELECT r.year, a.model, a.name, a.state, a.total, a.outcome, a.class, a.level, a.votes_for, a.votes_against, a.exemplary
		FROM assessment a JOIN round r ON r.id = a.round_id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY r.year, a.id`, false},
	{"sheet", `SELECT r.year, h.stage, h.at, h.input, h.points, h.total, h.outcome FROM assessment a JOIN round r ON r.id = a.round_id
		JOIN sheet h ON h.place_id = a.place_id AND h.assessment_id = a.id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY r.year, h.at, h.stage`, false},
	{"remark", `SELECT r.year, k.stage, k.kind, k.criterion, k.body, k.at FROM assessment a JOIN round r ON r.id = a.round_id
		JOIN remark k ON k.place_id = a.place_id AND k.assessment_id = a.id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY k.at, k.id`, false},
	{"appeal", `SELECT r.year, p.body, p.state, p.answer, p.at FROM assessment a JOIN round r ON r.id = a.round_id
		JOIN appeal p ON p.place_id = a.place_id AND p.assessment_id = a.id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY p.at, p.id`, false},
	{"recheck", `SELECT r.year, c.finding, c.body, c.at FROM assessment a JOIN round r ON r.id = a.round_id
		JOIN recheck_item c ON c.place_id = a.place_id AND c.assessment_id = a.id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY c.at`, false},
	{"evidence", `SELECT DISTINCT e.id, e.title, e.name, e.kind, e.state, e.media_type, e.size, e.link, e.taken_at, e.at FROM assessment a
		JOIN evidence_use u ON u.place_id = a.place_id AND u.assessment_id = a.id JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
		WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY e.at, e.id`, false},
	{"decision", `SELECT d.number, d.symbol, d.date, i.no, i.name, i.act, d.state FROM decision_item i JOIN decision d ON d.id = i.decision_id
		WHERE i.place_id = $1 AND i.subject_id = $2 ORDER BY d.date, d.id`, false},
	{"title", `SELECT model, year, until_year, level, exemplary, name, code, decided_on, state FROM title WHERE subject_id = $1 ORDER BY year, id`, true},
	{"badge", `SELECT t.year, b.uuid, b.at FROM badge b JOIN title t ON t.place_id = b.place_id AND t.id = b.title_id WHERE t.subject_id = $1 ORDER BY b.at`, true},
	{"consent", `SELECT purpose, name, words, words_sha, way, given_on, withdrawn_at, representative FROM consent WHERE subject_id = $1 ORDER BY at, id`, true},
	{"request", `SELECT code, kind, way, state, received_on, due, answer, basis FROM privacy_request WHERE subject_id = $1 ORDER BY created_at, id`, true},
	{"restriction", `SELECT at FROM restriction WHERE subject_id = $1`, true},
	{"journal", `SELECT j.at, j.act, j.thing, coalesce(c.post, '') FROM journal j LEFT JOIN account c ON c.id = j.actor_id WHERE j.place_id = $1 AND j.thing_id = $2 ORDER BY j.at, j.id`, false},
	{"journal", `SELECT j.at, j.act, j.thing, coalesce(c.post, '') FROM assessment a JOIN journal j ON j.place_id = a.place_id AND j.thing_id = a.id
		LEFT JOIN account c ON c.id = j.actor_id WHERE a.place_id = $1 AND a.subject_id = $2 ORDER BY j.at, j.id`, false},
	{"read", `SELECT l.at, l.act, l.thing, coalesce(c.post, '') FROM access_log l LEFT JOIN account c ON c.id = l.actor_id WHERE l.place_id = $1
		AND (l.thing_id = $2 OR l.thing_id IN (SELECT a.id FROM assessment a WHERE a.place_id = $1 AND a.subject_id = $2)) ORDER BY l.at, l.id`, false},
}

const selectBesides = `SELECT other_id FROM stay WHERE place_id = $1 AND subject_id = $2 AND other_id <> ''`

// Gather returns everything that is held on the subject of a request to see or to be given it, and journals that it left. It fails with fault.Conflict
// before the person was identified, and for another kind of request.
func (s *Service) Gather(ctx context.Context, by identity.Actor, id string) (h Held, r Request, err error) {
	defer fault.Wrap(&err, "privacy.Gather(%s)", id)
	if r, err = s.Request(ctx, by, id); err != nil {
		return h, r, err
	}
	if r.Kind != View && r.Kind != Provide {
		return h, r, fault.Conflict("privacy.not_to_give")
	}
	if r.SubjectID == "" {
		return h, r, fault.Conflict("privacy.who")
	}
	if !r.State.Open() && r.State != Done {
		return h, r, fault.Conflict("privacy.ended", "state", string(r.State))
	}
	if h, err = s.held(ctx, r.SubjectPlace, r.SubjectID); err != nil {
		return h, r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.SubjectPlace, ThingID: r.SubjectID, Thing: "subject", Act: "provide", After: map[string]any{"request": r.ID}})
	})
	return h, r, err
}

func (s *Service) held(ctx context.Context, placeID, subjectID string) (h Held, err error) {
	tx := s.db.Read()
	h.Made, h.SubjectID = s.now().In(store.Zone), subjectID
	places := []string{placeID}
	for i := 0; i < len(places); i++ {
		beside, err := store.Collect(ctx, tx, store.Value[string], selectBesides, places[i], subjectID)
		if err != nil {
			return h, err
		}
		for _, p := range beside {
			if !contains(places, p) {
				places = append(places, p)
			}
		}
	}
	for _, part := range heldParts {
		at := places
		if part.once {
			at = places[:1]
		}
		for _, p := range at {
			args := []any{p, subjectID}
			if part.once {
				args = args[1:]
			}
			if err := h.read(ctx, tx, s.registry.Keys, part.key, part.query, args); err != nil {
				return h, err
			}
		}
	}
	return h, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// read adds the rows of a query to its part.
func (h *Held) read(ctx context.Context, tx *store.Tx, ring *keyring.Ring, key, query string, args []any) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	if n := len(h.Parts); n == 0 || h.Parts[n-1].Key != key {
		h.Parts = append(h.Parts, Part{Key: key, Columns: columns, Rows: [][]any{}})
	}
	part := &h.Parts[len(h.Parts)-1]
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i := range values {
			values[i] = plain(columns[i], values[i])
		}
		if err := unseal(ring, h.SubjectID, columns, values); err != nil {
			return err
		}
		part.Rows = append(part.Rows, values)
	}
	return rows.Err()
}

// unseal opens what lies sealed: the person gets it in clear.
func unseal(ring *keyring.Ring, subjectID string, columns []string, values []any) (err error) {
	row := ""
	for i, column := range columns {
		text, _ := values[i].(string)
		switch column {
		case "row":
			row = text
		case "phone":
			values[i], err = sealed.Phone.Open(ring, subjectID, text)
		case "id_sealed":
			values[i], err = sealed.IDNumber.Open(ring, subjectID, text)
		case "cells":
			cells, _ := values[i].(map[string]any)
			for name, value := range cells {
				if text, ok := value.(string); ok && err == nil {
					cells[name], err = sealed.ImportCells.Open(ring, row, text)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// plain is a value as JSON and people read it: times as such, stored JSON as what it holds, and the same on both engines.
func plain(column string, value any) any {
	if b, ok := value.([]byte); ok {
		value = string(b)
	}
	switch v := value.(type) {
	case string:
		if column == "cells" || column == "input" || column == "points" {
			var inner any
			if json.Unmarshal([]byte(v), &inner) == nil {
				return inner
			}
		}
		return v
	case int64:
		if column == "at" || strings.HasSuffix(column, "_at") {
			if v == 0 {
				return ""
			}
			return store.Time(v).In(store.Zone).Format("2006-01-02 15:04")
		}
		if column == "exemplary" {
			return v != 0
		}
		return v
	case int32:
		return int64(v)
	}
	return value
}
