// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// Line is one entry in words.
type Line struct {
	At      string
	Who     string
	Did     string
	Where   string // name of the place
	Href    string // the history of the record
	Changes []string
	More    int // changes that are not shown
	Reason  string
	From    string // address and device, for who may see them
	Refused bool
	Gone    bool // its values were erased
}

// searchActs are what a search can be narrowed to.
var searchActs = []string{"sign_in", "create", "save", "change", "move", "import", "score", "send", "return", "approve", "reject", "reopen", "recheck", "recognise", "revoke", "issue", "sign", "void",
	"submit", "give", "withdraw", "export", "close", "open", "password", "forget"}

const selectNames = `SELECT id, name FROM account`

// words makes sentences of entries.
type words struct {
	v       *site.Visit
	address bool
	names   map[string]string // of accounts
	places  map[string]string
}

func wordsFor(v *site.Visit, address bool) (*words, error) {
	return &words{v: v, address: address, names: map[string]string{}, places: map[string]string{}}, nil
}

func (w *words) lines(list []audit.Line) (out []Line, err error) {
	found := make([]audit.Found, len(list))
	for i, l := range list {
		found[i].Line = l
	}
	if out, err = w.found(found); err == nil {
		for i := range out {
			out[i].Href, out[i].Where = "", "" // the page is about that very record
		}
	}
	return out, err
}

func (w *words) found(list []audit.Found) (out []Line, err error) {
	if err := w.learn(list); err != nil {
		return nil, err
	}
	for _, f := range list {
		l := w.base(f)
		l.Did = w.did(f.Thing, f.Act)
		l.Changes, l.More = w.changes(f.Before, f.After)
		l.Gone, l.Reason = f.Forgotten, f.Reason
		if f.IsForget() || f.Thing == "journal" || f.Thing == "access_log" {
			l.Changes, l.More = nil, 0 // numbers of entries
		}
		if at := f.PlaceID; f.ThingID != "" {
			if at == "" {
				at = none
			}
			l.Href = "/nhat-ky/" + at + "/" + f.ThingID
		}
		out = append(out, l)
	}
	return out, nil
}

// reads are lines of the log of reads.
func (w *words) reads(list []audit.Found) (out []Line, err error) {
	if err := w.learn(list); err != nil {
		return nil, err
	}
	for _, f := range list {
		l := w.base(f)
		what := f.Thing
		if key := "journal.page." + strings.ReplaceAll(f.Thing, "-", "_"); lang.Has(w.v.Ctx(), key) {
			what = w.v.T(key)
		}
		l.Did = w.v.T("journal.read_line", "did", w.verb(f.Act), "what", what)
		if f.Many > 0 {
			l.Changes = []string{w.v.T("journal.rows", "count", f.Many)}
		}
		if f.ThingID != "" && f.PlaceID != "" && f.Thing != "account" {
			l.Href = "/nhat-ky/" + f.PlaceID + "/" + f.ThingID
		}
		out = append(out, l)
	}
	return out, nil
}

// learn looks up the names that lines need.
func (w *words) learn(list []audit.Found) error {
	var people, places []string
	for _, f := range list {
		if f.ActorID != "" && w.names[f.ActorID] == "" && !slices.Contains(people, f.ActorID) {
			people = append(people, f.ActorID)
		}
		if f.PlaceID != "" && w.places[f.PlaceID] == "" && !slices.Contains(places, f.PlaceID) {
			places = append(places, f.PlaceID)
		}
	}
	names, err := w.v.Places.Names(w.v.Ctx(), places...)
	if err != nil {
		return err
	}
	for id, name := range names {
		w.places[id] = name
	}
	if len(people) == 0 {
		return nil
	}
	var where store.Where
	where.In("id", people...)
	return store.Each(w.v.Ctx(), w.v.DB.Read(), func(s store.Scanner) error {
		var id, name string
		err := s.Scan(&id, &name)
		w.names[id] = name
		return err
	}, selectNames+where.SQL(), where.Args()...)
}

