// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package places_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/identity/identitytest"
	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/places"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

var (
	province = place.OfficialID("25", "2025-07-01")
	hyCuong  = place.OfficialID("08515", "2025-07-01")
)

// world is the shipped map on 20 November 2026.
type world struct {
	t   *testing.T
	ctx context.Context
	s   *site.Site
	mux http.Handler
}

func build(t *testing.T, db *store.DB) *world {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, store.Zone) }
	w := &world{t: t, ctx: context.Background()}
	s := &site.Site{DB: db, Now: now, Log: slog.New(slog.DiscardHandler), Home: province, Identity: identity.New(db, now), Places: place.New(db, now)}
	s.Registry = registry.New(db, s.Places, now, func(context.Context, *store.Tx, identity.Actor, []registry.Event) error { return nil })
	s.Sets = version.New(db, now)
	s.Assessment = assessment.New(db, s.Places, s.Sets, s.Registry, now)
	w.s = s
	m := site.NewMux(s)
	places.Register(m)
	w.mux = ui.Settings(m)
	_, err := s.Places.EnsureLoaded(w.ctx)
	w.ok(err)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) account(role identity.Role, placeID string) (token string) {
	w.t.Helper()
	path, err := w.s.Places.Path(w.ctx, nil, placeID)
	w.ok(err)
	const password = "mat khau dung cho phep thu"
	_, err = w.s.Identity.Create(w.ctx, identity.System, identity.Draft{Login: string(role), Name: string(role), Password: password, Demo: true, Path: path,
		Grant: identity.Grant{Role: role, PlaceID: placeID}})
	w.ok(err)
	token, err = identitytest.Token(w.ctx, w.s.Identity, string(role), password)
	w.ok(err)
	return token
}

// do asks for an address, or sends a form to it.
func (w *world) do(token, path string, form url.Values) (status int, body, to string) {
	w.t.Helper()
	q := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		q = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		q.AddCookie(&http.Cookie{Name: site.Cookie, Value: token})
	}
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, q)
	return rec.Code, rec.Body.String(), rec.Header().Get("Location")
}

func (w *world) sees(body string, texts ...string) {
	w.t.Helper()
	for _, s := range texts {
		if !strings.Contains(body, s) {
			w.t.Errorf("the page does not say %q:\n%s", s, body)
		}
	}
}

func (w *world) version(id string) string {
	w.t.Helper()
	p, err := w.s.Places.Get(w.ctx, id)
	w.ok(err)
	return strconv.FormatInt(p.Version, 10)
}

func TestWhereIsItNow(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		_, page, _ := w.do("", "/dia-danh?q=chu+hoa", nil)
		w.sees(page, "Xã Chu Hóa", "Nay:", "Xã Hy Cương", "(toàn bộ)")
		_, page, _ = w.do("", "/dia-danh?q="+url.QueryEscape("Thanh Đình"), nil)
		w.sees(page, "Xã Thanh Đình")
		h, err := w.s.Places.Find(w.ctx, "Chu Hóa", place.Filter{Levels: []string{place.Commune}})
		w.ok(err)
		_, page, _ = w.do("", "/dia-danh/"+h[0].ID, nil)
		w.sees(page, "Xã Chu Hóa nay thuộc Xã Hy Cương", "nhập toàn bộ vào", "1676/NQ-UBTVQH15", "01/07/2025")
		_, page, _ = w.do("", "/dia-danh/"+hyCuong, nil)
		w.sees(page, "Xã Hy Cương lập từ 3 nơi, ngày 01/07/2025", "mã 08515 là của Xã Thanh Đình")
		for q, want := range map[string]string{"zzzz qqqq": "Không tìm thấy", "a": "Gõ từ hai chữ cái", "": "Gõ không dấu cũng tìm được", "<script>": "&lt;script&gt;"} {
			status, page, _ := w.do("", "/dia-danh?q="+url.QueryEscape(q), nil)
			if status != http.StatusOK {
				t.Errorf("search for %q: status %d", q, status)
			}
			w.sees(page, want)
		}
		for id, want := range map[string]int{"none": http.StatusNotFound, "08515@": http.StatusNotFound, "%00": http.StatusUnprocessableEntity, "vn": http.StatusOK} {
			if status, _, _ := w.do("", "/dia-danh/"+id, nil); status != want {
				t.Errorf("history of %s: status %d, want %d", id, status, want)
			}
		}
	})
}

