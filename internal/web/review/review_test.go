// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
)

func has(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("no %q in: %s", text, words(page))
		}
	}
}

func TestWhoMayWhat(t *testing.T) {
	o := open(t)
	a := o.file(2)
	key := a.PlaceID + "/" + a.ID
	form := func(pairs ...string) url.Values {
		f := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	everyone := []string{"can-bo", "tham-dinh", "truong-khu", "xem", "hang-xom", "quan-tri"}
	for _, c := range []struct {
		address string
		form    url.Values
		may     string // who is not refused
	}{
		{"/tham-dinh/" + o.commune, nil, "can-bo tham-dinh"},
		{"/tham-dinh/" + o.area, nil, "can-bo tham-dinh"},
		{"/tham-dinh/" + key, form("version", "0"), "can-bo tham-dinh"},
		{"/tham-dinh/" + key + "/mo-lai", form("reason", "x"), "can-bo"},
		{"/tham-dinh/" + o.commune + "/duyet-loat", form("hang", "nam=2099"), "can-bo"},
		{"/ho-so/" + key, nil, "can-bo tham-dinh truong-khu xem"},
		{"/ho-so/" + key, form("version", "0"), "can-bo truong-khu"},
		{"/ho-so/" + key + "/phan-anh", form("name", "Bà Lụa", "body", "Chưa đúng"), "can-bo tham-dinh truong-khu"},
		{"/ho-so/" + key + "/phan-anh/none", form("answer", "Đã xem"), "can-bo"},
		{"/kiem-tra?noi=" + o.commune, nil, "can-bo tham-dinh"},
		{"/kiem-tra", form("noi", o.commune, "size", "0"), "can-bo tham-dinh"},
	} {
		for _, who := range everyone {
			w := o.ask(who, c.address, c.form)
			refused := w.Code == http.StatusForbidden
			if want := !strings.Contains(" "+c.may+" ", " "+who+" "); refused != want {
				t.Errorf("%s %v as %s: %d %s", c.address, c.form, who, w.Code, words(w.Body.String()))
			}
		}
		if w := o.ask("", c.address, c.form); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), signIn) {
			t.Errorf("%s without a session: %d %s", c.address, w.Code, w.Header().Get("Location"))
		}
	}
	if got := o.file(2); got.Version != a.Version {
		t.Errorf("something was written: version %d, was %d", got.Version, a.Version)
	}
}

const signIn = "/dang-nhap"

func TestQueueShowsWhatNeedsReading(t *testing.T) {
	o := open(t)
	page := o.page("can-bo", "/tham-dinh/"+o.commune, nil, http.StatusOK)
	has(t, page, "lệch 6", "Hộ Đỗ Xuân Trường, Khu 5", `id="cham"`, "Duyệt 2 hồ sơ", "Duyệt đạt 2 hồ sơ cùng lúc?")
	if strings.Contains(page, "Hà Văn Chiến") {
		t.Error("a file whose scores agree stands among those to read")
	}
	page = o.page("can-bo", "/tham-dinh/"+o.commune+"?phan=khop&xep=ten", nil, http.StatusOK)
	has(t, page, "Hà Văn Chiến", "Nguyễn Thị Lụa")
	page = o.page("can-bo", "/tham-dinh/"+o.commune+"?phan=khop&tim=lua", nil, http.StatusOK)
	if !strings.Contains(page, "Nguyễn Thị Lụa") || strings.Contains(page, "Hà Văn Chiến") {
		t.Error("a name typed without accents does not choose")
	}
	has(t, o.page("can-bo", "/tham-dinh/"+o.commune+"?tim=khong-ai", nil, http.StatusOK), "Không có hồ sơ khớp bộ lọc")
	if page := o.page("tham-dinh", "/tham-dinh/"+o.commune, nil, http.StatusOK); strings.Contains(page, `value="dat"`) || strings.Contains(page, "duyet-loat") {
		t.Error("who may not approve is offered to")
	}
}

func TestApproveAgreeingLeavesTheRest(t *testing.T) {
	o := open(t)
	w := o.ask("can-bo", "/tham-dinh/"+o.commune+"/duyet-loat", url.Values{"hang": {"phan=khop"}})
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	has(t, o.page("can-bo", w.Header().Get("Location"), nil, http.StatusOK), "Đã duyệt đạt 2 hồ sơ.", "Hộ Đỗ Xuân Trường")
	for i, want := range []assessment.State{assessment.Approved, assessment.Approved, assessment.Sent} {
		if got := o.file(i).State; got != want {
			t.Errorf("file %d is %s, want %s", i+1, got, want)
		}
	}
}

