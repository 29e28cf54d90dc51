// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"net/http"
	"net/url"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// judge does what a button of the open file asks: keep the commune's scores, approve, return or refuse. Changed scores are kept
// first, in a step of their own, so nothing typed is lost when the act itself is refused.
func judge(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	leaf, id := v.Path("place"), v.Path("id")
	d, err := v.Assessment.Dossier(v.Ctx(), v.Actor, leaf, id)
	if err != nil {
		return err
	}
	if err := v.Actor.Check(identity.Appraise, d.Path, d.Assessment.Name); err != nil {
		return err
	}
	f := unpack(v.Form("hang"), leaf)
	refuse := func(err error) error { return refuseIn(v, f, leaf, id, err) }
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	if version != d.Assessment.Version {
		return refuse(fault.Stale("assessment", id))
	}
	entry, err := draftOf(d.Set, d.Entry, v.R.PostForm)
	if err != nil {
		return refuse(err)
	}
	next, more, err := v.Assessment.Next(v.Ctx(), v.Actor, f.where(d.Round.ID), &d.Assessment)
	if err != nil {
		return err
	}
	reasons := newReasons(&d, entry, reasonsOf(v.R.PostForm))
	if !entry.SameAs(d.Entry) || len(reasons) > 0 {
		switch v.Form("viec") {
		case "dat", "chua-dat": // whose points these are now may not close the file: better said before they are kept
			return refuse(fault.Conflict("separation.change_and_close", "name", d.Assessment.Name))
		}
		saved, err := v.Assessment.Save(v.Ctx(), v.Actor, assessment.Draft{PlaceID: leaf, ID: id, Version: version, Stage: assessment.StageAppraisal, Entry: entry, Reasons: reasons})
		if err != nil {
			return refuse(err)
		}
		version = saved.Assessment.Version
	}
	key, did := assessment.Key{PlaceID: leaf, ID: id, Version: version}, v.Form("viec")
	switch did {
	case "dat":
		_, err = v.Assessment.Approve(v.Ctx(), v.Actor, key)
	case "bo-sung":
		_, err = v.Assessment.Return(v.Ctx(), v.Actor, key, commentsOf(v.R.PostForm))
	case "chua-dat":
		_, err = v.Assessment.Reject(v.Ctx(), v.Actor, key, v.Form("reason"))
	default:
		did = "luu"
	}
	if err != nil {
		return refuse(err)
	}
	to := []string{"xong", did}
	switch {
	case did == "luu" && v.Form("roi") == "":
		to = append(to, "mo", leaf+"/"+id)
	case more:
		to = append(to, "mo", openKey(&next))
	}
	if did == "dat" || did == "chua-dat" {
		to = append(to, "hoan", leaf+"/"+id)
	}
	return v.Go(f.href(to...))
}

// newReasons leaves out the reasons that are kept already and whose score has not changed since: a form sends them all again.
func newReasons(d *assessment.Dossier, entry assessment.Entry, given map[string]string) map[string]string {
	kept := map[string]string{}
	for _, r := range d.Remarks {
		if r.Kind == assessment.RemarkReason && r.Criterion != "" {
			kept[r.Criterion] = r.Body
		}
	}
	for code, text := range given {
		same := assessment.Entry{Scores: map[string]assessment.Mark{code: entry.Scores[code]}}.SameAs(assessment.Entry{Scores: map[string]assessment.Mark{code: d.Entry.Scores[code]}})
		if kept[code] == text && same {
			delete(given, code)
		}
	}
	return given
}

// refusal is why a form was not taken, with what it said.
type refusal struct {
	err   error
	typed url.Values
	step  string // what was tried, see identity.Steps
}

// stepOf is the step that a button of the open file tries.
func stepOf(did string) string {
	switch did {
	case "dat":
		return "approve"
	case "chua-dat":
		return "reject"
	case "bo-sung":
		return "return"
	}
	return "appraise"
}

// refuseIn shows the queue with the refused file open; an error that is nobody's input goes the usual way.
func refuseIn(v *site.Visit, f filter, leaf, id string, err error) error {
	status, ok := statusOf(err)
	if !ok {
		return err
	}
	p, perr := v.Places.Get(v.Ctx(), f.Place)
	if perr != nil {
		return perr
	}
	if err := v.Actor.Check(identity.Appraise, p.Path, p.FullName()); err != nil {
		return err
	}
	return showQueue(v, status, p, f, leaf, id, &refusal{err, v.R.PostForm, stepOf(v.Form("viec"))})
}

func statusOf(err error) (int, bool) {
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity, true
	case fault.KindConflict, fault.KindStale:
		return http.StatusConflict, true
	}
	return 0, false
}

// reopen takes an approved or refused file back; within a moment of the act it is the undo of a slip.
func reopen(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	leaf, id := v.Path("place"), v.Path("id")
	reason := v.Form("reason")
	if v.Form("hoan-tac") != "" {
		reason = v.T("review.undo_reason")
	}
	if _, err := v.Assessment.Reopen(v.Ctx(), v.Actor, assessment.Key{PlaceID: leaf, ID: id}, reason); err != nil {
		if status, ok := statusOf(err); ok {
			return showFull(v, status, &refusal{err, v.R.PostForm, "reopen"})
		}
		return err
	}
	if v.Form("hang") == "" {
		return v.Go("/ho-so/" + leaf + "/" + id + "?xong=mo-lai")
	}
	f := unpack(v.Form("hang"), leaf)
	return v.Go(f.href("mo", leaf+"/"+id, "xong", "mo-lai"))
}

// approveAgreeing approves every file of the place whose stages agree and whose points pass.
func approveAgreeing(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	f := unpack(v.Form("hang"), v.Path("place"))
	f.Place = v.Path("place")
	p, err := v.Here(identity.Approve)
	if err != nil {
		return err
	}
	r, err := roundOf(v, p, f.Year)
	if err != nil {
		return err
	}
	batch, err := v.Assessment.ApproveAgreeing(v.Ctx(), v.Actor, p.ID, r.ID, f.Model)
	if err != nil {
		return err
	}
	return v.Go(f.with(func(f *filter) { f.Tab = tabLook }).href("xong", "duyet", "so", strconv.Itoa(batch.Done)))
}

// viewRefused is viewOf with a refused form laid over it. After someone else's save it shows both versions; the form is then about the
// stored one, and sending it again is a decision, not an accident.
func viewRefused(v *site.Visit, d assessment.Dossier, queue bool, refused *refusal) (fileView, error) {
	m := modeOf(v, &d, queue)
	if refused == nil {
		return viewOf(v, d, m, nil, nil)
	}
	sentence, errs := lang.Fault(v.Ctx(), refused.err)
	f, err := viewOf(v, d, m, refused.typed, errs)
	if err != nil {
		return f, err
	}
	f.Failed, f.Comments, f.Reason = sentence, commentsOf(refused.typed), refused.typed.Get("reason")
	f.Broken = brokenOf(errs)
	if fault.KindOf(refused.err) == fault.KindConflict && refused.step != "" {
		f.WhyHref = whyHref(&d, refused.step)
	}
	if fault.KindOf(refused.err) == fault.KindStale {
		f.Conflict = differences(v.Ctx(), &d, refused.typed, m == modeRead)
		f.ByWhom = lastSaved(v, &d)
	}
	return f, nil
}
