// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/paper/workbook"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/report"
)

// overYears is a place's report with five models, each a little better every year, and areas below it.
func overYears(kind report.Kind, from, to int) *report.Snapshot {
	base := from
	if kind == report.Half {
		base = 0
	}
	s := &report.Snapshot{Period: report.SnapshotPeriod{ID: "p", Kind: kind, From: from, To: to}, Place: report.SnapshotPlace{ID: "x", Level: place.Commune, Kind: "Xã", Name: "Hy Cương", Above: "Tỉnh Phú Thọ"},
		Figures: report.Figures{Level: place.Commune, Kind: kind, From: from, To: to, Base: base}}
	for i, model := range []string{registry.Family, registry.Clan, registry.Community, registry.Unit, registry.Citizen} {
		m := report.Model{Model: model}
		size := []int64{2173, 21, 18, 12, 4100}[i]
		counts := func(all, year int64) report.Counts {
			share := 40 + 4*(year-int64(from)) + int64(i)*3
			return report.Counts{Total: all, Registered: all * (share + 8) / 100, Recognised: all * share / 100, Exemplary: all / 50}
		}
		for year := from; year <= to; year++ {
			y := report.YearOf{Year: year, Counts: counts(size, int64(year))}
			if year > from {
				y.Target = percent(int64(4200 + 450*(year-from)))
			}
			m.Years = append(m.Years, y)
		}
		for k := range 6 {
			all := size / 6
			row := report.Row{ID: strconv.Itoa(k), Name: fmt.Sprintf("Khu %d", k+1), Now: counts(all, int64(to))}
			if base > 0 {
				row.Before = counts(all, int64(base))
			}
			m.Rows = append(m.Rows, row)
		}
		s.Figures.Models = append(s.Figures.Models, m)
	}
	return s
}

// The six-month report and both reviews look as a person saw them; their Word files keep the lines for a pen on one line each and have as many pages with
// the same words; their workbooks hold the percentages of the total rows.
func TestReportsLookRight(t *testing.T) {
	press := papertest.Press(t)
	for _, x := range []struct {
		name  string
		snap  *report.Snapshot
		pages []int
	}{
		{"6-thang", overYears(report.Half, 2026, 2026), []int{1, 2, 3, 4}},
		{"5-nam", overYears(report.Five, 2022, 2026), []int{1, 2, 3, 4, 5, 6, 7, 8}},
		{"10-nam", overYears(report.Ten, 2017, 2026), []int{1, 2, 3, 4, 5, 6, 7, 8}},
	} {
		d := Report(t.Context(), x.snap, paper.Marks{})
		var pdf, word, book bytes.Buffer
		if err := press.Write(&pdf, d); err != nil {
			t.Fatal(err)
		}
		papertest.Run(t, "qpdf", "--check", papertest.Keep(t, "bao-cao-"+x.name+".pdf", pdf.Bytes()))
		for _, page := range x.pages {
			papertest.Golden(t, fmt.Sprintf("bao-cao-%s-%d", x.name, page), papertest.Shown(t, pdf.Bytes(), page))
		}
		if err := workbook.Write(&book, d); err != nil {
			t.Fatal(err)
		}
		if err := docx.Write(&word, d); err != nil {
			t.Fatal(err)
		}
		t.Run(x.name+"/office", func(t *testing.T) {
			papertest.Need(t, "soffice", "pdftotext")
			file := papertest.Keep(t, "bao-cao-"+x.name+".docx", word.Bytes())
			papertest.Run(t, "soffice", "--convert-to", "pdf", "--outdir", filepath.Dir(file), file)
			said := papertest.Run(t, "pdftotext", "-layout", strings.TrimSuffix(file, "docx")+"pdf", "-")
			if x.snap.Period.Kind != report.Half && !strings.Contains(said, "Chỉ tiêu 2026") { // in the legend alone
				t.Errorf("the bars have no texts:\n%s", said)
			}
			lines := 0
			for line := range strings.SplitSeq(said, "\n") {
				if line = strings.TrimSpace(line); strings.Contains(line, "……") {
					if lines++; strings.Count(line, "…") != penLine {
						t.Errorf("a line for a pen has %d dots: %q", strings.Count(line, "…"), line)
					}
				}
			}
			if lines != 9 {
				t.Errorf("%d lines for a pen", lines)
			}
			table := papertest.Keep(t, "bao-cao-"+x.name+".xlsx", book.Bytes())
			out := filepath.Join(filepath.Dir(table), "b")
			papertest.Run(t, "soffice", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "--outdir", out, table)
			files, err := filepath.Glob(out + "/*BIỂU*.csv")
			if err != nil || len(files) == 0 {
				files, _ = filepath.Glob(out + "/*.csv")
			}
			totals := 0
			for _, f := range files {
				for line := range strings.SplitSeq(papertest.Run(t, "cat", f), "\n") {
					if strings.HasPrefix(line, "Tổng cộng") {
						totals++
						if strings.Contains(line, ",,,") || strings.Contains(line, "Err") || strings.Contains(line, "#") {
							t.Errorf("%s: %s", f, line)
						}
					}
				}
			}
			if totals != 5 {
				t.Errorf("%d total rows in %q", totals, files)
			}
		})
	}
}
