// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports_test

import (
	"archive/zip"
	"bytes"
	"hoctap/internal/identity/identitytest"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/place/placetest"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// open opens the year's period through the page and returns the address of Hy Cương's report and of the board.
func (w *world) open() (at, board string) {
	w.t.Helper()
	a := w.is(w.post("tinh", "/bao-cao", "kind", "year", "level", "commune", "year", "2026", "opens", "2026-11-01", "due", "2026-12-05", "closes", "2026-12-31", "chac", "co"), http.StatusSeeOther)
	period := strings.TrimSuffix(strings.TrimPrefix(a.to, "/bao-cao/"+phuTho+"/"), "/tien-do")
	return "/bao-cao/" + hyCuong + "/" + period, a.to
}

// The whole way through the pages, on both engines.
func TestWholeWay(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.is(w.get("lan", "/bao-cao"), http.StatusOK, "Không có báo cáo nào phải gửi")
		at, board := w.open()
		w.is(w.get("tinh", board), http.StatusOK, "0 báo cáo chờ duyệt, 0 nơi chậm", "1–50 trong 148 nơi", "Phường Âu Cơ")
		w.is(w.get("lan", "/bao-cao"), http.StatusOK, "1 báo cáo cần gửi", "Báo cáo năm 2026", "05/12/2026")
		w.is(w.get("lan", "/viec"), http.StatusOK, "Báo cáo năm 2026: hạn gửi 05/12/2026")

		a := w.is(w.get("lan", at), http.StatusOK, "Lập báo cáo")
		w.is(w.post("lan", at, "viec", "lap", "version", w.version(a)), http.StatusSeeOther)
		a = w.is(w.get("lan", at), http.StatusOK, "1 chỗ phải giải trình", "tăng 30,0 điểm phần trăm so với năm 2025", "Lấy lúc 09:00 ngày 20/11/2026", "80,0%")

		// Sent without an explanation: refused, and what was typed is on the page and kept.
		form := []string{"viec", "gui", "version", w.version(a), "phan.work", "Đa\u0303 quán triê\u0323t\u0000 tới các chi hội", "so.members", "1.250", "so.awards", "", "nguoi-ky", "Đinh Công Hùng"}
		a = w.is(w.send("lan", at, form...), http.StatusUnprocessableEntity, "Ghi lý do trước khi gửi", "tới các chi hội")
		w.is(w.get("lan", at), http.StatusOK, "Đã quán triệt tới các chi hội")
		if !strings.Contains(w.get("lan", at).raw, `value="1.250"`) {
			t.Error("the typed figure is lost")
		}
		form = append(form, "giai-trinh.family.2026.jump", "Giao chỉ tiêu tới từng chi hội.")
		form[3] = w.version(w.get("lan", at))

		// A figure changes meanwhile: nothing is sent, the change is shown, the words are kept.
		w.count(2026, rollup.Counts{Recognised: 2})
		a = w.is(w.send("lan", at, form...), http.StatusConflict, "Chưa gửi: 2 số liệu đã thay đổi", "Gia đình học tập 2026, Khu 1", "Số được công nhận 80 82 +2", "Giao chỉ tiêu tới từng chi hội.")
		form[3] = w.version(a)
		w.is(w.send("lan", at, form...), http.StatusSeeOther)
		w.is(w.get("lan", at), http.StatusOK, "Đã gửi, chờ duyệt", "Người lan")
		w.is(w.send("lan", at, form...), http.StatusConflict, "đã gửi và đang chờ duyệt")

		// The province reads, returns with a reason, and the commune sees it at its work.
		w.is(w.get("tinh", board+"?loc=cho-duyet"), http.StatusOK, "1 báo cáo chờ duyệt", "Xã Hy Cương", "1–1 trong 1 nơi")
		w.is(w.get("tinh", "/viec"), http.StatusOK, "1 báo cáo của xã, phường chờ duyệt")
		w.is(w.get("tinh", board+"?q=viet+tri"), http.StatusOK, "Phường Việt Trì", "1–1 trong 1 nơi")
		w.is(w.get("tinh", at), http.StatusOK, "Bản 1 đang chờ duyệt")
		w.is(w.get("tinh", at+"/xem"), http.StatusOK, "Số: 01/BC-HKH", "Hy Cương, ngày 20 tháng 11 năm 2026", "82/100 gia đình", "Giao chỉ tiêu tới từng chi hội.", "Đinh Công Hùng", "chưa có số liệu")
		w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "1", "ly-do", ""), http.StatusUnprocessableEntity, "Ghi lý do.")
		w.is(w.post("tinh", at+"/duyet", "viec", "tra-lai", "ban", "1", "ly-do", "Thiếu phần khó khăn."), http.StatusSeeOther)
		w.is(w.get("lan", at), http.StatusOK, "Bị trả lại", "Người tinh trả lại ngày 20/11/2026", "Thiếu phần khó khăn.")
		w.is(w.get("lan", "/viec"), http.StatusOK, "Báo cáo năm 2026 bị trả lại")
		form[3] = w.version(w.get("lan", at))
		w.is(w.send("lan", at, append(form, "phan.difficulties", "Nhiều hộ đi làm xa.")...), http.StatusSeeOther)
		w.is(w.get("tinh", at+"/so-sanh?tu=1&den=2"), http.StatusOK, "0 số liệu khác nhau", "Nhiều hộ đi làm xa.")
		w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "1"), http.StatusConflict, "vừa có thay đổi")
		w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "2"), http.StatusSeeOther)

		// A correction: a reason, a new version, the difference figure by figure.
		w.count(2026, rollup.Counts{Recognised: 3})
		a = w.is(w.get("lan", at), http.StatusOK, "Đã duyệt", "Đính chính báo cáo đã duyệt")
		w.is(w.post("lan", at, "viec", "dinh-chinh", "version", w.version(a), "ly-do", " "), http.StatusUnprocessableEntity, "Ghi lý do.")
		w.is(w.post("lan", at, "viec", "dinh-chinh", "version", w.version(a), "ly-do", "Bổ sung ba hộ Khu 1."), http.StatusSeeOther)
		form[1], form[3] = "so-lieu", w.version(w.get("lan", at))
		w.is(w.send("lan", at, form...), http.StatusSeeOther)
		form[1], form[3] = "gui", w.version(w.get("lan", at))
		w.is(w.send("lan", at, form...), http.StatusSeeOther)
		w.is(w.get("tinh", at), http.StatusOK, "Đính chính: Bổ sung ba hộ Khu 1.", "Bản 3 đang chờ duyệt")
		w.is(w.get("tinh", at+"/so-sanh?tu=2&den=3"), http.StatusOK, "2 số liệu khác nhau", "82 85 +3", "Người gửi: Người lan", "Bổ sung ba hộ Khu 1.")
		w.is(w.get("tinh", at+"/xem?ban=1"), http.StatusOK, "82/100 gia đình") // the first one is what it was
		w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "3"), http.StatusSeeOther)

		for dang, holds := range map[string]string{"docx": "word/document.xml", "xlsx": "xl/workbook.xml"} {
			a = w.is(w.get("xem", at+"/tai?ban=3&dang="+dang), http.StatusOK)
			z, err := zip.NewReader(bytes.NewReader([]byte(a.raw)), int64(len(a.raw)))
			w.ok(err)
			f, err := z.Open(holds)
			w.ok(err)
			_, err = io.Copy(io.Discard, f)
			w.ok(err)
			if !strings.Contains(a.head.Get("Content-Disposition"), "bao-cao-nam-2026-so-03."+dang) {
				t.Errorf("%s", a.head.Get("Content-Disposition"))
			}
		}
		if _, list, err := w.s.Reports.Verify(w.ctx); err != nil || len(list) > 0 {
			t.Errorf("%v %v", list, err)
		}
		if _, list, err := w.s.Recognition.Verify(w.ctx); err != nil || len(list) > 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

