// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
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

// The meeting's votes against are entered with its minutes; who is not against is for, and too many are told beside the household.
func TestVotesOfTheMeeting(t *testing.T) {
	h := open(t)
	at, id := "", ""
	areas, err := h.s.Places.Children(h.ctx, hyCuong, "")
	h.ok(err)
	for _, area := range areas {
		files, _, err := h.s.Assessment.InLeaf(h.ctx, identity.System, area.ID, h.round, registry.Family)
		h.ok(err)
		if i := slices.IndexFunc(files, func(f assessment.Assessment) bool { return f.State == assessment.Scored }); i >= 0 {
			at, id = area.ID, files[i].ID
		}
	}
	if id == "" {
		t.Fatal("the demo has nothing scored")
	}
	form := func(against string) []string {
		f := []string{"mo-hinh", "family", "nam", "2026", "act", "keep", "held_on", "2026-11-16", "chair", "Chủ trì", "secretary", "Thư ký", "present", "9", "chong." + id, against}
		m, err := h.s.Assessment.MinutesOf(h.ctx, at, h.round, registry.Family)
		if err == nil {
			f = append(f, "id", m.ID, "version", fmt.Sprint(m.Version))
		}
		return f
	}
	if a := h.post(officer, "/nhap/"+at+"/gui", form("20")...); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "không được quá 9") || !strings.Contains(a.body, `value="20"`) ||
		strings.Count(a.body, "không được quá 9") != 2 {
		t.Errorf("twenty of nine: %d %s", a.code, words(a.body))
	}
	if a := h.post(officer, "/nhap/"+at+"/gui", form("2")...); a.code != http.StatusSeeOther {
		t.Fatalf("two of nine: %d %s", a.code, words(a.body))
	}
	f, err := h.s.Assessment.Get(h.ctx, identity.System, at, id)
	h.ok(err)
	if a := f.Assessment; a.VotesFor != 7 || a.VotesAgainst != 2 || a.Flags&assessment.FlagVotes == 0 {
		t.Errorf("for %d, against %d, flags %b", a.VotesFor, a.VotesAgainst, a.Flags)
	}
	if a := h.get(officer, "/nhap/"+at+"?mo-hinh=family&nam=2026"); !regexp.MustCompile(`<input type="number" value="2"[^>]*name="chong.` + id + `"`).MatchString(a.body) {
		t.Error("the page has forgotten the votes")
	}
	early := form("0")
	for i, v := range early {
		if v == "2026-11-16" {
			early[i] = "2026-09-01"
		}
	}
	if a := h.post(officer, "/nhap/"+at+"/gui", early...); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "01/11/2026") {
		t.Errorf("a meeting in September: %d %s", a.code, words(a.body))
	}
}
