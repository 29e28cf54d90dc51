// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"runtime"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/sheet"
)

func TestRefused(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	whole := messy(t)
	row := func(cells string) map[string]string {
		return map[string]string{"xl/worksheets/sheet1.xml": sheetXML(`<row r="1">` + cells + `</row>`)}
	}
	part := func(name, body string) []byte { return handmade(t, map[string]string{name: body}) }
	many := make(map[string]string, sheet.MaxParts)
	for i := range sheet.MaxParts {
		many[fmt.Sprintf("xl/media/%d.png", i)] = ""
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":              {nil, "sheet.empty"},
		"only blanks":          {[]byte("\xEF\xBB\xBF \r\n"), "sheet.empty"},
		"picture":              {picture.Bytes(), "sheet.picture"},
		"PDF":                  {[]byte("%PDF-1.7\n%..."), "sheet.pdf"},
		"web page":             {[]byte("<html><body><table><tr><td>1</td></tr></table></body></html>"), "sheet.html"},
		"XML spreadsheet":      {[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`), "sheet.html"},
		"program":              {[]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00"), "sheet.not_sheet"},
		"xls":                  {ole("Root Entry", "Workbook"), "sheet.xls"},
		"old xls":              {ole("Root Entry", "Book"), "sheet.xls"},
		"locked":               {ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "sheet.locked"},
		"doc":                  {ole("Root Entry", "WordDocument"), "sheet.not_sheet"},
		"bare BIFF":            {[]byte("\x09\x08\x10\x00\x00\x06\x05\x00"), "sheet.xls"},
		"ods":                  {zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "sheet.ods"},
		"odt":                  {zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text"), "sheet.not_sheet"},
		"zip of pictures":      {zipOf(t, "a.png", picture.String()), "sheet.not_sheet"},
		"docx":                 {zipOf(t, "[Content_Types].xml", contentTypes, "word/document.xml", "<x/>"), "sheet.not_sheet"},
		"xlsb":                 {zipOf(t, "[Content_Types].xml", contentTypes, "xl/workbook.bin", "x"), "sheet.xlsb"},
		"empty zip":            {zipOf(t), "sheet.not_sheet"},
		"cut in half":          {whole[:len(whole)/2], "sheet.damaged"},
		"cut at the end":       {whole[:len(whole)-30], "sheet.damaged"},
		"flipped byte":         {flipped(t), "sheet.damaged"},
		"two parts, one name":  {zipOf(t, "[Content_Types].xml", contentTypes, "xl/workbook.xml", bookXML, "XL/Workbook.xml", bookXML), "sheet.damaged"},
		"external link part":   {part("xl/externalLinks/externalLink1.xml", "<x/>"), "sheet.external_links"},
		"external link":        {part("xl/_rels/workbook.xml.rels", strings.Replace(bookRels, "</R", `<Relationship Id="r9" Type="http://x/externalLink" Target="file:///x" TargetMode="External"/></R`, 1)), "sheet.external_links"},
		"external sheet":       {part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="http://x" TargetMode="External"/></Relationships>`), "sheet.external_links"},
		"no relations":         {part("xl/_rels/workbook.xml.rels", "-"), "sheet.damaged"},
		"relation to nothing":  {part("xl/worksheets/sheet1.xml", "-"), "sheet.damaged"},
		"sheet is the book":    {part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="workbook.xml"/></Relationships>`), "sheet.damaged"},
		"sheet is its rels":    {part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="_rels/workbook.xml.rels"/></Relationships>`), "sheet.damaged"},
		"climbs out":           {part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>`), "sheet.damaged"},
		"no sheet":             {part("xl/workbook.xml", `<workbook><sheets/></workbook>`), "sheet.no_table"},
		"doctype":              {part("xl/workbook.xml", `<!DOCTYPE x SYSTEM "http://x/">`+bookXML), "sheet.entities"},
		"billion laughs":       {part("xl/worksheets/sheet1.xml", laughs), "sheet.entities"},
		"entity never defined": {handmade(t, row(`<c r="A1" t="str"><v>&lol;</v></c>`)), "sheet.damaged"},
		"no XML":               {part("xl/worksheets/sheet1.xml", "hello"), "sheet.damaged"},
		"empty part":           {part("xl/worksheets/sheet1.xml", ""), "sheet.damaged"},
		"UTF-16 part":          {part("xl/workbook.xml", "\xFF\xFE<\x00"), "sheet.damaged"},
		"never closed":         {part("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1`), "sheet.damaged"},
		"wrongly nested":       {part("xl/worksheets/sheet1.xml", `<worksheet><sheetData><row></sheetData></row></worksheet>`), "sheet.damaged"},
		"deep":                 {part("xl/workbook.xml", "<workbook>"+strings.Repeat("<a>", 100_000)), "sheet.too_deep"},
		"endless tag":          {part("xl/workbook.xml", `<workbook a="`+strings.Repeat("noise ", 20_000)), "sheet.long_tag"},
		"string that is not":   {handmade(t, row(`<c r="A1" t="s"><v>5</v></c>`)), "sheet.damaged"},
		"negative string":      {handmade(t, row(`<c r="A1" t="s"><v>-1</v></c>`)), "sheet.damaged"},
		"cells out of order":   {handmade(t, row(`<c r="B1"><v>5</v></c><c r="A1"><v>5</v></c>`)), "sheet.damaged"},
		"cell of another row":  {handmade(t, row(`<c r="B7"><v>5</v></c>`)), "sheet.damaged"},
		"rows out of order":    {part("xl/worksheets/sheet1.xml", sheetXML(`<row r="5"/><row r="4"/>`)), "sheet.damaged"},
		"row zero":             {part("xl/worksheets/sheet1.xml", sheetXML(`<row r="0"/>`)), "sheet.damaged"},
		"row too far":          {part("xl/worksheets/sheet1.xml", sheetXML(`<row r="1048577"/>`)), "sheet.too_many_rows"},
		"16,384 columns":       {handmade(t, row(wide(16_384))), "sheet.too_many_columns"},
		"column too far":       {handmade(t, row(`<c r="XFE1"><v>5</v></c>`)), "sheet.damaged"},
		"long cell":            {handmade(t, row(`<c r="A1" t="str"><v>`+noise(sheet.MaxCell*4+1)+`</v></c>`)), "sheet.long_cell"},
		"one string, often":    {handmade(t, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + noise(30_000) + "</t></si></sst>", "xl/worksheets/sheet1.xml": sheetXML(`<row>` + strings.Repeat(`<c t="s"><v>0</v></c>`, 40) + `</row>`)}), "sheet.long_line"},
		"one cell, many texts": {handmade(t, row(`<c r="A1" t="inlineStr"><is>`+strings.Repeat(`<t>12</t>`, 2*sheet.MaxCell+1)+`</is></c>`)), "sheet.long_cell"},
		"overlapping merges":   {part("xl/worksheets/sheet1.xml", overlapping(2000)), "sheet.damaged"},
		"bomb by ratio":        {part("xl/worksheets/sheet1.xml", sheetXML(strings.Repeat(" ", 50<<20))), "sheet.bomb"},
		"bomb by size":         {falseSize(part("xl/media/a.bin", noise(2000)), "xl/media/a.bin", sheet.MaxUnzipped+1), "sheet.bomb"},
		"bomb by count":        {handmade(t, many), "sheet.too_many_parts"},
	} {
		t.Run(name, func(t *testing.T) {
			err := readAll(t, c.data, "danh sách.xlsx")
			if got := keyOf(err); got != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			f, _ := errors.AsType[*fault.Fault](err)
			if f.Args["name"] != "danh sách.xlsx" {
				t.Errorf("the sentence lacks the file's name: %v", f.Args)
			}
		})
	}
}

