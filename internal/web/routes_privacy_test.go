// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/privacy"
	"hoctap/internal/registry"
)

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		r, err := h.s.Privacy.Receive(h.ctx, h.actors[officer], privacy.Request{PlaceID: hyCuong, Kind: privacy.Provide, Way: "counter", Name: "Người Yêu Cầu", Contact: "0912 345 678", Relation: "self", ReceivedOn: "2026-11-18"})
		h.ok(err)
		r, err = h.s.Privacy.Identify(h.ctx, h.actors[officer], r.ID, r.Version, h.file.PlaceID, h.file.SubjectID, "Xem căn cước tại quầy")
		h.ok(err)
		b, err := h.s.Privacy.Suspect(h.ctx, identity.System, privacy.Breach{PlaceID: phuTho, Title: "Mất máy tính", Story: "Máy tính của cán bộ bị mất", Kind: "loss", FoundAt: h.at})
		h.ok(err)
		h.secrets = append(h.secrets, "Người Yêu Cầu")
		request := "/du-lieu-ca-nhan/yeu-cau/" + r.ID
		free := func(path string) door { return door{path: path, public: true} }
		in := func(path string, act identity.Act, at string, form ...string) door {
			return door{path: path, act: act, at: at, form: form}
		}
		return map[string]door{
			"GET /rieng-tu":                             free("/rieng-tu"),
			"GET /yeu-cau-du-lieu":                      free("/yeu-cau-du-lieu"),
			"POST /yeu-cau-du-lieu":                     free("/yeu-cau-du-lieu"),
			"GET /yeu-cau-du-lieu/{code}":               free("/yeu-cau-du-lieu/" + r.Code),
			"GET /du-lieu-ca-nhan":                      in("/du-lieu-ca-nhan?noi="+hyCuong, identity.HandleRequests, hyCuong),
			"POST /du-lieu-ca-nhan":                     in("/du-lieu-ca-nhan?noi="+hyCuong, identity.HandleRequests, hyCuong),
			"GET /du-lieu-ca-nhan/yeu-cau/{id}":         in(request, identity.HandleRequests, hyCuong),
			"POST /du-lieu-ca-nhan/yeu-cau/{id}":        in(request, identity.HandleRequests, hyCuong, "viec", "dong", "answer", "Kẻ lạ đóng"),
			"GET /du-lieu-ca-nhan/yeu-cau/{id}/du-lieu": in(request+"/du-lieu?dang=json", identity.HandleRequests, hyCuong),
			"GET /du-lieu-ca-nhan/yeu-cau/{id}/giay":    in(request+"/giay?dang=docx", identity.HandleRequests, hyCuong),
			"GET /du-lieu-ca-nhan/so-xu-ly":             in("/du-lieu-ca-nhan/so-xu-ly?noi="+phuTho, identity.KeepRegister, phuTho),
			"POST /du-lieu-ca-nhan/so-xu-ly":            in("/du-lieu-ca-nhan/so-xu-ly?noi="+phuTho, identity.KeepRegister, phuTho, "viec", "lich", "days", "2027-02-05"),
			"GET /du-lieu-ca-nhan/so-xu-ly/tai":         in("/du-lieu-ca-nhan/so-xu-ly/tai?dang=docx&noi="+phuTho, identity.KeepRegister, phuTho),
			"GET /du-lieu-ca-nhan/luu-giu":              in("/du-lieu-ca-nhan/luu-giu?noi="+phuTho, identity.KeepRegister, phuTho),
			"POST /du-lieu-ca-nhan/luu-giu":             in("/du-lieu-ca-nhan/luu-giu?noi="+phuTho, identity.KeepRegister, phuTho),
			"GET /so-bo/{place}/{id}/dong-y/phieu":      in("/so-bo/"+h.file.PlaceID+"/"+h.file.SubjectID+"/dong-y/phieu?muc=show_name&dang=docx", identity.EditRegistry, h.file.PlaceID),
			"GET /su-co":                                in("/su-co?noi="+hyCuong, identity.ReportBreach, hyCuong),
			"POST /su-co":                               in("/su-co?noi="+hyCuong, identity.ReportBreach, hyCuong),
			"GET /su-co/{id}":                           in("/su-co/"+b.ID, identity.KeepBreaches, phuTho),
			"POST /su-co/{id}":                          in("/su-co/"+b.ID, identity.KeepBreaches, phuTho, "viec", "ghi", "what", "Kẻ lạ ghi", "at", "2026-11-18T08:00"),
			"GET /su-co/{id}/giay":                      in("/su-co/"+b.ID+"/giay?giay=mau-08&dang=docx", identity.KeepBreaches, phuTho),
		}
	})
}

