// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"

	"golang.org/x/sync/errgroup"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/pdf"
)

// decision is a paper with a list of n names; invented.
func decision(n int) *paper.Document {
	run := func(s string, bold, italic bool) paper.Run { return paper.Run{Text: s, Bold: bold, Italic: italic} }
	article := func(no, text, tail string) paper.Paragraph {
		return paper.Paragraph{Style: paper.Body, Runs: []paper.Run{run(no, true, false), run(" "+text, false, false), run(tail, false, true)}}
	}
	list := paper.Table{Columns: []paper.Column{{Head: "TT", Share: 0.1, Align: paper.Middle}, {Head: "Chủ hộ", Share: 0.45}, {Head: "Khu dân cư", Share: 0.3}, {Head: "Điểm", Share: 0.15, Align: paper.Right}}}
	for i := range n {
		list.Rows = append(list.Rows, []string{fmt.Sprint(i + 1), "Nguyễn Thị Ngoẵn Số " + fmt.Sprint(i+1), fmt.Sprintf("Khu %d", i%12+1), "92,5"})
	}
	d := &paper.Document{Title: "Quyết định số 214/QĐ-UBND", Author: "Ủy ban nhân dân xã Hy Cương", Date: "2026-12-08", Parts: []paper.Part{
		{Name: "Quyết định", Blocks: []paper.Block{
			paper.Head{Issuer: []string{"ỦY BAN NHÂN DÂN", "XÃ HY CƯƠNG"}, Number: "Số: 214/QĐ-UBND", Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc", Day: "Hy Cương, ngày 08 tháng 12 năm 2026"},
			paper.Title{Kind: "QUYẾT ĐỊNH", About: "Về việc công nhận danh hiệu “Gia đình học tập” tiêu biểu năm 2026"},
			paper.Text(paper.Centre, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG"),
			paper.Text(paper.Ground, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;"),
			paper.Text(paper.Ground, "Căn cứ Quyết định số 387/QĐ-TTg ngày 25 tháng 3 năm 2022 của Thủ tướng Chính phủ phê duyệt Chương trình “Đẩy mạnh phong trào học tập suốt đời trong gia đình, dòng họ, cộng đồng, đơn vị giai đoạn 2021 - 2030”;"),
			paper.Text(paper.Ground, "Theo đề nghị của Hội Khuyến học xã Hy Cương tại Tờ trình số 31/TTr-HKH ngày 05 tháng 12 năm 2026."),
			paper.Text(paper.Centre, "QUYẾT ĐỊNH:"),
			article("Điều 1.", "Công nhận 286 gia đình đạt danh hiệu “Gia đình học tập” tiêu biểu năm 2026 ", "(có danh sách kèm theo)."),
			article("Điều 2.", "Quyết định này có hiệu lực kể từ ngày ký.", ""),
			article("Điều 3.", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã, Hội Khuyến học xã, các cơ quan, đơn vị có liên quan và các gia đình có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.", ""),
			paper.Sign{Recipients: []string{"Nơi nhận:", "- Như Điều 3;", "- UBND tỉnh (để b/c);", "- Hội Khuyến học tỉnh (để b/c);", "- Lưu: VT, HKH."},
				Signers: []paper.Signer{{Post: "CHỦ TỊCH", Place: "(chữ ký, dấu của cơ quan)", Name: "Người Ký Thử"}}},
			paper.Code{Text: "https://hoctap.example/xac-minh/QD2608515214", Caption: []string{"Tra cứu bản gốc", "QD-08515-214-2026"}},
		}},
		{Name: "Danh sách", Blocks: []paper.Block{
			paper.Title{Kind: "DANH SÁCH KÈM THEO QUYẾT ĐỊNH", Of: "(Kèm theo Quyết định số 214/QĐ-UBND ngày 08 tháng 12 năm 2026)"},
			list,
			paper.Text(paper.Closing, fmt.Sprintf("Danh sách này có %d gia đình./.", n)),
		}},
	}}
	d.Clean()
	return d
}

func certificates(n int) func(func(paper.Certificate, error) bool) {
	return func(yield func(paper.Certificate, error) bool) {
		for i := range n {
			c := paper.Certificate{Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc", Issuer: "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG", Kind: "GIẤY CHỨNG NHẬN",
				What: "Gia đình học tập tiêu biểu năm 2026", Holder: fmt.Sprintf("Gia đình ông Hà Văn Chiến %d", i+1), Address: "Khu 7, xã Hy Cương, tỉnh Phú Thọ", Day: "Hy Cương, ngày 08 tháng 12 năm 2026",
				Post: "CHỦ TỊCH", Signer: "Người Ký Thử", Entered: "Kèm Quyết định số 214/QĐ-UBND. Số vào sổ: 0143", Code: "8K2M-91QX-7ZPA", Scan: "Quét mã để xác minh",
				Link: fmt.Sprintf("https://hoctap.example/xac-minh/8K2M91QX%04d", i)}
			if !yield(c, nil) {
				return
			}
		}
	}
}

func written(t *testing.T, name string, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return papertest.Keep(t, name, b.Bytes())
}

// pages are the texts of a file's pages as people see them.
func pages(t *testing.T, path string) []string {
	return strings.Split(strings.TrimSuffix(papertest.Run(t, "pdftotext", "-layout", path, "-"), "\f"), "\f")
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// A decision on paper: lines that the decree wants on one line are on one, the list's head is on each page, numbers from the second.
func TestDecision(t *testing.T) {
	p := papertest.Press(t)
	path := written(t, "decision.pdf", func(b *bytes.Buffer) error { return p.Write(b, decision(60)) })
	papertest.Run(t, "qpdf", "--check", path)
	list := pages(t, path)
	if len(list) != 3 {
		t.Fatalf("%d pages", len(list))
	}
	var lines []string
	for _, l := range strings.Split(list[0], "\n") {
		lines = append(lines, squeezed(l))
	}
	for _, want := range []string{"ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "XÃ HY CƯƠNG Độc lập - Tự do - Hạnh phúc", "QUYẾT ĐỊNH",
		"Về việc công nhận danh hiệu “Gia đình học tập” tiêu biểu năm 2026", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG", "Điều 2. Quyết định này có hiệu lực kể từ ngày ký."} {
		found := false
		for _, l := range lines {
			found = found || l == want
		}
		if !found {
			t.Errorf("no line %q in\n%s", want, list[0])
		}
	}
	for i, page := range list {
		first := squeezed(strings.SplitN(strings.TrimLeft(page, "\n"), "\n", 2)[0])
		if numbered := first == fmt.Sprint(i+1); numbered != (i > 0) {
			t.Errorf("page %d begins with %q", i+1, first)
		}
		if i > 0 && !strings.Contains(squeezed(page), "TT Chủ hộ Khu dân cư Điểm") {
			t.Errorf("page %d has no head of the list:\n%s", i+1, page)
		}
	}
	for i := range 60 {
		if want := fmt.Sprintf("Nguyễn Thị Ngoẵn Số %d Khu", i+1); !strings.Contains(squeezed(list[1]+list[2]), want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, line := range strings.Split(papertest.Run(t, "pdffonts", path), "\n")[2:] {
		if f := strings.Fields(line); len(f) > 5 && f[len(f)-5] != "yes" {
			t.Errorf("not embedded: %s", line)
		}
	}
	if info := papertest.Run(t, "pdfinfo", path); !strings.Contains(info, "(A4)") || !strings.Contains(info, "Quyết định số 214/QĐ-UBND") {
		t.Error(info)
	}
}

// Every certificate's code is read back by a scanner, each on its own page of A4 landscape.
func TestCertificates(t *testing.T) {
	p := papertest.Press(t)
	path := written(t, "certificates.pdf", func(b *bytes.Buffer) error {
		return p.Certificates(b, "Giấy chứng nhận", "UBND xã Hy Cương", "2026-12-08", certificates(3))
	})
	papertest.Run(t, "qpdf", "--check", path)
	if info := papertest.Run(t, "pdfinfo", path); !strings.Contains(info, "841.89 x 595.28") || !strings.Contains(info, "Pages:           3") {
		t.Error(info)
	}
	stem := filepath.Join(t.TempDir(), "page")
	papertest.Run(t, "pdftoppm", "-r", "110", "-png", path, stem)
	for i := range 3 {
		got := papertest.Run(t, "zbarimg", "-q", "--raw", fmt.Sprintf("%s-%d.png", stem, i+1))
		if want := fmt.Sprintf("https://hoctap.example/xac-minh/8K2M91QX%04d", i); strings.TrimSpace(got) != want {
			t.Errorf("page %d says %q", i+1, got)
		}
	}
	for i, page := range pages(t, path) {
		if !strings.Contains(page, fmt.Sprintf("Gia đình ông Hà Văn Chiến %d", i+1)) || !strings.Contains(page, "GIẤY CHỨNG NHẬN") {
			t.Errorf("page %d:\n%s", i+1, page)
		}
	}
}

func TestSamePaperSameBytes(t *testing.T) {
	p := papertest.Press(t)
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := p.Write(w, decision(5)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two files of one paper differ")
	}
}

// Many print with one press; none sees the others.
func TestTogether(t *testing.T) {
	p := papertest.Press(t)
	files := make([]bytes.Buffer, 4)
	var all errgroup.Group
	for i := range files {
		all.Go(func() error { return p.Write(&files[i], decision(40)) })
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if !bytes.Equal(files[0].Bytes(), files[i].Bytes()) {
			t.Errorf("file %d differs", i)
		}
	}
}

// A part's bookmark points to the top of its page, though the last page lies on its side.
func TestBookmarks(t *testing.T) {
	p := papertest.Press(t)
	d := decision(1)
	d.Parts = append(d.Parts, sideways().Parts...)
	path := written(t, "bookmarks.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
	var file struct {
		Outlines []struct {
			Title string
			Dest  []any
		}
	}
	if err := json.Unmarshal([]byte(papertest.Run(t, "qpdf", "--json", "--json-key=outlines", path)), &file); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range file.Outlines {
		got = append(got, fmt.Sprint(o.Title, o.Dest[3]))
	}
	if want := "[Quyết định841.89 Danh sách841.89 Biểu595.28]"; fmt.Sprint(got) != want {
		t.Errorf("%v, not %v", got, want)
	}
}

// A row that no page holds goes on over pages and loses nothing.
func TestRowHigherThanPages(t *testing.T) {
	p := papertest.Press(t)
	var text []string
	for i := range 900 {
		text = append(text, fmt.Sprintf("w%d", i))
	}
	d := &paper.Document{Title: "x", Parts: []paper.Part{{Blocks: []paper.Block{paper.Table{Columns: []paper.Column{{Head: "TT", Share: .1}, {Head: "Giải trình", Share: .3}, {Head: "Trống", Share: .6}},
		Rows: [][]string{{"1", "trước", ""}, {"2", strings.Join(text, " "), ""}, {"3", "sau", ""}}}}}}}
	path := written(t, "high.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
	list := pages(t, path)
	for i, page := range list {
		if !strings.Contains(page, "Giải trình") {
			t.Errorf("page %d has no head", i+1)
		}
	}
	got := " " + squeezed(papertest.Run(t, "pdftotext", "-raw", path, "-")) + " "
	for _, w := range append(text, "trước", "sau") {
		if !strings.Contains(got, " "+w+" ") {
			t.Errorf("%s is missing", w)
		}
	}
	if len(list) < 3 {
		t.Errorf("%d pages", len(list))
	}
}

func TestMissingFace(t *testing.T) {
	if _, err := pdf.New(pdf.Faces{}); fault.KindOf(err) != fault.KindConflict {
		t.Error(err)
	}
}

func BenchmarkDecision5000(b *testing.B) {
	p := papertest.Press(b)
	d := decision(5000)
	for b.Loop() {
		var out bytes.Buffer
		if err := p.Write(&out, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCertificates5000(b *testing.B) {
	p := papertest.Press(b)
	for b.Loop() {
		var out bytes.Buffer
		if err := p.Certificates(&out, "x", "x", "2026-12-08", certificates(5000)); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/1e6, "MB")
	}
}

// What papers say of themselves stands on every page.
func TestMarks(t *testing.T) {
	p := papertest.Press(t)
	d := decision(60)
	d.Marks = paper.Marks{Notice: "DỰ THẢO · Bộ tiêu chí dựng tạm", Across: "DỮ LIỆU BỊA"}
	path := written(t, "marks.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
	for i, page := range pages(t, path) {
		if !strings.Contains(page, "DỰ THẢO · Bộ tiêu chí dựng tạm") {
			t.Errorf("page %d has no notice", i+1)
		}
	}
	if raw := squeezed(papertest.Run(t, "pdftotext", "-raw", path, "-")); strings.Count(raw, "DỮ LIỆU BỊA") != 3 {
		t.Errorf("the word across stands on %d of 3 pages", strings.Count(raw, "DỮ LIỆU BỊA"))
	}
}

// Names that are too long for their place are broken or made smaller and lose nothing; a missing signer, an empty list and no parts are no fault.
func TestLongAndEmpty(t *testing.T) {
	p := papertest.Press(t)
	long := strings.Repeat("Nguyễn Hoàng Bảo Trâm Anh ", 6)
	for name, d := range map[string]*paper.Document{
		"none":  {Title: "x"},
		"empty": {Title: "x", Parts: []paper.Part{{Blocks: []paper.Block{paper.Table{Columns: []paper.Column{{Head: "TT", Share: 1}}}, paper.Sign{}, paper.Head{}}}}},
		"long": {Title: "x", Parts: []paper.Part{{Landscape: true, Blocks: []paper.Block{paper.Title{Kind: long, About: long},
			paper.Table{Columns: []paper.Column{{Head: "TT", Share: .2}, {Head: long, Share: .8}}, Rows: [][]string{{strings.Repeat("Ỡ", 60), long}}}, paper.Text(paper.Body, strings.Repeat("ễ", 300))}}}},
	} {
		path := written(t, name+".pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
		papertest.Run(t, "qpdf", "--check", path)
		if name != "long" {
			continue
		}
		text := strings.Join(strings.Fields(papertest.Run(t, "pdftotext", path, "-")), "")
		if got := strings.Count(text, "Ỡ"); got != 60 {
			t.Errorf("%d of 60 letters", got)
		}
		if got := strings.Count(text, "ễ"); got < 300 {
			t.Errorf("%d of 300 letters", got)
		}
	}
}

// Wherever a paper ends, the page with its signature has words of the last paragraph above it.
func TestNobodySignsAPageOfItsOwn(t *testing.T) {
	p := papertest.Press(t)
	sign := paper.Sign{Recipients: []string{"Nơi nhận:", "- Như trên;"}, Signers: []paper.Signer{{Post: "CHỦ TỊCH", Name: "Người Ký Thử"}}}
	for _, last := range []string{"dòngcuối", strings.Repeat("dòngcuối ", 25), strings.Repeat("dòngcuối ", 90)} {
		for lines := 18; lines < 44; lines += 2 {
			d := &paper.Document{Title: "x", Parts: []paper.Part{{}}}
			for range lines {
				d.Parts[0].Blocks = append(d.Parts[0].Blocks, paper.Text(paper.Plain, "một dòng"))
			}
			d.Parts[0].Blocks = append(d.Parts[0].Blocks, paper.Text(paper.Body, last), sign)
			if len(last) < 20 { // below a table, and two below each other
				d.Parts[0].Blocks = append(d.Parts[0].Blocks[:lines], paper.Table{Columns: []paper.Column{{Head: "TT", Share: 1}}, Rows: [][]string{{"1"}, {last}}}, sign, sign)
			}
			pages := strings.Split(papertest.Run(t, "pdftotext", written(t, "foot.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) }), "-"), "\f")
			for _, page := range pages {
				if strings.Contains(page, "CHỦ TỊCH") && !strings.Contains(page, "dòngcuối") {
					t.Fatalf("%d lines and %d letters: the signature stands alone", lines, len(last))
				}
			}
		}
	}
}

// Recipients of minutes that two sign stand below them, since there is no room beside.
func TestRecipientsBelowTwoSigners(t *testing.T) {
	p := papertest.Press(t)
	d := &paper.Document{Title: "x", Parts: []paper.Part{{Blocks: []paper.Block{paper.Text(paper.Body, "Biên bản."),
		paper.Sign{Recipients: []string{"Nơi nhận:", "- Lưu: Hồ sơ."}, Signers: []paper.Signer{{Post: "THƯ KÝ", Name: "Một"}, {Form: "TM. HỘI ĐỒNG\nKT. CHỦ TỊCH", Post: "PHÓ CHỦ TỊCH", Name: "Hai"}}}}}}}
	text := papertest.Run(t, "pdftotext", "-layout", written(t, "two.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) }), "-")
	var rows []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			rows = append(rows, line)
		}
	}
	want := []string{"Biên bản.", "THƯ KÝ TM. HỘI ĐỒNG", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Một Hai", "Nơi nhận:", "- Lưu: Hồ sơ."}
	if !slices.Equal(rows, want) {
		t.Errorf("%q", rows)
	}
}

// A name as long as the registry takes is on the sheet whole.
func TestLongHolder(t *testing.T) {
	p := papertest.Press(t)
	for _, holder := range []string{"Gia đình " + strings.Repeat("Phước ", 18) + "Bảo", strings.Repeat("Ỡ", 100), "Gia đình Nguyễn Thị Ngọc Ẩn"} {
		list := func(yield func(paper.Certificate, error) bool) { yield(paper.Certificate{Holder: holder}, nil) }
		boxes := papertest.Run(t, "pdftotext", "-bbox", written(t, "long-holder.pdf", func(b *bytes.Buffer) error { return p.Certificates(b, "x", "x", "", list) }), "-")
		shown := ""
		for _, m := range regexp.MustCompile(`xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="[-\d.]+">([^<]*)<`).FindAllStringSubmatch(boxes, -1) {
			from, _ := strconv.ParseFloat(m[1], 64)
			to, _ := strconv.ParseFloat(m[2], 64)
			if from < 60 || to > 842-60 {
				t.Errorf("%q stands from %.0f to %.0f", m[3], from, to)
			}
			shown += m[3]
		}
		if shown != strings.ReplaceAll(holder, " ", "") {
			t.Errorf("%q shows as %q", holder, shown)
		}
	}
}

// A long title is set in lines of nearly one length.
func TestTitlesLeaveNoWordAlone(t *testing.T) {
	p := papertest.Press(t)
	d := &paper.Document{Title: "x", Parts: []paper.Part{{Blocks: []paper.Block{paper.Title{Kind: "BIÊN BẢN", About: "Họp Hội đồng xét công nhận danh hiệu “Gia đình học tập” năm 2026"}}}}}
	path := written(t, "title.pdf", func(b *bytes.Buffer) error { return p.Write(b, d) })
	lines := strings.Split(strings.TrimSpace(pages(t, path)[0]), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if len(lines) != 3 || len([]rune(last)) < 20 {
		t.Errorf("the title ends with %q:\n%s", last, strings.Join(lines, "\n"))
	}
}
