// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects_test

import (
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/registry"
)

func TestAdd(t *testing.T) {
	w := open(t)
	form := w.get(w.officer, at(hyCuong, "moi?mo-hinh=family"))
	w.want(form, 200, "Thêm hộ vào Xã Hy Cương", `value="`+w.khu1+`"`, "Thuộc xã, không thuộc khu nào")
	a := w.post(w.officer, at(hyCuong, "moi?mo-hinh=family"), "place", w.khu1, "name", "Nguyễn Thị Hoà", "number", "7", "birth_year", "1975", "sex", "female",
		"members", "4", "adults", "2", "children", "1", "phone", "0912 345 678", "address", "Xóm Trại")
	w.want(a, 303)
	if !strings.HasPrefix(a.to, at(w.khu1)+"/") {
		t.Fatalf("leads to %s", a.to)
	}
	w.want(w.get(w.officer, a.to), 200, "Nguyễn Thị Hoà", "Gia đình, Khu 1, Xã Hy Cương", "0912345678", "1975", "Nữ", "Đã thêm vào sổ", "Người hycuong thêm vào sổ", "Hồ sơ 2026", "từ đầu đến nay")

	// Found in the list of the area and the commune, with and without marks, by number and by phone.
	for _, q := range []string{"", "?q=nguyen+hoa", "?q=" + "Ho%C3%A0", "?q=h%C3%B2a", "?q=7", "?q=0912+345+678"} {
		for _, p := range []string{w.khu1, hyCuong} {
			w.want(w.get(w.officer, at(p)+q), 200, "1 hộ ở ", "Nguyễn Thị Hoà", "số 7")
		}
	}
	w.without(w.get(w.officer, at(w.khu2)), "Nguyễn Thị Hoà")
	w.want(w.get(w.officer, at(w.khu1)+"?q=khong+co"), 200, "Không tìm thấy", "0 hộ ở Khu 1, Xã Hy Cương, tìm “khong co”")
	// The choice of an area leads to its own page and keeps the search.
	if a := w.get(w.officer, at(hyCuong)+"?khu="+w.khu1+"&q=hoa"); a.to != at(w.khu1)+"?q=hoa" {
		t.Errorf("the area leads to %q", a.to)
	}
	if a := w.get(w.officer, at(hyCuong)+"?khu=..%2Fdang-xuat"); a.to != "/so-bo/..%2Fdang-xuat" {
		t.Errorf("a made-up area leads out of the registry to %q", a.to)
	}
	// Another one at once.
	if a := w.post(w.officer, at(w.khu1, "moi?mo-hinh=family"), "name", "Lê Văn Tư", "tiep", "1"); a.to != at(w.khu1, "moi?mo-hinh=family") {
		t.Errorf("“add another” leads to %q", a.to)
	}
	// A person, put into a household that the address names.
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	w.want(w.get(w.volunteer, at(w.khu1, "moi?mo-hinh=citizen&ho="+f.ID)), 200, `value="`+f.ID+`" selected`)
	a = w.post(w.volunteer, at(w.khu1, "moi?mo-hinh=citizen"), "name", "Trần Thị Út", "family_id", f.ID, "kind", "learner", "birth_year", "2008")
	w.want(w.get(w.volunteer, a.to), 200, "Trần Thị Út", "Trần Văn Ba", "Học sinh, sinh viên")
	w.want(w.get(w.volunteer, of(f)), 200, "1 người trong sổ", "Trần Thị Út")
}

// Every fault is told at once, beside its field, and nothing typed is lost.
func TestFaults(t *testing.T) {
	w := open(t)
	a := w.post(w.officer, at(hyCuong, "moi?mo-hinh=family"), "name", "", "birth_year", "1875", "phone", "0912", "members", "bốn", "adults", "70", "ethnic", "Mường", "address", "Nhà <b>cuối</b> ngõ")
	w.want(a, 422, "Có 6 chỗ phải sửa", "Thiếu tên chủ hộ.", "Năm sinh từ 1900 đến 2026.", "Mới có 4 số, cần 10 số.", "Chỉ ghi chữ số", "Nhiều nhất 60",
		`value="1875"`, `value="0912"`, `value="bốn"`, `value="Mường"`, `href="#members"`, `href="#name"`, `href="#place"`)
	if !strings.Contains(a.raw, "Nhà &lt;b&gt;cuối&lt;/b&gt; ngõ") {
		t.Error("the typed address is not shown again, or not as text")
	}
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	a = w.post(w.volunteer, of(f), "version", "1", "name", "", "members", "2", "adults", "3")
	w.want(a, 422, "Thiếu tên chủ hộ.", "2 nhân khẩu ít hơn 3 người lớn cộng 0 trẻ em.", `name="version" value="1"`)
	if w.load(f).Name != "Trần Văn Ba" {
		t.Error("a refused save changed the name")
	}
	w.want(w.get(w.officer, at(hyCuong)+"?mo-hinh=nha"), 422)
	w.want(w.get(w.officer, at(hyCuong)+"?tinh-trang=x"), 422)
	w.want(w.get(w.officer, at(hyCuong)+"?sau=x"), 422)
}

