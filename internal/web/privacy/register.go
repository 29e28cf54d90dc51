// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"strconv"

	"hoctap/internal/identity"
	"hoctap/internal/privacy"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

func register(v *site.Visit) error { return registerPage(v, "", nil) }

// registerPage is the register of processing, with the forms of who keeps it.
func registerPage(v *site.Visit, what string, failed error) error {
	p, err := v.Here(identity.KeepRegister)
	if err != nil {
		return err
	}
	r, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		return err
	}
	persons, err := v.Privacy.Persons(v.Ctx())
	if err != nil {
		return err
	}
	_, days, err := v.Privacy.Calendar(v.Ctx())
	if err != nil {
		return err
	}
	versions, err := v.Privacy.Registers(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	w := view{Lead: v.T("privacy.register.lead", "version", r.Version)}
	for _, form := range []string{"docx", "pdf"} {
		w.Buttons = append(w.Buttons, ui.Btn{Label: v.T("privacy.print." + form), Href: site.With(registerPath+"/tai", "noi", p.ID, "dang", form), Icon: "print"})
	}
	w.frame(v, v.T("privacy.register.title", "count", len(r.Activities)), site.Privacy, p, ui.Crumb{Label: v.T("privacy.register")})
	w.Frame.Failed = failed != nil
	action := site.With(registerPath, "noi", p.ID)
	hidden := [][2]string{{"version", strconv.Itoa(r.Version)}}
	remark := ui.Field{Name: "remark", Label: v.T("privacy.field.remark")}
	head := form{Action: action, Hidden: append(hidden, [2]string{"viec", "dau-moi"}), Do: ui.Btn{Label: v.T("privacy.save"), Kind: "primary", Icon: "check"}}
	for _, f := range [][2]string{{"controller", r.Controller}, {"officer", r.Officer}, {"phone", r.Phone}, {"email", r.Email}, {"address", r.Address}} {
		head.Fields = append(head.Fields, ui.Field{Name: f[0], Label: v.T("privacy.field." + f[0]), Value: f[1], Optional: true})
	}
	head.Fields = append(head.Fields, ui.Field{Name: "first_on", Label: v.T("privacy.field.first_on"), Type: "date", Value: r.FirstOn, Optional: true},
		ui.Field{Name: "filed_on", Label: v.T("privacy.field.filed_on"), Type: "date", Value: r.FiledOn, Optional: true}, remark)
	if what == "dau-moi" {
		head.refused(v, failed)
	}
	w.Cards = append(w.Cards, card{ID: "dau-moi", Title: v.T("privacy.officer"), Forms: []form{head}})
	w.Cards = append(w.Cards, card{ID: "so-nguoi", Title: v.T("privacy.persons"), Facts: [][2]string{
		{v.T("privacy.persons.basic"), v.T("privacy.persons.of", "count", persons.Basic, "bound", privacy.BasicBound)},
		{v.T("privacy.persons.sensitive"), v.T("privacy.persons.of", "count", persons.Sensitive, "bound", privacy.SensitiveBound)}}})
	for _, a := range r.Activities {
		f := form{Action: action, Wide: true, Title: v.T("privacy.edit"), Hidden: append(hidden, [2]string{"viec", "hoat-dong"}, [2]string{"key", a.Key}), Do: ui.Btn{Label: v.T("privacy.save"), Icon: "check"}}
		id := func(name string) string { return a.Key + "-" + name }
		basis := ui.Field{Name: a.Key + ".basis", ID: id("basis"), Label: v.T("privacy.act_field.basis"), Options: options(v, "privacy.basis.", a.Basis, privacy.Bases)}
		f.Fields = []ui.Field{{Name: a.Key + ".title", ID: id("title"), Label: v.T("privacy.act_field.title"), Value: a.Title}, {Name: a.Key + ".purpose", ID: id("purpose"), Label: v.T("privacy.act_field.purpose"), Value: a.Purpose, Rows: 3}, basis,
			{Name: a.Key + ".law", ID: id("law"), Label: v.T("privacy.act_field.law"), Value: a.Law, Rows: 2}, {Name: a.Key + ".people", ID: id("people"), Label: v.T("privacy.act_field.people"), Value: a.People},
			{Name: a.Key + ".receivers", ID: id("receivers"), Label: v.T("privacy.act_field.receivers"), Value: a.Receivers, Rows: 2}, {Name: "remark", ID: id("remark"), Label: v.T("privacy.field.remark")}}
		if what == a.Key {
			f.refused(v, failed)
		}
		c := card{ID: "viec-" + a.Key, Title: a.Title, Facts: activityFacts(v, &a), Forms: []form{f}}
		c.Facts = append(c.Facts, [2]string{v.T("privacy.act_field.fields"), fieldsText(a.Fields)})
		if len(a.Sensitive) > 0 {
			c.State = ui.State{Kind: "warn", Icon: "lock", Word: v.T("privacy.sensitive")}
		}
		w.Cards = append(w.Cards, c)
	}
	w.Cards = append(w.Cards, flows(v))
	calendar := form{Action: action, Wide: true, Hidden: [][2]string{{"viec", "lich"}}, Lead: v.T("privacy.days.lead"), Fields: []ui.Field{{Name: "days", Label: v.T("privacy.days"), Hint: v.T("privacy.days.hint"), Value: days, Rows: 5, Optional: true}}, Do: ui.Btn{Label: v.T("privacy.save"), Icon: "check"}}
	if what == "lich" {
		calendar.refused(v, failed)
	}
	w.Cards = append(w.Cards, card{ID: "lich", Title: v.T("privacy.days.title"), Forms: []form{calendar}})
	old := card{ID: "cac-ban", Title: v.T("privacy.versions"), Heads: []string{v.T("privacy.col.version"), v.T("privacy.col.when"), v.T("privacy.col.who"), v.T("privacy.col.remark"), v.T("privacy.col.sha")}, Empty: v.T("privacy.versions_none")}
	for _, x := range versions {
		old.Rows = append(old.Rows, []cell{{Text: strconv.Itoa(x.Version)}, {Text: said(v, x.At)}, {Text: x.ByName}, {Text: x.Remark}, {Text: x.SHA[:12]}})
	}
	w.Cards = append(w.Cards, old)
	return v.ShowAs(statusOf(failed), officePage(w))
}

