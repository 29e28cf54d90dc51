// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package merge_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/wording"
	"hoctap/internal/wording/merge"
)

const (
	types = `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	rels = `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	open = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:body>`
	end  = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`
	// demanded is what every decision's file needs, at its end.
	needed = `<w:p><w:r><w:t>{{so_van_ban}} {{nguoi_ky}} {{ghi_chu}} {{noi_dung}}</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{dong.ten}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`
)

func p(runs ...string) string {
	var b strings.Builder
	b.WriteString("<w:p>")
	for _, r := range runs {
		b.WriteString("<w:r><w:rPr><w:b/></w:rPr><w:t>" + r + "</w:t></w:r>")
	}
	return b.String() + "</w:p>"
}

// pack makes a file of parts; "-name" leaves one of the usual out.
func pack(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	parts := map[string]string{"[Content_Types].xml": types, "_rels/.rels": rels, "word/document.xml": open + body + end}
	names := []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
	for i := 0; i+1 < len(more); i += 2 {
		if _, known := parts[more[i]]; !known {
			names = append(names, more[i])
		}
		parts[more[i]] = more[i+1]
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, parts[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func list(rows ...wording.Values) iter.Seq[wording.Values] { return slices.Values(rows) }

func fill(t testing.TB, docx []byte, v wording.Values, rows iter.Seq[wording.Values]) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := merge.Write(&b, docx, wording.Recognise, v, rows); err != nil {
		t.Fatal(err)
	}
	return unpack(t, b.Bytes())
}

func unpack(t testing.TB, docx []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(b)
		if strings.HasSuffix(f.Name, ".xml") {
			wellFormed(t, f.Name, b)
		}
	}
	return parts
}

func wellFormed(t testing.TB, name string, b []byte) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v in %s", name, err, b)
		}
	}
}

var tag = regexp.MustCompile(`<(?:"[^"]*"|[^">])*>`)

// said is the text of each paragraph, those between | and |.
func said(doc string) string {
	doc = strings.NewReplacer("</w:p>", "|", "<w:br/>", "¶").Replace(doc)
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&amp;", "&").Replace(tag.ReplaceAllString(doc, ""))
}

var values = wording.Values{"so_van_ban": "01/QĐ", "nguoi_ky": "Đức", "ghi_chu": "", "noi_dung": "Điều 1. Một.\nĐiều 2. Hai.", "so_luong": "1.234", "mo_hinh": "Gia đình học tập", "nam": "năm 2026",
	"ten_co_quan": `Hội <b> & "Hà" {{nam}}`, "kem_danh_sach": "(có danh sách)"}

// tail is what needed says with these values and no row.
const tail = "01/QĐ Đức  Điều 1. Một.¶Điều 2. Hai.||"

func TestFields(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"whole":                        {p("Có {{so_luong}} hộ"), "Có 1.234 hộ|"},
		"split letter by letter":       {p("Có ", "{", "{", "so", "_lu", "ong", "}", "}", " hộ"), "Có 1.234 hộ|"},
		"two fields in one run, split": {p("{{nam}}{{so_", "luong}}{{nam}}"), "năm 20261.234năm 2026|"},
		"blanks":                       {p("a {{ so_luong }} b"), "a 1.234 b|"},
		"markup in a value":            {p("{{ten_co_quan}}"), `Hội <b> & "Hà" {{nam}}|`},
		"written as entities":          {p("&#123;{so_luong&#x7D;} &amp; Đ"), "1.234 & Đ|"},
		"marks between runs":           {`<w:p><w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve">x {{so_</w:t></w:r><w:bookmarkStart w:id="0" w:name="a>b"/><!-- {{ --><w:r><w:t>luong}} y</w:t></w:r></w:p>`, "x 1.234 y|"},
		"a break ends a field":         {p("a") + `<w:p><w:r><w:t>1</w:t><w:tab/><w:t>{{nam}}</w:t></w:r></w:p>`, "a|1năm 2026|"},
		"alone with many lines":        {p("{{noi_dung}}"), "Điều 1. Một.|Điều 2. Hai.|"},
		"a text box":                   {`<w:p><w:r><w:t>{{so_</w:t></w:r><w:r><w:pict><w:txbxContent>` + p("{{nam}}") + `</w:txbxContent></w:pict></w:r><w:r><w:t>luong}} x</w:t></w:r></w:p>`, "1.234năm 2026| x|"},
		"a row of none":                {`<w:tbl><w:tr><w:tc>` + p("{{dong.stt}}") + `</w:tc></w:tr></w:tbl>`, "|"},
	} {
		docx := pack(t, c.body+needed)
		got := said(fill(t, docx, values, list())["word/document.xml"])
		if got != c.want+tail {
			t.Errorf("%s: %q, want %q", name, got, c.want+tail)
		}
	}
}

