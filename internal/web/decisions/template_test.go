// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/blob"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/wording"
)

func (o *office) templateAt(slug string) string {
	return "/mau-van-ban/" + o.commune + "/hoi_kh_xa-" + o.commune + "/" + slug
}

// form is a template as its editor sends it, with some words changed.
func form(k wording.Kind, version int, act string, changes ...string) (pairs []string) {
	t := wording.Standard(k, false)
	r := strings.NewReplacer(changes...)
	for i, p := range t.Paragraphs {
		pairs = append(pairs, "vai-"+strconv.Itoa(i), string(p.Role), wording.FieldOf(i), strings.ReplaceAll(r.Replace(p.Text), "\n", "\r\n"))
	}
	return append(pairs, "version", strconv.Itoa(version), "viec", act)
}

// The whole way of a text: written, refused with all its faults, looked at, saved, issued from, changed, put back.
func TestTemplatePages(t *testing.T) {
	o := open(t, "Hà {{nam}} Chiến", nasty)
	o.get(officer, o.base()).is(200, "/mau-van-ban/"+o.commune)
	o.get(officer, "/mau-van-ban/"+o.commune).is(200, "Mẫu văn bản của xã Hy Cương", "Quyết định công nhận", "Mẫu chuẩn")
	at := o.templateAt("cong-nhan")
	o.get(officer, at).is(200, "{{so_luong}}", "VÍ DỤ", "Nguyễn Văn A", "số liệu ví dụ")
	// faults: all at once, by paragraph, and what was typed is kept
	bad := o.post(officer, at, append(form(wording.Recognise, 0, "luu", "Về việc", "Về {{so_luog}}", "kể từ ngày ký", "từ {{nam"), "ghi-chu", "thử")...).is(422, "Bạn muốn viết {{so_luong}}?", "mà không đóng", "Về {{so_luog}}", "từ {{nam", `value="thử"`, "Có 2 chỗ phải sửa")
	bad.lacks("<script>alert")
	o.post(officer, at, form(wording.Recognise, 0, "luu", "{{so_luong}}", "nhiều")...).is(422, "chưa có {{so_luong}}")
	// acts on paragraphs change nothing that is kept
	o.post(officer, at, form(wording.Recognise, 0, "them-article")...).is(200, `name="doan-10"`)
	o.post(officer, at, form(wording.Recognise, 0, "bo-7")...).is(200).lacks(`name="doan-10"`, "kể từ ngày ký")
	moved := o.post(officer, at, form(wording.Recognise, 0, "len-7")...).is(200).body
	if strings.Index(moved, "kể từ ngày ký") > strings.Index(moved, "Công nhận {{so_luong}}") {
		t.Error("the second article did not move up")
	}
	o.post(officer, at, form(wording.Recognise, 0, "xem", "Về việc", "Xem thử")...).is(200, "Xem thử công nhận danh hiệu")
	o.get(officer, at+"/ban").is(200, "Mẫu chuẩn")
	if text := wordText(t, o.post(officer, at+"/xem", append(form(wording.Recognise, 0, "", "Về việc", "Thử tệp"), "dang", "docx")...).is(200).body); !strings.Contains(text, "Thử tệp công nhận") {
		t.Errorf("a file of what is typed: %s", text)
	}
	// saved, and a rival is told
	if to := o.post(officer, at, append(form(wording.Recognise, 0, "luu", "Về việc công nhận", "V/v ghi công", "Công nhận {{so_luong}}", "Ghi công {{so_luong}}"), "ghi-chu", "Theo CV 12")...).moved(); !strings.HasPrefix(to, at) {
		t.Fatal(to)
	}
	o.post(officer, at, form(wording.Recognise, 0, "luu", "Về việc", "Của tôi")...).is(409, "vừa lưu một bản mới", "Của tôi công nhận", `name="version" value="1"`)
	o.get(officer, "/mau-van-ban/"+o.commune).is(200, "Bản 1 của cơ quan")
	o.get(officer, at+"/ban").is(200, "Theo CV 12", "<ins>V/v ghi công danh hiệu", "<del>Về việc công nhận danh hiệu")
	// issued with version 1; a name with braces stays as it is
	d := o.drafted()
	o.get(officer, d).is(200, "Ghi công 2 gia đình")
	o.sign(d, "1")
	o.get(officer, d).is(200, "Ghi công 2 gia đình", "Bản 1 của cơ quan")
	o.post(officer, at, form(wording.Recognise, 1, "luu", "Công nhận {{so_luong}}", "Biểu dương {{so_luong}}")...).moved()
	page := o.get(officer, d).is(200, "Ghi công 2 gia đình").lacks("Biểu dương", nasty)
	if !strings.Contains(html.UnescapeString(page.body), "Hà {{nam}} Chiến") {
		t.Error("a name with braces was read")
	}
	o.get(officer, o.base()).is(200, "V/v ghi công danh hiệu")
	o.get(officer, at).is(200, "Biểu dương 2 gia đình", "01/QĐ-HKH")
	if text := wordText(t, o.get(officer, d+"/tai?dang=docx").is(200).body); !strings.Contains(text, "Ghi công 2 gia đình") {
		t.Error("the file of the issued decision changed")
	}
	o.post(officer, at+"/ban", "ban", "1", "version", "1").is(409, "vừa lưu một bản mới")
	o.post(officer, at+"/ban", "ban", "1", "version", "2").moved()
	o.get(officer, at).is(200, "Ghi công 2 gia đình")
	o.post(officer, at+"/ban", "ban", "0", "version", "3").moved()
	o.get(officer, at).is(200, "Công nhận 2 gia đình")
	o.post(officer, at+"/ban", "ban", "9", "version", "4").is(404)
}