// TestLinksAreNotExternal reads a workbook whose cells link to the web: Excel makes such links by itself.
func TestLinksAreNotExternal(t *testing.T) {
	data := handmade(t, map[string]string{
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/hyperlink" Target="mailto:a@b.vn" TargetMode="External"/></Relationships>`,
	})
	if err := readAll(t, data, "a.xlsx"); err != nil {
		t.Error(err)
	}
}

// TestManyEntries lists an archive of 400,000 empty entries, 30 MB, without holding them.
func TestManyEntries(t *testing.T) {
	var b bytes.Buffer
	const n = 400_000
	header := make([]byte, 46)
	binary.LittleEndian.PutUint32(header, 0x02014b50)
	binary.LittleEndian.PutUint16(header[28:], 20)
	b.WriteString("PK\x03\x04")
	for i := range n {
		b.Write(header)
		fmt.Fprintf(&b, "%020d", i)
	}
	end := make([]byte, 22)
	binary.LittleEndian.PutUint32(end, 0x06054b50)
	binary.LittleEndian.PutUint16(end[8:], n&0xFFFF)
	binary.LittleEndian.PutUint16(end[10:], n&0xFFFF)
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()-4))
	binary.LittleEndian.PutUint32(end[16:], 4)
	b.Write(end)
	var err error
	if grown := allocated(func() { err = readAll(t, b.Bytes(), "a.xlsx") }); grown > 64<<20 {
		t.Errorf("allocated %d MB", grown>>20)
	}
	if got := keyOf(err); got != "sheet.too_many_parts" {
		t.Errorf("got %v", err)
	}
}

