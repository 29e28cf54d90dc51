// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"

	"github.com/a-h/templ"

	"hoctap/internal/web/lang"
)

// Btn is a button or, with Href, a link that looks like one. One primary button a view.
type Btn struct {
	Label    string // a verb; for Icon-only buttons the name read aloud
	Href     string
	Icon     string
	Trail    string // icon after the label
	Kind     string // "", "primary", "ok", "warn", "bad", "quiet"
	Key      string // the key that does the same, shown beside the label
	Name     string
	Value    string
	Plain    bool // type="button": for scripts, does not send the form
	IconOnly bool
	Block    bool
	Big      bool
	Why      string // not empty: the button cannot be pressed, and this says why
	Attrs    templ.Attributes
}

func (b Btn) class() string {
	c := "btn"
	if b.Kind != "" {
		c += " btn--" + b.Kind
	}
	if b.IconOnly {
		c += " btn--icon"
	}
	if b.Block {
		c += " btn--block"
	}
	if b.Big {
		c += " btn--big"
	}
	return c
}

func (b Btn) kindAttr() string {
	if b.Plain {
		return "button"
	}
	return "submit"
}

// State is a state in words: a pill with an icon, colour third.
type State struct {
	Kind string // "ok", "warn", "bad", "info", "" (waiting, neutral)
	Icon string // empty: the usual one of the kind
	Word string
}

var stateIcons = map[string]string{"ok": "check", "warn": "clock", "bad": "x", "info": "info", "": "clock"}

func (s State) icon() string {
	if s.Icon != "" {
		return s.Icon
	}
	return stateIcons[s.Kind]
}

func (s State) class() string {
	if s.Kind == "" {
		return "pill"
	}
	return "pill pill--" + s.Kind
}

// Bar is a share on the way to a target, both in hundredths of a percent.
type Bar struct {
	Value  int64
	Target int64  // 0: no tick
	Kind   string // "ok", "late", "bad", or "" where nobody judges
	Label  string // read aloud; empty when the numbers stand beside it
}

// TargetBar judges a value by its target: green from the target up, amber below it.
func TargetBar(ctx context.Context, value, target int64) Bar {
	b := Bar{Value: value, Target: target, Label: lang.T(ctx, "tile.meter", "value", lang.Percent(ctx, value), "target", lang.Percent(ctx, target))}
	switch {
	case target == 0:
	case value >= target:
		b.Kind = "ok"
	default:
		b.Kind = "late"
	}
	return b
}

// TargetState says how a value stands to its target: above, on, late by so many points. The words agree with
// the figures shown, which have one decimal.
func TargetState(ctx context.Context, value, target int64) State {
	gap := (value+5)/10 - (target+5)/10
	switch {
	case gap > 0:
		return State{Kind: "ok", Icon: "up", Word: lang.T(ctx, "tile.above", "gap", lang.Points(ctx, gap*10))}
	case gap == 0:
		return State{Kind: "ok", Word: lang.T(ctx, "tile.on")}
	default:
		return State{Kind: "warn", Icon: "down", Word: lang.T(ctx, "tile.late", "gap", lang.Points(ctx, -gap*10))}
	}
}

// Stat is a tile: a figure, its state, the target beside it, and the counts behind it. The whole tile is one link.
type Stat struct {
	Name, Icon, Href string
	Current          bool
	Value            int64 // hundredths of a percent
	None             bool  // there is no figure yet
	State            State // zero: TargetState
	Target           int64
	TargetName       string // "Lộ trình 2026"; empty: the catalogue's word
	Later            string // "2030:" with LaterValue; empty hides it
	LaterValue       int64
	Trend            []int64 // last years, oldest first; empty draws nothing
	Foot             templ.Component
}

func (s Stat) state(ctx context.Context) State {
	if s.State.Word != "" {
		return s.State
	}
	if s.None {
		return State{Word: lang.T(ctx, "tile.none")}
	}
	return TargetState(ctx, s.Value, s.Target)
}

func (s Stat) targetName(ctx context.Context) string {
	if s.TargetName != "" {
		return s.TargetName
	}
	return lang.T(ctx, "tile.target")
}

// Stage is one step of a file or a year.
type Stage struct {
	Name  string
	Lines []string // date, counts
	State string   // "done", "now", ""
}

// Tab is one choice of a segment or a tab row; it is a link.
type Tab struct {
	Label, Href string
	Count       string // empty hides it
	Key         string // empty hides it
	Current     bool
}

// PipeRow is one bar of the pipeline: what is still to be done at a stage.
type PipeRow struct {
	Name  string
	Count int64
	Stuck bool
	Href  string
}

// pipeShare is a row's length against the longest one.
func pipeShare(rows []PipeRow, n int64) int64 {
	longest := int64(1)
	for _, r := range rows {
		longest = max(longest, r.Count)
	}
	return n * 10000 / longest
}

// Gap is a page or list with nothing to show: what happened, whether anything is lost, what to do next.
type Gap struct {
	Icon, Title, Text string
	Code              string // reference of a failure, shown last
}

// Pages are the neighbours of a page of a long list; empty addresses draw nothing.
type Pages struct{ Text, Prev, Next, First string }

// Sort is a column head that sorts.
type Sort struct {
	Label, Href string
	Num         bool
	Dir         string // "asc", "desc", "" when the list is sorted by another column
}

func (s Sort) aria() string {
	switch s.Dir {
	case "asc":
		return "ascending"
	case "desc":
		return "descending"
	}
	return "none"
}

func (s Sort) icon() string {
	if s.Dir == "asc" {
		return "up"
	}
	return "down"
}

// buttonAttrs are the attributes of a button that a form reads.
func buttonAttrs(b Btn) templ.Attributes {
	all := templ.Attributes{}
	if b.Name != "" {
		all["name"], all["value"] = b.Name, b.Value
	}
	for k, v := range b.Attrs {
		all[k] = v
	}
	return all
}

var noteIcons = map[string]string{"": "info", "ok": "check-circle", "warn": "warning", "bad": "warning", "off": "cloud-off"}

func noteIcon(kind, icon string) string {
	if icon != "" {
		return icon
	}
	return noteIcons[kind]
}

// Question is what Ask asks before an act that cannot be taken back.
type Question struct {
	ID          string
	Title       string // names the thing: "Huỷ công nhận hộ ông Hà Văn Chiến?"
	Consequence string // what will happen, to whom
	Do          string // the verb of the act
	Keep        string // the way out; empty: "Giữ nguyên"
	Action      string // POST address
	Name, Value string // of the pressed button; may be empty
}

func (q Question) keep(ctx context.Context) string {
	if q.Keep != "" {
		return q.Keep
	}
	return lang.T(ctx, "form.keep")
}

// KeyHelp is one line of the list of keys.
type KeyHelp struct{ Key, Does string }