// Markup and odd letters in a template are words on every way out.
func TestHostileTemplate(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	at := o.templateAt("cong-nhan")
	const odd = "<script>alert(1)</script> & ]]> %s \\ {một} \u202e$1"
	o.post(officer, at, form(wording.Recognise, 0, "luu", "Về việc", odd, "kể từ ngày ký", "\"</w:t>'")...).moved()
	o.get(officer, at).is(200, "&lt;script&gt;alert(1)").lacks("<script>alert(1)")
	o.get(officer, at+"/ban").is(200, "&lt;script&gt;alert(1)").lacks("<script>alert(1)")
	d := o.drafted()
	o.get(officer, d).is(200, "&lt;script&gt;alert(1)").lacks("<script>alert(1)")
	if text := wordText(t, o.get(officer, d+"/tai?dang=docx").is(200).body); !strings.Contains(text, odd+" công nhận") || !strings.Contains(text, `hiệu lực "</w:t>'`) {
		t.Errorf("Word says %q", text)
	}
	o.post(officer, at, form(wording.Recognise, 1, "luu", "Về việc", strings.Repeat("dài ", 600))...).is(422, "Rút gọn lại")
	o.post(officer, at, "viec", "luu", "version", "1", "vai-0", "la", "doan-0", "x").is(422, "không thuộc loại văn bản này", "Cả mẫu")
	o.post(officer, at, "viec", "len-99999999999999999999", "vai-0", "about", "doan-0", "x").is(200)
	o.post(officer, at, "viec", "them-la", "vai-0", "about", "doan-0", "x").is(200)
}

func TestTemplateStrangers(t *testing.T) {
	o := open(t, "Hà Văn Chiến")
	at := o.templateAt("thong-bao")
	for _, who := range []string{neighbour, admin} {
		for _, path := range []string{"/mau-van-ban/" + o.commune, at, at + "/ban", at + "/xem?dang=docx", at + "/tep"} {
			if a := o.get(who, path); a.code != 403 && a.code != 404 {
				t.Errorf("%s reads %s: %d", who, path, a.code)
			}
		}
	}
	for _, who := range []string{neighbour, admin, volunteer, viewer, reviewer} {
		for _, path := range []string{at, at + "/ban"} {
			if a := o.post(who, path, append(form(wording.Notice, 0, "luu", "Công khai", "Của kẻ lạ"), "ban", "0")...); a.code != 403 && a.code != 404 {
				t.Errorf("%s writes %s: %d", who, path, a.code)
			}
		}
	}
	o.get(viewer, at).is(200, "mới sửa được mẫu").lacks(`name="doan-0"`)
	for _, path := range []string{"/mau-van-ban/" + o.commune + "/la/thong-bao", o.templateAt("la"), "/mau-van-ban/" + o.area, "/mau-van-ban/" + o.commune + "/ubnd_xa-" + o.commune + "/to-trinh", at + "?ban=7", at + "/tep"} {
		o.get(officer, path).is(404)
	}
	o.get(province, "/mau-van-ban/"+o.s.Home).is(200, "Hội Khuyến học các xã, phường")
	communes := "/mau-van-ban/" + o.s.Home + "/hoi_kh_xa-" + o.s.Home + "/thong-bao"
	o.get(province, communes).is(200, "(tên xã)")
	o.post(province, communes, form(wording.Notice, 0, "luu", "Công khai", "Tỉnh mong công khai")...).moved()
	o.get(officer, at).is(200, "Bản 1 của tỉnh", "Tỉnh mong công khai")
	o.post(officer, communes, form(wording.Notice, 1, "luu")...).is(403)
}

// Every kind has an editor, a preview on invented figures and its files.
func TestEveryTemplate(t *testing.T) {
	papertest.Faces(t)
	o := open(t, "Hà Văn Chiến")
	for _, slug := range []string{"to-trinh", "bien-ban", "cong-nhan", "tieu-bieu", "sua-doi", "thu-hoi", "thong-bao", "phieu-gui", "giay-chung-nhan"} {
		at := o.templateAt(slug)
		a := o.get(officer, at).is(200, "Xem trước").lacks("wording.", "template.")
		if strings.Contains(a.body, "…\"") {
			t.Errorf("%s: a field without a value", slug)
		}
		if text := pdfText(t, o.get(officer, at+"/xem?dang=pdf").is(200).body); strings.Contains(text, "{{") || len(text) < 100 {
			t.Errorf("%s: %s", slug, text)
		}
	}
}