// Another prefix than w: is as good, and the strict form of the format too.
func TestOtherPrefix(t *testing.T) {
	body := strings.NewReplacer("<w:", "<ns0:", "</w:", "</ns0:", "xmlns:w=", "xmlns:ns0=", "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main").
		Replace(open + p("{{so_", "luong}}") + needed + end)
	parts := fill(t, pack(t, "", "word/document.xml", body), values, list())
	if got := parts["word/document.xml"]; !strings.Contains(got, "1.234") || strings.Contains(got, "{{") || !strings.Contains(got, "</ns0:t><ns0:br/>") {
		t.Error(got)
	}
}

func TestRows(t *testing.T) {
	row := `<w:tr w14:paraId="0A" w:rsidR="1"><w:tc><w:p w14:paraId="0B" w14:textId="77"><w:r><w:t>{{dong.</w:t></w:r><w:r><w:t>stt}}</w:t></w:r></w:p></w:tc><w:tc>` + p("{{dong.ten}}") + `</w:tc><w:tc>` + p("{{nam}}") + `</w:tc></w:tr>`
	body := `<w:tbl><w:tr><w:tc>` + p("TT") + `</w:tc></w:tr>` + row + `<w:tr><w:tc>` + p("Cộng {{so_luong}}") + `</w:tc></w:tr></w:tbl>` + p("{{so_van_ban}}{{nguoi_ky}}{{ghi_chu}}{{noi_dung}}")
	doc := fill(t, pack(t, body), values, list(wording.Values{"dong.stt": "1", "dong.ten": "Hà & con"}, wording.Values{"dong.stt": "2", "dong.ten": "{{dong.stt}}"}))["word/document.xml"]
	if got, want := said(doc), "TT|1|Hà & con|năm 2026|2|{{dong.stt}}|năm 2026|Cộng 1.234|01/QĐĐứcĐiều 1. Một.¶Điều 2. Hai.|"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if strings.Contains(doc, "paraId") || !strings.Contains(doc, `w:rsidR="1"`) {
		t.Errorf("ids that must be single: %s", doc)
	}
}

// What has no fields stays byte for byte, packed as it was.
func TestUntouched(t *testing.T) {
	picture := strings.Repeat("\x89PNG\x00\xff", 1000)
	docx := pack(t, needed, "word/media/image1.png", picture, "word/styles.xml", "<?xml version=\"1.0\"?>\n<w:styles  xmlns:w='x'/>", "word/header1.xml", "<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"+p("{{ten_co_", "quan}}")+"</w:hdr>",
		"word/footer2.xml", "<w:ftr  xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"+p("trang")+"</w:ftr>")
	var b bytes.Buffer
	if err := merge.Write(&b, docx, wording.Recognise, values, list()); err != nil {
		t.Fatal(err)
	}
	before, after := unpack(t, docx), unpack(t, b.Bytes())
	for name, text := range before {
		if name != "word/document.xml" && name != "word/header1.xml" && after[name] != text {
			t.Errorf("%s changed", name)
		}
	}
	if got := said(after["word/header1.xml"]); !strings.Contains(got, `Hội <b> & "Hà" {{nam}}|`) {
		t.Errorf("the header says %q", got)
	}
	doc := after["word/document.xml"]
	if cut := strings.Index(doc, "</w:body>"); !strings.HasPrefix(doc, open+"<w:p><w:r><w:t xml:space=\"preserve\">01/QĐ") || cut < 0 {
		t.Errorf("around fields: %s", doc)
	}
}

