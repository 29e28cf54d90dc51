// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"hoctap/internal/identity"
)

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		account := h.actors[volunteer].ID
		roles := "/tai-khoan/" + account + "/vai-tro?noi=" + hyCuong
		loan := h.one(`SELECT id FROM delegation WHERE giver_id = $1 AND role = 'viewer'`, h.actors[officer].ID)
		return map[string]door{
			"GET /quyen":                   {path: "/quyen"},
			"GET /quyen/tai":               {path: "/quyen/tai?dang=csv"},
			"GET /vi-sao":                  {path: "/vi-sao?tai-khoan=" + account + "&viec=approve&noi=" + h.area, act: identity.ManageAccounts, at: h.area, self: account},
			"GET /uy-quyen":                {path: "/uy-quyen"},
			"POST /uy-quyen":               {path: "/uy-quyen"},
			"POST /uy-quyen/{id}/thoi":     {path: "/uy-quyen/" + loan + "/thoi", act: identity.ManageAccounts, at: hyCuong, self: h.actors[other].ID},
			"GET /tai-khoan/{id}/vai-tro":  {path: roles, act: identity.ManageAccounts, at: hyCuong},
			"POST /tai-khoan/{id}/vai-tro": {path: roles, act: identity.ManageAccounts, at: hyCuong, form: []string{"role", "viewer", "at", hyCuong}},
			"GET /vai-tro-cho":             {path: "/vai-tro-cho?noi=" + hyCuong, act: identity.ManageAccounts, at: hyCuong},
		}
	})
}
