// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// mostRoots is how many days a page shows; more stand behind ?truoc=DAY.
const mostRoots = 60

type rootsView struct {
	Frame ui.Public
	Title string
	Roots []rootLine
	Older string
}

type rootLine struct {
	Day, Chains, Root, Line string
}

func newest(v *site.Visit) ([]audit.Root, error) {
	return audit.RootsBefore(v.Ctx(), v.DB.Read(), v.Query("truoc"), mostRoots)
}

// roots is the page that anybody may keep, to hold it against the journal later.
func roots(v *site.Visit) error {
	list, err := newest(v)
	if err != nil {
		return err
	}
	view := rootsView{Title: v.T("journal.roots.title")}
	for _, r := range list {
		view.Roots = append(view.Roots, rootLine{lang.Day(v.Ctx(), r.Day), lang.Number(v.Ctx(), int64(r.Chains)), r.Root, r.String()})
	}
	if len(list) == mostRoots {
		view.Older = site.With("/nhat-ky/dau", "truoc", list[len(list)-1].Day)
	}
	view.Frame = v.PublicFrame(view.Title)
	return v.Show(rootsPage(view))
}

// published is how a root stands in the JSON.
type published struct {
	Day    string `json:"day"`
	Root   string `json:"root"`
	Line   string `json:"line"` // its SHA-256 is the root
	Chains int    `json:"chains"`
	Tree   string `json:"tree"`
	Prev   string `json:"prev"`
	Closed string `json:"closed_at"`
}

func rootsJSON(v *site.Visit) error {
	list, err := newest(v)
	if err != nil {
		return err
	}
	out := struct {
		About string      `json:"about"`
		Days  []published `json:"days"`
	}{"SHA-256 roots of the journal, newest first; see /nhat-ky/dau", []published{}}
	for _, r := range list {
		out.Days = append(out.Days, published{r.Day, r.Root, r.Line(), r.Chains, r.Tree, r.Prev, r.At.UTC().Format(time.RFC3339)})
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	return send(v, "application/json; charset=utf-8", body)
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Entries []entry  `xml:"entry"`
}

type entry struct {
	ID      string `xml:"id"`
	Title   string `xml:"title"`
	Updated string `xml:"updated"`
	Content string `xml:"content"`
}

func rootsAtom(v *site.Visit) error {
	list, err := newest(v)
	if err != nil {
		return err
	}
	f := feed{ID: "urn:hoctap:journal:roots", Title: v.T("journal.roots.title"), Author: v.T("public.owner"), Updated: v.Now().UTC().Format(time.RFC3339)}
	for i, r := range list {
		at := r.At.UTC().Format(time.RFC3339)
		if i == 0 {
			f.Updated = at
		}
		f.Entries = append(f.Entries, entry{ID: "urn:hoctap:journal:root:" + r.Root, Title: r.Day, Updated: at, Content: r.String()})
	}
	body, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return send(v, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), body...))
}

func send(v *site.Visit, kind string, body []byte) error {
	h := v.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("Access-Control-Allow-Origin", "*")
	v.W.WriteHeader(http.StatusOK)
	_, err := v.W.Write(body)
	return err
}
