// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
)

// decision is a paper with a list of n names and a wide annex; all invented.
func decision(n int) *paper.Document {
	article := func(no, words, tail string) paper.Paragraph {
		return paper.Paragraph{Style: paper.Body, Runs: []paper.Run{{Text: no, Bold: true}, {Text: " " + words}, {Text: tail, Italic: true}}}
	}
	list := paper.Table{Columns: []paper.Column{{Head: "TT", Share: 0.08, Align: paper.Middle}, {Head: "Họ và tên chủ hộ", Share: 0.42}, {Head: "Khu dân cư", Share: 0.35}, {Head: "Điểm", Share: 0.15, Align: paper.Right}},
		Total: []string{"", "Cộng", "", fmt.Sprint(n)}}
	for i := range n {
		list.Rows = append(list.Rows, []string{fmt.Sprint(i + 1), fmt.Sprintf("Nguyễn Thị Ngoẵn %d", i+1), fmt.Sprintf("Khu %d, xã Hy Cương", i%12+1), "92,5"})
	}
	wide := paper.Table{}
	for i := range 10 {
		wide.Columns = append(wide.Columns, paper.Column{Head: fmt.Sprintf("Tiêu chí %d", i+1), Share: 0.1, Align: paper.Middle})
	}
	wide.Rows = [][]string{strings.Fields("1 2 3 4 5 6 7 8 9 10")}
	d := &paper.Document{Title: "Quyết định số 214/QĐ-UBND", Author: "Ủy ban nhân dân xã Hy Cương", Date: "2026-12-08", Parts: []paper.Part{
		{Name: "Quyết định", Blocks: []paper.Block{
			paper.Head{Issuer: []string{"ỦY BAN NHÂN DÂN", "XÃ HY CƯƠNG"}, Number: "Số: 214/QĐ-UBND", Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
				Motto: "Độc lập - Tự do - Hạnh phúc", Day: "Hy Cương, ngày 08 tháng 12 năm 2026"},
			paper.Title{Kind: "QUYẾT ĐỊNH", About: "Về việc công nhận danh hiệu “Gia đình học tập” tiêu biểu năm 2026"},
			paper.Text(paper.Centre, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG"),
			paper.Text(paper.Ground, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;"),
			paper.Text(paper.Ground, "Căn cứ Quyết định số 387/QĐ-TTg ngày 25 tháng 3 năm 2022 của Thủ tướng Chính phủ phê duyệt Chương trình “Đẩy mạnh phong trào học tập suốt đời trong gia đình, dòng họ, cộng đồng, đơn vị giai đoạn 2021 - 2030”;"),
			paper.Text(paper.Ground, "Căn cứ Kế hoạch số 1767/KH-UBND ngày 19 tháng 5 năm 2022 của Ủy ban nhân dân tỉnh Phú Thọ;"),
			paper.Text(paper.Ground, "Theo đề nghị của Hội Khuyến học xã Hy Cương tại Tờ trình số 31/TTr-HKH ngày 05 tháng 12 năm 2026."),
			paper.Text(paper.Centre, "QUYẾT ĐỊNH:"),
			article("Điều 1.", "Công nhận 286 gia đình đạt danh hiệu “Gia đình học tập” tiêu biểu năm 2026 ", "(có danh sách kèm theo)."),
			article("Điều 2.", "Quyết định này có hiệu lực kể từ ngày ký.", ""),
			article("Điều 3.", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã, Hội Khuyến học xã, các cơ quan, đơn vị có liên quan và các gia đình có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.", ""),
			paper.Sign{Recipients: []string{"Nơi nhận:", "- Như Điều 3;", "- UBND tỉnh (để b/c);", "- Hội Khuyến học tỉnh (để b/c);", "- Lưu: VT, HKH."},
				Signers: []paper.Signer{{Post: "CHỦ TỊCH", Place: "(chữ ký số, dấu của cơ quan)", Name: "Người Ký Thử"}}},
			paper.Code{Text: "https://hoctap.example/xac-minh/QD2608515214", Caption: []string{"Tra cứu bản gốc", "QD-08515-214-2026"}},
		}},
		{Name: "Danh sách", Blocks: []paper.Block{
			paper.Title{Kind: "DANH SÁCH", About: "Gia đình đạt danh hiệu “Gia đình học tập” tiêu biểu năm 2026", Of: "(Kèm theo Quyết định số 214/QĐ-UBND ngày 08 tháng 12 năm 2026)"},
			list,
			paper.Text(paper.Closing, fmt.Sprintf("Danh sách này có %d gia đình./.", n)),
		}},
		{Name: "Phụ lục", Landscape: true, Blocks: []paper.Block{
			paper.Title{Kind: "PHỤ LỤC", Of: "(Kèm theo Quyết định số 214/QĐ-UBND ngày 08 tháng 12 năm 2026)"},
			wide,
		}},
	}}
	d.Clean()
	return d
}

func written(t testing.TB, d *paper.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts opens a file as a program would and fails on a part that is no XML, that nothing declares, or that is declared and missing.
func parts(t *testing.T, file []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range r.File {
		if _, twice := found[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = string(content)
		if !strings.HasSuffix(f.Name, ".png") {
			wellFormed(t, f.Name, content)
		}
	}
	declared(t, found)
	linked(t, found)
	return found
}

func wellFormed(t *testing.T, name string, content []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(content))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func declared(t *testing.T, found map[string]string) {
	t.Helper()
	var types struct {
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(found["[Content_Types].xml"]), &types); err != nil {
		t.Error(err)
	}
	for _, o := range types.Override {
		if _, ok := found[strings.TrimPrefix(o.PartName, "/")]; !ok {
			t.Errorf("%s is declared and missing", o.PartName)
		}
	}
	for name := range found {
		own := name == "[Content_Types].xml" || strings.HasSuffix(name, ".rels") || strings.HasSuffix(name, ".png")
		for _, o := range types.Override {
			own = own || o.PartName == "/"+name
		}
		if !own {
			t.Errorf("%s has no content type of its own", name)
		}
	}
}

func linked(t *testing.T, found map[string]string) {
	t.Helper()
	ids := map[string]bool{}
	for name, content := range found {
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		var links struct {
			Relationship []struct {
				ID     string `xml:"Id,attr"`
				Target string `xml:",attr"`
			}
		}
		if err := xml.Unmarshal([]byte(content), &links); err != nil {
			t.Error(err)
		}
		for _, l := range links.Relationship {
			if target := path.Join(path.Dir(path.Dir(name)), l.Target); found[target] == "" {
				t.Errorf("%s points to %s, which is missing", name, target)
			}
			if strings.Contains(name, "document.xml") {
				ids[l.ID] = true
			}
		}
	}
	for _, attribute := range []string{`r:id="`, `r:embed="`} {
		for _, rest := range strings.Split(found["word/document.xml"], attribute)[1:] {
			if id, _, _ := strings.Cut(rest, `"`); !ids[id] {
				t.Errorf("document.xml uses the relationship %s, which is missing", id)
			}
		}
	}
}

// words is the text of a part as programs read it, with a line for each paragraph.
func words(t *testing.T, part string) string {
	t.Helper()
	var s strings.Builder
	d := xml.NewDecoder(strings.NewReader(part))
	for inside := false; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inside = x.Name.Local == "t"
		case xml.CharData:
			if inside {
				s.Write(x)
			}
		case xml.EndElement:
			inside = false
			if x.Name.Local == "p" {
				s.WriteByte('\n')
			}
		}
	}
}

func TestParts(t *testing.T) {
	d := decision(3)
	d.Marks = paper.Marks{Notice: "Bộ tiêu chí chưa chính thức", Across: "DỮ LIỆU GIẢ ĐỊNH"}
	got := parts(t, written(t, d))
	for part, wants := range map[string][]string{
		"word/document.xml": {`<w:tblHeader/>`, `<w:titlePg/>`, `w:orient="landscape"`, `w:name="part2_Danh_sách"`, `r:embed="code1"`},
		"word/styles.xml":   {`w:val="Paper Body"`, `w:val="vi-VN"`, `w:cs="Times New Roman"`},
		"word/header1.xml":  {"Bộ tiêu chí chưa chính thức", `string="DỮ LIỆU GIẢ ĐỊNH"`},
		"word/header2.xml":  {"Bộ tiêu chí chưa chính thức", `string="DỮ LIỆU GIẢ ĐỊNH"`, ` PAGE `},
		"docProps/core.xml": {"<dc:title>Quyết định số 214/QĐ-UBND</dc:title>", "<dc:creator>Ủy ban nhân dân xã Hy Cương</dc:creator>", ">2026-12-08T00:00:00Z<"},
	} {
		for _, want := range wants {
			if !strings.Contains(got[part], want) {
				t.Errorf("%s lacks %s", part, want)
			}
		}
	}
	if strings.Contains(got["word/header1.xml"], " PAGE ") {
		t.Error("the first page has a number")
	}
	if n := strings.Count(got["word/document.xml"], "<w:sectPr>"); n != len(d.Parts) {
		t.Errorf("%d sections for %d parts", n, len(d.Parts))
	}
	styles := got["word/styles.xml"]
	for _, rest := range strings.Split(got["word/document.xml"], `<w:pStyle w:val="`)[1:] {
		if id, _, _ := strings.Cut(rest, `"`); !strings.Contains(styles, `w:styleId="`+id+`"`) {
			t.Fatalf("the style %s is used and missing", id)
		}
	}
}

func TestHostileText(t *testing.T) {
	const hostile = "<w:t>&\"']]>\x00\x08\x1b\ufffe\u202eđảo\u202c\u200f \xff</w:p><!--"
	const want = "<w:t>&\"']]>\u202eđảo\u202c\u200f </w:p><!--"
	all := []string{hostile}
	d := &paper.Document{Title: hostile, Author: hostile, Date: hostile, Marks: paper.Marks{Notice: hostile, Across: hostile}, Parts: []paper.Part{{Name: hostile, Blocks: []paper.Block{
		paper.Head{Superior: all, Issuer: all, Number: hostile, Nation: hostile, Motto: hostile, Day: hostile},
		paper.Title{Kind: hostile, About: hostile, Of: hostile, To: all},
		paper.Text(paper.Body, hostile), paper.Text("none", hostile),
		paper.Table{Columns: []paper.Column{{Head: hostile, Share: 1}}, Rows: [][]string{all}, Total: all},
		paper.Sign{Recipients: all, Signers: []paper.Signer{{Form: hostile, Post: hostile, Place: hostile, Name: hostile}}},
		paper.Code{Text: hostile, Caption: all},
	}}}}
	raw := written(t, d) // not clean, it is still a file
	parts(t, raw)
	d.Clean()
	got := parts(t, written(t, d))
	if n := strings.Count(words(t, got["word/document.xml"]), want+"\n"); n != 21 {
		t.Errorf("%d of 21 texts came back:\n%q", n, words(t, got["word/document.xml"]))
	}
	if s := words(t, got["word/header1.xml"]); !strings.Contains(s, want) {
		t.Errorf("notice %q", s)
	}
}

func TestSameBytes(t *testing.T) {
	if !bytes.Equal(written(t, decision(40)), written(t, decision(40))) {
		t.Error("the same document gave two files")
	}
	draft := decision(2)
	draft.Date = ""
	if !bytes.Equal(written(t, draft), written(t, draft)) {
		t.Error("the same draft gave two files")
	}
}

// odd are documents with less or more than a paper has.
func odd() map[string]*paper.Document {
	long := strings.Repeat("Nguyễn Thị Tường ", 8)[:120]
	one := func(blocks ...paper.Block) *paper.Document {
		return &paper.Document{Parts: []paper.Part{{Blocks: blocks}}}
	}
	return map[string]*paper.Document{
		"nothing":     {},
		"empty parts": {Parts: []paper.Part{{}, {Landscape: true}}},
		"empty blocks": one(paper.Head{}, paper.Title{}, paper.Paragraph{}, paper.Table{}, paper.Sign{}, paper.Code{},
			paper.PageBreak{}, paper.Table{Columns: []paper.Column{{}, {Share: -1}}}, paper.Code{}),
		"uneven rows": one(paper.Table{Columns: []paper.Column{{Head: "a", Share: 3}, {Head: "b"}}, Rows: [][]string{nil, {"1"}, {"1", "2", "3"}}, Total: []string{}}),
		"long names": one(paper.Head{Superior: []string{long}, Issuer: []string{long, long}, Number: long, Nation: long, Motto: long, Day: long}, paper.Title{Kind: long, About: long, Of: long},
			paper.Table{Columns: []paper.Column{{Head: long, Share: 0.12}, {Head: long, Share: 0.88}}, Rows: [][]string{{long, strings.ReplaceAll(long, " ", "")}}},
			paper.Sign{Recipients: []string{long, long}, Signers: []paper.Signer{{Form: long, Post: long, Place: long, Name: long}}}, paper.Code{Text: long, Caption: []string{long}}),
		"minutes": one(paper.Sign{Recipients: []string{"Nơi nhận:", "- Lưu."}, Signers: []paper.Signer{{Post: "THƯ KÝ", Name: "Một"}, {Form: "TM. HỘI ĐỒNG", Post: "CHỦ TỊCH", Name: "Hai"}, {Name: "Ba"}}}),
		"letter": one(paper.Head{Issuer: []string{"HỘI KHUYẾN HỌC", "XÃ HY CƯƠNG"}, Number: "Số: 12/HKH", Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc", Day: "Hy Cương, ngày 08 tháng 12 năm 2026"},
			paper.Title{About: "V/v rà soát danh sách gia đình học tập", To: []string{"Kính gửi:", "- Ủy ban nhân dân xã;", "- Các chi hội."}}, paper.Text(paper.Body, "Nội dung.")),
	}
}

func TestOddDocuments(t *testing.T) {
	for name, d := range odd() {
		t.Run(name, func(t *testing.T) {
			d.Clean()
			document := parts(t, written(t, d))["word/document.xml"]
			if strings.Contains(document, "</w:tcPr></w:tc>") || strings.Contains(document, "</w:tbl></w:tc>") || strings.Contains(document, "</w:tbl><w:tbl>") {
				t.Error("a cell does not end with a paragraph, or two tables touch")
			}
		})
	}
	letter := words(t, parts(t, written(t, odd()["letter"]))["word/document.xml"])
	if strings.Count(letter, "V/v rà soát") != 1 || strings.Index(letter, "V/v rà soát") > strings.Index(letter, "ngày 08") {
		t.Errorf("the subject of a letter stands below its number:\n%s", letter)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestErrors(t *testing.T) {
	if err := docx.Write(full{}, decision(5000)); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error of the writer: %v", err)
	}
	d := decision(1)
	d.Parts[0].Blocks = []paper.Block{paper.Code{Text: strings.Repeat("x", 5000)}}
	if err := docx.Write(io.Discard, d); err == nil {
		t.Error("no error for a code that no symbol holds")
	}
	d.Parts[0].Blocks = []paper.Block{&paper.Head{}}
	if err := docx.Write(io.Discard, d); err == nil {
		t.Error("no error for a block that would get lost")
	}
}

func BenchmarkDecision5000(b *testing.B) {
	d := decision(5000)
	b.ReportAllocs()
	for b.Loop() {
		if err := docx.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
