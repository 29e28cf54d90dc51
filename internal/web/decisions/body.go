// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/web/site"
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
