// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		return map[string]door{
			"GET /nhat-ky":              {path: "/nhat-ky?noi=" + hyCuong, act: identity.ManageAccounts, or: identity.Inspect, at: hyCuong},
			"GET /nhat-ky/{place}/{id}": {path: "/nhat-ky/" + h.file.PlaceID + "/" + h.file.ID, act: identity.SeeRecords, at: h.file.PlaceID},
			"GET /nhat-ky/dau":          {path: "/nhat-ky/dau", public: true},
			"GET /nhat-ky/dau.json":     {path: "/nhat-ky/dau.json", public: true},
			"GET /nhat-ky/dau.atom":     {path: "/nhat-ky/dau.atom", public: true},
		}
	})
}

// impersonalActs are those whose pages show no person.
var impersonalActs = map[identity.Act]bool{"": true, identity.SeeFigures: true, identity.ManageRounds: true, identity.ManageCriteria: true, identity.SeeReports: true, identity.RuleReports: true,
	identity.Report: true}

// Whoever opens a page or takes a file that shows people leaves a trace, whichever page it is; once an hour.
func TestEveryReadLeavesATrace(t *testing.T) {
	h := open(t)
	walked := 0
	for pattern, d := range h.doors() {
		method, _, _ := strings.Cut(pattern, " ")
		if method != "GET" || d.public || d.path == "" || impersonalActs[d.act] {
			continue
		}
		h.at = h.at.Add(time.Hour) // nothing is left out because it was told just before
		for _, login := range []string{officer, viewer, province} {
			traces := func() []string {
				list, err := store.Collect(h.ctx, h.s.DB.Read(), store.Value[string], `SELECT act FROM access_log WHERE actor_id = $1 AND address <> '' AND result = 'done' AND place_id || thing <> '' ORDER BY at, id`,
					h.actors[login].ID)
				h.ok(err)
				return list
			}
			before := traces()
			a := h.get(login, d.path)
			after := traces()
			if shown := a.code == http.StatusOK; shown != (len(after) > len(before)) {
				t.Errorf("%s on %s: answered %d, traces %v", login, pattern, a.code, after[len(before):])
			} else if !shown {
				continue
			}
			walked++
			if file := strings.Contains(a.head.Get("Content-Disposition"), "attachment"); file != slices.Contains(after[len(before):], audit.Export) {
				t.Errorf("%s on %s: a file is %v, traces %v", login, pattern, file, after[len(before):])
			}
			if h.get(login, d.path); len(traces()) != len(after) {
				t.Errorf("%s is told twice on %s", login, pattern)
			}
		}
	}
	if walked < 60 {
		t.Errorf("only %d pages walked", walked)
	}
	if _, wrong, err := audit.Verify(h.ctx, h.s.DB, nil); err != nil || len(wrong) > 0 {
		t.Errorf("%v %v", wrong, err)
	}
}

// A refused act and a wrong password are told, without what was typed, and once an hour however often they are tried.
func TestRefusalsAreTold(t *testing.T) {
	h := open(t)
	refused := func() int { return h.count(`SELECT count(*) FROM access_log WHERE result = 'refused'`) }
	path := "/tham-dinh/" + h.file.PlaceID + "/" + h.file.ID
	for range 3 {
		if a := h.post(viewer, path, "version", "1", "viec", "duyet"); a.code != http.StatusForbidden {
			t.Fatalf("%d", a.code)
		}
	}
	if n := h.count(`SELECT count(*) FROM access_log WHERE actor_id = $1 AND act = 'attempt' AND thing = 'tham-dinh' AND place_id = $2 AND thing_id = $3`, h.actors[viewer].ID, h.file.PlaceID, h.file.ID); n != 1 {
		t.Errorf("%d entries about a refused act", n)
	}
	before := refused()
	for range 4 {
		h.post(nobody, "/dang-nhap", "login", viewer, "password", "sai mat khau")
		h.post(nobody, "/dang-nhap", "login", "mat-khau-go-nham", "password", "x")
	}
	if n := refused() - before; n != 2 {
		t.Errorf("%d entries about failed sign-ins", n)
	}
	if n := h.count(`SELECT count(*) FROM access_log WHERE act = 'sign_in' AND thing_id = $1`, h.actors[viewer].ID); n != 1 {
		t.Errorf("%d name the account", n)
	}
}

// What cannot be told is not shown.
func TestNoReadWithoutATrace(t *testing.T) {
	h := open(t)
	h.ok(h.s.DB.Write(h.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(h.ctx, `ALTER TABLE access_log RENAME TO gone`)
		return err
	}))
	a := h.get(officer, "/ho-so/"+h.file.PlaceID+"/"+h.file.ID)
	if a.code != http.StatusServiceUnavailable || strings.Contains(a.body, h.file.Name) {
		t.Errorf("%d %.200s", a.code, a.body)
	}
}