// Two officers write at once: the second is told, and sees both texts.
func TestTwoOfficersAtOnce(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, _ := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	version := w.version(w.get("lan", at))
	w.is(w.post("minh", at, "viec", "luu", "version", version, "phan.work", "Bài của Minh", "so.members", "7"), http.StatusSeeOther)
	a := w.is(w.post("lan", at, "viec", "luu", "version", version, "phan.work", "Bài của Lan", "phan.proposals", "Kiến nghị của Lan", "so.members", "7"), http.StatusConflict,
		"Người khác vừa sửa báo cáo này", "Người minh vừa lưu nội dung này: Bài của Minh", "Bài của Lan", "Kiến nghị của Lan")
	if strings.Count(a.text, "vừa lưu nội dung này") != 2 { // the text that differs and the one that is missing; the figure is the same
		t.Errorf("%d notes: %s", strings.Count(a.text, "vừa lưu nội dung này"), a.text)
	}
	w.is(w.post("lan", at, "viec", "luu", "version", w.version(a), "phan.work", "Bài của Minh và Lan"), http.StatusSeeOther)
	w.is(w.get("minh", at), http.StatusOK, "Bài của Minh và Lan")
}

// What nobody should type is refused in words, all at once, and stays on the page.
func TestHostileInput(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, _ := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	version := w.version(w.get("lan", at))
	huge := strings.Repeat("chữ ", 25_000) // 100 kB and more
	a := w.is(w.post("lan", at, "viec", "gui", "version", version, "phan.work", huge, "so.members", "-5", "so.awards", "1e9", "so.centres", "99999999999999999999", "so.turns", "12 người", "so.budget", "1.000.000",
		"nguoi-ky", strings.Repeat("Ạ", 121)), http.StatusUnprocessableEntity, "nhiều nhất 10.000", "Ghi số nguyên từ 0", "nhiều nhất 120")
	for _, kept := range []string{`value="-5"`, `value="1e9"`, `value="99999999999999999999"`, `value="12 người"`, `value="1.000.000"`} {
		if !strings.Contains(a.raw, kept) {
			t.Errorf("%s is lost", kept)
		}
	}
	if !strings.Contains(a.text, "chữ chữ chữ") {
		t.Error("the long text is lost")
	}
	script := `<script>alert(1)</script>` + "\u202e\x07\x1b[31m"
	w.is(w.post("lan", at, "viec", "luu", "version", version, "phan.work", script, "nguoi-ky", "a\r\nb"), http.StatusSeeOther)
	a = w.is(w.get("lan", at), http.StatusOK, "<script>alert(1)</script>[31m")
	if strings.Contains(a.raw, "<script>alert") || strings.ContainsAny(a.raw, "\x07\x1b\u202e") {
		t.Error("what was typed runs, or hides")
	}
	w.is(w.get("lan", at+"/xem"), http.StatusOK, "<script>alert(1)</script>")
	w.is(w.post("lan", at, "viec", "luu", "version", "x"), http.StatusConflict)
	w.is(w.post("lan", at, "viec", "khac", "version", version), http.StatusNotFound)
	w.is(w.get("lan", at+"/xem?ban=99"), http.StatusNotFound)
	w.is(w.get("lan", at+"/so-sanh?tu=1&den=x"), http.StatusNotFound)
	w.is(w.get("lan", "/bao-cao/"+hyCuong+"/khong-co"), http.StatusNotFound, "không có báo cáo trong kỳ đó")
	a = w.is(w.post("tinh", "/bao-cao", "kind", "tuần", "level", "thôn", "year", "19999", "title", strings.Repeat("a", 300), "opens", "1/1/2026", "due", "", "closes", "2026-02-30"), http.StatusUnprocessableEntity, "Chọn loại báo cáo.", "Chọn nơi báo cáo.", "Chọn ngày.")
	if !strings.Contains(a.raw, "19999") {
		t.Error("the typed year is lost")
	}
	w.is(w.post("tinh", "/bao-cao", "kind", "year", "level", "commune", "year", "2026", "opens", "2026-11-01", "due", "2026-12-05", "closes", "2026-12-31", "chac", "co"), http.StatusUnprocessableEntity, "đã mở rồi")
}