// opened fetches the queue with file i open and returns its form.
func (o *office) opened(login string, i int) (address string, form url.Values) {
	o.t.Helper()
	a := o.file(i)
	key := a.PlaceID + "/" + a.ID
	page := o.page(login, "/tham-dinh/"+o.commune+"?phan=khop&xep=ten&mo="+key, nil, http.StatusOK)
	return "/tham-dinh/" + key, formOf(page, "cham")
}

func TestFormSentUnchangedChangesNothing(t *testing.T) {
	o := open(t)
	before := o.file(0)
	address, form := o.opened("tham-dinh", 0)
	form.Set("viec", "luu")
	if w := o.ask("tham-dinh", address, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	if after := o.file(0); after.Version != before.Version || after.CommuneTotal != nil {
		t.Errorf("version %d, was %d; commune's total %v", after.Version, before.Version, after.CommuneTotal)
	}
}

func TestScoreWithReasonThenApproveAndUndo(t *testing.T) {
	o := open(t)
	address, form := o.opened("tham-dinh", 0)
	form.Set("scores.D3", "5")
	form.Set("viec", "luu")
	page := o.page("tham-dinh", address, form, http.StatusUnprocessableEntity)
	has(t, page, "Điểm mục D3 khác khu chấm: ghi lý do.", `value="5"`, `href="#reasons.D3"`, "data-failed")

	form.Set("reasons.D3", "Ảnh chỉ có một người học.")
	// Who changes points does not close the file in the same breath, and loses nothing that was typed.
	form.Set("viec", "dat")
	page = o.page("can-bo", address, form, http.StatusConflict)
	has(t, page, "người chấm lại điểm không tự kết luận", `value="5"`, "Ảnh chỉ có một người học.")
	if a := o.file(0); a.State != assessment.Sent || a.CommuneTotal != nil {
		t.Fatalf("a refused act left %s, %v", a.State, a.CommuneTotal)
	}
	form.Set("viec", "luu")
	if w := o.ask("tham-dinh", address, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	address, form = o.opened("can-bo", 0)
	form.Set("viec", "dat")
	w := o.ask("can-bo", address, form)
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	a := o.file(0)
	if a.State != assessment.Approved || a.CommuneTotal == nil || *a.CommuneTotal != *a.AreaTotal-100 {
		t.Fatalf("%s, commune %v, area %v", a.State, a.CommuneTotal, a.AreaTotal)
	}
	next := o.page("can-bo", w.Header().Get("Location"), nil, http.StatusOK)
	has(t, next, "Đã duyệt đạt.", "Hoàn tác", "Hộ Nguyễn Thị Lụa")
	if w := o.ask("can-bo", address+"/mo-lai", url.Values{"hoan-tac": {"1"}, "hang": {form.Get("hang")}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	if a = o.file(0); a.State != assessment.Sent {
		t.Errorf("after undo it is %s", a.State)
	}
	full := o.page("xem", "/ho-so/"+a.PlaceID+"/"+a.ID, nil, http.StatusOK)
	has(t, full, "Ảnh chỉ có một người học.", "can-bo duyệt đạt", "can-bo mở lại hồ sơ", "Hoàn tác ngay sau khi bấm nhầm.")

	// the reason is kept: another save of the same scores does not tell it again
	address, form = o.opened("can-bo", 0)
	form.Set("viec", "luu")
	o.ask("can-bo", address, form)
	d, err := o.s.Assessment.Dossier(o.ctx, identity.System, a.PlaceID, a.ID)
	o.ok(err)
	n := 0
	for _, r := range d.Remarks {
		if r.Criterion == "D3" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the reason is kept %d times", n)
	}
}

func TestReturnWithComments(t *testing.T) {
	o := open(t)
	address, form := o.opened("tham-dinh", 2)
	form.Set("viec", "bo-sung")
	has(t, o.page("tham-dinh", address, form, http.StatusUnprocessableEntity), "Cần ghi lý do, người nhận sẽ đọc.", `href="#tra-lai"`)
	form.Set("comment.A3", "Thêm giấy khen của cháu.")
	if w := o.ask("tham-dinh", address, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	a := o.file(2)
	if a.State != assessment.Returned {
		t.Fatal(a.State)
	}
	page := o.page("truong-khu", "/ho-so/"+a.PlaceID+"/"+a.ID, nil, http.StatusOK)
	has(t, page, "Thêm giấy khen của cháu.", "Lưu phiếu", `name="scores.A3"`)
}

func TestRejectNeedsReason(t *testing.T) {
	o := open(t)
	address, form := o.opened("can-bo", 2)
	form.Set("viec", "chua-dat")
	has(t, o.page("can-bo", address, form, http.StatusUnprocessableEntity), "Cần ghi lý do", `href="#chua-dat"`)
	form.Set("reason", "Không đủ điều kiện.")
	if w := o.ask("can-bo", address, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	if a := o.file(2); a.State != assessment.Rejected {
		t.Error(a.State)
	}
	if w := o.ask("tham-dinh", address, form); w.Code != http.StatusConflict {
		t.Errorf("acting on a closed file: %d", w.Code)
	}
}

func TestTwoReviewersSeeBothVersions(t *testing.T) {
	o := open(t)
	address, mine := o.opened("tham-dinh", 0)
	_, theirs := o.opened("can-bo", 0)
	theirs.Set("scores.D3", "5")
	theirs.Set("reasons.D3", "Thiếu ảnh.")
	theirs.Set("viec", "luu")
	if w := o.ask("can-bo", address, theirs); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	mine.Set("scores.D3", "3")
	mine.Set("reasons.D3", "Chưa áp dụng gì.")
	mine.Set("viec", "luu")
	page := o.page("tham-dinh", address, mine, http.StatusConflict)
	has(t, page, "Người khác vừa lưu hồ sơ này", "can-bo lưu lúc", "<b>3</b>", "<td>5</td>", `value="Chưa áp dụng gì."`, "data-failed")
	if a := o.file(0); *a.CommuneTotal != *a.AreaTotal-100 {
		t.Fatalf("the first save is gone: %d", *a.CommuneTotal)
	}
	again := formOf(page, "cham")
	if again.Get("scores.D3") != "3" || again.Get("version") == mine.Get("version") {
		t.Fatalf("the form says %v, version %s", again["scores.D3"], again.Get("version"))
	}
	again.Set("viec", "luu")
	if w := o.ask("tham-dinh", address, again); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	if a := o.file(0); *a.CommuneTotal != *a.AreaTotal-300 {
		t.Errorf("sent again: commune %d, area %d", *a.CommuneTotal, *a.AreaTotal)
	}
}

func TestTypedWordsSurviveAClosedFile(t *testing.T) {
	o := open(t)
	address, form := o.opened("tham-dinh", 0)
	officer := identity.Actor{ID: "o", Name: "Chị Hằng", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: o.commune}}}
	a := o.file(0)
	_, err := o.s.Assessment.Approve(o.ctx, officer, assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
	o.ok(err)
	form.Set("comment.A3", "Cần thêm giấy khen.")
	form.Set("viec", "bo-sung")
	page := o.page("tham-dinh", address, form, http.StatusConflict)
	has(t, page, "Cần thêm giấy khen.", "không còn chờ thẩm định")
	a = o.file(1)
	why := "/vi-sao?buoc=approve&ho-so=" + url.QueryEscape(a.PlaceID+"/"+a.ID)
	file := "/tham-dinh/" + o.commune + "?mo=" + url.QueryEscape(a.PlaceID+"/"+a.ID)
	if page := o.page("tham-dinh", file, nil, http.StatusOK); strings.Count(page, "/vi-sao?") != 1 || !strings.Contains(html.UnescapeString(page), why) {
		t.Errorf("a reviewer is not led to who may approve, or too often: %d", strings.Count(page, "/vi-sao?"))
	}
	if page := o.page("can-bo", file, nil, http.StatusOK); strings.Contains(page, "/vi-sao?") {
		t.Error("an officer who may do everything is asked why")
	}
}

func TestAreaFillsInTheSheet(t *testing.T) {
	o := open(t)
	a := o.file(3)
	address := "/ho-so/" + a.PlaceID + "/" + a.ID
	page := o.page("truong-khu", address, nil, http.StatusOK)
	has(t, page, "Bộ tiêu chí dựng tạm", "Lưu phiếu", "Số em đi học", "Không có mục nào")
	form := formOf(page, "noi-dung")
	for name, value := range map[string]string{"facts.children_attending": "2", "facts.children_result_ok": "2", "facts.adults_literate": "4", "facts.adults_learned": "4",
		"scores.A3": "tám", "scores.D3": "6", "gates.G3": "co"} {
		if !form.Has(name) {
			t.Errorf("the sheet does not ask for %s", name)
		}
		form.Set(name, value)
	}
	form["scores.C1"], form["scores.C2"] = []string{"=", "a", "b"}, []string{"=", "-"}
	has(t, o.page("truong-khu", address, form, http.StatusUnprocessableEntity), "“tám” không phải số điểm", `value="tám"`)
	form.Set("scores.A3", "8")
	if w := o.ask("truong-khu", address, form); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	if got := o.file(3); got.Missing != 0 || got.State != assessment.Scored {
		t.Errorf("missing %d, %s", got.Missing, got.State)
	}
	form.Set("scores.A3", "9")
	has(t, o.page("truong-khu", address, form, http.StatusConflict), "Người khác vừa lưu hồ sơ này", "<b>9</b>", "<td>8</td>")
}

func TestAppeal(t *testing.T) {
	o := open(t)
	a := o.file(0)
	address := "/ho-so/" + a.PlaceID + "/" + a.ID
	said := url.Values{"name": {"Bà Lụa"}, "body": {"Cháu có giấy khen mà chưa tính."}}
	has(t, o.page("truong-khu", address+"/phan-anh", said, http.StatusConflict), "xã chưa có kết quả")
	officer := identity.Actor{ID: "o", Name: "Chị Hằng", Grants: []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: o.commune}}}
	_, err := o.s.Assessment.Approve(o.ctx, officer, assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
	o.ok(err)
	has(t, o.page("truong-khu", address+"/phan-anh", url.Values{"name": {""}, "body": {"Chưa đúng"}}, http.StatusUnprocessableEntity), "Cần tên người phản ánh.", "Chưa đúng")
	if w := o.ask("truong-khu", address+"/phan-anh", said); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	has(t, o.page("can-bo", address, nil, http.StatusOK), "Cháu có giấy khen mà chưa tính.", "Gửi trả lời")
	list, err := o.s.Assessment.Appeals(o.ctx, officer, a.PlaceID, a.ID)
	o.ok(err)
	to := address + "/phan-anh/" + list[0].ID
	has(t, o.page("can-bo", to, url.Values{"ket-luan": {"dung"}}, http.StatusUnprocessableEntity), "Cần ghi lý do")
	if w := o.ask("can-bo", to, url.Values{"ket-luan": {"dung"}, "answer": {"Đúng, xét lại."}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	has(t, o.page("xem", address, nil, http.StatusOK), "Đúng, xét lại.", "Phản ánh đúng")
	if got := o.file(0); got.State != assessment.Sent {
		t.Errorf("an upheld appeal leaves it %s", got.State)
	}
	if w := o.ask("can-bo", to, url.Values{"ket-luan": {"sai"}, "answer": {"Lần nữa."}}); w.Code != http.StatusConflict {
		t.Errorf("answered twice: %d", w.Code)
	}
}

func TestRecheck(t *testing.T) {
	o := open(t)
	has(t, o.page("tham-dinh", "/kiem-tra", url.Values{"noi": {o.commune}, "size": {"0"}}, http.StatusUnprocessableEntity), "Số hồ sơ rút từ 1 đến 1.000.")
	w := o.ask("tham-dinh", "/kiem-tra", url.Values{"noi": {o.commune}, "size": {"2"}, "mo-hinh": {"family"}})
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, words(w.Body.String()))
	}
	at := w.Header().Get("Location")
	page := o.page("tham-dinh", at, nil, http.StatusOK)
	rc, items, err := o.s.Assessment.RecheckItems(o.ctx, identity.System, strings.TrimPrefix(at, "/kiem-tra/"))
	o.ok(err)
	if len(items) != 2 || rc.DrawnFrom != 3 {
		t.Fatalf("%d of %d", len(items), rc.DrawnFrom)
	}
	has(t, page, "Rút 2 trong 3 hồ sơ", items[0].Assessment.Name)
	to := at + "/" + items[0].Assessment.PlaceID + "/" + items[0].Assessment.ID
	has(t, o.page("tham-dinh", to, url.Values{"finding": {"wrong"}}, http.StatusUnprocessableEntity), "Cần ghi lý do")
	if w := o.ask("xem", to, url.Values{"finding": {"kept"}}); w.Code != http.StatusForbidden {
		t.Errorf("a viewer notes a finding: %d", w.Code)
	}
	if w := o.ask("tham-dinh", to, url.Values{"finding": {"wrong"}, "body": {"Không có tủ sách."}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	has(t, o.page("tham-dinh", at, nil, http.StatusOK), "Còn 1 trong 2 hồ sơ", "Không có tủ sách.")
	has(t, o.page("can-bo", "/kiem-tra?noi="+o.commune, nil, http.StatusOK), "Các lần đã rút", "Rút ngẫu nhiên")
}
