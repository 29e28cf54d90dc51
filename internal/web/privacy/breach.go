// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/privacy"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func breaches(v *site.Visit) error { return breachIndex(v, nil) }

// breachIndex is the book for who keeps it, and for everybody the form that tells of a suspicion.
func breachIndex(v *site.Visit, failed error) error {
	p, err := v.Here(identity.ReportBreach)
	if err != nil {
		return err
	}
	list, err := v.Privacy.Breaches(v.Ctx(), v.Actor)
	if err != nil {
		return err
	}
	open := 0
	table := card{ID: "so", Title: v.T("privacy.breach.book"), Empty: v.T("privacy.breach.none"), Heads: []string{v.T("privacy.col.breach"), v.T("privacy.col.found"), v.T("privacy.col.state"), v.T("privacy.col.clock")}}
	for i := range list {
		b := &list[i]
		if b.State == "open" || b.State == "suspected" {
			open++
		}
		next := cell{}
		for _, c := range b.Clocks() {
			if c.Done.IsZero() && b.State == "open" {
				next.State = clockState(v, c)
				break
			}
		}
		table.Rows = append(table.Rows, []cell{{Text: b.Title, Href: breachPath + "/" + b.ID}, {Text: said(v, b.FoundAt)}, {Text: v.T("privacy.breach.state." + b.State)}, next})
	}
	title := v.T("privacy.breach.title_none")
	if open > 0 {
		title = v.T("privacy.breach.title", "count", open)
	}
	w := view{Lead: v.T("privacy.breach.lead")}
	w.frame(v, title, site.Breaches, p)
	w.Frame.Failed = failed != nil
	f := form{Action: site.With(breachPath, "noi", p.ID), Keep: "su-co", Wide: true, Lead: v.T("privacy.breach.tell_lead"), Fields: storyFields(v, &privacy.Breach{FoundAt: v.Now()}), Do: ui.Btn{Label: v.T("privacy.breach.tell_do"), Kind: "primary", Icon: "warning"}}
	f.refused(v, failed)
	w.Cards = []card{{ID: "bao", Title: v.T("privacy.breach.tell"), Forms: []form{f}}, table}
	if v.Actor.May(identity.KeepBreaches, p.Path) {
		year := v.Today()[:4]
		w.Cards = append(w.Cards, card{ID: "hang-nam", Title: v.T("privacy.breach.yearly", "year", year), Forms: []form{{Action: site.With(breachPath, "noi", p.ID), Lead: v.T("privacy.breach.yearly_lead", "year", year), Hidden: [][2]string{{"viec", "bao-cao-nam"}, {"year", year}},
			Do: ui.Btn{Label: v.T("privacy.breach.yearly_do"), Icon: "check"}}}})
	}
	return v.ShowAs(statusOf(failed), officePage(w))
}

func clockState(v *site.Visit, c privacy.Clock) ui.State {
	word := v.T("privacy.clock."+c.Key) + ": " + said(v, c.Due)
	switch {
	case !c.Done.IsZero() && c.Late(v.Now()):
		return ui.State{Kind: "warn", Icon: "check", Word: v.T("privacy.clock.done_late", "what", v.T("privacy.clock."+c.Key), "at", said(v, c.Done))}
	case !c.Done.IsZero():
		return ui.State{Kind: "ok", Icon: "check", Word: v.T("privacy.clock.done", "what", v.T("privacy.clock."+c.Key), "at", said(v, c.Done))}
	case c.Late(v.Now()):
		return ui.State{Kind: "bad", Icon: "warning", Word: v.T("privacy.clock.late", "what", word)}
	}
	return ui.State{Kind: "warn", Icon: "clock", Word: word}
}

func storyFields(v *site.Visit, b *privacy.Breach) []ui.Field {
	return []ui.Field{
		{Name: "title", Label: v.T("privacy.field.breach_title"), Value: b.Title},
		{Name: "kind", Label: v.T("privacy.field.breach_kind"), Options: options(v, "privacy.breach.kind.", b.Kind, privacy.BreachKinds)},
		{Name: "story", Label: v.T("privacy.field.story"), Hint: v.T("privacy.field.story_hint"), Value: b.Story, Rows: 4},
		{Name: "found_at", Label: v.T("privacy.field.found_at"), Hint: v.T("privacy.field.found_at_hint"), Type: "datetime-local", Value: momentValue(b.FoundAt)},
		{Name: "happened_at", Label: v.T("privacy.field.happened_at"), Type: "datetime-local", Value: momentValue(b.HappenedAt), Optional: true},
	}
}

func story(v *site.Visit) privacy.Breach {
	return privacy.Breach{Title: v.Form("title"), Kind: v.Form("kind"), Story: v.Form("story"), FoundAt: moment(v.Form("found_at")), HappenedAt: moment(v.Form("happened_at"))}
}