// Who has no business there learns nothing and changes nothing.
func TestNobodyElse(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, board := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	version := w.version(w.get("lan", at))
	w.is(w.post("lan", at, "viec", "luu", "version", version, "phan.work", "Chuyện riêng của xã"), http.StatusSeeOther)
	for _, login := range []string{"binh", "khu", "tinhkhac", ""} {
		for _, path := range []string{at, at + "/xem", at + "/tai?dang=docx", at + "/so-sanh?tu=1&den=1"} {
			a := w.get(login, path)
			if a.code == http.StatusOK || strings.Contains(a.text, "Chuyện riêng") {
				t.Errorf("%q sees %s: %d", login, path, a.code)
			}
		}
		if a := w.get(login, board); a.code == http.StatusOK {
			t.Errorf("%q sees the board", login)
		}
	}
	for _, login := range []string{"binh", "khu", "tinhkhac", "xem", "tinh", ""} {
		for _, act := range []string{"lap", "luu", "gui", "so-lieu", "dinh-chinh"} {
			if a := w.post(login, at, "viec", act, "version", version, "phan.work", "x", "ly-do", "x"); a.code == http.StatusOK || a.code == http.StatusSeeOther && login != "" {
				t.Errorf("%q may %s: %d", login, act, a.code)
			}
		}
	}
	for _, login := range []string{"lan", "binh", "khu", "tinhkhac", "xem"} {
		for path, pairs := range map[string][]string{"/duyet": {"viec", "duyet", "ban", "1"}, "/gia-han": {"den-ngay", "2027-01-31", "ly-do", "x"}} {
			if a := w.post(login, at+path, pairs...); a.code != http.StatusForbidden {
				t.Errorf("%q on %s: %d", login, path, a.code)
			}
		}
		if a := w.post(login, "/bao-cao?noi="+phuTho, "kind", "half", "level", "commune", "year", "2026", "opens", "2026-06-01", "due", "2026-06-20", "closes", "2026-07-01"); a.code != http.StatusForbidden {
			t.Errorf("%q opens a period: %d", login, a.code)
		}
	}
	w.is(w.get("lan", at), http.StatusOK, "Chuyện riêng của xã")
	// An id of a report under another place's address is not there, also not under one's own.
	w.is(w.get("tinh", strings.Replace(at, hyCuong, phuTho, 1)), http.StatusNotFound)
	w.is(w.get("tinhkhac", strings.Replace(board, phuTho, haNoi, 1)), http.StatusNotFound)
}

