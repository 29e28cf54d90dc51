// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"strconv"

	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func board(v *site.Visit) error { return boardOf(v, nil) }

// boardOf is what a place owes to persons, what is late first; the form stands again with its faults after a refusal.
func boardOf(v *site.Visit, failed error) error {
	p, err := v.Here(identity.HandleRequests)
	if err != nil {
		return err
	}
	list, err := v.Privacy.Requests(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].PlaceID
	}
	names, err := v.Places.Names(v.Ctx(), ids...)
	if err != nil {
		return err
	}
	open, late := 0, 0
	table := card{ID: "yeu-cau", Title: v.T("privacy.requests"), Empty: v.T("privacy.requests_none"),
		Heads: []string{v.T("privacy.col.code"), v.T("privacy.col.kind"), v.T("privacy.col.place"), v.T("privacy.col.state"), v.T("privacy.col.due")}}
	for i := range list {
		r := &list[i]
		if r.State.Open() {
			open++
		}
		if r.Late(v.Today()) > 0 {
			late++
		}
		due := lang.Day(v.Ctx(), r.Next())
		if !r.State.Open() {
			due = lang.Day(v.Ctx(), r.EndedOn)
		}
		table.Rows = append(table.Rows, []cell{{Text: r.Code, Href: requestPath(r.ID)}, {Text: v.T("privacy.kind." + string(r.Kind))}, {Text: names[r.PlaceID]}, {State: stateOf(v, r)}, {Text: due}})
	}
	title := v.T("privacy.board.none")
	if open > 0 {
		title = v.T("privacy.board.open", "count", open)
	}
	if late > 0 {
		title = v.T("privacy.board.late", "count", late, "open", open)
	}
	w := view{Lead: v.T("privacy.board.lead", "place", papers.Within(p.FullName()))}
	if v.Actor.May(identity.KeepRegister, p.Path) {
		tasks, err := v.Privacy.Tasks(v.Ctx(), v.Actor, p.ID)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			kind := "warn"
			if t.Late(v.Today()) {
				kind = "bad"
			}
			w.Notes = append(w.Notes, note{Kind: kind, Text: taskText(v, &t), Do: v.T("privacy.task.do"), Href: taskPath(t.Key)})
		}
		w.Buttons = []ui.Btn{{Label: v.T("privacy.register"), Href: registerPath, Icon: "book"}, {Label: v.T("privacy.keeping"), Href: keepPath, Icon: "clock"}}
	}
	w.Buttons = append(w.Buttons, ui.Btn{Label: v.T("privacy.breach.tell"), Href: breachPath, Icon: "warning"})
	again, err := againCard(v, p)
	if err != nil {
		return err
	}
	w.frame(v, title, site.Privacy, p)
	w.Frame.Failed = failed != nil
	f := receiveForm(v, p)
	f.refused(v, failed)
	w.Cards = append([]card{table}, append(again, card{ID: "ghi-nhan", Title: v.T("privacy.receive"), Forms: []form{f}})...)
	return v.ShowAs(statusOf(failed), officePage(w))
}

func requestPath(id string) string { return boardPath + "/yeu-cau/" + id }

func taskPath(key string) string {
	if key == "yearly" {
		return breachPath
	}
	return registerPath
}

func taskText(v *site.Visit, t *privacy.Task) string {
	return v.T("privacy.task."+t.Key, "due", lang.Day(v.Ctx(), t.Due), "count", t.Count, "detail", t.Detail)
}

// stateOf says where a request is, and that it is late.
func stateOf(v *site.Visit, r *privacy.Request) ui.State {
	if late := r.Late(v.Today()); late > 0 {
		return ui.State{Kind: "bad", Icon: "warning", Word: v.T("privacy.late", "count", late)}
	}
	word := v.T("privacy.state." + string(r.State))
	switch r.State {
	case privacy.Done:
		return ui.State{Kind: "ok", Icon: "check", Word: word}
	case privacy.Refused:
		return ui.State{Icon: "x", Word: word}
	case privacy.Dropped:
		return ui.State{Icon: "minus", Word: word}
	case privacy.Received:
		return ui.State{Kind: "warn", Icon: "clock", Word: word}
	}
	return ui.State{Icon: "clock", Word: word}
}