func TestStale(t *testing.T) {
	w := open(t)
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	w.want(w.post(w.volunteer, of(f), "version", "1", "name", "Trần Văn Bá", "address", "Xóm Trại", "members", "4"), 303)
	a := w.post(w.officer, of(f), "version", "1", "name", "Trần Văn Ba", "address", "Xóm Đình", "members", "4")
	w.want(a, 409, "Người khác vừa lưu trước", "Trần Văn Bá", "Xóm Trại", `value="Trần Văn Ba"`, `value="Xóm Đình"`, `name="version" value="2"`)
	if w.load(f).Address != "Xóm Trại" {
		t.Fatal("the rival's address is gone")
	}
	// Pressed again, knowing: it is written. The history tells both.
	w.want(w.post(w.officer, of(f), "version", "2", "name", "Trần Văn Ba", "address", "Xóm Đình", "members", "4", "phone", "0912345678"), 303)
	a = w.get(w.officer, of(f))
	w.want(a, 200, "Người truong-khu-1 sửa thông tin", "Địa chỉ: – thành Xóm Trại", "Địa chỉ: Xóm Trại thành Xóm Đình", "Họ tên chủ hộ: Trần Văn Ba thành Trần Văn Bá", "Đổi số điện thoại")
	// A refused save does not make a stale version fresh.
	w.want(w.post(w.volunteer, of(f), "version", "2", "name", ""), 422, `name="version" value="2"`)
	w.want(w.post(w.volunteer, of(f), "version", "2", "name", "Trần Ba"), 409)
}

// The phone is for those who edit; readers get its end, and the history never repeats it.
func TestPhone(t *testing.T) {
	w := open(t)
	f := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Trần Văn Ba", Phone: "0912345678"})
	w.want(w.post(w.officer, of(f), "version", "1", "name", "Trần Văn Ba", "phone", "0987654321"), 303)
	for _, who := range []string{w.viewer, w.province} {
		for _, path := range []string{of(f), at(w.khu1), at(w.khu1, "tai?dang=csv")} {
			a := w.get(who, path)
			w.want(a, 200, "09•• ••• 321")
			w.without(a, "0987654321", "0912345678")
		}
	}
	for _, who := range []string{w.officer, w.volunteer} {
		w.want(w.get(who, of(f)), 200, "0987654321")
		w.without(w.get(who, of(f)), "0912345678")
	}
}

// Names are texts, whatever they look like: on pages, in files and in the answers of faults.
func TestHostileNames(t *testing.T) {
	w := open(t)
	const bad = `<script>alert("x")</script> Văn`
	f := w.family(w.khu1, bad, 1960)
	w.family(w.khu1, bad, 1960)
	sum := w.family(w.khu1, `=HYPERLINK("http://x";"Bấm")`, 1961)
	clan := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: bad, Body: bad})
	w.want(w.post(w.officer, of(clan, "thanh-vien"), "version", "1", "them", w.khu1+"/"+f.ID), 303)
	w.want(w.post(w.officer, of(f), "version", "1", "name", bad, "address", `" onfocus="alert(1)`), 303)
	for _, path := range []string{at(w.khu1), at(hyCuong), at(w.khu1) + "?q=%3Cscript%3Ealert(1)%3C/script%3E", at(w.khu1) + "?mo-hinh=clan", of(f), of(f, "sua"), of(f, "chuyen"), of(f, "roi-di"),
		of(clan), of(clan, "thanh-vien?q=van"), at(w.khu1, "trung"), of(sum)} {
		a := w.get(w.officer, path)
		w.want(a, 200)
		if strings.Contains(a.raw, "<script>alert") || strings.Contains(a.raw, `" onfocus="`) {
			t.Errorf("%s carries a script", path)
		}
	}
	file := w.get(w.officer, at(w.khu1, "tai?dang=csv"))
	w.want(file, 200, "'=HYPERLINK")
	if x := w.get(w.officer, at(w.khu1, "tai")); x.code != 200 || !strings.HasPrefix(x.raw, "PK") || !strings.Contains(x.head.Get("Content-Disposition"), ".xlsx") {
		t.Errorf("XLSX: %d %v", x.code, x.head)
	}
	w.want(w.get(w.officer, at(w.khu1, "tai?dang=exe")), 422)
	w.want(w.get(w.province, at(phuTho, "tai")), 413)
}

