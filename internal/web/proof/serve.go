// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"net/http"

	"hoctap/internal/evidence"
	"hoctap/internal/web/site"
)

// serve sends a file to who may see it. The bytes of an address never change, so the browser need not ask again soon; parts of
// a long PDF are sent as they are asked for.
func serve(v *site.Visit, size evidence.Size) error {
	o, err := v.Evidence.Open(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"), size)
	if err != nil {
		return err
	}
	defer o.Close()
	h := v.W.Header()
	for name, values := range evidence.ServeHeaders(o.Kind, o.Name) {
		h[name] = values
	}
	h.Set("Cache-Control", "private, max-age=3600, immutable")
	h.Set("ETag", `"`+o.SHA256+`"`)
	http.ServeContent(v.W, v.R, "", o.At, o)
	return nil
}