// flows lists the hosts that the program may talk to, by the settings it runs with.
func flows(v *site.Visit) card {
	c := card{ID: "luong", Title: v.T("privacy.flows"), Heads: []string{v.T("privacy.col.host"), v.T("privacy.col.why")}, Empty: v.T("privacy.flows_none")}
	for _, f := range v.Flows {
		c.Rows = append(c.Rows, []cell{{Text: f.Host}, {Text: v.T("privacy.flow." + f.Key)}})
	}
	return c
}

func fieldsText(list []string) (s string) {
	for i, f := range list {
		if i > 0 {
			s += ", "
		}
		s += f
	}
	return s
}

func saveRegister(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.KeepRegister)
	if err != nil {
		return err
	}
	what := v.Form("viec")
	if what == "lich" {
		err = v.Privacy.SaveDays(v.Ctx(), v.Actor, p.ID, v.Form("days"))
	} else {
		r, broken := v.Privacy.Register(v.Ctx())
		if broken != nil {
			return broken
		}
		r.Version, _ = strconv.Atoi(v.Form("version"))
		if what == "dau-moi" {
			r.Controller, r.Officer, r.Phone, r.Email, r.Address = v.Form("controller"), v.Form("officer"), v.Form("phone"), v.Form("email"), v.Form("address")
			r.FirstOn, r.FiledOn = v.Form("first_on"), v.Form("filed_on")
		} else {
			what = v.Form("key")
			for i := range r.Activities {
				if a := &r.Activities[i]; a.Key == what {
					a.Title, a.Purpose, a.Basis = v.Form(what+".title"), v.Form(what+".purpose"), v.Form(what+".basis")
					a.Law, a.People, a.Receivers = v.Form(what+".law"), v.Form(what+".people"), v.Form(what+".receivers")
				}
			}
		}
		_, err = v.Privacy.SaveRegister(v.Ctx(), v.Actor, p.ID, r, v.Form("remark"))
	}
	if again(err) {
		return registerPage(v, what, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(registerPath, "noi", p.ID))
}

// registerFile sends the register as it is shown to an inspector.
func registerFile(v *site.Visit) error {
	p, err := v.Here(identity.KeepRegister)
	if err != nil {
		return err
	}
	r, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		return err
	}
	return papers.Send(v, "so-xu-ly-du-lieu-ca-nhan-ban-"+strconv.Itoa(r.Version), registerPaper(v, p, &r))
}

func keeping(v *site.Visit) error {
	p, err := v.Here(identity.KeepRegister)
	if err != nil {
		return err
	}
	list, err := v.Privacy.DryRun(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	runs, err := v.Privacy.Runs(v.Ctx(), v.Actor, p.ID)
	if err != nil {
		return err
	}
	w := view{Lead: v.T("privacy.keeping.lead")}
	all := int64(0)
	table := card{ID: "thoi-han", Title: v.T("privacy.keeping.rules"), Heads: []string{v.T("privacy.col.record"), v.T("privacy.col.keep"), v.T("privacy.col.basis"), v.T("privacy.col.now")}}
	for _, d := range list {
		all += d.Count
		count := cell{Text: lang.Number(v.Ctx(), d.Count)}
		if d.Then == "archive" || d.Job != "" {
			count.Text = "–"
		}
		table.Rows = append(table.Rows, []cell{{Text: v.T("privacy.rule." + d.Key)}, {Text: keepText(v, &d.Rule)}, {Text: d.Basis}, count})
	}
	table.Forms = []form{{Action: site.With(keepPath, "noi", p.ID), Lead: v.T("privacy.keeping.run_lead"), Do: ui.Btn{Label: v.T("privacy.keeping.run"), Icon: "bin"}}}
	past := card{ID: "cac-lan", Title: v.T("privacy.runs"), Heads: []string{v.T("privacy.col.when"), v.T("privacy.col.who"), v.T("privacy.col.result")}, Empty: v.T("privacy.runs_none")}
	for _, r := range runs {
		result := ""
		for _, rule := range privacy.Rules() {
			if n := r.Counts[rule.Key]; n > 0 {
				if result != "" {
					result += "; "
				}
				result += v.T("privacy.rule."+rule.Key) + ": " + lang.Number(v.Ctx(), n)
			}
		}
		if result == "" {
			result = v.T("privacy.runs.nothing")
		}
		who := v.T("privacy.runs.by_hand")
		if r.ByID == identity.System.ID {
			who = v.T("privacy.runs.nightly")
		}
		past.Rows = append(past.Rows, []cell{{Text: said(v, r.At)}, {Text: who}, {Text: result}})
	}
	w.Cards = []card{table, past}
	w.frame(v, v.T("privacy.keeping.title", "count", all), site.Privacy, p, ui.Crumb{Label: v.T("privacy.keeping")})
	return v.Show(officePage(w))
}

func runKeeping(v *site.Visit) error {
	p, err := v.Here(identity.KeepRegister)
	if err != nil {
		return err
	}
	if _, err := v.Privacy.Run(v.Ctx(), v.Actor, p.ID); err != nil {
		return err
	}
	return v.Go(site.With(keepPath, "noi", p.ID) + "#cac-lan")
}
