// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/privacy"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func show(v *site.Visit) error { return showWith(v, "", nil) }

// showWith is one request; after a refusal the form of that act stands again as it was sent.
func showWith(v *site.Visit, what string, failed error) error {
	r, err := v.Privacy.Request(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	p, err := v.Places.Get(v.Ctx(), r.PlaceID)
	if err != nil {
		return err
	}
	w := view{Lead: v.T("privacy.request.lead", "place", p.FullName(), "received", lang.Day(v.Ctx(), r.ReceivedOn))}
	w.frame(v, v.T("privacy.request.title", "code", r.Code, "kind", v.T("privacy.kind."+string(r.Kind))), site.Privacy, p, ui.Crumb{Label: r.Code})
	w.Frame.Failed = failed != nil
	facts := card{ID: "noi-dung-yeu-cau", Title: v.T("privacy.request.facts"), State: stateOf(v, &r)}
	add := func(key, value string) {
		if value != "" {
			facts.Facts = append(facts.Facts, [2]string{v.T("privacy.fact." + key), value})
		}
	}
	add("kind", v.T("privacy.kind."+string(r.Kind)))
	add("name", r.Name)
	add("relation", v.T("privacy.relation."+r.Relation))
	add("contact", r.Contact)
	add("words", r.Words)
	add("way", v.T("privacy.way."+r.Way))
	add("acknowledge_by", lang.Day(v.Ctx(), r.AcknowledgeBy))
	add("acknowledged_on", lang.Day(v.Ctx(), r.AcknowledgedOn))
	add("due", lang.Day(v.Ctx(), r.Due))
	add("extended", r.Extended)
	add("checked", r.Checked)
	add("answer", r.Answer)
	add("basis", r.Basis)
	add("ended_on", lang.Day(v.Ctx(), r.EndedOn))
	sub, found, err := subjectOf(v, &r)
	if err != nil {
		return err
	}
	if found {
		add("subject", sub.Name)
		facts.Files = append(facts.Files, ui.Btn{Label: v.T("privacy.do.subject"), Href: "/so-bo/" + sub.PlaceID + "/" + sub.ID, Icon: "person"})
	}
	if found && (r.Kind == privacy.View || r.Kind == privacy.Provide) && (r.State.Open() || r.State == privacy.Done) {
		for _, form := range []string{"pdf", "json"} {
			facts.Files = append(facts.Files, ui.Btn{Label: v.T("privacy.give." + form), Href: site.With(requestPath(r.ID)+"/du-lieu", "dang", form), Icon: "download"})
		}
	}
	for _, form := range []string{"docx", "pdf"} {
		facts.Files = append(facts.Files, ui.Btn{Label: v.T("privacy.slip." + form), Href: site.With(requestPath(r.ID)+"/giay", "dang", form), Icon: "print"})
	}
	w.Cards = []card{facts}
	forms, err := actForms(v, &r)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.what == what {
			f.form.refused(v, failed)
			what = "shown"
		}
		w.Cards = append(w.Cards, card{ID: f.what, Title: f.title, Forms: []form{f.form}})
	}
	if failed != nil && what != "shown" { // the act is none any more: somebody else was quicker
		sentence, _ := lang.Fault(v.Ctx(), failed)
		w.Notes = append(w.Notes, note{Kind: "bad", Text: sentence})
	}
	return v.ShowAs(statusOf(failed), officePage(w))
}

func subjectOf(v *site.Visit, r *privacy.Request) (sub registry.Subject, found bool, err error) {
	if r.SubjectID == "" {
		return sub, false, nil
	}
	sub, err = v.Registry.Get(v.Ctx(), v.Actor, r.SubjectPlace, r.SubjectID)
	if kind := fault.KindOf(err); err != nil && (kind == fault.KindNotFound || kind == fault.KindDenied) {
		return sub, false, nil // it moved on
	}
	return sub, err == nil, err
}