var (
	input   = regexp.MustCompile(`<input[^>]*>`)
	nameOf  = regexp.MustCompile(` name="([^"]+)"`)
	valueOf = regexp.MustCompile(` value="([^"]*)"`)
)

// The journal in the browser: a record's history with before and after, the search of an officer and of the administrator, the published roots.
func TestJournalPages(t *testing.T) {
	h := open(t)
	own := h.one(`SELECT place_id || '/' || id FROM subject WHERE place_id = $1 AND model = 'family' ORDER BY id LIMIT 1`, h.area)
	var sent []string
	for _, f := range input.FindAllString(h.get(officer, "/so-bo/"+own+"/sua").raw, -1) {
		name, value := nameOf.FindStringSubmatch(f), valueOf.FindStringSubmatch(f)
		switch {
		case name == nil:
		case name[1] == "name":
			sent = append(sent, "name", "Nguyễn Văn Đổi Tên")
		case value != nil:
			sent = append(sent, name[1], html.UnescapeString(value[1]))
		}
	}
	if a := h.post(officer, "/so-bo/"+own, sent...); a.code != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.code, words(a.body))
	}
	page := h.get(officer, "/nhat-ky/"+own)
	for _, want := range []string{"sửa mục sổ bộ", "Nguyễn Văn Đổi Tên", "Người can-bo", "192.0.2.1:1234", "Ai đã xem"} {
		inside(t, "the history", page.body, want)
	}
	if a := h.get(volunteer, "/nhat-ky/"+own); a.code != http.StatusOK || strings.Contains(a.body, "192.0.2.1:1234") {
		t.Errorf("a volunteer: %d, or sees addresses", a.code)
	}
	if a := h.get(admin, "/nhat-ky/"+own); a.code != http.StatusForbidden || strings.Contains(a.body, "Đổi Tên") {
		t.Errorf("the administrator: %d", a.code)
	}
	inside(t, "the search", h.get(officer, "/nhat-ky?noi="+hyCuong+"&nguoi="+officer+"&viec=change").body, "Nguyễn Văn Đổi Tên")
	_, err := h.s.Assessment.DrawRecheck(h.ctx, h.actors[officer], hyCuong, h.round, "family", 3)
	h.ok(err)
	for who, want := range map[string]bool{officer: true, reviewer: false} {
		page := h.get(who, "/nhat-ky?noi="+hyCuong).body
		if page = page[strings.Index(page, "Việc đã làm ở"):]; strings.Contains(page, "tài khoản") != want {
			t.Errorf("%s reads of accounts: %v", who, !want)
		}
		inside(t, "what "+who+" inspects", page, "đợt kiểm tra")
	}
	inside(t, "the search of reads", h.get(officer, "/nhat-ky?noi="+hyCuong+"&loai=doc").body, "xem: trang sửa sổ bộ")
	if a := h.get(officer, "/nhat-ky?noi="+hyCuong+"&nguoi=khong-co&tu=hom-qua"); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "hom-qua") || !strings.Contains(a.body, "khong-co") {
		t.Errorf("a search that cannot be: %d", a.code)
	}
	for _, path := range []string{"/nhat-ky", "/nhat-ky?noi=" + hyCuong, "/nhat-ky?loai=doc", "/nhat-ky?loai=doc&noi=" + hyCuong} {
		if a := h.get(admin, path); a.code != http.StatusOK || strings.Contains(a.body, "hồ sơ") && strings.Contains(a.body, "chấm hồ sơ") || strings.Contains(a.body, "Đổi Tên") {
			t.Errorf("the administrator reads of records on %s: %d", path, a.code)
		}
	}
	inside(t, "the system's journal", h.get(admin, "/nhat-ky").body, "đăng nhập tài khoản")
	closed, err := audit.CloseDays(h.ctx, h.s.DB, h.at)
	h.ok(err)
	for _, path := range []string{"/nhat-ky/dau", "/nhat-ky/dau.json", "/nhat-ky/dau.atom"} {
		inside(t, path, h.get(nobody, path).body, closed[0].Root)
	}
	saved, err := audit.ReadRoots(strings.NewReader(h.get(nobody, "/nhat-ky/dau").body))
	h.ok(err)
	if _, wrong, err := audit.Verify(h.ctx, h.s.DB, saved); err != nil || len(saved) != 1 || len(wrong) > 0 {
		t.Errorf("%v %v %v", saved, wrong, err)
	}
}