// TestTooManyStrings reads up to the limit of shared strings, holding each once.
func TestTooManyStrings(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"[Content_Types].xml": contentTypes, "xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": bookRels, "xl/worksheets/sheet1.xml": sheetXML(""),
		"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+noise(30_000)+"</t></si>", sheet.MaxStringBytes/30_000+1),
	} {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = io.WriteString(f, body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if grown := allocated(func() { err = readAll(t, b.Bytes(), "a.xlsx") }); grown > sheet.MaxStringBytes+16<<20 {
		t.Errorf("allocated %d MB", grown>>20)
	}
	if got := keyOf(err); got != "sheet.too_many_strings" {
		t.Errorf("got %v", err)
	}
}

// allocated returns how many bytes f took from the heap in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&lol2;</v></c></row></sheetData></worksheet>`

// noise returns n letters that do not compress well.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = 'a' + byte(x%26)
	}
	return string(b)
}

func wide(n int) string {
	var b strings.Builder
	for col := range n {
		fmt.Fprintf(&b, `<c r="%s1"><v>%d</v></c>`, sheet.ColumnName(col), col*col)
	}
	return b.String()
}

func overlapping(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(`<mergeCell ref="A1:XFD1048576"/>`)
	}
	return `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>` + b.String() + `</mergeCells></worksheet>`
}

func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err == nil {
			_, err = io.WriteString(f, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// ole builds as much of a compound file as is looked at: its mark and the names of its streams.
func ole(streams ...string) []byte {
	b := make([]byte, 512)
	copy(b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	for _, s := range streams {
		entry := make([]byte, 128)
		for i, c := range []byte(s) {
			entry[2*i] = c
		}
		b = append(b, entry...)
	}
	return b
}

// flipped returns a workbook with one wrong byte in the middle of its sheet's packed data.
func flipped(t testing.TB) []byte {
	data := handmade(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(`<row r="1"><c r="A1" t="str"><v>` + noise(5000) + `</v></c></row>`)})
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "sheet1.xml") {
			at, err := f.DataOffset()
			if err != nil {
				t.Fatal(err)
			}
			data[at+int64(f.CompressedSize64)/2] ^= 0x55
		}
	}
	return data
}

// falseSize writes another unpacked size into an entry of the archive's directory.
func falseSize(data []byte, name string, size uint32) []byte {
	at := bytes.LastIndex(data, []byte(name)) - 46
	binary.LittleEndian.PutUint32(data[at+24:], size)
	return data
}
