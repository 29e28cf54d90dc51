// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"strings"

	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// decisionLine is a decision in a list.
type decisionLine struct {
	Href   string
	Number string
	Date   string
	About  string
	Signer string
	Body   string
	Count  int
	To     []string // recipients
	State  ui.State
}

// lines makes lines of decisions, each named by the abstract it was issued with. It remembers texts and earlier decisions, which many share.
type lines struct {
	v     *site.Visit
	said  map[string]recognition.Wordings
	named map[string]*recognition.Decision
}

// newLines knows the decisions that others may name.
func newLines(v *site.Visit, known ...recognition.Decision) lines {
	l := lines{v: v, said: map[string]recognition.Wordings{}, named: make(map[string]*recognition.Decision, len(known))}
	for i := range known {
		l.named[known[i].ID] = &known[i]
	}
	return l
}

func (l lines) all(decisions []recognition.Decision) (list []decisionLine, err error) {
	for i := range decisions {
		line, err := l.of(&decisions[i])
		if err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, nil
}

func (l lines) of(d *recognition.Decision) (line decisionLine, err error) {
	v := l.v
	f := facts{Decision: d, Named: l.named[d.AmendsID]}
	if f.Named == nil {
		if f.Named, err = namedBy(v, d); err != nil {
			return line, err
		}
		l.named[d.AmendsID] = f.Named
	}
	key := d.Wording
	if key == "" {
		key = string(d.State) + string(d.Kind) + d.BodyID
	}
	said, known := l.said[key]
	if !known {
		if said, err = v.Recognition.Wordings(v.Ctx(), v.Actor, d); err != nil {
			return line, err
		}
		l.said[key] = said
	}
	f.Said = said
	line = decisionLine{Href: address(d), Number: d.Text(), Date: lang.Day(v.Ctx(), d.Date), About: f.about(v.Ctx()), Signer: d.Signer, Body: d.BodyName,
		Count: d.Items, To: strings.Split(said.Paper.Text.FillOne(said.Paper.Kind, wording.Recipients, f.values(papers.Vi(v.Ctx()))), "\n"), State: ui.State{Kind: "ok", Word: v.T("decisions.issued")}}
	if d.State == recognition.StateDraft {
		line.State = ui.State{Kind: "warn", Icon: "pen", Word: v.T("decisions.draft")}
		line.Date = lang.Date(v.Ctx(), d.CreatedAt)
	}
	return line, nil
}
