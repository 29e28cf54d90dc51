// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import "hoctap/internal/identity"

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		path := "/so-bo/" + h.file.PlaceID + "/" + h.file.SubjectID + "/xem"
		return map[string]door{
			// Without a reason: who may not see the record at all is turned away before that is said.
			"POST /so-bo/{place}/{id}/xem": {path: path, act: identity.SeeRecords, at: h.file.PlaceID, form: []string{"truong", "birth_year"}},
		}
	})
}
