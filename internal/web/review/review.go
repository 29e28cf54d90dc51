// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package review is where the commune reads what its areas sent: the queue with the open file beside it, the full page of any
// file, appeals, and the re-checks against titles for form's sake. Every form works without a script; the script adds keys and opens
// the next file without a page load.
package review

import (
	"hoctap/internal/web/site"
)

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /tham-dinh", queueHome)
	m.Signed("GET /tham-dinh/{place}", queue)
	m.Signed("POST /tham-dinh/{place}/duyet-loat", approveAgreeing)
	m.Signed("POST /tham-dinh/{place}/{id}", judge)
	m.Signed("POST /tham-dinh/{place}/{id}/mo-lai", reopen)
	m.Signed("GET /ho-so/{place}/{id}", full)
	m.Signed("POST /ho-so/{place}/{id}", saveFull)
	m.Signed("POST /ho-so/{place}/{id}/phan-anh", object)
	m.Signed("POST /ho-so/{place}/{id}/phan-anh/{appeal}", answer)
	m.Signed("GET /kiem-tra", rechecks)
	m.Signed("POST /kiem-tra", draw)
	m.Signed("GET /kiem-tra/{recheck}", recheck)
	m.Signed("POST /kiem-tra/{recheck}/{place}/{id}", note)
}
