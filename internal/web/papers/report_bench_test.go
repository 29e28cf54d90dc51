// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers

import (
	"fmt"
	"io"
	"testing"

	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
	"hoctap/internal/paper/workbook"
	"hoctap/internal/place"
	"hoctap/internal/report"
)

// BenchmarkProvinceReport makes the report of a province with 148 communes and six models as Word and Excel; the limit for both is a second.
func BenchmarkProvinceReport(b *testing.B) {
	s := annual()
	s.Place.Level, s.Figures.Level, s.Period.ID, s.Number, s.Date = place.Province, place.Province, "p", "07/BC-HKH", "2026-12-12"
	s.Figures.Models = nil
	for _, name := range report.Models {
		m := report.Model{Model: name, Years: []report.YearOf{{Year: 2025, Counts: report.Counts{Total: 900_000, Registered: 800_000, Recognised: 700_000}}, {Year: 2026, Counts: report.Counts{Total: 990_000, Registered: 900_000, Recognised: 800_000}, Target: percent(8500)}}}
		for i := range int64(148) {
			m.Rows = append(m.Rows, report.Row{ID: fmt.Sprint(i), Name: fmt.Sprintf("Xã Hy Cương %d", i), From: 1, Why: "Rà lại danh sách sau sáp nhập.",
				Now: report.Counts{Total: 6000 + i, Registered: 5000, Recognised: 4000 + i, Exemplary: 30}, Before: report.Counts{Total: 6000, Registered: 4000, Recognised: 2500}})
		}
		s.Figures.Models = append(s.Figures.Models, m)
	}
	for b.Loop() {
		d := Report(b.Context(), s, paper.Marks{})
		if err := docx.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
		if err := workbook.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
