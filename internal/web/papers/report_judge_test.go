// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/paper/workbook"
	"hoctap/internal/report"
)

// review is a submitted look back over five years with everything a report can have.
func review() *report.Snapshot {
	s := annual()
	s.Period = report.SnapshotPeriod{ID: "p", Kind: report.Five, From: 2022, To: 2026}
	s.Figures.Kind, s.Figures.From, s.Figures.Base = report.Five, 2022, 2022
	s.Figures.Models[0].Years = append([]report.YearOf{{Year: 2022, Counts: report.Counts{Total: 90, Registered: 80, Recognised: 45}, Target: percent(7300)}, {Year: 2023, Counts: report.Counts{Total: 95, Registered: 85, Recognised: 52}, Target: percent(7600)}}, s.Figures.Models[0].Years...)
	s.Number, s.Date, s.No = "07/BC-HKH", "2026-12-02", 1
	s.Words = report.Words{Sections: map[string]string{"work": "Quán triệt tới từng chi hội."}, Explanations: map[string]string{"family.2026.jump": "Rà lại danh sách."}, Seen: map[string]int64{"members": 1250}, Signer: "Đinh Công Hùng"}
	return s
}

// flat is a text without its line breaks, which are the affair of fonts.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// Real programs read the same report from all three files.
func TestReviewBeforeRealPrograms(t *testing.T) {
	papertest.Need(t, "pdftotext", "pdffonts", "qpdf")
	d := Report(t.Context(), review(), paper.Marks{Notice: "Bộ tiêu chí chưa chính thức"})
	says := []string{"Số: 07/BC-HKH", "Hy Cương, ngày 02 tháng 12 năm 2026", "Sơ kết 5 năm xây dựng các mô hình học tập, giai đoạn 2022 - 2026", "công nhận 80/100 gia đình", "Rà lại danh sách.", "Đinh Công Hùng", "BIỂU 2"}

	var b bytes.Buffer
	if err := papertest.Press(t).Write(&b, d); err != nil {
		t.Fatal(err)
	}
	file := papertest.Keep(t, "so-ket.pdf", b.Bytes())
	papertest.Run(t, "qpdf", "--check", file)
	for line := range strings.SplitSeq(strings.TrimSpace(papertest.Run(t, "pdffonts", file)), "\n") {
		if strings.Contains(line, "TrueType") && !strings.Contains(line, " yes ") {
			t.Errorf("not embedded: %s", line)
		}
	}
	demand(t, flat(papertest.Run(t, "pdftotext", "-layout", file, "-")), says...)

	papertest.Need(t, "soffice")
	read := func(name string, write func() error) string {
		b.Reset()
		if err := write(); err != nil {
			t.Fatal(err)
		}
		file := papertest.Keep(t, name, b.Bytes())
		papertest.Run(t, "soffice", "--convert-to", "pdf", "--outdir", filepath.Dir(file), file)
		return flat(papertest.Run(t, "pdftotext", "-layout", strings.TrimSuffix(file, filepath.Ext(file))+".pdf", "-"))
	}
	demand(t, read("so-ket-word.docx", func() error { return docx.Write(&b, d) }), says...)
	// numbers are numbers: LibreOffice writes them its own way
	demand(t, read("so-ket-excel.xlsx", func() error { return workbook.Write(&b, d) }), "Gia đình học tập", "1,250", "chưa có số liệu", "Khu 2")
}
