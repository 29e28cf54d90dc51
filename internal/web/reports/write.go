// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package reports

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/report"
	"hoctap/internal/web/site"
)

// write does what the form's button says with the report: begin, save, fetch the figures again, save and go on to the sending, or take up an accepted
// one.
func write(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := open(v)
	if err != nil {
		return err
	}
	if !o.mayWrite(v) {
		return fault.Denied("report", o.place.FullName())
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	act := v.Form("viec")
	switch act {
	case "lap":
		_, err = v.Reports.Fill(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, version)
		return o.done(v, "so-lieu", err, nil)
	case "dinh-chinh":
		return o.done(v, "", v.Reports.Correct(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, version, v.Form("ly-do")), nil)
	case "luu", "so-lieu", "gui":
		return o.save(v, act, version)
	}
	return fault.NotFound("page", act)
}

// save keeps what was typed first, whatever comes after it.
func (o *opened) save(v *site.Visit, act string, version int64) error {
	if o.Figures == nil {
		return o.done(v, "", fault.Conflict("report.not_begun"), nil)
	}
	t := read(v, report.Flags(o.Figures))
	t.values["version"] = v.Form("version")
	if err := t.check(); err != nil {
		return o.done(v, "", err, t)
	}
	r, err := v.Reports.Save(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, version, t.words)
	if err != nil {
		return o.done(v, "", err, t)
	}
	t.values["version"] = strconv.FormatInt(r.Version, 10)
	switch act {
	case "so-lieu":
		_, err = v.Reports.Fill(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, r.Version)
	case "gui": // sending asks first, about a draft in which nothing is missing
		if err = r.Lacks(); err == nil {
			return v.Go(address(o.place.ID, o.Period.ID) + "/gui")
		}
	}
	return o.done(v, act, err, t)
}

// done leads back to the report, or shows it again with what was typed and what is wrong.
func (o *opened) done(v *site.Visit, what string, err error, t *typed) error {
	if err == nil {
		return v.Go(site.With(address(o.place.ID, o.Period.ID), "xong", what))
	}
	if !again(err) {
		return err
	}
	fresh, broken := open(v)
	if broken != nil {
		return broken
	}
	status := http.StatusConflict
	if fault.KindOf(err) == fault.KindInvalid {
		status = http.StatusUnprocessableEntity
	}
	return fresh.page(v, status, err, t)
}

// judge accepts the version that waits, gives it back, or writes down what the centre answered.
func judge(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := open(v)
	if err != nil {
		return err
	}
	no, _ := strconv.Atoi(v.Form("ban"))
	switch v.Form("viec") {
	case "duyet":
		err = v.Reports.Accept(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, no)
	case "tra-lai":
		days, _ := strconv.Atoi(cmp.Or(strings.TrimSpace(v.Form("so-ngay")), strconv.Itoa(report.ReturnDays)))
		err = v.Reports.Return(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, no, v.Form("ly-do"), days)
	case "tra-loi":
		err = v.Reports.Answer(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, no, v.Form("ngay"), v.Form("ghi-chu"))
	default:
		err = fault.NotFound("page", v.Form("viec"))
		if !o.mayRule(v) {
			err = fault.Denied("rule_reports", o.place.FullName())
		}
	}
	return o.done(v, "", err, nil)
}

// extend lets the place submit until a later day.
func extend(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	o, err := open(v)
	if err != nil {
		return err
	}
	return o.done(v, "", v.Reports.Extend(v.Ctx(), v.Actor, o.place.ID, o.Period.ID, v.Form("den-ngay"), v.Form("ly-do")), nil)
}