func suspect(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.ReportBreach)
	if err != nil {
		return err
	}
	if v.Form("viec") == "bao-cao-nam" {
		if err := v.Privacy.YearlySent(v.Ctx(), v.Actor, p.ID, v.Form("year")); err != nil {
			return err
		}
		return v.Go(site.With(breachPath, "noi", p.ID))
	}
	b := story(v)
	b.PlaceID = p.ID
	b, err = v.Privacy.Suspect(v.Ctx(), v.Actor, b)
	if again(err) {
		return breachIndex(v, err)
	}
	if err != nil {
		return err
	}
	return v.Go(breachPath + "/" + b.ID)
}

func breach(v *site.Visit) error { return breachShow(v, "", nil) }

func breachShow(v *site.Visit, what string, failed error) error {
	b, steps, err := v.Privacy.Breach(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	p, err := v.Places.Get(v.Ctx(), b.PlaceID)
	if err != nil {
		return err
	}
	w := view{Lead: v.T("privacy.breach.state."+b.State) + ". " + p.FullName()}
	w.frame(v, b.Title, site.Breaches, p, ui.Crumb{Label: b.Title})
	w.Frame.Failed = failed != nil
	for _, c := range b.Clocks() {
		s := clockState(v, c)
		w.Notes = append(w.Notes, note{Kind: s.Kind, Icon: s.Icon, Text: s.Word})
	}
	facts := card{ID: "su-viec", Title: v.T("privacy.breach.facts"), Text: []string{b.Story}}
	for _, f := range [][2]string{{"breach_kind", v.T("privacy.breach.kind." + b.Kind)}, {"severity", v.T("privacy.severity." + b.Severity)}, {"found_at", said(v, b.FoundAt)}, {"happened_at", said(v, b.HappenedAt)},
		{"subjects", lang.Number(v.Ctx(), b.Subjects)}, {"sensitive", lang.Number(v.Ctx(), b.Sensitive)}, {"fields", b.Fields}, {"effects", b.Effects}, {"measures", b.Measures}, {"outcome", b.Outcome}} {
		if f[1] != "" {
			facts.Facts = append(facts.Facts, [2]string{v.T("privacy.field." + f[0]), f[1]})
		}
	}
	keeper := v.Actor.May(identity.KeepBreaches, p.Path)
	if keeper {
		for _, paper := range []string{"mau-08", "bien-ban"} {
			for _, form := range []string{"docx", "pdf"} {
				facts.Files = append(facts.Files, ui.Btn{Label: v.T("privacy.breach.paper."+paper) + " (" + v.T("privacy.as."+form) + ")", Href: site.With(breachPath+"/"+b.ID+"/giay", "giay", paper, "dang", form), Icon: "print"})
			}
		}
	}
	table := card{ID: "dien-bien", Title: v.T("privacy.breach.steps"), Heads: []string{v.T("privacy.col.when"), v.T("privacy.col.what"), v.T("privacy.col.who")}, Empty: v.T("privacy.breach.steps_none")}
	for _, s := range steps {
		table.Rows = append(table.Rows, []cell{{Text: said(v, s.At)}, {Text: s.What}, {Text: s.ByName}})
	}
	w.Cards = []card{facts, table}
	if keeper {
		cards, err := breachForms(v, &b, p, what, failed)
		if err != nil {
			return err
		}
		w.Cards = append(w.Cards, cards...)
	}
	return v.ShowAs(statusOf(failed), officePage(w))
}

// breachForms are the acts of who keeps the book.
func breachForms(v *site.Visit, b *privacy.Breach, p place.Place, what string, failed error) (list []card, err error) {
	action := breachPath + "/" + b.ID
	add := func(key string, f form) {
		f.Action, f.Lead = action, v.T("privacy.breach.act."+key+".lead")
		f.Hidden = append(f.Hidden, [2]string{"version", strconv.FormatInt(b.Version, 10)}, [2]string{"viec", key})
		if key == what {
			f.refused(v, failed)
		}
		list = append(list, card{ID: key, Title: v.T("privacy.breach.act." + key), Forms: []form{f}})
	}
	if b.State != "closed" && b.State != "dismissed" {
		fields := append(storyFields(v, b), ui.Field{Name: "severity", Label: v.T("privacy.field.severity"), Options: options(v, "privacy.severity.", b.Severity, privacy.Severities)},
			ui.Field{Name: "subjects", Label: v.T("privacy.field.subjects"), Value: strconv.FormatInt(b.Subjects, 10), Attrs: map[string]any{"inputmode": "numeric"}},
			ui.Field{Name: "sensitive", Label: v.T("privacy.field.sensitive"), Value: strconv.FormatInt(b.Sensitive, 10), Attrs: map[string]any{"inputmode": "numeric"}},
			ui.Field{Name: "fields", Label: v.T("privacy.field.fields"), Value: b.Fields, Rows: 2, Optional: true}, ui.Field{Name: "effects", Label: v.T("privacy.field.effects"), Value: b.Effects, Rows: 2, Optional: true},
			ui.Field{Name: "measures", Label: v.T("privacy.field.measures"), Value: b.Measures, Rows: 2, Optional: true})
		add("xac-nhan", form{Wide: true, Fields: fields, Do: ui.Btn{Label: v.T("privacy.breach.act.xac-nhan.do"), Icon: "check", Kind: "primary"}})
		notices := []string{"first", "authority", "report", "persons"}
		notice := ui.Field{Name: "notice", Label: v.T("privacy.field.notice"), Options: options(v, "privacy.clock.", "", notices)}
		notice.Options[0].Label = v.T("privacy.notice_none")
		add("ghi", form{Wide: true, Fields: []ui.Field{{Name: "what", Label: v.T("privacy.field.what"), Rows: 2}, {Name: "at", Label: v.T("privacy.field.at"), Type: "datetime-local", Value: momentValue(v.Now())}, notice},
			Do: ui.Btn{Label: v.T("privacy.breach.act.ghi.do"), Icon: "plus"}})
		add("ket-thuc", form{Wide: true, Fields: []ui.Field{{Name: "outcome", Label: v.T("privacy.field.outcome"), Rows: 3}}, Do: ui.Btn{Label: v.T("privacy.breach.act.ket-thuc.do"), Icon: "check"}})
	}
	reach := form{Get: true, Action: action, Lead: v.T("privacy.reach.lead"), Fields: []ui.Field{{Name: "login", Label: v.T("privacy.field.login"), Value: v.Query("login"), Attrs: map[string]any{"autocomplete": "off"}},
		{Name: "tu", Label: v.T("privacy.field.from"), Type: "datetime-local", Value: v.Query("tu")}, {Name: "den", Label: v.T("privacy.field.to"), Type: "datetime-local", Value: v.Query("den")}}, Do: ui.Btn{Label: v.T("privacy.reach.do"), Icon: "search"}}
	c := card{ID: "pham-vi", Title: v.T("privacy.reach")}
	if login := v.Query("login"); login != "" {
		r, err := v.Privacy.Reached(v.Ctx(), v.Actor, b.ID, login, moment(v.Query("tu")), moment(v.Query("den")))
		switch {
		case fault.KindOf(err) == fault.KindInvalid && err != nil:
			reach.Failed = v.T("privacy.reach.wrong")
		case err != nil:
			return nil, err
		default:
			c.Text = []string{v.T("privacy.reach.said", "login", login, "entries", r.Entries, "things", r.Things, "count", r.Subjects)}
		}
	}
	c.Forms = []form{reach}
	return append(list, c), nil
}

func breachAct(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	id := v.Path("id")
	if b, _, err := v.Privacy.Breach(v.Ctx(), v.Actor, id); err != nil {
		return err
	} else if p, err := v.Places.Get(v.Ctx(), b.PlaceID); err != nil {
		return err
	} else if err := v.Actor.Check(identity.KeepBreaches, p.Path, p.FullName()); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	what := v.Form("viec")
	var err error
	switch what {
	case "xac-nhan":
		d := story(v)
		d.ID, d.Version, d.Severity, d.Fields, d.Effects, d.Measures = id, version, v.Form("severity"), v.Form("fields"), v.Form("effects"), v.Form("measures")
		if d.Subjects, err = strconv.ParseInt(v.Form("subjects"), 10, 64); err != nil {
			d.Subjects = -1 // told as a fault of the field
		}
		if d.Sensitive, err = strconv.ParseInt(v.Form("sensitive"), 10, 64); err != nil {
			d.Sensitive = -1
		}
		_, err = v.Privacy.Describe(v.Ctx(), v.Actor, d)
	case "ghi":
		_, err = v.Privacy.Record(v.Ctx(), v.Actor, id, version, v.Form("what"), v.Form("notice"), moment(v.Form("at")))
	case "ket-thuc":
		_, err = v.Privacy.Close(v.Ctx(), v.Actor, id, version, v.Form("outcome"))
	default:
		return fault.Invalid(fault.Field("viec", "privacy.choose"))
	}
	if again(err) {
		return breachShow(v, what, err)
	}
	if err != nil {
		return err
	}
	return v.Go(breachPath + "/" + id)
}

// breachFile sends form 08 (?giay=mau-08) or the confirmation minutes (bien-ban).
func breachFile(v *site.Visit) error {
	b, steps, err := v.Privacy.Breach(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	p, err := v.Places.Get(v.Ctx(), b.PlaceID)
	if err != nil {
		return err
	}
	if err := v.Actor.Check(identity.KeepBreaches, p.Path, p.FullName()); err != nil {
		return err
	}
	r, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		return err
	}
	switch v.Query("giay") {
	case "mau-08":
		return papers.Send(v, "thong-bao-vi-pham-du-lieu-ca-nhan", noticePaper(v, p, &b, &r))
	case "bien-ban":
		return papers.Send(v, "bien-ban-su-co", minutesPaper(v, p, &b, steps))
	}
	return fault.NotFound("file", v.Query("giay"))
}
