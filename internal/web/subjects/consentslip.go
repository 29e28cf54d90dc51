// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// consentSlip sends the sheet that a person signs for one purpose (?muc): the words as they are asked today, with their version and hash, and nothing ticked.
func consentSlip(v *site.Visit) error {
	r, p, err := editable(v)
	if err != nil {
		return err
	}
	purpose := registry.Purpose(v.Query("muc"))
	if !slices.Contains(registry.Purposes, purpose) {
		return fault.NotFound("file", string(purpose))
	}
	commune, err := v.Places.Get(v.Ctx(), p.CommuneID)
	if err != nil {
		return err
	}
	t := func(key string, args ...any) string { return lang.T(papers.Vi(v.Ctx()), key, args...) }
	words, year := purpose.Words(), 0
	year, _ = strconv.Atoi(v.Today()[:4])
	d := &paper.Document{Title: t("consent.paper.kind"), Author: commune.FullName()}
	if v.Demo {
		d.Marks.Across = t("paper.demo")
	}
	pen := t("paper.minutes.pen")
	d.Parts = []paper.Part{{Name: d.Title, Blocks: []paper.Block{
		papers.LetterHead(v.Ctx(), commune.Name, "", year),
		paper.Title{Kind: strings.ToUpper(d.Title), About: t("consent." + string(purpose))},
		paper.Text(paper.Body, t("consent.paper.who", "name", r.Name)),
		paper.Text(paper.Body, words.Words),
		paper.Text(paper.Body, t("consent.paper.free")),
		paper.Text(paper.Closing, t("consent.version", "version", words.Version, "sha", words.SHA256())),
		paper.Sign{Signers: []paper.Signer{{Post: strings.ToUpper(t("consent.paper.parent")), Place: pen}, {Post: strings.ToUpper(t("consent.paper.sign")), Place: pen}}},
	}}}
	d.Clean()
	return papers.Send(v, "phieu-dong-y-"+strings.ReplaceAll(string(purpose), "_", "-"), d)
}