var nextPage = regexp.MustCompile(`href="([^"]+)"\s*>\s*<span>Trang sau`)

// A page of 50, the next begins where it ended, and no name is left out or shown twice.
func TestPages(t *testing.T) {
	w := open(t)
	var drafts []registry.Draft
	for i := range 120 {
		drafts = append(drafts, registry.Draft{PlaceID: []string{w.khu1, w.khu2}[i%2], Model: registry.Family, Name: "Hộ " + string(rune('A'+i%26)) + string(rune('a'+i/26))})
	}
	for _, d := range drafts {
		w.save(d)
	}
	seen := map[string]int{}
	next := at(hyCuong) + "?q=ho"
	for pages := 0; next != ""; pages++ {
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
		a := w.get(w.officer, next)
		w.want(a, 200, "120 hộ ở Xã Hy Cương")
		for _, d := range drafts {
			seen[d.Name] += strings.Count(a.body, ">"+d.Name+"</a>")
		}
		next = ""
		if m := nextPage.FindStringSubmatch(a.body); m != nil {
			next = m[1]
		}
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s is shown %d times", name, n)
		}
	}
}

func TestEntries(t *testing.T) {
	w := open(t)
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	a := w.post(w.volunteer, of(f, "muc"), "year", "1999", "poverty_status", "rich", "citizen_titles", "ba", "source", "Rà soát")
	w.want(a, 422, "Năm từ 2016 đến 2027", "“rich” không có", "Chỉ ghi chữ số", `value="Rà soát"`, `value="1999"`, `value="ba"`)
	w.want(w.post(w.volunteer, of(f, "muc"), "year", "2026", "poverty_status", "near_poor", "culture_family", "true", "citizen_titles", "2", "source", "Rà soát hộ nghèo 2026"), 303)
	w.without(w.get(w.viewer, of(f)), "Cận nghèo", "Rà soát hộ nghèo", "1960")
	w.want(w.get(w.volunteer, of(f)), 200, "Diện hộ: Cận nghèo", "Gia đình văn hóa: Đạt", "Số công dân học tập: 2", "Rà soát hộ nghèo 2026", "ghi Diện hộ năm 2026: Cận nghèo")
	// A blank answer takes an entry away; what stays the same is not written again.
	w.want(w.post(w.volunteer, of(f, "muc"), "year", "2026", "poverty_status", "", "culture_family", "true", "citizen_titles", "2", "source", "Rà soát hộ nghèo 2026"), 303)
	entries, err := w.s.Registry.EntriesOf(w.ctx, w.s.DB.Read(), f.PlaceID, f.ID, 2026)
	w.ok(err)
	if len(entries) != 2 || entries["culture_family"].Value != "true" {
		t.Errorf("entries %v", entries)
	}
	page := w.get(w.volunteer, of(f))
	w.want(page, 200, "ghi Diện hộ năm 2026: bỏ trống")
	if n := strings.Count(page.body, "ghi Gia đình văn hóa năm 2026"); n != 1 {
		t.Errorf("the unchanged entry is %d times in the history", n)
	}
	// Another list names only what it changes.
	w.want(w.post(w.volunteer, of(f, "muc"), "year", "2026", "culture_family", "true", "citizen_titles", "3", "source", "Bảng của xã"), 303)
	if entries, err = w.s.Registry.EntriesOf(w.ctx, w.s.DB.Read(), f.PlaceID, f.ID, 2026); err != nil || entries["culture_family"].Source != "Rà soát hộ nghèo 2026" ||
		entries["citizen_titles"].Source != "Bảng của xã" {
		t.Errorf("entries %v %v", entries, err)
	}
	clan := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Clan, Name: "Họ Trần"})
	w.want(w.post(w.officer, of(clan, "muc"), "year", "2026"), 404)
}

