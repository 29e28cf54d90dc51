// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"cmp"
	"encoding/json"
	"slices"

	"hoctap/internal/audit"
	"hoctap/internal/identity"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// journalLine is one line of a subject's history as a sentence, with the fields that were changed.
type journalLine struct {
	At, Says, Reason string
	Changes          []string
}

const (
	maxJournal  = 100
	selectNames = `SELECT id, name FROM account`
)

// past tells the history, newest first, and whether a move waits for an answer. What happened where the reader may not look is left out.
func (view *showView) past(v *site.Visit, r registry.Subject, stays []registry.Stay) error {
	var lines []audit.Line
	for _, id := range placesOf(r, stays) {
		path, err := v.Places.Path(v.Ctx(), nil, id)
		if err != nil {
			return err
		}
		if !v.Actor.May(identity.SeeRecords, path) {
			continue
		}
		some, err := audit.History(v.Ctx(), v.DB.Read(), id, r.ID)
		if err != nil {
			return err
		}
		lines = append(lines, some...)
	}
	slices.SortStableFunc(lines, func(a, b audit.Line) int { return cmp.Compare(a.ID, b.ID) })
	here, err := v.Places.Path(v.Ctx(), nil, r.PlaceID)
	if err != nil {
		return err
	}
	sees := v.Actor.Sees(here)
	who, err := actorsOf(v, lines)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Thing != "move" {
			continue
		}
		view.Pending = ""
		if l.Act == "ask_move" {
			to, date, err := request(v, l)
			if err != nil {
				return err
			}
			view.Pending = v.T("subjects.pending", "place", to, "date", date)
		}
	}
	slices.Reverse(lines)
	for _, l := range lines[:min(len(lines), maxJournal)] {
		name := who[l.ActorID]
		if giver := l.For(); giver != "" {
			name = v.T("review.journal.on_behalf", "who", name, "giver", who[giver])
		}
		told, shown, err := tell(v, r, l, name, sees)
		if err != nil {
			return err
		}
		if shown {
			view.Journal = append(view.Journal, told)
		}
	}
	if len(lines) == 0 || lines[len(lines)-1].Act != "add" {
		key := "subjects.journal.since"
		if r.BatchID != "" {
			key = "subjects.journal.imported"
		}
		view.Journal = append(view.Journal, journalLine{At: moment(v, r.CreatedAt), Says: v.T(key)})
	}
	return nil
}

func actorsOf(v *site.Visit, lines []audit.Line) (map[string]string, error) {
	var ids []string
	for _, l := range lines {
		if !slices.Contains(ids, l.ActorID) {
			ids = append(ids, l.ActorID)
		}
		if giver := l.For(); giver != "" && !slices.Contains(ids, giver) {
			ids = append(ids, giver)
		}
	}
	out := map[string]string{}
	var w store.Where
	w.In("id", ids...)
	err := store.Each(v.Ctx(), v.DB.Read(), func(s store.Scanner) error {
		var id, name string
		err := s.Scan(&id, &name)
		out[id] = name
		return err
	}, selectNames+w.SQL(), w.Args()...)
	return out, err
}

// request reads where a proposed move goes, and from which day.
func request(v *site.Visit, l audit.Line) (to, date string, err error) {
	var m registry.MoveRequest
	if err := json.Unmarshal(l.After, &m); err != nil {
		return "", "", err
	}
	where, err := names(v, m.ToID)
	return where[m.ToID], lang.Day(v.Ctx(), m.Date), err
}

// tell makes a sentence of an entry. Ids in it become names; an entry that only accompanies another is not shown.
func tell(v *site.Visit, r registry.Subject, l audit.Line, who string, sees identity.Fields) (told journalLine, shown bool, err error) {
	if who == "" {
		who = v.T("subjects.journal.program")
	}
	told = journalLine{At: moment(v, l.At), Reason: l.Reason}
	key, args := "subjects.journal."+l.Thing+"."+l.Act, []any{"who", who}
	switch l.Thing {
	case "subject":
		var before, after registry.Subject
		if err := both(l, &before, &after); err != nil {
			return told, false, err
		}
		switch l.Act {
		case "members":
			return told, false, nil
		case "reveal":
			var what struct{ Field string }
			if err := json.Unmarshal(l.After, &what); err != nil {
				return told, false, err
			}
			args = append(args, "field", label(v, r.Model, what.Field))
		case "change", "undo_import", "update":
			told.Changes = changes(v, before, after, sees)
		case "move":
			where, err := names(v, before.PlaceID, after.PlaceID)
			if err != nil {
				return told, false, err
			}
			args = append(args, "from", where[before.PlaceID], "to", where[after.PlaceID])
		case "merge", "unmerge", "keep_both":
			told.Reason = ""
			id, other := cmp.Or(l.Reason, after.MergedInto, before.MergedInto), v.T("subjects.gone")
			if l.Reason == "" {
				key += "_gone"
			}
			if o, err := v.Registry.Get(v.Ctx(), v.Actor, r.PlaceID, id); err == nil {
				other = o.Name
			}
			args = append(args, "other", other)
		}
	case "members":
		var before, after struct{ Members []string }
		if err := both(l, &before, &after); err != nil {
			return told, false, err
		}
		args = append(args, "added", lacks(before.Members, after.Members), "removed", lacks(after.Members, before.Members))
	case "register_entry":
		if !sees.Has(identity.FieldStatus) {
			told.Says = v.T("subjects.journal.entry_hidden", "who", who)
			return told, true, nil
		}
		var before, after struct {
			Year       int
			Key, Value string
		}
		if err := both(l, &before, &after); err != nil {
			return told, false, err
		}
		args = append(args, "what", entryLabel(v, after.Key), "year", after.Year, "value", entryWord(v, after.Key, after.Value))
	case "move":
		to, date, err := request(v, l)
		if err != nil {
			return told, false, err
		}
		args = append(args, "to", to, "date", date)
	}
	if !lang.Has(v.Ctx(), key) {
		key, args = "subjects.journal.other", []any{"who", who}
	}
	told.Says = v.T(key, args...)
	return told, true, nil
}

func both(l audit.Line, before, after any) error {
	if err := json.Unmarshal(l.Before, before); err != nil {
		return err
	}
	return json.Unmarshal(l.After, after)
}

// lacks counts what list has and known has not.
func lacks(known, list []string) (n int) {
	for _, id := range list {
		if !slices.Contains(known, id) {
			n++
		}
	}
	return n
}

// changes are the fields that differ, old and new; numbers of phones are never repeated in a history.
func changes(v *site.Visit, before, after registry.Subject, sees identity.Fields) (list []string) {
	for _, f := range append([]string{"name"}, fieldsOf(after.Model)...) {
		old, now := typedOf(before)[f], typedOf(after)[f]
		if old == now || f == "name" && len(list) > 0 {
			continue
		}
		switch hidden := identity.FieldNamed(f); {
		case f == "phone":
			list = append(list, v.T("subjects.changed_phone"))
			continue
		case f == "id_number" || hidden != 0 && !sees.Has(hidden):
			list = append(list, v.T("subjects.changed_hidden", "field", label(v, after.Model, f)))
			continue
		}
		list = append(list, v.T("subjects.changed", "field", label(v, after.Model, f), "from", dash(inWords(v, before, f, old)), "to", dash(inWords(v, after, f, now))))
	}
	return list
}