// actForm is a form of one act on a request.
type actForm struct {
	what, title string
	form        form
}

func actForms(v *site.Visit, r *privacy.Request) (list []actForm, err error) {
	add := func(what, icon, kind string, fields ...ui.Field) {
		f := form{Action: requestPath(r.ID), Wide: true, Lead: v.T("privacy.act." + what + ".lead"), Hidden: [][2]string{{"version", strconv.FormatInt(r.Version, 10)}}, Fields: fields,
			Do: ui.Btn{Label: v.T("privacy.act." + what + ".do"), Icon: icon, Kind: kind, Name: "viec", Value: what}}
		list = append(list, actForm{what, v.T("privacy.act." + what), f})
	}
	if r.Kind == privacy.Limit && r.State == privacy.Done {
		ids, err := v.Registry.Restricted(v.Ctx(), nil)
		if err != nil {
			return nil, err
		}
		if ids[r.SubjectID] {
			add("bo-han-che", "undo", "", ui.Field{Name: "reason", Label: v.T("privacy.field.reason"), Rows: 2})
		}
	}
	if !r.State.Open() {
		return list, nil
	}
	if r.State == privacy.Received {
		add("da-bao", "check", "primary")
	}
	if r.SubjectID == "" {
		found, err := candidates(v, r)
		if err != nil {
			return nil, err
		}
		search := form{Action: requestPath(r.ID), Get: true, Lead: v.T("privacy.find.lead"), Fields: []ui.Field{{Name: "tim", Label: v.T("privacy.find"), Value: v.Query("tim")}}, Do: ui.Btn{Label: v.T("privacy.find_do"), Icon: "search"}}
		list = append(list, actForm{"tim", v.T("privacy.find.title"), search})
		if len(found) > 1 {
			kind := "primary"
			if r.State == privacy.Received { // the first act is the page's
				kind = ""
			}
			add("xac-dinh", "check", kind, ui.Field{Name: "subject", Label: v.T("privacy.field.subject"), Options: found}, ui.Field{Name: "checked", Label: v.T("privacy.field.checked"), Hint: v.T("privacy.field.checked_hint")})
		}
	} else {
		kind := "primary"
		if r.Kind == privacy.Erase {
			kind = "bad"
		}
		fields := []ui.Field{{Name: "answer", Label: v.T("privacy.field.answer"), Hint: v.T("privacy.finish." + string(r.Kind)), Rows: 3}}
		if r.Kind == privacy.Erase {
			fields = append(fields, ui.Field{Name: "sure", Label: v.T("privacy.field.sure"), Type: "check"})
		}
		add("xong", "check", kind, fields...)
	}
	if r.Extended == "" && r.Due >= v.Today() {
		add("gia-han", "calendar", "", ui.Field{Name: "reason", Label: v.T("privacy.field.reason"), Rows: 2, Hint: v.T("privacy.extend_hint", "due", lang.Day(v.Ctx(), r.Kind.Later(r.Due)))})
	}
	add("tu-choi", "x", "", ui.Field{Name: "answer", ID: "ly-do-tu-choi", Label: v.T("privacy.field.why_not"), Rows: 3}, ui.Field{Name: "basis", Label: v.T("privacy.field.basis"), Hint: v.T("privacy.field.basis_hint")})
	places, err := placeOptions(v, r.PlaceID)
	if err != nil {
		return nil, err
	}
	add("chuyen", "arrow", "", ui.Field{Name: "place", Label: v.T("privacy.field.place"), Options: places})
	add("dong", "minus", "", ui.Field{Name: "answer", ID: "ly-do-dong", Label: v.T("privacy.field.reason"), Rows: 2})
	return list, nil
}

