// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sets

import (
	"errors"
	"io"
	"net/http"

	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// upload starts a draft from a file somebody wrote elsewhere, or from its text pasted into the page. A text with faults comes back
// with each of them named, ready to be mended and sent again.
func upload(v *site.Visit) error {
	if err := v.R.ParseMultipartForm(maxUpload); err != nil {
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			return fault.TooMuch("request.too_big")
		}
		return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	ver, err := v.Sets.Upload(v.Ctx(), v.Actor, "bo-tieu-chi.yaml", typed(v))
	if err == nil {
		return v.Go(href(ver.ID))
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindNotFound:
		return list(v, http.StatusUnprocessableEntity, err)
	case fault.KindStale:
		return list(v, http.StatusConflict, err)
	}
	return err
}

// typed is the text of a set that was sent, as a file or pasted.
func typed(v *site.Visit) string {
	if v.R.MultipartForm == nil {
		return ""
	}
	if f, _, err := v.R.FormFile("file"); err == nil {
		defer f.Close()
		if body, err := io.ReadAll(io.LimitReader(f, maxUpload)); err == nil && len(body) > 0 {
			return string(body)
		}
	}
	return v.R.FormValue("text")
}
