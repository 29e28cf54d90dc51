// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badges

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"

	"hoctap/internal/badge"
	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// What readers of badges fetch is there as long as there is one badge, also when no more are given: those that were must stay to be checked.

// published fails with fault.NotFound where the system does not know its own address, or no badge was ever given.
func published(v *site.Visit) error {
	if v.BadgeAt == "" {
		return fault.NotFound("badges", "")
	}
	_, err := v.Badges.Keys(v.Ctx(), v.BadgeAt)
	return err
}

// public sends what programs of other sites may read.
func public(v *site.Visit, kind, cache string, body []byte) error {
	h := v.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Robots-Tag", "noindex")
	_, err := v.W.Write(body)
	return err
}

func publicJSON(v *site.Visit, kind string, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return public(v, kind, longCache, body)
}

func profile(v *site.Visit) error {
	if err := published(v); err != nil {
		return err
	}
	return publicJSON(v, jsonKind, badge.ProfileOf(v.BadgeAt, issuer(v)))
}

func keys(v *site.Visit) error {
	if err := published(v); err != nil {
		return err
	}
	set, err := v.Badges.Keys(v.Ctx(), v.BadgeAt)
	if err != nil {
		return err
	}
	return publicJSON(v, jwksKind, set)
}

func oneKey(v *site.Visit) error {
	if err := published(v); err != nil {
		return err
	}
	set, err := v.Badges.Keys(v.Ctx(), v.BadgeAt)
	if err != nil {
		return err
	}
	found := set.Key(v.BadgeAt.Key(v.Path("id")))
	if len(found) == 0 {
		return fault.NotFound("badge", v.Path("id"))
	}
	return publicJSON(v, jwkKind, found[0])
}

func statuses(v *site.Visit) error {
	if err := published(v); err != nil {
		return err
	}
	list, err := strconv.Atoi(v.Path("list"))
	if err != nil || list < 1 || list > maxList {
		return fault.NotFound("badge", v.Path("list"))
	}
	jwt, err := v.Badges.Statuses(v.Ctx(), list, v.BadgeAt, issuer(v))
	if err != nil {
		return err
	}
	return public(v, vcKind, shortCache, []byte(jwt))
}

// maxList is what the database can count.
const maxList = 1 << 30

func writes(body []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(body); return err }
}

// indented is JSON for people.
func indented(body []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return body
	}
	return b.Bytes()
}
