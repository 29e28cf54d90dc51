// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"hoctap/internal/identity"
	"hoctap/internal/place"
)

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		in := func(path string, pairs ...string) door {
			return door{path: path + "?noi=" + hyCuong, act: identity.ManageAccounts, at: hyCuong, form: pairs}
		}
		return map[string]door{
			"GET /dang-nhap/buoc-hai":    {path: "/dang-nhap/buoc-hai", public: true},
			"POST /dang-nhap/buoc-hai":   {path: "/dang-nhap/buoc-hai", public: true},
			"GET /bao-mat":               {path: "/bao-mat"},
			"POST /bao-mat/ma":           {path: "/bao-mat/ma"},
			"POST /bao-mat/phien":        {path: "/bao-mat/phien", form: []string{"phien", "khac"}},
			"POST /bao-mat/da-biet":      {path: "/bao-mat/da-biet"},
			"GET /tai-khoan/quy-dinh":    {path: "/tai-khoan/quy-dinh", act: identity.ManageAccounts, at: place.Root},
			"POST /tai-khoan/quy-dinh":   {path: "/tai-khoan/quy-dinh", act: identity.ManageAccounts, at: place.Root},
			"GET /tai-khoan/phieu":       in("/tai-khoan/phieu"),
			"POST /tai-khoan/phieu":      in("/tai-khoan/phieu"),
			"GET /tai-khoan/ra-soat":     in("/tai-khoan/ra-soat"),
			"POST /tai-khoan/ra-soat":    in("/tai-khoan/ra-soat"),
			"GET /tai-khoan/ra-soat/tai": in("/tai-khoan/ra-soat/tai"),
		}
	})
}
