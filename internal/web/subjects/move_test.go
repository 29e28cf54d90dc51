// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects_test

import (
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

func TestMoveWithinCommune(t *testing.T) {
	w := open(t)
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, Name: "Trần Thị Út", FamilyID: f.ID})
	w.want(w.get(w.officer, of(f, "chuyen")), 200, "Chuyển Trần Văn Ba đi đâu?", `value="`+w.khu2+`"`, `value="2026-11-18"`)
	w.want(w.post(w.officer, of(f, "chuyen"), "version", "1", "xa", hyCuong, "place", "", "date", "2026-11-01"), 422, "Cần điền ô này", `value="2026-11-01"`)
	w.want(w.post(w.officer, of(f, "chuyen"), "version", "1", "xa", hyCuong, "place", w.khu2, "date", "2026-12-01"), 422, "Ngày chuyển không sau hôm nay", `value="`+w.khu2+`" selected`)
	w.want(w.post(w.officer, of(f, "chuyen"), "version", "7", "place", w.khu2, "date", "2026-11-01"), 409)
	a := w.post(w.officer, of(f, "chuyen"), "version", "1", "place", w.khu2, "date", "2026-11-01")
	w.want(a, 303)
	w.want(w.get(w.officer, a.to), 200, "Đã chuyển đến đây", "Gia đình, Khu 2, Xã Hy Cương", "Trần Thị Út", "Khu 1, Xã Hy Cương", "đến 31/10/2026", "từ 01/11/2026 đến nay",
		"Người hycuong chuyển từ Khu 1, Xã Hy Cương đến Khu 2, Xã Hy Cương")
	// The old address leads to the new one, for those who may see it.
	if a := w.get(w.officer, of(f)); a.code != 303 || a.to != at(w.khu2, f.ID) {
		t.Errorf("the old address: %d %q", a.code, a.to)
	}
	w.want(w.get(w.volunteer, of(f)), 403)
	w.want(w.get(w.other, at(w.khu2, f.ID)), 200, "Trần Văn Ba")
}

// The queries of these pages run here on both engines.
func TestMoveToNeighbour(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) { moveToNeighbour(t, openOn(t, db)) })
}

func moveToNeighbour(t *testing.T, w *world) {
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	w.want(w.get(w.officer, of(f, "chuyen?xa="+vietTri)), 200, `value="`+w.far+`"`, "Nơi nhận do người khác phụ trách", "Gửi đề nghị")
	a := w.post(w.officer, of(f, "chuyen"), "version", "1", "xa", vietTri, "place", w.far, "date", "2026-11-01")
	w.want(a, 303)
	w.want(w.get(w.officer, a.to), 200, "Đã gửi đề nghị", "Đã đề nghị chuyển đến Khu 9, Phường Việt Trì từ 01/11/2026, đang chờ nơi nhận trả lời")
	w.want(w.post(w.officer, of(f, "chuyen"), "version", "1", "place", w.far, "date", "2026-11-01"), 409, "đang chờ nơi nhận trả lời")

	w.want(w.get(w.neighbour, at(vietTri)), 200, "1 đề nghị chuyển đến đang chờ trả lời")
	inbox := w.get(w.neighbour, at(vietTri, "chuyen-den"))
	w.want(inbox, 200, "Trần Văn Ba", "Từ Khu 1, Xã Hy Cương đến Khu 9, Phường Việt Trì, ở từ 01/11/2026", "sinh 1960")
	request := hidden(t, inbox.raw, "de-nghi")
	w.want(w.get(w.neighbour, of(f)), 403) // where it still lives

	// Only the receiving side settles it; a refusal needs its reason.
	w.want(w.get(w.officer, at(vietTri, "chuyen-den")), 403)
	w.want(w.post(w.officer, at(hyCuong, "chuyen-den"), "de-nghi", request, "lam", "nhan"), 403)
	w.want(w.post(w.viewer, at(hyCuong, "chuyen-den"), "de-nghi", request, "lam", "tu-choi", "reason", "x"), 403)
	w.want(w.post(w.neighbour, at(vietTri, "chuyen-den"), "de-nghi", request, "lam", "tu-choi", "reason", " "), 422, "Cần điền ô này", "Trần Văn Ba")
	a = w.post(w.neighbour, at(vietTri, "chuyen-den"), "de-nghi", request, "lam", "nhan")
	w.want(a, 303)
	w.want(w.get(w.neighbour, a.to), 200, "Trần Văn Ba", "Gia đình, Khu 9, Phường Việt Trì", "Hồ sơ 2026")
	w.want(w.get(w.neighbour, at(vietTri, "chuyen-den")), 200, "Không có đề nghị nào chờ")
	w.want(w.post(w.neighbour, at(vietTri, "chuyen-den"), "de-nghi", request, "lam", "nhan"), 409, "Đề nghị này đã có trả lời")
	w.want(w.get(w.officer, of(f)), 403, "Khu 9") // it is theirs now
	w.want(w.get(w.officer, at(w.far, f.ID)), 403)

	// Refused: it stays, and the sender reads why.
	g := w.family(w.khu1, "Hà Văn Chiến", 1970)
	w.want(w.post(w.volunteer, of(g, "chuyen"), "version", "1", "place", w.khu2, "date", "2026-11-02"), 303)
	request = hidden(t, w.get(w.other, at(w.khu2, "chuyen-den")).raw, "de-nghi")
	w.want(w.post(w.other, at(w.khu2, "chuyen-den"), "de-nghi", request, "lam", "tu-choi", "reason", "Chưa thấy về ở"), 303)
	page := w.get(w.volunteer, of(g))
	w.want(page, 200, "không nhận về Khu 2", "Lý do: Chưa thấy về ở")
	w.without(page, "đang chờ nơi nhận trả lời")

	// A unit with its list, read by the one query that tells members from learners.
	unit := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Unit, Name: "Trường Mầm non", Kind: "school"})
	p := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, Name: "Lê Thị Trò"})
	w.want(w.post(w.officer, of(unit, "thanh-vien"), "version", "1", "them", w.khu1+"/"+p.ID, "la", "learner"), 303)
	w.want(w.get(w.officer, of(unit, "thanh-vien")), 200, "Lê Thị Trò", "người học")
}

