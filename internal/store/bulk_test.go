// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import "testing"

func TestUnnamed(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                        "SELECT 1",
		"SELECT $1, $2 WHERE a = $3":      "SELECT ?, ? WHERE a = ?",
		"SELECT $1, $2 WHERE a = $1":      "SELECT $1, $2 WHERE a = $1",
		"SELECT $2, $1":                   "SELECT $2, $1",
		"SELECT '$' || $1":                "SELECT '$' || $1", // a sign in a text: better left alone
		"SELECT 'it''s', $1":              "SELECT 'it''s', ?",
		"SELECT \"a\", $1":                "SELECT \"a\", $1",
		"SELECT $1, ?":                    "SELECT $1, ?",
		"SELECT $1 || 'a' || $2 || 'b$3'": "SELECT $1 || 'a' || $2 || 'b$3'",
		"VALUES ($1, $2), ($3, $4)":       "VALUES (?, ?), (?, ?)",
		"$1 $2 $3 $4 $5 $6 $7 $8 $9 $10":  "? ? ? ? ? ? ? ? ? ?",
	} {
		if got := unnamed(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
