// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/report"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// provinceReport sends the year of the province as an office reports it upwards, with the figures of this moment and the words left to the office:
// ?dang=docx to write on, pdf, or xlsx for its tables.
func (d *desk) provinceReport(v *site.Visit) error {
	p, elsewhere, err := here(v)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return fault.Denied("see_figures", p.FullName())
	}
	return sendReport(v, p, "")
}

func (d *desk) communeReport(v *site.Visit) error {
	p, err := v.Here(identity.SeeFigures)
	if err != nil {
		return err
	}
	if p.Level != place.Commune {
		return fault.NotFound("commune", p.ID)
	}
	above, err := v.Places.Get(v.Ctx(), p.ProvinceID)
	if err != nil {
		return err
	}
	return sendReport(v, p, above.FullName())
}

func sendReport(v *site.Visit, p place.Place, above string) error {
	r, _, err := v.Round(p)
	if err != nil {
		return err
	}
	f, err := v.Reports.Live(v.Ctx(), v.Actor, p.ID, r.Year)
	if err != nil {
		return err
	}
	snap := &report.Snapshot{Period: report.SnapshotPeriod{Kind: report.Year, From: r.Year, To: r.Year},
		Place: report.SnapshotPlace{ID: p.ID, Level: p.Level, Kind: p.Kind, Name: p.Name, Above: above}, Figures: *f}
	m := paper.Marks{Notice: v.Trust()}
	if v.Demo {
		m.Across = lang.T(papers.Vi(v.Ctx()), "paper.demo")
	}
	return papers.Send(v, "bao-cao-"+strconv.Itoa(r.Year), papers.Report(v.Ctx(), snap, m))
}
