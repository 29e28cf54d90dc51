// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
)

// Many rows in one request are answered one by one: what is right is stored, what is old, elsewhere or unknown is told, and nothing else changes.
func TestRowsSentTogether(t *testing.T) {
	h := open(t)
	areas, err := h.s.Places.Children(h.ctx, hyCuong, "")
	h.ok(err)
	var at string
	var writable []assessment.Assessment
	for _, area := range areas {
		files, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, area.ID, h.round, registry.Family)
		h.ok(err)
		at, writable = area.ID, slices.DeleteFunc(files, func(f assessment.Assessment) bool {
			return f.State != assessment.Registered && f.State != assessment.Scored
		})
		if len(writable) > 1 {
			break
		}
	}
	if len(writable) < 2 {
		t.Fatal("the demo has too few rows to score")
	}
	elsewhere := h.elsewhere
	if elsewhere == at {
		elsewhere = h.area
	}
	strangers, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, elsewhere, h.round, registry.Family)
	h.ok(err)
	good, old := writable[0], writable[1]
	row := func(id string, version int64) string {
		return fmt.Sprintf(`{"id": %q, "version": %d, "entry": {"facts": {"adults": 1}}}`, id, version)
	}
	a := h.do(officer, jsonRequest("/nhap/"+at, `{"rows": [`+strings.Join([]string{row(good.ID, good.Version), row(old.ID, old.Version-1), row(strangers[0].ID, strangers[0].Version), row("x", 1)}, ",")+`]}`))
	var said struct {
		Rows []struct {
			ID       string
			Row      *struct{ Version int64 }
			Sentence string
		}
	}
	if err := json.Unmarshal([]byte(a.body), &said); err != nil || a.code != http.StatusOK || len(said.Rows) != 4 {
		t.Fatalf("%d %s, %v", a.code, a.body, err)
	}
	if r := said.Rows[0]; r.ID != good.ID || r.Row == nil || r.Row.Version != good.Version+1 {
		t.Errorf("the good one: %+v", r)
	}
	for i, r := range said.Rows[1:] {
		if r.Row != nil || r.Sentence == "" {
			t.Errorf("row %d: %+v", i+1, r)
		}
	}
	after, err := h.s.Assessment.Get(h.ctx, identity.System, old.PlaceID, old.ID)
	h.ok(err)
	if after.Assessment.Version != old.Version {
		t.Error("the old one was stored")
	}
	if a := h.do(neighbour, jsonRequest("/nhap/"+at, `{"rows": []}`)); a.code != http.StatusForbidden {
		t.Errorf("another commune's officer: %d", a.code)
	}
	many := strings.Repeat(row("x", 1)+",", assessment.MaxTogether) + row("x", 1)
	if a := h.do(officer, jsonRequest("/nhap/"+at, `{"rows": [`+many+`]}`)); a.code != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "200") {
		t.Errorf("too many: %d %s", a.code, a.body)
	}
}