// A request from the public form to its answer: who sends it gets a code that tells nothing of who asked, the office checks who it is, gives everything
// that is held as a file, and the person's data are erased on the next one.
func TestPersonsRequests(t *testing.T) {
	h := open(t)
	form := []string{"place", hyCuong, "kind", "provide", "relation", "self", "name", "Trần Thị Yêu Cầu", "contact", "0912 345 678", "words", "Cho tôi xin dữ liệu của nhà tôi"}
	if a := h.post(nobody, "/yeu-cau-du-lieu", form[:10]...); a.code != http.StatusUnprocessableEntity && a.code != http.StatusSeeOther {
		t.Errorf("%d", a.code)
	}
	if a := h.post(nobody, "/yeu-cau-du-lieu", "place", hyCuong, "kind", "tat-ca", "name", "Trần Thị Giữ Lại", "contact", "0912"); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Trần Thị Giữ Lại") {
		t.Errorf("a broken request: %d, typed name kept: %v", a.code, strings.Contains(a.body, "Trần Thị Giữ Lại"))
	}
	sent := h.post(nobody, "/yeu-cau-du-lieu", form...)
	code, ok := strings.CutPrefix(sent.to, "/yeu-cau-du-lieu/")
	if !ok || len(code) != 8 {
		t.Fatalf("%d to %q: %s", sent.code, sent.to, words(sent.body))
	}
	a := h.get(nobody, "/yeu-cau-du-lieu/"+strings.ToLower(code[:4]+"-"+code[4:]))
	if a.code != http.StatusOK || strings.Contains(a.body, "Trần Thị") || strings.Contains(a.body, "0912") || !strings.Contains(a.body, "Hy Cương") {
		t.Errorf("by its code: %d %s", a.code, words(a.body))
	}
	if a := h.get(nobody, "/yeu-cau-du-lieu/ZZZZZZZZ"); a.code != http.StatusNotFound {
		t.Errorf("an unknown code: %d", a.code)
	}
	limited := 0
	for range 12 {
		if h.get(nobody, "/yeu-cau-du-lieu/ZZZZZZZZ").code == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited == 0 {
		t.Error("codes can be tried without end")
	}
	id := h.one(`SELECT id FROM privacy_request WHERE code = $1`, code)
	path := "/du-lieu-ca-nhan/yeu-cau/" + id
	if a := h.get(officer, "/du-lieu-ca-nhan?noi="+hyCuong); !strings.Contains(a.body, code) {
		t.Error("the board does not show it")
	}
	version := func() string { return h.one(`SELECT CAST(version AS text) FROM privacy_request WHERE id = $1`, id) }
	act := func(what string, pairs ...string) answer {
		return h.post(officer, path, append([]string{"viec", what, "version", version()}, pairs...)...)
	}
	if a := h.get(officer, path+"/du-lieu?dang=json"); a.code != http.StatusConflict {
		t.Errorf("data before anybody was seen: %d", a.code)
	}
	if a := act("xong", "answer", "Đã giao tệp"); a.code != http.StatusConflict {
		t.Errorf("met before anybody was seen: %d", a.code)
	}
	if a := h.get(officer, path+"?tim="+strings.ReplaceAll(h.file.Name, " ", "+")); !strings.Contains(a.raw, h.file.PlaceID+"|"+h.file.SubjectID) {
		t.Errorf("the family is not found by its name: %s", words(a.body))
	}
	if a := act("xac-dinh", "subject", h.file.PlaceID+"|"+h.file.SubjectID, "checked", "ngắn"); a.code != http.StatusUnprocessableEntity {
		t.Errorf("too short a check: %d", a.code)
	}
	if a := act("xac-dinh", "subject", h.file.PlaceID+"|"+h.file.SubjectID, "checked", "Xem căn cước tại bộ phận một cửa"); a.code != http.StatusSeeOther {
		t.Fatalf("identify: %d %s", a.code, words(a.body))
	}
	a = h.get(officer, path+"/du-lieu?dang=json")
	if a.code != http.StatusOK || !strings.Contains(a.raw, h.file.Name) || !strings.Contains(a.raw, `"part": "sheet"`) {
		t.Errorf("the data: %d %.300s", a.code, a.raw)
	}
	if a := h.get(officer, path+"/du-lieu?dang=docx"); a.code != http.StatusOK || !strings.HasPrefix(a.raw, "PK") {
		t.Errorf("the data as a document: %d", a.code)
	}
	if a := act("gia-han", "reason", "Cần đối chiếu hồ sơ giấy của ba năm"); a.code != http.StatusSeeOther {
		t.Errorf("extend: %d", a.code)
	}
	if got := h.one(`SELECT due FROM privacy_request WHERE id = $1`, id); got != "2026-12-08" {
		t.Errorf("due %s after one extension", got)
	}
	if a := act("gia-han", "reason", "Cần thêm thời gian lần nữa"); a.code != http.StatusConflict {
		t.Errorf("extended twice: %d", a.code)
	}
	if a := h.post(neighbour, path, "viec", "dong", "version", version(), "answer", "Không phải việc ở đây"); a.code != http.StatusForbidden {
		t.Errorf("a neighbour: %d", a.code)
	}
	if a := act("xong", "answer", "Đã giao tệp PDF tại quầy"); a.code != http.StatusSeeOther {
		t.Fatalf("finish: %d %s", a.code, words(a.body))
	}
	if a := act("dong", "answer", "Đóng thêm lần nữa"); a.code != http.StatusConflict || !strings.Contains(a.body, "đã kết thúc") {
		t.Errorf("after the end: %d %s", a.code, words(a.body))
	}
	if n := h.count(`SELECT count(*) FROM journal WHERE thing_id = $1 AND act = 'provide'`, h.file.SubjectID); n != 2 {
		t.Errorf("%d entries of giving", n)
	}
	// Late ones stand on the week's page of whoever owes them.
	_, err := h.s.Privacy.Receive(h.ctx, h.actors[officer], privacy.Request{PlaceID: hyCuong, Kind: privacy.View, Way: "paper", Name: "Người Chờ Lâu", Contact: "0912 345 678", Relation: "self", ReceivedOn: "2026-11-02"})
	h.ok(err)
	if a := h.get(officer, "/viec?noi="+hyCuong); !strings.Contains(a.body, "Trả lời yêu cầu") {
		t.Error("the week does not show a late request")
	}
}

