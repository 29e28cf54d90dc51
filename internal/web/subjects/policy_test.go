// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects_test

import (
	"strings"
	"testing"

	"hoctap/internal/registry"
)

// Every route, as people who have no business there and as those who only read.
func TestPolicy(t *testing.T) {
	w := open(t)
	f, g := w.family(w.khu1, "Trần Văn Ba", 1960), w.family(w.khu1, "Trần Văn Ba", 1960)
	clan := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ Trần"})
	reads := []string{at(w.khu1), at(w.khu1, "tai"), at(w.khu1, "tai?dang=csv"), at(w.khu1, "trung"), at(w.khu1, "chuyen-den"), of(f), of(clan)}
	forms := []string{at(w.khu1, "moi"), at(w.khu1, "moi?mo-hinh=citizen"), of(f, "sua"), of(f, "chuyen"), of(f, "roi-di"), of(f, "tro-lai"), of(clan, "thanh-vien"), of(clan, "thanh-vien?q=tran")}
	both := []string{"a", w.khu1 + "/" + f.ID, "a-version", "1", "b", w.khu1 + "/" + g.ID, "b-version", "1"}
	posts := map[string][]string{
		at(w.khu1, "moi"):           {"name", "Kẻ Lạ"},
		of(f):                       {"version", "1", "name", "Kẻ Lạ"},
		of(f, "chuyen"):             {"version", "1", "place", w.khu2, "date", "2026-11-01"},
		of(f, "roi-di"):             {"version", "1", "reason", "x"},
		of(f, "tro-lai"):            {"version", "1", "reason", "x"},
		of(f, "dong-y"):             {"purpose", "show_name", "way", "paper", "given_on", "2026-11-18"},
		of(f, "muc"):                {"year", "2026", "poverty_status", "poor"},
		of(clan, "thanh-vien"):      {"version", "1", "them", w.khu1 + "/" + f.ID},
		at(w.khu1, "trung"):         append([]string{"lam", "a"}, both...),
		at(w.khu1, "trung") + "?x=": append([]string{"lam", "hai"}, both...),
	}
	for name, token := range map[string]string{"volunteer of another area": w.other, "neighbour": w.neighbour, "admin": w.admin} {
		for _, path := range append(reads[:len(reads):len(reads)], forms...) {
			if a := w.get(token, path); a.code != 403 || strings.Contains(a.body, "Trần Văn Ba") {
				t.Errorf("%s reads %s: %d", name, path, a.code)
			}
		}
		for path, form := range posts {
			if a := w.post(token, path, form...); a.code != 403 {
				t.Errorf("%s posts %s: %d", name, path, a.code)
			}
		}
		// A place of one's own in the address opens nothing that lies elsewhere.
		if a := w.post(token, at(w.khu2, "trung"), posts[at(w.khu1, "trung")]...); a.code != 403 {
			t.Errorf("%s merges through another place: %d", name, a.code)
		}
	}
	for name, token := range map[string]string{"viewer": w.viewer, "province officer": w.province} {
		for _, path := range reads {
			a := w.get(token, path)
			if a.code != 200 {
				t.Errorf("%s reads %s: %d", name, path, a.code)
			}
			for _, act := range []string{"/moi", "/sua", "/chuyen\"", "/roi-di", "/thanh-vien", "/muc\"", `name="lam"`, "/nhap-tep?noi"} {
				if strings.Contains(a.raw, act) && !strings.HasPrefix(a.raw, "PK") {
					t.Errorf("%s is offered %s on %s", name, act, path)
				}
			}
		}
		for _, path := range forms {
			if a := w.get(token, path); a.code != 403 {
				t.Errorf("%s opens %s: %d", name, path, a.code)
			}
		}
		for path, form := range posts {
			if a := w.post(token, path, form...); a.code != 403 {
				t.Errorf("%s posts %s: %d", name, path, a.code)
			}
		}
	}
	if a := w.get(w.volunteer, of(f)); !strings.Contains(a.raw, of(f, "sua")) || !strings.Contains(a.raw, of(f, "muc")) {
		t.Error("the area's volunteer is not offered to edit")
	}
	for _, path := range append(reads[:len(reads):len(reads)], forms...) {
		if a := w.get("", path); a.code != 303 || !strings.HasPrefix(a.to, "/dang-nhap") {
			t.Errorf("nobody reads %s: %d", path, a.code)
		}
	}
	for path, form := range posts {
		if a := w.post("", path, form...); a.code != 303 {
			t.Errorf("nobody posts %s: %d", path, a.code)
		}
	}
	// A name cannot be saved through another area's address.
	if a := w.post(w.other, at(w.khu2, f.ID), "version", "1", "name", "Kẻ Lạ"); a.code != 404 {
		t.Errorf("a save through another area: %d", a.code)
	}
	if now := w.load(f); now.Name != "Trần Văn Ba" || now.Version != 1 || now.State != registry.Active {
		t.Errorf("someone changed it: %+v", now)
	}
}
