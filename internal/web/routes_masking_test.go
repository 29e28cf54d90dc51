// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import "hoctap/internal/identity"

func init() {
	doorsOf = append(doorsOf, func(h *house) map[string]door {
		return map[string]door{}
	})
}
