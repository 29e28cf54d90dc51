// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions_test

import (
	"archive/zip"
	"io"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
)

// TestFiles reads what an officer downloads with other programs: it says what the page says, draft or issued.
func TestFiles(t *testing.T) {
	papertest.Faces(t) // those in the program are of the same build
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", nasty)
	at := o.drafted()
	if text := wordText(t, o.get(officer, at+"/tai?dang=docx").is(200).body); !strings.Contains(text, "DỰ THẢO") || !strings.Contains(text, "Công nhận 3 gia đình") {
		t.Errorf("the draft says %s", text)
	}
	o.get(officer, at+"/giay/tai").is(404, "không còn giấy chứng nhận")
	o.get(officer, at+"/tai?dang=docx&giay=thong-bao").is(404)
	o.sign(at, "1")
	for kind, text := range map[string]string{"docx": wordText(t, o.get(officer, at+"/tai?dang=docx").is(200).body), "pdf": pdfText(t, o.get(officer, at+"/tai?dang=pdf").is(200).body)} {
		for _, want := range []string{"01/QĐ-HKH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Điều 1.", "(Kèm theo Quyết định số 01/QĐ-HKH", "Hà Văn Chiến", "Đinh Thị Thu", "<script>", "Danh sách này có 3 gia đình"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q: %s", kind, want, text)
			}
		}
		if strings.Contains(text, "DỰ THẢO") {
			t.Errorf("%s calls itself a draft", kind)
		}
	}
	if kept := o.get(officer, at+"/tai?dang=pdfa").is(200).body; !strings.Contains(kept, "<pdfaid:part>2</pdfaid:part>") || !strings.Contains(pdfText(t, kept), "Hà Văn Chiến") {
		t.Error("the file to keep is no PDF/A, or says something else")
	}
	all := pdfText(t, o.get(officer, at+"/giay/tai").is(200).body)
	for _, title := range o.titles(at) {
		if !strings.Contains(all, title.Code.String()) {
			t.Errorf("no certificate %s in %s", title.Code, all)
		}
	}
	if one := pdfText(t, o.get(officer, at+"/giay/tai?so=2").is(200).body); strings.Count(one, "GIẤY CHỨNG NHẬN") != 1 {
		t.Errorf("one certificate: %s", one)
	}
	o.get(officer, at+"/tai?dang=exe").is(404)
}

// wordText is the text of a Word file without its marks.
func wordText(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "word/document") && !strings.HasPrefix(f.Name, "word/header") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		xml, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		in := false
		for _, c := range string(xml) {
			switch {
			case c == '<':
				in = true
			case c == '>':
				in = false
			case !in:
				b.WriteRune(c)
			}
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'").Replace(b.String())
}

// pdfText is what a reader of PDF sees.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	return strings.Join(strings.Fields(papertest.Run(t, "pdftotext", "-layout", papertest.Keep(t, "a.pdf", []byte(body)), "-")), " ")
}

