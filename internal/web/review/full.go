// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package review

import (
	"net/http"
	"strconv"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// fullView is the page of one file by itself.
type fullView struct {
	Frame  ui.Office
	File   fileView
	Print  bool
	Flash  string
	Back   string
	Body   ui.Field // of an appeal
	Name   ui.Field
	Answer string // of the appeal that is being answered
}

func full(v *site.Visit) error { return showFull(v, http.StatusOK, nil) }

// showFull answers with the whole file: as the household's sheet to fill in for the area, to read for everyone else who may.
func showFull(v *site.Visit, status int, refused *refusal) error {
	leaf, id := v.Path("place"), v.Path("id")
	d, err := v.Assessment.Dossier(v.Ctx(), v.Actor, leaf, id)
	if err != nil {
		return err
	}
	w := fullView{Print: v.Query("in") != ""}
	if w.Print {
		w.File, err = viewOf(v, d, modeRead, nil, nil)
	} else {
		w.File, err = viewRefused(v, d, false, refused)
	}
	if err != nil {
		return err
	}
	w.File.Action = "/ho-so/" + leaf + "/" + id
	switch done := v.Query("xong"); done {
	case "luu", "mo-lai", "phan-anh", "tra-loi":
		w.Flash = v.T("review.done." + done)
	}
	w.Body = ui.Field{Name: "body", Label: v.T("review.appeal.body"), Rows: 3}
	w.Name = ui.Field{Name: "name", Label: v.T("review.appeal.name"), Hint: v.T("review.appeal.name_hint")}
	if refused != nil {
		w.Body.Value, w.Name.Value, w.Answer = refused.typed.Get("body"), refused.typed.Get("name"), refused.typed.Get("answer")
		for _, b := range w.File.Broken {
			switch b.ID {
			case "body":
				w.Body.Err = b.Text
			case "name":
				w.Name.Err = b.Text
			}
		}
	}
	p, err := v.Places.Get(v.Ctx(), leaf)
	if err != nil {
		return err
	}
	section := site.Review
	w.Back = "/tham-dinh/" + p.CommuneID
	if !v.Actor.May(identity.Appraise, d.Path) {
		section, w.Back = site.Entry, site.With("/nhap/"+leaf, "mo-hinh", d.Assessment.Model, "nam", strconv.Itoa(d.Round.Year))
	}
	names, err := v.Places.Names(v.Ctx(), p.CommuneID)
	if err != nil {
		return err
	}
	w.Frame = v.Frame(w.File.Title, section, p, ui.Crumb{Label: names[p.CommuneID], Href: v.Above(identity.SeeFigures, p, "/xa/"+p.CommuneID)},
		ui.Crumb{Label: areaName(v, p), Href: areaPage(p)}, ui.Crumb{Label: d.Assessment.Name})
	w.Frame.Scripts, w.Frame.Failed = []string{"review.js"}, refused != nil
	return v.ShowAs(status, fullPage(w))
}

// areaPage leads to the page of an area; what belongs to no area has only a list.
func areaPage(p place.Place) string {
	if p.Level != place.Area {
		return "/danh-sach/" + p.ID
	}
	return "/khu/" + p.ID
}

// saveFull keeps the household's sheet for the stage of the day.
func saveFull(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	leaf, id := v.Path("place"), v.Path("id")
	d, err := v.Assessment.Dossier(v.Ctx(), v.Actor, leaf, id)
	if err != nil {
		return err
	}
	if err := v.Actor.Check(identity.Score, d.Path, d.Assessment.Name); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	entry, err := draftOf(d.Set, d.Entry, v.R.PostForm)
	if version != d.Assessment.Version {
		err = fault.Stale("assessment", id)
	}
	if err == nil {
		_, err = v.Assessment.Save(v.Ctx(), v.Actor, assessment.Draft{PlaceID: leaf, ID: id, Version: version, Stage: d.Stage, Entry: entry})
	}
	if err != nil {
		if status, ok := statusOf(err); ok {
			return showFull(v, status, &refusal{err, v.R.PostForm, "score"})
		}
		return err
	}
	return v.Go("/ho-so/" + leaf + "/" + id + "?xong=luu")
}

// object enters what somebody brought against a published result; answer settles it.
func object(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	_, err := v.Assessment.Object(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"), v.Form("name"), v.Form("body"))
	return afterAppeal(v, err, "phan-anh", "")
}

func answer(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	err := v.Assessment.AnswerAppeal(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"), v.Path("appeal"), v.Form("ket-luan") == "dung", v.Form("answer"))
	return afterAppeal(v, err, "tra-loi", "answer_appeal")
}

func afterAppeal(v *site.Visit, err error, done, step string) error {
	if err == nil {
		return v.Go("/ho-so/" + v.Path("place") + "/" + v.Path("id") + "?xong=" + done + "#phan-anh")
	}
	if status, ok := statusOf(err); ok {
		return showFull(v, status, &refusal{err, v.R.PostForm, step})
	}
	return err
}
