// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/privacy"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// asker answers everybody, so often and no more.
type asker struct{ limiter *site.Limiter }

// notice is the short form of the register: what is done with personal data, and whom to ask.
func notice(v *site.Visit) error {
	r, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		return err
	}
	w := view{Public: v.PublicFrame(v.T("privacy.notice.title")), Lead: v.T("privacy.notice.lead")}
	who := card{ID: "phu-trach", Title: v.T("privacy.officer"), Text: []string{v.T("privacy.notice.rights")}, Files: []ui.Btn{{Label: v.T("privacy.ask.go"), Href: askPath, Icon: "pen", Kind: "primary"}}}
	for _, f := range [][2]string{{"controller", r.Controller}, {"officer", r.Officer}, {"phone", r.Phone}, {"email", r.Email}, {"address", r.Address}} {
		if f[1] != "" {
			who.Facts = append(who.Facts, [2]string{v.T("privacy.field." + f[0]), f[1]})
		}
	}
	if r.Officer == "" {
		who.Text = append(who.Text, v.T("privacy.contact_none"))
	}
	w.Cards = append(w.Cards, who)
	for _, a := range r.Activities {
		w.Cards = append(w.Cards, card{ID: "viec-" + a.Key, Title: a.Title, Facts: activityFacts(v, &a)})
	}
	return v.Show(publicPage(w))
}

func activityFacts(v *site.Visit, a *privacy.Activity) (facts [][2]string) {
	keep := a.Retention
	for _, r := range privacy.Rules() {
		if r.Key == a.Retention {
			keep = keepText(v, &r)
		}
	}
	facts = [][2]string{{v.T("privacy.act_field.purpose"), a.Purpose}, {v.T("privacy.act_field.people"), a.People}, {v.T("privacy.act_field.basis"), v.T("privacy.basis."+a.Basis) + ". " + a.Law},
		{v.T("privacy.act_field.keep"), keep}, {v.T("privacy.act_field.receivers"), a.Receivers}}
	if len(a.Sensitive) > 0 {
		facts = append(facts, [2]string{v.T("privacy.act_field.sensitive"), v.T("privacy.sensitive_yes")})
	}
	return facts
}

func keepText(v *site.Visit, r *privacy.Rule) string {
	if r.Days == 0 {
		return v.T("privacy.keep.archive")
	}
	return v.T("privacy.keep."+r.Then, "days", r.Days)
}

func (a asker) form(v *site.Visit) error { return a.page(v, nil) }

func (a asker) page(v *site.Visit, failed error) error {
	places, err := placeOptions(v, v.Query("noi"))
	if err != nil {
		return err
	}
	f := form{Action: askPath, Keep: "yeu-cau-du-lieu", Wide: true, Note: v.PrivacyContact(), Do: ui.Btn{Label: v.T("privacy.ask.do"), Kind: "primary", Icon: "right"}}
	f.Fields = append([]ui.Field{{Name: "place", Label: v.T("privacy.field.place"), Options: places}}, askFields(v)...)
	f.refused(v, failed)
	w := view{Public: v.PublicFrame(v.T("privacy.ask.title")), Lead: v.T("privacy.ask.lead")}
	look := form{Action: askPath, Get: true, Fields: []ui.Field{{Name: "ma", Label: v.T("privacy.ask.code"), Attrs: map[string]any{"maxlength": "20", "autocapitalize": "characters", "autocomplete": "off"}}}, Do: ui.Btn{Label: v.T("privacy.ask.look"), Icon: "search"}}
	if code := v.Query("ma"); code != "" && failed == nil {
		return v.Go(askPath + "/" + cleanCode(code))
	}
	w.Cards = []card{{ID: "gui", Title: v.T("privacy.ask.form"), Forms: []form{f}}, {ID: "tra-cuu", Title: v.T("privacy.ask.follow"), Forms: []form{look}}}
	return v.ShowAs(statusOf(failed), publicPage(w))
}

// cleanCode reads a code as people write it down.
func cleanCode(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, s))
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
	if len(s) != 8 || strings.Trim(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return "sai-ma"
	}
	return s
}

// wait asks who comes too often to come back later.
func (a asker) wait(v *site.Visit, wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	v.W.Header().Set("Retry-After", strconv.Itoa(seconds))
	w := view{Public: v.PublicFrame(v.T("check.wait")), Notes: []note{{Kind: "warn", Icon: "clock", Text: v.T("check.wait_text", "count", seconds)}}}
	return v.ShowAs(http.StatusTooManyRequests, publicPage(w))
}

func (a asker) send(v *site.Visit) error {
	if ok, wait := a.limiter.Allow(v.Address()); !ok {
		return a.wait(v, wait)
	}
	if err := v.ReadForm(); err != nil {
		return err
	}
	r := asked(v)
	r.PlaceID = v.Form("place")
	r, err := v.Privacy.Ask(v.Ctx(), v.Address(), r)
	if again(err) {
		return a.page(v, err)
	}
	if err != nil {
		return err
	}
	return v.Go(askPath + "/" + r.Code)
}

// standing tells who holds the code where the request is, and no word of who asked.
func (a asker) standing(v *site.Visit) error {
	if ok, wait := a.limiter.Allow(v.Address()); !ok {
		return a.wait(v, wait)
	}
	st, err := v.Privacy.ByCode(v.Ctx(), cleanCode(v.Path("code")))
	if fault.KindOf(err) == fault.KindNotFound && err != nil {
		w := view{Public: v.PublicFrame(v.T("privacy.standing.none")), Notes: []note{{Kind: "warn", Icon: "search", Text: v.T("privacy.standing.none_text"), Do: v.T("privacy.ask.go"), Href: askPath}}}
		return v.ShowAs(http.StatusNotFound, publicPage(w))
	}
	if err != nil {
		return err
	}
	names, err := v.Places.Names(v.Ctx(), st.PlaceID)
	if err != nil {
		return err
	}
	w := view{Public: v.PublicFrame(v.T("privacy.standing.title", "code", st.Code)), Lead: v.T("privacy.standing.keep")}
	r := privacy.Request{State: st.State, Due: st.Due, AcknowledgeBy: "9999-12-31"}
	c := card{ID: "yeu-cau", Title: v.T("privacy.kind." + string(st.Kind)), State: stateOf(v, &r), Facts: [][2]string{
		{v.T("privacy.fact.place"), names[st.PlaceID]}, {v.T("privacy.fact.received_on"), lang.Day(v.Ctx(), st.ReceivedOn)}, {v.T("privacy.fact.due"), lang.Day(v.Ctx(), st.Due)}}}
	if st.EndedOn != "" {
		c.Facts = append(c.Facts, [2]string{v.T("privacy.fact.ended_on"), lang.Day(v.Ctx(), st.EndedOn)})
	}
	if st.Extended {
		c.Text = append(c.Text, v.T("privacy.standing.extended"))
	}
	if !st.Seen && st.State.Open() {
		c.Text = append(c.Text, v.T("privacy.standing.come", "place", names[st.PlaceID]))
	}
	w.Cards = []card{c}
	return v.Show(publicPage(w))
}