// askFields are what every request tells, whoever writes it down.
func askFields(v *site.Visit) []ui.Field {
	return []ui.Field{
		{Name: "kind", Label: v.T("privacy.field.kind"), Options: options(v, "privacy.kind.", "", privacy.Kinds)},
		{Name: "relation", Label: v.T("privacy.field.relation"), Options: options(v, "privacy.relation.", "self", privacy.Relations)},
		{Name: "name", Label: v.T("privacy.field.name"), Attrs: map[string]any{"autocomplete": "name", "maxlength": "120"}},
		{Name: "contact", Label: v.T("privacy.field.contact"), Hint: v.T("privacy.field.contact_hint"), Attrs: map[string]any{"maxlength": "240"}},
		{Name: "words", Label: v.T("privacy.field.words"), Hint: v.T("privacy.field.words_hint"), Rows: 4, Optional: true},
	}
}

func receiveForm(v *site.Visit, p place.Place) form {
	f := form{Action: site.With(boardPath, "noi", p.ID), Keep: "yeu-cau", Fields: askFields(v), Note: v.PrivacyContact(), Do: ui.Btn{Label: v.T("privacy.receive_do"), Kind: "primary", Icon: "plus"}}
	f.Fields = append(f.Fields,
		ui.Field{Name: "way", Label: v.T("privacy.field.way"), Options: options(v, "privacy.way.", "", privacy.Ways[:2])},
		ui.Field{Name: "received_on", Label: v.T("privacy.field.received_on"), Type: "date", Value: v.Today(), Attrs: map[string]any{"max": v.Today()}},
		ui.Field{Name: "processors", Label: v.T("privacy.field.processors"), Type: "check"})
	return f
}

func asked(v *site.Visit) privacy.Request {
	return privacy.Request{Kind: privacy.Kind(v.Form("kind")), Relation: v.Form("relation"), Name: v.Form("name"), Contact: v.Form("contact"), Words: v.Form("words")}
}

func receive(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.HandleRequests)
	if err != nil {
		return err
	}
	r := asked(v)
	r.PlaceID, r.Way, r.ReceivedOn = p.ID, v.Form("way"), v.Form("received_on")
	r.Processors, _ = strconv.ParseBool(v.Form("processors"))
	r, err = v.Privacy.Receive(v.Ctx(), v.Actor, r)
	if again(err) {
		return boardOf(v, err)
	}
	if err != nil {
		return err
	}
	return v.Go(requestPath(r.ID))
}

// againDays is how long before a child's consent ends it stands among what is to be asked again.
const againDays = 60

// againCard lists the children who are asked again, for those who may write their answer down.
func againCard(v *site.Visit, p place.Place) (cards []card, err error) {
	if !v.Actor.May(identity.EditRegistry, p.Path) {
		return nil, nil
	}
	list, err := v.Registry.AskAgain(v.Ctx(), v.Actor, p.ID, store.Date(v.Now().AddDate(0, 0, againDays)))
	if err != nil {
		return nil, err
	}
	c := card{ID: "hoi-lai", Title: v.T("privacy.again.title"), Empty: v.T("privacy.again.none"), Heads: []string{v.T("privacy.again.who"), v.T("privacy.again.purpose"), v.T("privacy.again.on")}}
	for _, x := range list {
		c.Rows = append(c.Rows, []cell{{Text: x.Name, Href: "/so-bo/" + x.PlaceID + "/" + x.SubjectID + "#dong-y"}, {Text: v.T("consent." + string(x.Purpose))}, {Text: lang.Day(v.Ctx(), x.AskAgainOn)}})
	}
	return []card{c}, nil
}
