// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import "hoctap/internal/identity"

func init() {
	doorsOf = append(doorsOf, func(*house) map[string]door {
		return map[string]door{
			"GET /may-chu":            {path: "/may-chu", act: identity.Operate, any: true},
			"POST /may-chu/viec/{id}": {path: "/may-chu/viec/x", act: identity.Operate, any: true},
		}
	})
}