func keys(err error) (list []string) {
	f, _ := fault.As(err)
	if f == nil {
		return nil
	}
	for _, e := range f.Fields {
		s := strings.TrimPrefix(e.Key, "wording.file_")
		for _, a := range []string{"name", "near"} {
			if v, ok := e.Args[a].(string); ok {
				s += ":" + v
			}
		}
		list = append(list, s)
	}
	return list
}

func TestRefusals(t *testing.T) {
	relation := func(kind, target, mode string) []string {
		return []string{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` +
			kind + `" Target="` + target + `" TargetMode="` + mode + `"/></Relationships>`}
	}
	bomb := strings.Repeat(strings.Repeat(" ", 1<<20), 17)
	for name, c := range map[string]struct {
		docx []byte
		want []string
	}{
		"long, of many letters":  {pack(t, strings.Repeat(p(strings.Repeat("&amp;", 1000)), 300)+needed), nil},
		"right":                  {pack(t, needed), nil},
		"a link":                 {pack(t, needed, relation("hyperlink", "https://hoctap.vn/", "External")...), nil},
		"unknown field":          {pack(t, p("{{so_luog}} {{", "xyzxyz}}")+needed), []string{"unknown:{{so_luog}}:{{so_luong}}", "unknown_far:{{xyzxyz}}:{{}}"}},
		"open braces":            {pack(t, p("Công nhận {{so_luong")+needed), []string{"unclosed:Công nhận {{so_luong"}},
		"field over lines":       {pack(t, p("{{so_")+p("luong}}")+needed), []string{"unclosed:{{so_"}},
		"row outside":            {pack(t, p("{{dong.stt}}")+needed), []string{"row:{{dong.stt}}"}},
		"rows in rows":           {pack(t, `<w:tbl><w:tr><w:tc>`+p("{{dong.stt}}")+`<w:tbl><w:tr><w:tc>`+p("{{dong.ten}}")+`</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>`+needed), []string{"nested"}},
		"nothing in it":          {pack(t, p("Xin chào")), []string{"missing:{{so_luong}}", "missing:{{mo_hinh}}", "missing:{{nam}}", "missing:{{kem_danh_sach}}", "missing:{{ghi_chu}}", "missing:{{so_van_ban}}", "missing:{{nguoi_ky}}", "missing:{{dong.ten}}"}},
		"no zip":                 {[]byte("%PDF-1.7"), []string{"kind"}},
		"empty":                  {nil, []string{"kind"}},
		"too large":              {make([]byte, merge.MaxFile+1), []string{"large"}},
		"another zip":            {pack(t, needed, "[Content_Types].xml", strings.ReplaceAll(types, "wordprocessingml.document.main", "spreadsheetml.sheet.main")), []string{"kind"}},
		"macros":                 {pack(t, needed, "word/vbaProject.bin", "x"), []string{"macro"}},
		"macro type":             {pack(t, needed, "[Content_Types].xml", strings.ReplaceAll(types, "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main")), []string{"macro"}},
		"bomb":                   {pack(t, needed, "word/media/a.bin", bomb), []string{"bomb"}},
		"an endless paragraph":   {pack(t, p(strings.Repeat("a", 1<<20))+needed), []string{"bomb"}},
		"too many fields":        {pack(t, strings.Repeat(p(strings.Repeat("{{nam}}", 1000)), 6)+needed), []string{"bomb"}},
		"an endless row":         {pack(t, "<w:tbl><w:tr><w:tc>"+p("{{dong.ten}}")+strings.Repeat(p("a"), 2000)+"</w:tc></w:tr></w:tbl>"+needed), []string{"bomb"}},
		"a way out":              {pack(t, needed, "../a.xml", "<a/>"), []string{"damaged"}},
		"twice":                  {pack(t, needed, "word/a.xml", "<a/>", "Word/A.xml", "<a/>"), []string{"damaged"}},
		"entities":               {pack(t, needed, "word/settings.xml", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`), []string{"damaged"}},
		"not well-formed":        {pack(t, "<w:p>"+needed), []string{"damaged"}},
		"deep":                   {pack(t, strings.Repeat("<a>", 300)+strings.Repeat("</a>", 300)+needed), []string{"damaged"}},
		"a foreign picture":      {pack(t, needed, relation("image", "https://xau.example/a.png", "External")...), []string{"outside"}},
		"a foreign template":     {pack(t, needed, relation("attachedTemplate", "file:///C:/a.dotm", "External")...), []string{"outside"}},
		"a script behind a link": {pack(t, needed, relation("hyperlink", "javascript:alert(1)", "External")...), []string{"outside"}},
		"an embedded program":    {pack(t, needed, relation("oleObject", "embeddings/a.bin", "Internal")...), []string{"outside"}},
		"a program unnamed":      {pack(t, needed, "word/embeddings/a.bin", "MZ"), []string{"outside"}},
		"what is fetched":        {pack(t, `<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO c:\\x</w:instrText></w:r></w:p>`+needed), []string{"fetches"}},
		"what is fetched simply": {pack(t, `<w:p><w:fldSimple w:instr=" INCLUDEPICTURE x "/></w:p>`+needed), []string{"fetches"}},
	} {
		if got := keys(merge.Check(c.docx, wording.Recognise)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if err := merge.Write(io.Discard, c.docx, wording.Recognise, values, list()); (err == nil) != (c.want == nil) {
			t.Errorf("%s is written: %v", name, err)
		}
	}
	if got := keys(merge.Check(pack(t, needed), wording.Certificate)); !slices.Equal(got, []string{"none"}) {
		t.Errorf("a certificate: %v", got)
	}
}

func BenchmarkTenThousandRows(b *testing.B) {
	docx := pack(b, p("{{so_luong}}")+needed)
	for b.Loop() {
		if err := merge.Write(io.Discard, docx, wording.Recognise, values, many(10_000)); err != nil {
			b.Fatal(err)
		}
	}
}

func many(n int) iter.Seq[wording.Values] {
	return func(yield func(wording.Values) bool) {
		for i := range n {
			if !yield(wording.Values{"dong.stt": fmt.Sprint(i + 1), "dong.ten": fmt.Sprintf("Nguyễn Văn %d", i+1)}) {
				return
			}
		}
	}
}

// FuzzBody merges whatever stands in a document: what passes the check comes out well-formed, and no value is read as markup.
func FuzzBody(f *testing.F) {
	for _, body := range []string{needed, p("{{so_", "luong}}") + needed, `<w:p><w:r><w:t>&#x7b;{nam}}</w:t><w:br/></w:r></w:p>` + needed, `<w:t><w:p>{{nam}}</w:p></w:t>` + needed, `<w:tr><w:t>{{dong.ten}}`,
		`<w:p><w:t a=">">{{nam}}<w:p/><![CDATA[{{]]>x</w:t></w:p>` + needed} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		docx := pack(t, body)
		var b bytes.Buffer
		err := merge.Write(&b, docx, wording.Recognise, values, many(3))
		if merge.Check(docx, wording.Recognise) != nil {
			if err == nil {
				t.Error("what the check refuses was written")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, b.Bytes())
	})
}

// FuzzFile opens whatever comes.
func FuzzFile(f *testing.F) {
	f.Add(pack(f, needed))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, docx []byte) {
		var b bytes.Buffer
		if merge.Write(&b, docx, wording.Recognise, values, many(2)) == nil {
			unpack(t, b.Bytes())
		}
	})
}
