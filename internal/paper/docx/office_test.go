// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package docx_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"

	"hoctap/internal/paper"
)

// pages are the texts of the pages as LibreOffice lays them out, and the path of its PDF.
func pages(t *testing.T, d *paper.Document) (texts []string, pdf string) {
	t.Helper()
	name := strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-"))
	file := papertest.Keep(t, name+".docx", written(t, d))
	papertest.Run(t, "soffice", "--convert-to", "pdf", "--outdir", filepath.Dir(file), file)
	pdf = strings.TrimSuffix(file, "docx") + "pdf"
	return strings.Split(strings.TrimSuffix(papertest.Run(t, "pdftotext", "-layout", pdf, "-"), "\f"), "\f"), pdf
}

var number = regexp.MustCompile(`^\s*(\d+)\s*\n`)

func TestOfficeDecision(t *testing.T) {
	papertest.Need(t, "soffice", "pdftotext", "pdfinfo")
	d := decision(60)
	d.Marks = paper.Marks{Notice: "Bộ tiêu chí chưa chính thức", Across: "DỮ LIỆU GIẢ ĐỊNH"}
	texts, pdf := pages(t, d)
	if len(texts) < 4 {
		t.Fatalf("%d pages", len(texts))
	}
	first := texts[0]
	for _, line := range []string{
		`ỦY BAN NHÂN DÂN +CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM`, `XÃ HY CƯƠNG +Độc lập - Tự do - Hạnh phúc`, `Số: 214/QĐ-UBND +Hy Cương, ngày 08 tháng 12 năm 2026`,
		`QUYẾT ĐỊNH`, `CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG`, `QUYẾT ĐỊNH:`,
		`Điều 2\. Quyết định này có hiệu lực kể từ ngày ký\.`, `Nơi nhận: +CHỦ TỊCH`,
	} {
		if !regexp.MustCompile(`(?m)^ *` + line + ` *$`).MatchString(first) {
			t.Errorf("no line %q on the first page:\n%s", line, first)
		}
	}
	flat := strings.Join(strings.Fields(first), " ") // where these lines break is for the fonts of the machine
	for _, words := range []string{"Về việc công nhận danh hiệu “Gia đình học tập” tiêu biểu năm 2026", "Điều 1. Công nhận 286 gia đình", "Điều 3. Văn phòng Hội đồng nhân dân", "Người Ký Thử", "Tra cứu bản gốc"} {
		if !strings.Contains(flat, words) {
			t.Errorf("no %q on the first page:\n%s", words, first)
		}
	}
	rows := 0
	for i, page := range texts {
		if n := number.FindStringSubmatch(page); i == 0 && n != nil || i > 0 && (n == nil || n[1] != fmt.Sprint(i+1)) {
			t.Errorf("page %d has the number %q", i+1, n)
		}
		if !strings.Contains(page, "Bộ tiêu chí chưa chính thức") {
			t.Errorf("page %d lacks the notice", i+1)
		}
		found := strings.Count(page, "Nguyễn Thị Ngoẵn")
		if found > 0 && strings.Count(page, "Họ và tên chủ hộ") != 1 {
			t.Errorf("page %d lacks the head of the list:\n%s", i+1, page)
		}
		rows += found
	}
	if rows != 60 {
		t.Errorf("%d rows", rows)
	}
	info := papertest.Run(t, "pdfinfo", "-f", "1", "-l", fmt.Sprint(len(texts)), pdf)
	for i := range texts {
		want := `595\.\d+ x 841\.\d+`
		if i == len(texts)-1 {
			want = `841\.\d+ x 595\.\d+`
		}
		if !regexp.MustCompile(fmt.Sprintf(`Page +%d size: +%s pts \(A4\)`, i+1, want)).MatchString(info) {
			t.Errorf("page %d is not %s:\n%s", i+1, want, info)
		}
	}
}

// TestOfficeOdd: an office opens what has less or more than a paper has.
func TestOfficeOdd(t *testing.T) {
	papertest.Need(t, "soffice", "pdftotext", "pdfinfo")
	all := &paper.Document{}
	for _, name := range []string{"empty blocks", "uneven rows", "long names", "minutes", "letter"} {
		all.Parts = append(all.Parts, odd()[name].Parts...)
	}
	all.Clean()
	texts, _ := pages(t, all)
	whole := strings.Join(texts, "")
	for _, words := range []string{"Nguyễn Thị Tường", "TM. HỘI ĐỒNG", "V/v rà soát danh sách"} {
		if !strings.Contains(whole, words) {
			t.Errorf("no %q in:\n%s", words, whole)
		}
	}
}