// TestPapersAround reads the papers before and after a decision: the request with its list, the council's minutes, the notice without anybody's
// points, and the note with which certificates go out.
func TestPapersAround(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ", nasty)
	ask := o.base() + "/de-nghi/tai?mo-hinh=family&nam=2026&dang=docx&giay="
	for path, want := range map[string][]string{
		ask + "to-trinh": {"TỜ TRÌNH", "TTr-HĐ", "Kính gửi: Ban Thường vụ Hội Khuyến học xã Hy Cương", "công nhận 3 gia đình", "DANH SÁCH ĐỀ NGHỊ CÔNG NHẬN", "Hà Văn Chiến", "<script>"},
		ask + "bien-ban": {"Họp Hội đồng xét công nhận danh hiệu “Gia đình học tập” năm 2026", "Biểu quyết", "Khu 7", "CHỦ TỊCH HỘI ĐỒNG"},
	} {
		text := wordText(t, o.get(officer, path).is(200).body)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q: %s", path, w, text)
			}
		}
	}
	o.get(officer, ask+"x").is(404)
	at := o.drafted()
	o.sign(at, "1")
	notice := wordText(t, o.get(officer, at+"/tai?dang=docx&giay=thong-bao").is(200).body)
	for _, want := range []string{"THÔNG BÁO", "Quyết định số 01/QĐ-HKH ngày 01 tháng 12 năm 2026", "Hà Văn Chiến", "từ ngày 01 tháng 12 năm 2026 đến ngày 31 tháng 12 năm 2026"} {
		if !strings.Contains(notice, want) {
			t.Errorf("the notice lacks %q: %s", want, notice)
		}
	}
	if strings.Contains(notice, "Điểm") {
		t.Error("the notice tells points")
	}
	note := wordText(t, o.get(officer, at+"/tai?dang=docx&giay=phieu-gui").is(200).body)
	for _, want := range []string{"PHIẾU GỬI", "0001 - 0003", "Khu 7"} {
		if !strings.Contains(note, want) {
			t.Errorf("the note lacks %q: %s", want, note)
		}
	}
}

// TestIssuedPapers gives a notice its number through the page: it is frozen with it, stands in its own register, and a wrong date keeps what was typed.
func TestIssuedPapers(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	at := o.drafted()
	o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", signer).is(404)
	o.sign(at, "1")
	o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-02", "nguoi-ky", "Người Ký Khác").is(422, "chưa đến", `value="2026-12-02"`, "Người Ký Khác")
	o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", "").is(422, "người ký")
	o.post(officer, at+"/giay-to", "giay", "x", "ngay", "2026-12-01", "nguoi-ky", signer).is(404)
	if to := o.post(officer, at+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", "Người Ký Khác").moved(); to != at+"#giay-to" {
		t.Fatalf("leads to %s", to)
	}
	o.post(officer, at+"/giay-to", "giay", "phieu-gui", "ngay", "2026-12-01", "nguoi-ky", signer).moved()
	page := o.get(officer, at)
	page.is(200, "01/TB-HKH", "01/PG-HKH")
	_, link, _ := strings.Cut(page.body, `href="`+at+`/giay-to/`)
	link, _, _ = strings.Cut(link, "?")
	text := wordText(t, o.get(officer, at+"/giay-to/"+link+"?dang=docx").is(200).body)
	for _, want := range []string{"Số: 01/TB-HKH", "Hy Cương, ngày 01 tháng 12 năm 2026", "Người Ký Khác", "Hà Văn Chiến"} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice lacks %q: %s", want, text)
		}
	}
	o.get(officer, at+"/giay-to/x?dang=docx").is(404)
	book := o.base() + "/so?co-quan=hoi_kh_xa-" + o.commune + "&nam=2026"
	o.get(officer, book).is(200, "01/QĐ-HKH").lacks("01/TB-HKH")
	o.get(officer, book+"&loai=thong-bao").is(200, "01/TB-HKH", "Thông báo công khai kết quả", "Người Ký Khác", "(Loại văn bản: Thông báo)").lacks("01/QĐ-HKH", "01/PG-HKH")
}