func TestProvince(t *testing.T) {
	w := open(t)
	w.want(w.get(w.province, at(phuTho)), 200, "Xã Hy Cương", at(hyCuong), at(vietTri))
	if a := w.get(w.province, "/so-bo"); a.to != at(phuTho) {
		t.Errorf("leads to %q", a.to)
	}
	if a := w.get(w.volunteer, "/so-bo"); a.to != at(w.khu1) {
		t.Errorf("leads to %q", a.to)
	}
	w.want(w.get(w.admin, "/so-bo"), 403)
	w.want(w.get("", "/so-bo"), 303)
	if n, err := w.s.Registry.Find(w.ctx, identity.System, registry.Filter{PlaceID: hyCuong, Model: registry.Family}); err != nil || len(n.Subjects) != 0 {
		t.Error(n, err)
	}
}

// Consent on the page: nothing is chosen before somebody chooses, what was typed stays, and withdrawing is one button.
func TestConsentPage(t *testing.T) {
	w := open(t)
	f := w.family(w.khu1, "Trần Văn Ba", 1960)
	page := w.get(w.volunteer, of(f))
	if !strings.Contains(page.body, "Chưa đồng ý") || !strings.Contains(page.body, "Tôi có thể rút lại bất cứ lúc nào") || strings.Contains(page.body, "huy hiệu số") {
		t.Errorf("the page: %s", page.body)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "purpose", "show_name", "way", "", "given_on", "2026-11-19"); a.code != 422 || !strings.Contains(a.raw, `value="2026-11-19"`) || !strings.Contains(a.body, "Chọn cách đồng ý") {
		t.Errorf("nothing chosen: %d %s", a.code, a.body)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "purpose", "x", "way", "paper", "given_on", "2026-11-18"); a.code != 422 {
		t.Errorf("no such purpose: %d", a.code)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "purpose", "show_name", "way", "paper", "given_on", "2026-11-18"); a.code != 303 {
		t.Fatalf("recorded: %d %s", a.code, a.body)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "purpose", "show_name", "way", "paper", "given_on", "2026-11-18"); a.code != 409 || !strings.Contains(a.body, "đã đồng ý rồi") {
		t.Errorf("twice: %d %s", a.code, a.body)
	}
	page = w.get(w.volunteer, of(f))
	_, id, found := strings.Cut(page.raw, `name="rut-lai" value="`)
	id, _, _ = strings.Cut(id, `"`)
	if !found || !strings.Contains(page.body, "Trần Văn Ba đồng ý ngày 18/11/2026, ký trên giấy.") || !strings.Contains(page.body, "ghi đồng ý của chủ hộ") {
		t.Fatalf("the page: %s", page.body)
	}
	if a := w.get(w.viewer, of(f)); strings.Contains(a.raw, "rut-lai") || !strings.Contains(a.body, "đồng ý ngày 18/11/2026") {
		t.Error("who only reads may withdraw, or does not see it")
	}
	if a := w.post(w.other, of(f, "dong-y"), "rut-lai", id); a.code != 403 {
		t.Errorf("another area withdraws: %d", a.code)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "rut-lai", id); a.code != 303 {
		t.Errorf("withdrawn: %d %s", a.code, a.body)
	}
	if page = w.get(w.volunteer, of(f)); !strings.Contains(page.body, "Đã rút lại ngày 18/11/2026") || !strings.Contains(page.body, "Chưa đồng ý") {
		t.Errorf("the page: %s", page.body)
	}
	if a := w.post(w.volunteer, of(f, "dong-y"), "rut-lai", id); a.code != 404 {
		t.Errorf("withdrawn twice: %d", a.code)
	}
}

// What is masked is shown for a reason, and the history says who looked; a reader who has no need is refused.
func TestReveal(t *testing.T) {
	w := open(t)
	f := w.save(registry.Draft{PlaceID: w.khu1, Model: registry.Family, Name: "Trần Văn Ba", Phone: "0912345678", Address: "Xóm Trại"})
	w.want(w.post(w.province, of(f, "xem"), "truong", "phone", "reason", " "), 422, "Lý do")
	a := w.post(w.province, of(f, "xem"), "truong", "phone", "reason", "Gọi hỏi về đơn kiến nghị")
	w.want(a, 200, "0912345678", "Gọi hỏi về đơn kiến nghị")
	w.without(a, "Xóm Trại")
	w.without(w.get(w.province, of(f)), "0912345678", "Xóm Trại")
	w.want(w.post(w.viewer, of(f, "xem"), "truong", "phone", "reason", "Tò mò"), 403)
	w.want(w.get(w.officer, of(f)), 200, "Gọi hỏi về đơn kiến nghị")
}
