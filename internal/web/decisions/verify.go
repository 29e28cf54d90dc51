// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// checker answers anybody who has a certificate's code.
type checker struct {
	limiter *site.Limiter
	files   *site.Limiter // for those who send one
}

// checkPageView is the public page: a box for a code and, with one, what it stands for.
type checkPageView struct {
	Frame    ui.Public
	Title    string
	Code     ui.Field
	Asked    bool
	State    ui.State
	Text     string // what the state means, and what to do
	Lines    [][2]string
	Mark     string
	Seal     string // that the address was printed by this system
	Masked   bool   // initials stand for a part of the name
	Badge    string // its open badge, for who holds the certificate
	Broken   []ui.Broken
	Waiting  string
	Unsigned string // that the decision waits for its signature
	Send     string // address that checks a file of the signed decision; empty when there is none
	File     ui.Field
	Stands   string    // what the code stands for, where the title speaks of a file
	Checked  *fileView // what the file that was sent is
}

// fileView is what a file that somebody sent turned out to be.
type fileView struct {
	State ui.State
	Title string
	Text  string
	Signs []string
	Wrong string // why the signatures are not confirmed
}

// ask shows the box; a typed code is led to its own address, so that it can be kept and sent on.
func (c checker) ask(v *site.Visit) error {
	if typed := v.Query("ma"); typed != "" {
		code, err := recognition.ParseCode(typed)
		if err != nil {
			return c.page(v, http.StatusUnprocessableEntity, typed, nil, err)
		}
		return v.Go("/xac-minh/" + string(code))
	}
	return c.page(v, http.StatusOK, "", nil, nil)
}

func (c checker) answer(v *site.Visit) error {
	typed := v.Path("code")
	if ok, wait := c.limiter.Allow(v.Address()); !ok {
		return c.wait(v, typed, wait)
	}
	p, err := v.Recognition.VerifyCode(v.Ctx(), typed)
	if fault.KindOf(err) == fault.KindInvalid {
		return c.page(v, http.StatusUnprocessableEntity, typed, nil, err)
	}
	if err != nil {
		return err
	}
	printed := v.Query(sealName)
	if printed == "" || p.Status == recognition.StatusUnknown {
		return c.page(v, http.StatusOK, p.Code.String(), &p, nil)
	}
	ours, err := v.Recognition.Sealed(v.Ctx(), p.Code, printed)
	if err != nil {
		return err
	}
	view := c.view(v, p.Code.String())
	if err := view.say(v, &p); err != nil {
		return err
	}
	if view.Seal = v.T("check.sealed"); !ours { // no word of validity over a sheet that is not ours
		view.Seal, view.Title, view.Text = "", v.T("check.forged_title"), v.T("check.forged")
		view.State = ui.State{Kind: "bad", Icon: "warning", Word: v.T("check.state.forged")}
	}
	if ours && v.BadgesOn {
		_, err := v.Badges.ByCode(v.Ctx(), p.Code, printed)
		switch {
		case err == nil:
			view.Badge = site.With("/xac-minh/"+string(p.Code)+"/huy-hieu", sealName, printed)
		case fault.KindOf(err) != fault.KindNotFound:
			return err
		}
	}
	return c.show(v, http.StatusOK, view)
}

// wait asks who comes too often to come back later.
func (c checker) wait(v *site.Visit, typed string, wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	v.W.Header().Set("Retry-After", strconv.Itoa(seconds))
	v.W.Header().Set("Connection", "close") // nobody reads what is still to come
	view := c.view(v, typed)
	view.Title, view.Waiting = v.T("check.wait"), v.T("check.wait_text", "count", seconds)
	return c.show(v, http.StatusTooManyRequests, view)
}