// candidates are whom the typed words may mean, below the place that answers.
func candidates(v *site.Visit, r *privacy.Request) (opts []ui.Option, err error) {
	opts = []ui.Option{{Label: v.T("privacy.choose_one")}}
	words := v.Query("tim")
	if sent := v.Form("tim"); sent != "" {
		words = sent
	}
	if words == "" {
		words = r.Name
	}
	for _, model := range []string{registry.Family, registry.Citizen} {
		page, err := v.Registry.Find(v.Ctx(), v.Actor, registry.Filter{PlaceID: r.PlaceID, Model: model, Query: words, Limit: 15})
		if err != nil && !fault.Ours(err) {
			continue // too wide for one list: the officer types more
		}
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(page.Subjects))
		for i := range page.Subjects {
			ids[i] = page.Subjects[i].PlaceID
		}
		names, err := v.Places.Names(v.Ctx(), ids...)
		if err != nil {
			return nil, err
		}
		for _, s := range page.Subjects {
			opts = append(opts, ui.Option{Value: s.PlaceID + "|" + s.ID, Label: v.T("model."+s.Model) + " " + s.Name + ", " + names[s.PlaceID] + ageText(v, &s)})
		}
	}
	return opts, nil
}

func ageText(v *site.Visit, s *registry.Subject) string {
	if s.BirthYear == 0 {
		return ""
	}
	return ", " + v.T("privacy.born", "year", s.BirthYear)
}

// placeOptions are the province and its communes.
func placeOptions(v *site.Visit, chosen string) (opts []ui.Option, err error) {
	home, err := v.Places.Get(v.Ctx(), v.Home)
	if err != nil {
		return nil, err
	}
	below, err := v.Places.Children(v.Ctx(), v.Home, "")
	if err != nil {
		return nil, err
	}
	opts = []ui.Option{{Label: v.T("privacy.choose_one")}}
	for _, p := range below {
		opts = append(opts, ui.Option{Value: p.ID, Label: p.FullName(), Chosen: p.ID == chosen})
	}
	return append(opts, ui.Option{Value: home.ID, Label: home.FullName(), Chosen: home.ID == chosen}), nil
}

// act does one thing with a request.
func act(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	id, ctx := v.Path("id"), v.Ctx()
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	what := v.Form("viec")
	var err error
	switch what {
	case "da-bao":
		_, err = v.Privacy.Acknowledge(ctx, v.Actor, id, version)
	case "xac-dinh":
		place, subject, _ := strings.Cut(v.Form("subject"), "|")
		_, err = v.Privacy.Identify(ctx, v.Actor, id, version, place, subject, v.Form("checked"))
	case "gia-han":
		_, err = v.Privacy.Extend(ctx, v.Actor, id, version, v.Form("reason"))
	case "tu-choi":
		_, err = v.Privacy.Refuse(ctx, v.Actor, id, version, v.Form("answer"), v.Form("basis"))
	case "xong":
		var r privacy.Request
		if r, err = v.Privacy.Request(ctx, v.Actor, id); err == nil && r.Kind == privacy.Erase && v.Form("sure") == "" {
			err = fault.Invalid(fault.Field("sure", "privacy.sure"))
		}
		if err != nil {
			break
		}
		_, err = v.Privacy.Finish(ctx, v.Actor, id, version, v.Form("answer"))
	case "chuyen":
		_, err = v.Privacy.Forward(ctx, v.Actor, id, version, v.Form("place"))
		if err == nil {
			return v.Go(boardPath)
		}
	case "dong":
		_, err = v.Privacy.Drop(ctx, v.Actor, id, version, v.Form("answer"))
	case "bo-han-che":
		err = v.Privacy.Lift(ctx, v.Actor, id, v.Form("reason"))
	default:
		if _, err := v.Privacy.Request(ctx, v.Actor, id); err != nil {
			return err
		}
		return fault.Invalid(fault.Field("viec", "privacy.choose"))
	}
	if again(err) {
		return showWith(v, what, err)
	}
	if err != nil {
		return err
	}
	return v.Go(requestPath(id))
}
