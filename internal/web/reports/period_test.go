// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports_test

import (
	"net/http"
	"strings"
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/place/placetest"
	"hoctap/internal/registry"
	"hoctap/internal/report"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
	"hoctap/internal/web/reports"
)

// sent opens a period, and has Hy Cương write and send its report.
func (w *world) sent() (at, board string) {
	w.t.Helper()
	at, board = w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	w.sendAgain(at)
	return at, board
}

func (w *world) sendAgain(at string) {
	w.t.Helper()
	w.is(w.send("lan", at, "viec", "gui", "version", w.version(w.get("lan", at)), "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Giao chỉ tiêu tới chi hội."), http.StatusSeeOther)
}

// What a returned correction leaves: nothing is owed, and the pages say which version holds.
func TestReturnedCorrectionOnThePages(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, board := w.sent()
	w.is(w.get("tinh", at), http.StatusOK, "1 chỗ đã giải trình", "tăng 30,0 điểm phần trăm", "Giao chỉ tiêu tới chi hội.")
	w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "1"), http.StatusSeeOther)
	w.is(w.post("lan", at, "viec", "dinh-chinh", "version", w.version(w.get("lan", at)), "ly-do", "Bổ sung."), http.StatusSeeOther)
	w.sendAgain(at)
	a := w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "2", "ly-do", " ", "so-ngay", "0"), http.StatusUnprocessableEntity, "Ghi số ngày từ 1 đến 90.", "Ghi lý do.")
	for _, link := range []string{`href="#ly-do"`, `href="#so-ngay"`} {
		if !strings.Contains(a.raw, link) {
			t.Errorf("the summary does not lead to %s", link)
		}
	}
	w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "2", "ly-do", "Sai số."), http.StatusSeeOther)
	w.day = "2026-12-12"
	w.signAll("lan", "tinh")
	w.is(w.get("lan", at), http.StatusOK, "Bản 1 đã duyệt vẫn có hiệu lực", "bản đính chính bị trả lại")
	if a := w.is(w.get("lan", "/viec"), http.StatusOK, "bản đính chính bị trả lại"); strings.Contains(a.text, "Chậm 7 ngày") {
		t.Error("a returned correction is late at the work of the week")
	}
	w.is(w.get("tinh", board), http.StatusOK, "147 nơi chậm")
	a = w.is(w.post("tinh", at+"/gia-han", "den-ngay", "", "ly-do", ""), http.StatusUnprocessableEntity, "Chọn ngày.", "Ghi lý do.")
	for _, link := range []string{`href="#den-ngay"`, `href="#ly-do-gia-han"`} {
		if !strings.Contains(a.raw, link) {
			t.Errorf("the summary does not lead to %s", link)
		}
	}
}

// After the closing day a return brings days with it, and who never sent is still asked for until the period is ended.
func TestAfterClosing(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, board := w.sent()
	w.day = "2027-01-04"
	w.signAll("lan", "binh", "tinh")
	w.is(w.get("tinh", at), http.StatusOK, "Số ngày để sửa")
	w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "1", "ly-do", "Thiếu phần khó khăn."), http.StatusSeeOther)
	w.is(w.get("lan", at), http.StatusOK, "Được sửa và gửi lại đến hết ngày 11/01/2027")
	w.is(w.get("binh", "/viec"), http.StatusOK, "Đã khoá sổ ngày 31/12/2026")
	w.is(w.get("tinh", "/viec"), http.StatusOK, "147 xã, phường chậm")
	w.sendAgain(at)

	ky := strings.TrimSuffix(board, "/tien-do") + "/ky"
	a := w.is(w.get("tinh", ky), http.StatusOK, "Đổi ngày của kỳ", "Kết thúc kỳ")
	if strings.Contains(a.text, "Rút kỳ") {
		t.Error("a period in which something was sent can be withdrawn")
	}
	w.is(w.post("tinh", ky, "viec", "rut", "ly-do", "Nhầm."), http.StatusConflict, "không rút được")
	a = w.is(w.post("tinh", ky, "viec", "doi-ngay", "opens", "2026-11-01", "due", "", "closes", "2026-12-31", "ly-do", ""), http.StatusUnprocessableEntity, "Chọn ngày.", "Ghi lý do.")
	if !strings.Contains(a.raw, `href="#ly-do-doi-ngay"`) {
		t.Error("the summary does not lead to the reason")
	}
	w.is(w.post("tinh", ky, "viec", "ket-thuc", "ly-do", "Đã báo cáo Trung ương."), http.StatusSeeOther)
	w.is(w.get("tinh", board), http.StatusOK, "0 nơi chậm", "Kỳ báo cáo đã kết thúc ngày 04/01/2027", "Không gửi")
	if a := w.get("tinh", "/viec"); strings.Contains(a.text, "xã, phường chậm") {
		t.Error("still asked for after the end")
	}
	w.is(w.get("lan", ky), http.StatusForbidden)
	w.is(w.post("lan", ky, "viec", "ket-thuc", "ly-do", "x"), http.StatusForbidden)
}