// The province reports to the centre by the same pages; somebody at the centre accepts.
func TestProvinceToCentre(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	a := w.is(w.post("tinh", "/bao-cao", "kind", "half", "level", "province", "year", "2026", "opens", "2026-06-10", "due", "2026-12-14", "closes", "2026-12-31", "chac", "co"), http.StatusSeeOther)
	at := a.to
	w.is(w.post("tinh", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	w.is(w.send("tinh", at, "viec", "gui", "version", w.version(w.get("tinh", at)), "nguoi-ky", "Phạm Đình Minh"), http.StatusSeeOther)
	w.is(w.get("tinh", "/bao-cao"), http.StatusOK, "Báo cáo 6 tháng đầu năm 2026 gửi Trung ương", "Đã gửi, chờ duyệt")
	w.is(w.get("tinh", at+"/xem"), http.StatusOK, "Kính gửi: Trung ương Hội Khuyến học Việt Nam", "BC-HKH")
	w.is(w.post("tinh", at+"/duyet", "viec", "duyet", "ban", "1"), http.StatusForbidden)
	w.is(w.get("tinh", "/bao-cao?noi=vn"), http.StatusForbidden)
	w.is(w.get("trunguong", "/bao-cao"), http.StatusOK, "1 báo cáo chờ duyệt", "Tỉnh Phú Thọ, Báo cáo 6 tháng đầu năm 2026 gửi Trung ương")
	w.is(w.get("trunguong", at), http.StatusOK, "Bản 1 đang chờ duyệt")
	w.is(w.post("trunguong", at+"/duyet", "viec", "duyet", "ban", "1"), http.StatusSeeOther)
	w.is(w.get("tinh", at), http.StatusOK, "đã duyệt", "Người trunguong")
}

// After the last day nothing is taken, and the province may give one place longer.
func TestClosedAndExtended(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, board := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	version := w.version(w.get("lan", at))
	w.day = "2026-12-11"
	w.signAll("lan", "tinh") // sessions have ended
	w.is(w.get("lan", "/viec"), http.StatusOK, "Báo cáo năm 2026: hạn gửi 05/12/2026", "6 ngày")
	w.is(w.get("tinh", board+"?loc=cham"), http.StatusOK, "148 nơi chậm", "Chậm 6 ngày")
	w.is(w.get("tinh", "/viec"), http.StatusOK, "148 xã, phường chậm")
	w.day = "2027-01-02"
	w.signAll("lan", "tinh")
	w.is(w.get("lan", at), http.StatusOK, "đã khoá sổ ngày 31/12/2026")
	w.is(w.send("lan", at, "viec", "gui", "version", version, "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Vì"), http.StatusConflict, "đã khoá sổ ngày 31/12/2026")
	w.is(w.post("tinh", at+"/gia-han", "den-ngay", "2027-01-10", "ly-do", ""), http.StatusUnprocessableEntity, "Ghi lý do.")
	w.is(w.post("tinh", at+"/gia-han", "den-ngay", "2027-01-10", "ly-do", "Bão làm mất điện."), http.StatusSeeOther)
	a := w.is(w.get("lan", at), http.StatusOK, "Được gia hạn đến 10/01/2027", "Bão làm mất điện.")
	w.is(w.send("lan", at, "viec", "gui", "version", w.version(a), "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Vì"), http.StatusSeeOther)
}

// send presses the button that sends, and then the one on the page that asks; the answer is the last one.
func (w *world) send(login, at string, form ...string) answer {
	w.t.Helper()
	a := w.post(login, at, form...)
	if a.code != http.StatusSeeOther || a.to != at+"/gui" {
		return a
	}
	return w.post(login, a.to, "version", w.version(w.is(w.get(login, a.to), http.StatusOK, "Gửi báo cáo?", "lấy số và ngày hôm nay", "không rút về được")))
}

// Enter in a field presses the first button of the form: it saves and sends nothing. What is typed is kept in the browser, and sending asks first.
func TestEnterSavesAndSendingAsks(t *testing.T) {
	w := build(t, placetest.SQLite(t))
	at, _ := w.open()
	w.is(w.post("lan", at, "viec", "lap", "version", "1"), http.StatusSeeOther)
	a := w.get("lan", at)
	_, form, _ := strings.Cut(a.raw, "data-keep=\"bao-cao")
	first := regexp.MustCompile(`<button class="[^"]*" type="submit"[^>]*>`).FindString(form)
	if !strings.Contains(first, `value="luu"`) || !strings.Contains(form, "data-kept ") {
		t.Errorf("the first button is %s; a draft is offered: %t", first, strings.Contains(form, "data-kept "))
	}
	w.is(w.post("lan", at, "viec", "gui", "version", w.version(a), "nguoi-ky", "Hùng", "giai-trinh.family.2026.jump", "Vì"), http.StatusSeeOther)
	w.is(w.get("tinh", at), http.StatusOK, "chưa gửi")
	w.is(w.get("lan", at+"/gui"), http.StatusOK, "Báo cáo năm 2026 của xã Hy Cương", "Hội Khuyến học tỉnh Phú Thọ")
	for _, login := range []string{"binh", "xem", "tinh", "tinhkhac", "khu"} {
		w.is(w.get(login, at+"/gui"), http.StatusForbidden)
		w.is(w.post(login, at+"/gui", "version", "3"), http.StatusForbidden)
	}
	w.is(w.post("lan", at+"/gui", "version", "1"), http.StatusConflict)
	w.is(w.post("lan", at+"/gui", "version", w.version(w.get("lan", at+"/gui"))), http.StatusSeeOther)
	w.is(w.get("lan", at), http.StatusOK, "Đã gửi, chờ duyệt")
	w.is(w.get("lan", at+"/gui"), http.StatusSeeOther)
}

// signAll signs people in again.
func (w *world) signAll(logins ...string) {
	w.t.Helper()
	w.tokens = map[string]string{}
	for _, login := range logins {
		token, err := identitytest.Token(w.ctx, w.s.Identity, login, "mat khau dung cho phep thu")
		w.ok(err)
		w.tokens[login] = token
	}
}
