// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// draft starts the next version of a set from the one that is shown.
func draft(v *site.Visit) error {
	ver, err := v.Sets.NewDraft(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	return v.Go(href(ver.ID))
}

// publish makes a draft fast, for a reason that people can read.
func publish(v *site.Visit) error {
	return finish(v, func(edit int64) error {
		_, err := v.Sets.Publish(v.Ctx(), v.Actor, v.Path("id"), edit, v.Form("reason"))
		return err
	}, href(v.Path("id")))
}

// discard throws a draft away.
func discard(v *site.Visit) error {
	return finish(v, func(edit int64) error { return v.Sets.Discard(v.Ctx(), v.Actor, v.Path("id"), edit) }, home)
}

func finish(v *site.Visit, act func(edit int64) error, to string) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	edit, _ := strconv.ParseInt(v.Form("edit"), 10, 64)
	err := act(edit)
	if err == nil {
		return v.Go(to)
	}
	kind := fault.KindOf(err)
	if kind != fault.KindInvalid && kind != fault.KindStale {
		return err
	}
	s, reload := load(v)
	if reload != nil {
		return reload
	}
	sentence, fields := lang.Fault(v.Ctx(), err)
	if reason := fields["reason"]; reason != "" {
		sentence = reason
	}
	s.notice = sentence
	if kind == fault.KindStale {
		return s.page(http.StatusConflict)
	}
	return s.page(http.StatusUnprocessableEntity)
}