// Opening a period asks first, and one that was opened by mistake is taken back.
func TestOpeningAsksFirst(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	form := []string{"kind", "year", "level", "commune", "year", "2026", "opens", "2026-11-01", "due", "2026-12-05", "closes", "2026-12-31"}
	a := w.is(w.post("tinh", "/bao-cao", form...), http.StatusOK, "Mở kỳ báo cáo?", "148 xã, phường sẽ thấy", "05/12/2026")
	if !strings.Contains(a.raw, `name="title" value="Báo cáo năm 2026"`) {
		t.Error("the page that asks forgets the title")
	}
	w.is(w.get("lan", "/bao-cao"), http.StatusOK, "Không có báo cáo nào phải gửi")
	at, board := w.open()
	w.is(w.post("tinh", strings.TrimSuffix(board, "/tien-do")+"/ky", "viec", "rut", "ly-do", "Nhầm năm."), http.StatusSeeOther)
	w.is(w.get("lan", at), http.StatusNotFound)
	w.open()
}

// The province writes down what the centre answered.
func TestAnswerOfTheCentreOnThePage(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	w.ok(w.s.DB.Write(w.ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(w.ctx, `UPDATE account SET disabled_at = 1 WHERE login = 'trunguong'`)
		return err
	}))
	a := w.is(w.post("tinh", "/bao-cao", "kind", "half", "level", "province", "year", "2026", "opens", "2026-06-10", "due", "2026-12-14", "closes", "2026-12-31", "chac", "co"), http.StatusSeeOther)
	at := a.to
	w.is(w.post("tinh", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	w.is(w.send("tinh", at, "viec", "gui", "version", w.version(w.get("tinh", at)), "nguoi-ky", "Minh"), http.StatusSeeOther)
	w.is(w.get("tinh", at), http.StatusOK, "Ghi trả lời của Trung ương")
	w.is(w.post("tinh", at+"/duyet", "viec", "tra-loi", "ban", "1", "ngay", "2026-11-30", "ghi-chu", ""), http.StatusUnprocessableEntity, "Chọn ngày từ 20/11/2026 đến 20/11/2026.", "Ghi nội dung trả lời.")
	w.is(w.post("tinh", at+"/duyet", "viec", "tra-loi", "ban", "1", "ngay", "2026-11-20", "ghi-chu", "Công văn 45/KHVN."), http.StatusSeeOther)
	w.is(w.get("tinh", at), http.StatusOK, "Trung ương trả lời ngày 20/11/2026", "Công văn 45/KHVN.", "Đính chính báo cáo đã duyệt")
}

// A letter about a report that went back says so with the reason; place names in sentences are small.
func TestLetterOfAReturnedReport(t *testing.T) {
	l := reports.Letter(t.Context(), report.Reminder{Place: place.Place{ID: hyCuong, Kind: "Xã", Name: "Hy Cương"}, Period: report.Period{Title: "Báo cáo năm 2026"}, Due: "2026-12-05", Late: 3, Kind: "late0", Back: "Thiếu phần khó khăn.", Closed: true})
	for _, want := range []string{"Báo cáo năm 2026 của xã Hy Cương đã được trả lại", "Thiếu phần khó khăn.", "đề nghị tỉnh gia hạn"} {
		if !strings.Contains(l.Body, want) {
			t.Errorf("the letter does not say %q: %s", want, l.Body)
		}
	}
	if strings.Contains(l.Body, "chưa nhận được") || !strings.Contains(l.Subject, "Bị trả lại") {
		t.Errorf("%s\n%s", l.Subject, l.Body)
	}
}

// What belongs to no area has a name among the figures that changed.
func TestDifferenceNamesEveryRow(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, _ := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	w.ok(w.s.DB.Write(w.ctx, func(tx *store.Tx) error {
		return rollup.Add(w.ctx, tx, place.OwnLeaf(hyCuong), w.rounds[2026].ID, registry.Family, rollup.Counts{Total: 2, Registered: 2, Recognised: 1})
	}))
	w.is(w.send("lan", at, "viec", "gui", "version", w.version(w.get("lan", at)), "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Vì"), http.StatusConflict, "Gia đình học tập 2026, Không thuộc khu nào")
}

// A report that came back and is late stands under both filters of the work of the week; an accepted one whose period is closed says what a correction needs.
func TestFiltersAndClosedPeriod(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, _ := w.sent()
	w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "1", "ly-do", "Thiếu."), http.StatusSeeOther)
	w.day = "2026-12-10"
	w.signAll("lan", "tinh")
	w.is(w.get("lan", "/viec?loai=returned"), http.StatusOK, "Bị trả lại 1", "Quá hạn 1", "Báo cáo năm 2026 bị trả lại")
	w.sendAgain(at)
	w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "2"), http.StatusSeeOther)
	w.day = "2027-01-05"
	w.signAll("lan", "tinh")
	w.is(w.get("lan", at), http.StatusOK, "Cần đính chính thì đề nghị tỉnh gia hạn")
	w.is(w.get("tinh", at), http.StatusOK, "Cần đính chính thì đề nghị tỉnh gia hạn")
}
