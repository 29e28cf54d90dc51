// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package badges holds the doors of open badges: the page where an office gives one, the files, and what readers of badges fetch: profile, keys, status lists.
// The rules are package badge's.
package badges

import (
	"strconv"
	"strings"

	"hoctap/internal/badge"
	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.1100 generate -path .

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /danh-hieu/{place}/{id}/huy-hieu", show)
	m.Signed("POST /danh-hieu/{place}/{id}/huy-hieu", give)
	m.Signed("GET /danh-hieu/{place}/{id}/huy-hieu/tai", officeFile)
	m.Public("GET /xac-minh/{code}/huy-hieu", holderFile(m.Codes))
	m.Public("GET /huy-hieu", profile)
	m.Public("GET /huy-hieu/khoa", keys)
	m.Public("GET /.well-known/jwks.json", keys) // where 1EdTech's recommendations look for them
	m.Public("GET /huy-hieu/khoa/{id}", oneKey)
	m.Public("GET /huy-hieu/trang-thai/{list}", statuses)
}

// open fails with fault.NotFound where badges are switched off.
func open(v *site.Visit) error {
	if !v.BadgesOn {
		return fault.NotFound("badges", "")
	}
	return nil
}

// wordsOf are the sentences inside a badge: in Vietnamese, like all papers.
func wordsOf(v *site.Visit, st *badge.State) badge.Words {
	ctx := papers.Vi(v.Ctx())
	t, d := &st.Title, &st.Decision
	years := strconv.Itoa(t.Year)
	if t.Period() {
		years = strconv.Itoa(t.FromYear) + "–" + years
	}
	kind := "plain"
	if t.Exemplary {
		kind = "exemplary"
	}
	w := badge.Words{Issuer: issuer(v), Name: lang.T(ctx, "badge.name."+kind, "years", years)}
	w.Description = lang.T(ctx, "badge.description", "number", d.Text(), "date", d.Date, "body", d.BodyName)
	w.Criteria = lang.T(ctx, "badge.criteria", "years", years)
	if !d.Verified.Trusted() {
		w.Criteria += " " + lang.T(ctx, "verified."+string(d.Verified)) + "."
	}
	if v.Demo {
		w.Criteria += " " + lang.T(ctx, "badge.demo")
	}
	return w
}

func issuer(v *site.Visit) string { return lang.T(papers.Vi(v.Ctx()), "badge.issuer") }

// officeFile sends a badge to the office, for a holder without a code at hand.
func officeFile(v *site.Visit) error {
	if err := open(v); err != nil {
		return err
	}
	st, err := v.Badges.Of(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"))
	if err != nil {
		return err
	}
	return send(v, st)
}

// holderFile sends a badge to whoever holds the certificate. It tells nobody else whether there is one.
func holderFile(codes *site.Limiter) func(*site.Visit) error {
	return func(v *site.Visit) error {
		if err := codes.Take(v.Address()); err != nil {
			return err
		}
		return holder(v)
	}
}

func holder(v *site.Visit) error {
	if err := open(v); err != nil {
		return err
	}
	v.W.Header().Set("X-Robots-Tag", "noindex, nofollow")
	code, err := recognition.ParseCode(v.Path("code"))
	if err != nil {
		return fault.NotFound("badge", v.Path("code"))
	}
	st, err := v.Badges.ByCode(v.Ctx(), code, v.Query("in"))
	if err != nil {
		return err
	}
	return send(v, st)
}

// The kinds of what is sent.
const (
	jwtKind    = "application/jwt"
	vcKind     = "application/vc+jwt"
	jsonKind   = "application/json"
	jwksKind   = "application/jwk-set+json"
	jwkKind    = "application/jwk+json"
	shortCache = "public, max-age=60" // a title may be revoked at any minute
	longCache  = "public, max-age=3600"
)

// send sends the signed badge, or with ?dang=json what it says.
func send(v *site.Visit, st badge.State) error {
	f, err := v.Badges.File(v.Ctx(), st, v.BadgeAt, wordsOf(v, &st))
	if err != nil {
		return err
	}
	name := "huy-hieu-" + strings.ToLower(st.Title.Code.String())
	switch v.Query("dang") {
	case "", "jwt":
		return v.File(name+".jwt", jwtKind, writes([]byte(f.JWT)))
	case "json":
		return v.File(name+".json", jsonKind, writes(indented(f.Payload)))
	}
	return fault.NotFound("file", v.Query("dang"))
}