func (c checker) view(v *site.Visit, typed string) checkPageView {
	return checkPageView{Title: v.T("check.title"), Code: ui.Field{Name: "ma", Label: v.T("check.code"), Hint: v.T("check.code_hint"), Value: typed,
		Attrs: map[string]any{"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "required": true, "maxlength": "40"}}}
}

func (c checker) page(v *site.Visit, status int, typed string, p *recognition.Public, failed error) error {
	view := c.view(v, typed)
	if failed != nil {
		_, errs := lang.Fault(v.Ctx(), failed)
		view.Code.Err = errs["code"]
		view.Broken = []ui.Broken{{ID: view.Code.Name, Text: errs["code"]}}
	}
	if p != nil {
		if err := view.say(v, p); err != nil {
			return err
		}
	}
	return c.show(v, status, view)
}

func (c checker) show(v *site.Visit, status int, view checkPageView) error {
	view.Frame = v.PublicFrame(view.Title)
	h := v.W.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "no-store") // a certificate may be revoked at any minute
	return v.ShowAs(status, checkPage(view))
}

var checkKinds = map[recognition.Status]ui.State{
	recognition.StatusValid:    {Kind: "ok", Icon: "check-circle"},
	recognition.StatusExpired:  {Kind: "warn", Icon: "clock"},
	recognition.StatusRevoked:  {Kind: "bad", Icon: "x"},
	recognition.StatusReplaced: {Kind: "warn", Icon: "refresh"},
	recognition.StatusUnknown:  {Kind: "bad", Icon: "warning"},
}

func (view *checkPageView) say(v *site.Visit, p *recognition.Public) error {
	status := string(p.Status)
	view.Asked, view.State = true, checkKinds[p.Status]
	view.State.Word = v.T("check.state." + status)
	view.Title, view.Text = v.T("recognition.status."+status), v.T("recognition.status."+status+".more")
	if p.Status == recognition.StatusUnknown {
		view.Lines = [][2]string{{v.T("check.line.code"), p.Code.String()}}
		return nil
	}
	signed, err := v.Signature.Public(v.Ctx(), p.Decision.ID)
	if err != nil {
		return err
	}
	if signed.Waits && p.Status == recognition.StatusValid {
		view.State = ui.State{Kind: "warn", Icon: "clock", Word: v.T("check.state.waits")}
		view.Title, view.Text = v.T("check.status_waits"), v.T("check.unsigned")
	}
	if p.Ended != nil {
		waits, err := v.Signature.PublicWaits(v.Ctx(), p.Ended.ID)
		if err != nil {
			return err
		}
		if waits { // what is not signed yet ends nothing
			view.State = ui.State{Kind: "warn", Icon: "clock", Word: v.T("check.state.waits")}
			view.Title, view.Text = v.T("check.ending_waits."+status, "number", p.Ended.Number), v.T("check.ending_waits.more")
		}
	}
	what := v.T("check.what."+pick(p.Exemplary, "exemplary", "plain"), "model", p.Model, "years", yearsRead(v, p.FromYear, p.Year))
	add := func(key, text string) {
		if text != "" {
			view.Lines = append(view.Lines, [2]string{v.T("check.line." + key), text})
		}
	}
	add("title", what)
	add("holder", p.Name)
	view.Masked = p.Masked
	where := p.Commune
	if p.Province != "" && where != "" {
		where += ", " + papers.Within(p.Province)
	}
	add("place", where)
	add("decision", v.T("check.decision", "number", p.Decision.Number, "date", p.Decision.Date, "body", p.Decision.Body))
	for _, x := range signed.Signs {
		add(string(x.Kind), v.T("signature.by", "name", x.Name, "at", stamp(x.At)))
	}
	if len(signed.Signs) > 0 {
		view.Send = "/xac-minh/" + string(p.Code) + "/tep"
		view.File = ui.Field{Name: "tep", Label: v.T("check.file_field"), Type: "file", Attrs: map[string]any{"accept": "application/pdf,.pdf", "required": true}}
	}
	add("until", strconv.Itoa(p.UntilYear))
	if p.Ended != nil {
		add("ended", v.T("check.decision", "number", p.Ended.Number, "date", p.Ended.Date, "body", p.Ended.Body))
	}
	add("code", p.Code.String())
	if !p.Verified.Trusted() {
		view.Mark = v.T("verified." + string(p.Verified))
	}
	return nil
}

// yearsRead is years in the reader's language.
func yearsRead(v *site.Visit, from, year int) string {
	if from < year {
		return v.T("check.period", "from_year", from, "year", year)
	}
	return strconv.Itoa(year)
}