func (w *words) base(f audit.Found) Line {
	l := Line{At: lang.Clock(w.v.Ctx(), f.At) + " " + lang.Date(w.v.Ctx(), f.At), Where: w.places[f.PlaceID], Refused: f.Result == audit.Refused}
	switch {
	case w.names[f.ActorID] != "":
		l.Who = w.names[f.ActorID]
	case f.ActorID == audit.System.ID:
		l.Who = w.v.T("journal.program")
	case identity.IsOwn(f.ActorID):
		l.Who = w.v.T("qrslip.family")
	case f.ActorID == "" || f.ActorID == "public":
		l.Who = w.v.T("journal.nobody")
	default:
		l.Who = w.v.T("journal.somebody")
	}
	if w.address && f.Address != "" {
		l.From = f.Address
		if f.Device != "" {
			l.From += ", " + f.Device
		}
	}
	return l
}

func (w *words) thing(thing string) string {
	if key := "journal.thing." + thing; lang.Has(w.v.Ctx(), key) {
		return w.v.T(key)
	}
	return thing
}

func (w *words) verb(act string) string {
	if key := "journal.did." + act; lang.Has(w.v.Ctx(), key) {
		return w.v.T(key)
	}
	return act
}

func (w *words) did(thing, act string) string {
	return w.v.T("journal.line", "did", w.verb(act), "thing", w.thing(thing))
}

// Bounds of what a line repeats.
const (
	mostChanges  = 8
	longestValue = 90
)

// silent are fields that tell a reader nothing.
var silent = map[string]bool{"id": true, "version": true, "updated_at": true, "created_at": true, "at": true, "sha": true, "fold": true, "sort": true}

// hidden are fields whose values are never repeated in a history.
var hidden = map[string]bool{"phone": true, "email": true, "token": true, "password": true}

// changes tell field by field what was before and what is after.
func (w *words) changes(before, after json.RawMessage) (list []string, more int) {
	old, now := flat(before), flat(after)
	var fields []string
	for f := range now {
		fields = append(fields, f)
	}
	for f := range old {
		if _, both := now[f]; !both {
			fields = append(fields, f)
		}
	}
	slices.Sort(fields)
	for _, f := range fields {
		last := strings.ToLower(f[strings.LastIndexByte(f, '.')+1:])
		if old[f] == now[f] || silent[last] {
			continue
		}
		if len(list) == mostChanges {
			more++
			continue
		}
		label := w.field(f)
		switch {
		case hidden[last]:
			list = append(list, w.v.T("journal.changed_hidden", "field", label))
		case old[f] == "":
			list = append(list, w.v.T("journal.set", "field", label, "to", w.value(now[f])))
		case now[f] == "" && len(now) == 0:
			list = append(list, w.v.T("journal.was", "field", label, "from", w.value(old[f])))
		default:
			list = append(list, w.v.T("journal.changed", "field", label, "from", w.value(old[f]), "to", w.value(now[f])))
		}
	}
	return list, more
}

// field is a field's name in words: each part of its path that the catalogue knows.
func (w *words) field(path string) string {
	var out []string
	for part := range strings.SplitSeq(path, ".") {
		key := strings.ToLower(part)
		switch {
		case key == "input": // a sheet is nothing but its content
			continue
		case lang.Has(w.v.Ctx(), "journal.field."+key):
			part = w.v.T("journal.field." + key)
		case lang.Has(w.v.Ctx(), "registry.field."+key):
			part = w.v.T("registry.field." + key)
		}
		out = append(out, part)
	}
	return strings.Join(out, " › ")
}

func (w *words) value(s string) string {
	if s == "" {
		return w.v.T("journal.nothing")
	}
	if key := "journal.value." + s; lang.Has(w.v.Ctx(), key) {
		return w.v.T(key)
	}
	if r := []rune(s); len(r) > longestValue {
		return string(r[:longestValue]) + "…"
	}
	return s
}

// flat makes "sheet.input.A1" → "5" of nested objects. Empty values are left out.
func flat(raw json.RawMessage) map[string]string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	out := map[string]string{}
	flatten("", v, out)
	return out
}

func flatten(path string, v any, out map[string]string) {
	below := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			flatten(below(name), value, out)
		}
	case []any:
		if len(v) > 0 && v[0] != nil && isID(fmt.Sprint(v[0])) {
			out[path] = strconv.Itoa(len(v)) // how many: the ids tell a reader nothing
			return
		}
		for i, value := range v {
			flatten(below(strconv.Itoa(i+1)), value, out)
		}
	case nil:
	case bool:
		out[path] = strconv.FormatBool(v)
	default:
		if s := fmt.Sprint(v); s != "" {
			out[path] = s
		}
	}
}

// isID says whether a text is an id that the program made.
func isID(s string) bool {
	return len(s) == 26 && !strings.ContainsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}