// Restricted data leave no house: the list that is downloaded does not have them.
func TestRestrictedAreNotExported(t *testing.T) {
	h := open(t)
	sub, err := h.s.Registry.Get(h.ctx, identity.System, h.file.PlaceID, h.file.SubjectID)
	h.ok(err)
	d := sub.Draft()
	d.Name = "Hoàng Văn Chỉ Giữ"
	_, err = h.s.Registry.Save(h.ctx, h.actors[officer], d)
	h.ok(err)
	list := "/so-bo/" + h.file.PlaceID + "/tai?dang=csv&mo-hinh=" + registry.Family
	entered := "/danh-sach/" + h.file.PlaceID + "/tai?dang=csv"
	sheets := "/nhap/" + h.file.PlaceID + "/phieu?dang=docx"
	names := map[string]string{list: d.Name, entered: h.file.Name, sheets: h.file.Name} // a file that was sent keeps the name it was sent under
	for path, name := range names {
		if a := h.get(officer, path); !strings.Contains(everything(a), name) {
			t.Fatalf("not on %s: %d %.200s", path, a.code, words(a.body))
		}
	}
	r, err := h.s.Privacy.Receive(h.ctx, h.actors[officer], privacy.Request{PlaceID: hyCuong, Kind: privacy.Limit, Way: "counter", Name: "Người Yêu Cầu", Contact: "0912 345 678", Relation: "self", ReceivedOn: "2026-11-18"})
	h.ok(err)
	r, err = h.s.Privacy.Identify(h.ctx, h.actors[officer], r.ID, r.Version, h.file.PlaceID, h.file.SubjectID, "Xem căn cước tại quầy")
	h.ok(err)
	_, err = h.s.Privacy.Finish(h.ctx, h.actors[officer], r.ID, r.Version, "Đã dừng xử lý")
	h.ok(err)
	for path, name := range names {
		if a := h.get(officer, path); a.code != http.StatusOK || strings.Contains(everything(a), name) {
			t.Errorf("%s: %d, restricted name there: %v", path, a.code, strings.Contains(everything(a), name))
		}
	}
	if a := h.post(officer, "/so-bo/"+h.file.PlaceID+"/"+h.file.SubjectID, "version", "1", "name", "Tên Khác"); a.code == http.StatusSeeOther {
		t.Errorf("changed all the same")
	}
}

