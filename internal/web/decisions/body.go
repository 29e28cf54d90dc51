// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// saveBody changes a body's name, symbol, signer and post.
func saveBody(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	_, err := v.Recognition.SaveBody(v.Ctx(), v.Actor, recognition.Body{ID: v.Form("id"), Name: v.Form("name"), Symbol: v.Form("symbol"), Signer: v.Form("signer"),
		Post: v.Form("post"), Version: version})
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return listPage(v, http.StatusUnprocessableEntity, v.Form("id"), err)
	case fault.KindStale:
		return listPage(v, http.StatusConflict, v.Form("id"), err)
	}
	if err != nil {
		return err
	}
	return v.Go(base(v.Path("place")) + "#co-quan")
}

func yearText(year int) string { return strconv.Itoa(year) }

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// postField is where a post is typed, a line for each of its lines.
func postField(v *site.Visit, post string) ui.Field {
	return ui.Field{Name: "post", Label: v.T("decisions.post"), Hint: v.T("decisions.post_hint"), Value: post, Rows: 2}
}

// holder is a post without the form in which it is signed, as pages name it beside a person.
func holderOf(post string) string {
	_, holder := recognition.PostLines(post)
	return holder
}