func TestAreas(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		officer := w.account(identity.CommuneOfficer, hyCuong)
		status, page, _ := w.do(officer, "/khu", nil)
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		w.sees(page, "Xã Hy Cương có 0 khu dân cư", "Thêm khu dân cư", "Xã Chu Hóa")

		// A name without a letter is refused, and everything typed is still there.
		status, page, _ = w.do(officer, "/khu?noi="+hyCuong, url.Values{"name": {"  ??  "}, "from": {"2026-02-03"}})
		if status != http.StatusUnprocessableEntity {
			t.Fatalf("a broken name: status %d", status)
		}
		w.sees(page, "Ghi tên khu dân cư", "2026-02-03", "??")
		if status, _, to := w.do(officer, "/khu?noi="+hyCuong, url.Values{"name": {"Khu 2"}}); status != http.StatusSeeOther {
			t.Fatalf("a right name: status %d to %s", status, to)
		}
		if status, page, _ = w.do(officer, "/khu?noi="+hyCuong, url.Values{"name": {"khu 2"}}); status != http.StatusUnprocessableEntity {
			t.Errorf("the same name again: status %d", status)
		}
		w.sees(page, "đã có")
		leaves, err := w.s.Places.Leaves(w.ctx, hyCuong, "")
		w.ok(err)
		id := leaves[0].ID

		status, page, _ = w.do(officer, "/khu/"+id+"/ten", url.Values{"name": {"Khu Đồng"}, "version": {"0"}})
		if status != http.StatusConflict {
			t.Errorf("a stale version: status %d", status)
		}
		w.sees(page, "Người khác vừa sửa nơi này", "Khu Đồng")
		if status, _, _ = w.do(officer, "/khu/"+id+"/ten", url.Values{"name": {"Khu Đồng"}, "from": {"2026-06-01"}, "version": {w.version(id)}}); status != http.StatusSeeOther {
			t.Errorf("rename: status %d", status)
		}
		_, page, _ = w.do("", "/dia-danh/"+id, nil)
		w.sees(page, "Khu Đồng", "Trước kia gọi là Khu 2, đến 31/05/2026")

		// As long as somebody lives there the area stays.
		family, err := w.s.Registry.Save(w.ctx, identity.System, registry.Draft{PlaceID: id, Model: registry.Family, Name: "Hà Văn Chiến", Members: 3, Adults: 2})
		w.ok(err)
		status, page, _ = w.do(officer, "/khu/"+id+"/dong", url.Values{"last": {"2026-11-20"}, "version": {w.version(id)}})
		if status != http.StatusConflict {
			t.Errorf("close with a family: status %d", status)
		}
		w.sees(page, "còn 1 hộ và đối tượng")
		_, err = w.s.Registry.Leave(w.ctx, identity.System, id, family.ID, family.Version, "Chuyển đi")
		w.ok(err)
		if status, _, _ = w.do(officer, "/khu/"+id+"/dong", url.Values{"last": {"2026-11-20"}, "version": {w.version(id)}}); status != http.StatusSeeOther {
			t.Errorf("close: status %d", status)
		}
		p, err := w.s.Places.Get(w.ctx, id)
		w.ok(err)
		counts, err := w.s.Registry.Count(w.ctx, db.Read(), id)
		w.ok(err)
		if p.ValidTo != "2026-11-20" || counts[id][registry.Community] != 0 {
			t.Errorf("closed area: valid to %s, %d communities", p.ValidTo, counts[id][registry.Community])
		}
	})
}

func TestRegionIsTheProvinces(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	officer, volunteer, provincial := w.account(identity.CommuneOfficer, hyCuong), w.account(identity.Viewer, hyCuong), w.account(identity.ProvinceOfficer, province)
	form := func() url.Values {
		return url.Values{"region": {place.RegionMountainous}, "version": {w.version(hyCuong)}}
	}
	for _, token := range []string{officer, volunteer} {
		if status, _, _ := w.do(token, "/khu/"+hyCuong+"/vung", form()); status != http.StatusForbidden {
			t.Errorf("status %d, want 403", status)
		}
	}
	if status, _, _ := w.do(volunteer, "/khu?noi="+hyCuong, url.Values{"name": {"Khu 1"}}); status != http.StatusForbidden {
		t.Errorf("a viewer adds an area: status %d", status)
	}
	_, page, _ := w.do(provincial, "/khu", nil)
	w.sees(page, "148 xã, phường của Tỉnh Phú Thọ", "Xã Hy Cương")
	if status, _, _ := w.do(provincial, "/khu/"+hyCuong+"/vung", form()); status != http.StatusSeeOther {
		t.Errorf("the province sets a region: status %d", status)
	}
	_, page, _ = w.do(provincial, "/khu?noi="+hyCuong, nil)
	w.sees(page, "Loại vùng của xã: Miền núi")
	if strings.Contains(page, "Thêm khu dân cư") {
		t.Error("the province is offered to add areas, which is the commune's")
	}
}
