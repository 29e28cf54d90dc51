// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import "hoctap/internal/identity"

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		own := func(path string) door { return door{path: path} }
		free := func(path string) door { return door{path: path, public: true} }
		account := "/tai-khoan/" + h.actors[volunteer].ID + "/lien-ket?noi=" + hyCuong
		return map[string]door{
			"POST /dang-nhap/khoa/bat-dau":         free("/dang-nhap/khoa/bat-dau"),
			"POST /dang-nhap/khoa":                 free("/dang-nhap/khoa"),
			"GET /bao-mat/khoa":                    own("/bao-mat/khoa"),
			"POST /bao-mat/khoa/bat-dau":           own("/bao-mat/khoa/bat-dau"),
			"POST /bao-mat/khoa":                   own("/bao-mat/khoa"),
			"POST /bao-mat/khoa/{id}":              own("/bao-mat/khoa/x"),
			"GET /dang-nhap/qua/{provider}":        free("/dang-nhap/qua/x"),
			"GET /dang-nhap/qua/{provider}/tra-ve": free("/dang-nhap/qua/x/tra-ve?state=x"),
			"GET /dang-xuat/qua/{provider}":        free("/dang-xuat/qua/x"),
			"GET /bao-mat/lien-ket":                own("/bao-mat/lien-ket"),
			"POST /bao-mat/lien-ket":               own("/bao-mat/lien-ket"),
			"POST /bao-mat/lien-ket/{provider}/bo": own("/bao-mat/lien-ket/x/bo"),
			"GET /tai-khoan/{id}/lien-ket":         {path: account, act: identity.ManageAccounts, at: hyCuong},
			"POST /tai-khoan/{id}/lien-ket":        {path: account, act: identity.ManageAccounts, at: hyCuong},
		}
	})
}
