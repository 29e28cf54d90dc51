// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package rights holds the pages about who may do what: the policy as it is asked, the roles of an account, what is lent while somebody is away,
// and why an account may or may not do something.
package rights

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"hoctap/internal/identity"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /quyen", matrix)
	m.Signed("GET /quyen/tai", download)
	m.Signed("GET /vi-sao", why)
	m.Signed("GET /uy-quyen", loans)
	m.Signed("POST /uy-quyen", lend)
	m.Signed("POST /uy-quyen/{id}/thoi", recall)
	m.Signed("GET /tai-khoan/{id}/vai-tro", roles)
	m.Signed("POST /tai-khoan/{id}/vai-tro", changeRoles)
	m.Signed("GET /vai-tro-cho", waiting)
}

// table is one of the two tables of the policy; page, Markdown and CSV draw the same cells.
type table struct {
	Title string
	Name  string // of its file
	Head  []string
	Rows  []row
}

type row struct {
	ID    string // of the page's anchor
	Cells []string
	Note  string // below the first cell
	Marks []bool // cells that are a yes or no
}

// tables reads the policy out. Nothing is said here that identity.Rules and identity.Steps do not hold.
func tables(v *site.Visit) []table {
	acts := table{Title: v.T("rights.acts"), Name: "viec", Head: []string{v.T("rights.act")}}
	for _, r := range identity.Roles {
		acts.Head = append(acts.Head, v.T("role."+string(r)))
	}
	acts.Head = append(acts.Head, v.T("rights.when"), v.T("rights.lendable"))
	for _, rule := range identity.Rules {
		line := row{ID: string(rule.Act), Cells: []string{v.T("act." + string(rule.Act))}, Marks: []bool{false}}
		for _, role := range identity.Roles {
			may := identity.Actor{Grants: []identity.Grant{{Role: role, PlaceID: "x"}}}.Anywhere(rule.Act) // what is asked is what is drawn
			line.Cells, line.Marks = append(line.Cells, yes(v, may)), append(line.Marks, true)
		}
		line.Cells = append(line.Cells, stagesOf(v, rule.Act), yes(v, !rule.Kept))
		line.Marks = append(line.Marks, false, true)
		acts.Rows = append(acts.Rows, line)
	}
	steps := table{Title: v.T("rights.steps"), Name: "buoc", Head: []string{v.T("rights.step"), v.T("rights.act"), v.T("rights.stages"), v.T("rights.from"), v.T("rights.apart")}}
	for _, s := range identity.Steps {
		apart := make([]string, len(s.Apart))
		for i, p := range s.Apart {
			apart[i] = v.T("part." + string(p))
		}
		note := ""
		if s.Self {
			note = v.T("qrslip.rights")
		}
		steps.Rows = append(steps.Rows, row{ID: "buoc-" + s.Name, Marks: make([]bool, 5), Note: note, Cells: []string{upper(v.T("step." + s.Name)), v.T("act." + string(s.Act)), stages(v, s), states(v, s),
			upper(strings.Join(apart, "; "))}})
	}
	return []table{acts, steps}
}

func yes(v *site.Visit, on bool) string {
	if on {
		return v.T("rights.yes")
	}
	return v.T("rights.no")
}

func upper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return "–"
}

// stages says when a step may be taken.
func stages(v *site.Visit, s identity.Step) string {
	if len(s.Stages) == 0 {
		return v.T("rights.any_day")
	}
	words := make([]string, len(s.Stages))
	for i, stage := range s.Stages {
		words[i] = v.T("stage." + string(stage))
	}
	said := strings.Join(words, "; ")
	for _, stage := range s.Mend {
		said += "; " + v.T("rights.mend", "stage", v.T("stage."+string(stage)))
	}
	return said
}

func states(v *site.Visit, s identity.Step) string {
	words := make([]string, len(s.From))
	for i, state := range s.From {
		words[i] = v.T("state." + string(state))
	}
	return upper(strings.Join(words, "; "))
}

// stagesOf are the stages that steps of an act are bound to.
func stagesOf(v *site.Visit, act identity.Act) string {
	var words []string
	seen := map[string]bool{}
	for _, s := range identity.Steps {
		if s.Act != act {
			continue
		}
		if said := v.T("step."+s.Name) + ": " + stages(v, s); len(s.Stages) > 0 && !seen[said] {
			seen[said] = true
			words = append(words, upper(said))
		}
	}
	if len(words) == 0 {
		return "–"
	}
	return strings.Join(words, ". ")
}

type matrixView struct {
	Frame  ui.Office
	Tables []table
	Manage bool
}

func matrix(v *site.Visit) error {
	view := matrixView{Tables: tables(v), Manage: v.Actor.Anywhere(identity.ManageAccounts)}
	view.Frame = v.Frame(v.T("rights.title"), site.Rights, v.Own(), ui.Crumb{Label: v.T("rights.title")})
	return v.Show(matrixPage(view))
}

// download is the two tables as Markdown or CSV.
func download(v *site.Visit) error {
	all := tables(v)
	if v.Query("dang") == "csv" {
		return v.File("ai-duoc-lam-gi.csv", "text/csv; charset=utf-8", func(w io.Writer) error {
			if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheets read UTF-8 by it
				return err
			}
			c := csv.NewWriter(w)
			for _, t := range all {
				lines := append([][]string{{t.Title}, t.Head}, cells(t)...)
				if err := c.WriteAll(append(lines, []string{""})); err != nil {
					return err
				}
			}
			return c.Error()
		})
	}
	return v.File("ai-duoc-lam-gi.md", "text/markdown; charset=utf-8", func(w io.Writer) error {
		if _, err := fmt.Fprintf(w, "# %s\n\n%s\n", v.T("rights.title"), v.T("rights.lead")); err != nil {
			return err
		}
		for _, t := range all {
			if _, err := fmt.Fprintf(w, "\n## %s\n\n%s%s%s", t.Title, markdown(t.Head), "|"+strings.Repeat(" --- |", len(t.Head))+"\n", markdown(cells(t)...)); err != nil {
				return err
			}
		}
		return nil
	})
}

func cells(t table) [][]string {
	lines := make([][]string, len(t.Rows))
	for i, r := range t.Rows {
		lines[i] = slices.Clone(r.Cells)
		if r.Note != "" {
			lines[i][0] += ". " + r.Note
		}
	}
	return lines
}

func markdown(lines ...[]string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteByte('|')
		for _, c := range l {
			b.WriteString(" " + strings.ReplaceAll(c, "|", `\|`) + " |")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
