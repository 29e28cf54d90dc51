// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"strings"
	"time"

	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// moment is a point in time as histories write it: 23/11/2026 08:14.
func moment(v *site.Visit, t time.Time) string {
	return lang.Date(v.Ctx(), t) + " " + lang.Clock(v.Ctx(), t)
}

func dayOf(v *site.Visit, date string) string { return lang.Day(v.Ctx(), date) }

// metaOf is what tells a subject from its namesakes, in one line.
func metaOf(v *site.Visit, r registry.Subject) string {
	var list []string
	if r.Number != "" {
		list = append(list, v.T("subjects.numbered", "number", r.Number))
	}
	if r.BirthYear != 0 {
		list = append(list, v.T("subjects.born", "year", r.BirthYear))
	}
	if r.Model == registry.Family && r.Members != 0 {
		list = append(list, v.T("subjects.persons", "count", r.Members))
	}
	return strings.Join(list, " · ")
}

// join joins parts of a line, blank ones left out.
func join(parts ...string) string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return strings.Join(list, " · ")
}