// send posts a file as the office's own.
func (o *office) send(login, at string, version int, name string, docx []byte) answer {
	o.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	o.ok(m.WriteField("version", strconv.Itoa(version)))
	w, err := m.CreateFormFile("tep", name)
	o.ok(err)
	_, err = w.Write(docx)
	o.ok(err)
	o.ok(m.Close())
	r := httptest.NewRequest("POST", at+"/tep", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return o.do(login, r)
}

// officeFile is a Word file that LibreOffice made of a page.
func officeFile(t *testing.T, body string) []byte {
	t.Helper()
	papertest.Need(t, "soffice")
	dir := t.TempDir()
	page := filepath.Join(dir, "mau.html")
	if err := os.WriteFile(page, []byte(`<html><head><meta charset="utf-8"></head><body>`+body+`</body></html>`), 0o600); err != nil {
		t.Fatal(err)
	}
	papertest.Run(t, "soffice", "--convert-to", "docx:MS Word 2007 XML", "--outdir", dir, page)
	docx, err := os.ReadFile(filepath.Join(dir, "mau.docx"))
	if err != nil {
		t.Fatal(err)
	}
	return docx
}

// TestOwnFile takes a file that LibreOffice made, with fields cut by its own marks, through the pages; LibreOffice reads what comes out.
func TestOwnFile(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", nasty)
	var err error
	o.s.Blobs, err = blob.Open(t.TempDir())
	o.ok(err)
	at := o.templateAt("cong-nhan")
	docx := officeFile(t, `<p>CƠ QUAN RIÊNG: {{ten_co_<b>quan</b>}}</p><p>Số {{so_van_ban}}, {{dia_danh}}, {{ngay_van_ban}}</p><p>{{can_cu}}</p><p>{{noi_dung}}</p><p>{{<i>nguoi</i>_ky}} {{ghi_chu}}</p>
		<table border="1" width="100%"><tr><th width="10%">TT</th><th width="75%">Tên</th><th width="15%">Điểm</th></tr><tr><td>{{dong.stt}}</td><td>{{dong.<b>ten</b>}}</td><td>{{dong.diem}}</td></tr></table><p>Hết, {{so_luong}} tên.</p>`)
	o.send(officer, at, 0, "mau.docx", []byte("không phải Word")).is(422, "không phải Word dạng .docx")
	o.send(officer, at, 0, "mau.docx", nil).is(422, "Chưa chọn tệp nào")
	o.send(officer, at, 0, "mau.docx", officeFile(t, `<p>{{so_luog}} {{noi_dung}}</p>`)).is(422, "Bạn muốn viết {{so_luong}}?", "{{dong.ten}}")
	o.send(volunteer, at, 0, "mau.docx", docx).is(403)
	o.send(officer, at, 0, "../../Mẫu riêng.docx", docx).moved()
	o.get(officer, at).is(200, "Word theo mẫu của cơ quan")
	o.get(officer, at+"/ban").is(200, "Mẫu riêng.docx").lacks("../")
	if got := o.get(officer, at+"/tep").is(200).body; got != string(docx) {
		t.Error("the file is not what was sent")
	}
	sum := sha256.Sum256(docx)
	named, err := o.s.Recognition.NamedFiles(o.ctx, []string{hex.EncodeToString(sum[:]), strings.Repeat("0", 64)})
	o.ok(err)
	if len(named) != 1 || !named[hex.EncodeToString(sum[:])] {
		t.Errorf("a sweep would take the file: %v", named)
	}
	d := o.drafted()
	o.get(officer, d).is(200, "/tai?dang=mau")
	if text := wordText(t, o.get(officer, d+"/tai?dang=mau").is(200).body); !strings.Contains(text, "DỰ THẢO") {
		t.Errorf("the draft does not say so: %s", text)
	}
	o.sign(d, "1")
	post := o.post(officer, at+"/ban", "ban", "0", "version", "1") // the issued decision keeps its form
	post.moved()
	body := o.get(officer, d+"/tai?dang=mau").is(200).body
	dir := t.TempDir()
	o.ok(os.WriteFile(filepath.Join(dir, "a.docx"), []byte(body), 0o600))
	papertest.Run(t, "soffice", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, "a.docx"))
	text := strings.Join(strings.Fields(papertest.Run(t, "pdftotext", "-layout", filepath.Join(dir, "a.pdf"), "-")), " ")
	for _, want := range []string{"CƠ QUAN RIÊNG: Hội Khuyến học xã Hy Cương", "Số 01/QĐ-HKH, Hy Cương, ngày 01 tháng 12 năm 2026", "Căn cứ Điều lệ Hội Khuyến học Việt Nam;", "Điều 1. Công nhận 3 gia đình", "Điều 3. Văn phòng", signer,
		"Hà Văn Chiến", "Đinh Thị Thuỷ", nasty, "Hết, 3 tên."} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "{{") || strings.Contains(text, "DỰ THẢO") {
		t.Errorf("left over: %s", text)
	}
	o.get(officer, at+"/tep").is(404)
	o.get(officer, at+"/tep?ban=1").is(200)
}
