// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package figures

import (
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/rollup"
	"hoctap/internal/sheet"
	"hoctap/internal/web/site"
)

// cells are the values of countColumns. A share of nothing is a blank.
func cells(c rollup.Counts) []any {
	of := func(part, whole int64) any {
		if whole == 0 {
			return nil
		}
		return percent(rollup.Share(part, whole))
	}
	return []any{c.Total, c.Registered, c.Recognised, of(c.Recognised, c.Total), of(c.Recognised, c.Registered),
		c.Unscored(), c.Scored, c.Sent, c.Returned, c.Approved, c.Rejected}
}

// provinceFile sends the communes (?bang=xa), those at risk (nguy-co) or the years (nam); a workbook has the table asked for first
// and the years behind it.
func (d *desk) provinceFile(v *site.Visit) error {
	p, elsewhere, err := here(v)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return fault.Denied("see_figures", p.FullName())
	}
	o, err := d.overview(v, p)
	if err != nil {
		return err
	}
	years := yearsTable(v, o.tiles, o.models)
	switch v.Query("bang") {
	case "", "xa":
		return send(v, file{v.T("figures.file.communes", "model", o.model, "year", o.round.Year, "place", p.FullName()), []fileTable{communesTable(v, &o), years}})
	case "nguy-co":
		return send(v, file{v.T("figures.file.risk", "model", o.model, "year", o.round.Year, "place", p.FullName()), []fileTable{riskTable(v, &o)}})
	case "nam":
		return send(v, file{v.T("figures.file.years", "place", p.FullName()), []fileTable{years}})
	}
	return fault.Invalid(fault.Field("bang", "figures.table"))
}

func communesTable(v *site.Visit, o *overview) fileTable {
	columns := append([]sheet.OutColumn{{Title: v.T("figures.head.code")}, {Title: v.T("figures.head.commune"), Width: 28}, {Title: v.T("figures.head.old"), Width: 16}}, countColumns(v, o.model)...)
	columns = append(columns, column(v, "figures.head.target", sheet.AsPercent, false, "year", o.round.Year))
	t := fileTable{Table: sheet.Table{Name: v.T("figures.file.communes_tab"), Columns: columns, Total: v.T("figures.sum"),
		Above: []string{o.place.FullName(), v.T("title."+o.model) + " " + v.T("figures.in_year", "year", o.round.Year), v.T("figures.map.of", "date", o.atlas.date)}}}
	t.rows = func(yield func(...any) error) error {
		for _, r := range arrange(v, o.rows) {
			values := append([]any{r.Code, r.Name, r.Old}, cells(r.Counts)...)
			if r.HasGoal {
				values = append(values, percent(r.Goal))
			}
			if err := yield(values...); err != nil {
				return err
			}
		}
		return nil
	}
	return t
}

func riskTable(v *site.Visit, o *overview) fileTable {
	list, last, _ := risks(v, &o.round, o.atlas, ofModel(o.book.now, o.model))
	t := fileTable{Table: sheet.Table{Name: v.T("figures.file.risk_tab"), Above: []string{o.place.FullName(), v.T("figures.risk", "count", len(list), "date", last)}, Total: v.T("figures.sum"),
		Columns: []sheet.OutColumn{{Title: v.T("figures.head.commune"), Width: 28}, {Title: v.T("figures.head.old"), Width: 16}, column(v, "figures.head.appraised", sheet.AsWhole, true),
			column(v, "figures.head.files", sheet.AsWhole, true), column(v, "figures.head.left", sheet.AsWhole, true), column(v, "figures.head.pace", sheet.AsDecimal, false),
			column(v, "figures.head.end", sheet.AsText, false), column(v, "figures.head.of_all", sheet.AsPercent, false, "subject", v.T("subject."+o.model))}}}
	t.rows = func(yield func(...any) error) error {
		for _, r := range list {
			if err := yield(r.Name, r.Old, r.Done, r.All, r.Left, sheet.Hundredths(r.Tenths*10), r.State.Word, percent(r.Share)); err != nil {
				return err
			}
		}
		return nil
	}
	return t
}

// yearsTable is every model in every year, with both shares and the target.
func yearsTable(v *site.Visit, s tileSet, list []string) fileTable {
	t := fileTable{Table: sheet.Table{Name: v.T("figures.file.years_tab"), Columns: []sheet.OutColumn{{Title: v.T("chart.year")}, {Title: v.T("figures.head.model"), Width: 14},
		column(v, "figures.head.all", sheet.AsWhole, false), column(v, "figures.head.registered", sheet.AsWhole, false), column(v, "figures.head.recognised", sheet.AsWhole, false),
		column(v, "figures.head.of_all", sheet.AsPercent, false, "subject", ""), column(v, "figures.head.of_registered", sheet.AsPercent, false), column(v, "figures.head.target_plain", sheet.AsPercent, false)}}}
	t.rows = func(yield func(...any) error) error {
		for year := firstYear; year <= lastGoal; year++ {
			for _, m := range list {
				c, g := s.years[year][m], goalOf(s.targets, m, year, s.region)
				if c.Total == 0 && !g.stated {
					continue
				}
				values := append([]any{strconv.Itoa(year), v.T("model." + m)}, cells(c)[:5]...)
				if c.Total == 0 {
					values = []any{strconv.Itoa(year), v.T("model." + m), nil, nil, nil, nil, nil}
				}
				if g.ok {
					values = append(values, percent(g.percent))
				}
				if err := yield(values...); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return t
}