func TestLeaveAndBack(t *testing.T) {
	w := open(t)
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	w.want(w.get(w.volunteer, of(f, "roi-di")), 200, "Trần Văn Ba không còn ở đây?")
	w.want(w.post(w.volunteer, of(f, "roi-di"), "version", "1", "reason", ""), 422, "Cần điền ô này")
	w.want(w.post(w.volunteer, of(f, "roi-di"), "version", "9", "reason", "Ra tỉnh khác"), 409)
	w.want(w.post(w.volunteer, of(f, "roi-di"), "version", "1", "reason", "Ra tỉnh khác"), 303)
	page := w.get(w.volunteer, of(f))
	w.want(page, 200, "Đã rời đi", "ghi là đã rời đi", "Lý do: Ra tỉnh khác", "Cho trở lại")
	w.without(page, of(f, "sua"), of(f, "chuyen"))
	w.without(w.get(w.volunteer, at(w.khu1)), "Trần Văn Ba")
	w.want(w.get(w.volunteer, at(w.khu1)+"?tinh-trang=left"), 200, "1 hộ đã rời Khu 1", "Trần Văn Ba")
	w.want(w.post(w.volunteer, of(f), "version", "2", "name", "Trần Ba"), 409, "đã rời đi hoặc đã gộp")
	w.want(w.post(w.volunteer, of(f, "tro-lai"), "version", "2", "reason", "Về lại"), 303)
	w.want(w.get(w.volunteer, at(w.khu1)), 200, "Trần Văn Ba")
	w.want(w.post(w.volunteer, of(f, "tro-lai"), "version", "3", "reason", "Về lại"), 409)
}

func TestMembers(t *testing.T) {
	w := open(t)
	clan := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ Trần"})
	a1, a2 := w.family(w.khu1, "Trần Văn Ba", 1960), w.family(w.khu2, "Trần Văn Bốn", 1970)
	w.want(w.get(w.officer, of(clan, "thanh-vien?q=tran")), 200, "0 gia đình trong Họ Trần", "Trần Văn Ba", "Trần Văn Bốn", "Khu 2, Xã Hy Cương")
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "1", "them", w.khu1+"/"+a1.ID), 303)
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "1", "them", w.khu2+"/"+a2.ID), 409)
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "2", "them", w.khu2+"/"+a2.ID), 303)
	w.want(w.get(w.officer, of(clan)), 200, "2 gia đình trong danh sách", "Trần Văn Ba", "Trần Văn Bốn", "Người hycuong sửa danh sách: thêm 1, bỏ 0", "0 trong 2 gia đình là Gia đình học tập năm 2026")
	// Who has gone leaves the list with the next change instead of blocking it.
	_, err := w.s.Registry.Leave(w.ctx, identity.System, w.khu2, a2.ID, 1, "Ra tỉnh khác")
	w.ok(err)
	a3 := w.family(w.khu1, "Trần Văn Năm", 1980)
	w.want(w.get(w.officer, of(clan, "thanh-vien")), 200, "sẽ ra khỏi danh sách")
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "3", "them", w.khu1+"/"+a3.ID), 303)
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "4", "bo", w.khu1+"/"+a1.ID), 303)
	page := w.get(w.officer, of(clan))
	w.want(page, 200, "1 gia đình trong danh sách", "Trần Văn Năm")
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "5", "them", w.khu1+"/khong-co"), 422)

	// A unit tells learners from members, and keeps telling them apart when another one is added.
	unit := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Unit, Name: "Trường Mầm non", Kind: "school"})
	p1 := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, Name: "Lê Thị Cô"})
	p2 := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Citizen, Name: "Lê Thị Trò"})
	w.want(w.post(w.officer, of(unit, "thanh-vien"), "version", "1", "them", w.khu1+"/"+p2.ID, "la", "learner"), 303)
	w.want(w.post(w.officer, of(unit, "thanh-vien"), "version", "2", "them", w.khu1+"/"+p1.ID, "la", "unit_member"), 303)
	counts, err := w.s.Registry.MemberCounts(w.ctx, w.s.DB.Read(), w.load(unit), 2026)
	w.ok(err)
	if counts[registry.MemberLearner].Members != 1 || counts[registry.MemberOfUnit].Members != 1 {
		t.Errorf("counts %v", counts)
	}
	w.want(w.get(w.officer, of(a1, "thanh-vien")), 404)
}

// hidden is the value of the first hidden input of a name.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `name="`+name+`" value="`)
	value, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("the page has no %s", name)
	}
	return value
}