// TestIssuedRequest gives a request its number: the list as it was asked for stays, and a wrong form keeps what was typed.
func TestIssuedRequest(t *testing.T) {
	o := open(t, "Hà Văn Chiến", "Đinh Thị Thuỷ")
	ask := o.base() + "/de-nghi"
	form := func(date, who string) []string {
		return []string{"mo-hinh", "family", "nam", "2026", "loai", "", "ngay", date, "nguoi-ky", who}
	}
	o.post(officer, ask+"/to-trinh", form("2026-12-02", "Người Ký Khác")...).is(422, "chưa đến", `value="2026-12-02"`, "Người Ký Khác")
	o.post(officer, ask+"/to-trinh", form("2026-12-01", "")...).is(422, "người ký")
	o.post(officer, ask+"/to-trinh", form("", signer)...).is(422)
	o.post(neighbour, ask+"/to-trinh", form("2026-12-01", signer)...).is(403)
	if to := o.post(officer, ask+"/to-trinh", form("2026-12-01", signer)...).moved(); !strings.HasSuffix(to, "#to-trinh") {
		t.Fatalf("leads to %s", to)
	}
	list := ask + "?mo-hinh=family&nam=2026"
	_, link, _ := strings.Cut(o.get(officer, list).is(200, "01/TTr-HĐ").body, ask+"/to-trinh/")
	link, _, _ = strings.Cut(link, "?")
	ground := "Theo đề nghị của Hội đồng xét công nhận tại Tờ trình số 01/TTr-HĐ ngày 01 tháng 12 năm 2026."
	first := o.post(officer, ask, append(form("", ""), "lai", o.files()[0].ID)...).moved()
	o.get(officer, first).is(200, ground)
	o.sign(o.drafted(), "1") // the list is empty now, the request is as it was
	text := wordText(t, o.get(officer, ask+"/to-trinh/"+link+"?dang=docx").is(200).body)
	for _, want := range []string{"Số: 01/TTr-HĐ", "ngày 01 tháng 12 năm 2026", "Hà Văn Chiến", "công nhận 2 gia đình"} {
		if !strings.Contains(text, want) {
			t.Errorf("the request lacks %q: %s", want, text)
		}
	}
	o.get(officer, list).is(200, "01/TTr-HĐ")
	o.post(officer, ask+"/to-trinh", form("2026-12-01", signer)...).is(422)                                                // nobody left to ask for
	best := o.post(officer, ask, "mo-hinh", "family", "nam", "2026", "loai", "tieu-bieu", "chon", o.files()[0].ID).moved() // nobody asked for exemplary ones yet
	o.get(officer, best).is(200).lacks("Theo đề nghị của")
	exemplary := []string{"mo-hinh", "family", "nam", "2026", "loai", "tieu-bieu", "ngay", "2026-12-01", "nguoi-ky", signer, "chon", o.files()[0].ID}
	o.post(officer, ask+"/to-trinh", exemplary...).moved()
	best = o.post(officer, ask, exemplary...).moved()
	o.get(officer, best).is(200, "Theo đề nghị của Hội Khuyến học xã Hy Cương tại Tờ trình số 02/TTr-HKH ngày 01 tháng 12 năm 2026.")
	o.sign(best, "1")
	best = o.post(officer, ask, append(exemplary[:len(exemplary)-1], o.files()[1].ID)...).moved() // that request has been answered
	o.get(officer, best).is(200).lacks("Theo đề nghị của")
	o.get(neighbour, ask+"/to-trinh/"+link+"?dang=docx").is(403)
	o.get(officer, ask+"/to-trinh/x?dang=docx").is(404)
	book := o.base() + "/so?co-quan=hoi_kh_xa-" + o.commune + "&nam=2026&loai="
	o.get(officer, book+"to-trinh").is(200, "01/TTr-HĐ", "(Loại văn bản: Tờ trình)").lacks("01/QĐ-HKH", "Đặt số đầu")
	o.get(officer, book+"thong-bao").is(200, "Đặt số đầu")
	o.post(officer, o.base()+"/so", "co-quan", "hoi_kh_xa-"+o.commune, "nam", "2026", "loai", "thong-bao", "first", "0").is(422)
	if to := o.post(officer, o.base()+"/so", "co-quan", "hoi_kh_xa-"+o.commune, "nam", "2026", "loai", "thong-bao", "first", "31").moved(); !strings.Contains(to, "loai=thong-bao") {
		t.Errorf("leads to %s", to)
	}
	o.get(officer, book+"thong-bao").is(200, "Các số trước 31 ở sổ giấy")
	o.get(officer, book+"x").is(404)
}