// The breach book in a browser: a suspicion by a volunteer, confirmed by the province, its clocks, its papers, its end.
func TestBreachBook(t *testing.T) {
	h := open(t)
	a := h.post(volunteer, "/su-co?noi="+h.area, "title", "Danh sách hộ trên mạng", "kind", "leak", "story", "Thấy danh sách của khu trên một trang mạng", "found_at", "2026-11-14T20:00")
	path := a.to
	if a.code != http.StatusSeeOther || !strings.HasPrefix(path, "/su-co/") {
		t.Fatalf("tell: %d %s", a.code, words(a.body))
	}
	if a := h.get(volunteer, path); a.code != http.StatusOK || strings.Contains(a.body, "Xác nhận và mô tả") {
		t.Errorf("who told it: %d", a.code)
	}
	if a := h.get(officer, path); a.code != http.StatusForbidden {
		t.Errorf("another officer: %d", a.code)
	}
	id := strings.TrimPrefix(path, "/su-co/")
	act := func(what string, pairs ...string) answer {
		version := h.one(`SELECT CAST(version AS text) FROM breach WHERE id = $1`, id)
		return h.post(province, path, append([]string{"viec", what, "version", version}, pairs...)...)
	}
	described := []string{"title", "Danh sách hộ trên mạng", "kind", "leak", "story", "Thấy danh sách của khu trên một trang mạng", "found_at", "2026-11-14T20:00", "severity", "serious"}
	if a := act("xac-nhan", append(described, "subjects", "nhiều", "sensitive", "0")...); a.code != http.StatusUnprocessableEntity {
		t.Errorf("no number: %d", a.code)
	}
	if a := act("xac-nhan", append(described, "subjects", "120", "sensitive", "3")...); a.code != http.StatusSeeOther {
		t.Fatalf("confirm: %d %s", a.code, words(a.body))
	}
	if a := act("ket-thuc", "outcome", "Đã gỡ danh sách khỏi trang mạng"); a.code != http.StatusConflict {
		t.Errorf("closed while notices are owed: %d", a.code)
	}
	if a := h.get(province, path); !strings.Contains(a.body, "Quá hạn") {
		t.Error("no clock is overdue after four days")
	}
	for _, n := range []string{"first", "authority", "report"} {
		if a := act("ghi", "what", "Đã gửi văn bản", "notice", n, "at", "2026-11-18T08:00"); a.code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", n, a.code, words(a.body))
		}
	}
	if a := act("ket-thuc", "outcome", "Đã gỡ danh sách khỏi trang mạng"); a.code != http.StatusSeeOther {
		t.Errorf("close: %d %s", a.code, words(a.body))
	}
	for _, paper := range []string{"mau-08", "bien-ban"} {
		if a := h.get(admin, path+"/giay?dang=docx&giay="+paper); a.code != http.StatusOK || !strings.HasPrefix(a.raw, "PK") {
			t.Errorf("%s: %d", paper, a.code)
		}
	}
	if a := h.get(province, path+"?login="+officer+"&tu=2026-11-01T00:00&den=2026-11-30T00:00"); !strings.Contains(a.body, "bản ghi") {
		t.Errorf("the reach of an account: %s", words(a.body))
	}
}

// The register: the province changes it, the next version is in force, the public notice names the officer.
func TestRegisterOfProcessing(t *testing.T) {
	h := open(t)
	path := "/du-lieu-ca-nhan/so-xu-ly?noi=" + phuTho
	contact := []string{"viec", "dau-moi", "version", "1", "officer", "Nguyễn Văn Phụ Trách", "phone", "0210 3 846 000", "first_on", "2026-09-01", "remark", "Ghi đầu mối"}
	if a := h.post(officer, path, contact...); a.code != http.StatusForbidden {
		t.Errorf("a commune: %d", a.code)
	}
	if a := h.post(admin, path, contact...); a.code != http.StatusForbidden {
		t.Errorf("an administrator: %d", a.code)
	}
	if a := h.get(province, path); a.code != http.StatusOK || !strings.Contains(a.body, "Sổ bộ hộ gia đình và công dân") {
		t.Errorf("%d", a.code)
	}
	if a := h.post(province, path, contact...); a.code != http.StatusSeeOther {
		t.Fatalf("%d %s", a.code, words(a.body))
	}
	if a := h.post(province, path, contact...); a.code != http.StatusConflict {
		t.Errorf("over a newer version: %d", a.code)
	}
	if a := h.get(nobody, "/rieng-tu"); !strings.Contains(a.body, "Nguyễn Văn Phụ Trách") {
		t.Error("the public notice does not name the officer")
	}
	if a := h.get(nobody, "/yeu-cau-du-lieu"); !strings.Contains(a.body, "Nguyễn Văn Phụ Trách") {
		t.Error("the form does not name the officer")
	}
	if a := h.get(province, "/du-lieu-ca-nhan?noi="+phuTho); !strings.Contains(a.body, "31/10/2026") { // 60 days after 1 September
		t.Errorf("the impact file: %s", words(a.body))
	}
	if a := h.get(province, "/du-lieu-ca-nhan/so-xu-ly/tai?dang=docx&noi="+phuTho); a.code != http.StatusOK || !strings.HasPrefix(a.raw, "PK") {
		t.Errorf("the paper: %d", a.code)
	}
}
