// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package proof holds the routes of evidence: sending, attaching and serving files, and the strip that other pages show.
package proof

import (
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.1100 generate -path .

// The room that the text fields and the frame of a form take beside the file.
const formRoom = 256 << 10

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.SignedUpTo("POST /minh-chung/{place}", evidence.MaxDocument+formRoom, upload)
	m.Signed("POST /minh-chung/{place}/lien-ket", addWords)
	m.Signed("POST /minh-chung/{place}/{id}/gan", attach)
	m.Signed("POST /minh-chung/{place}/{id}/go", detach)
	m.Signed("GET /minh-chung/{place}/{id}", func(v *site.Visit) error { return serve(v, evidence.Full) })
	m.Signed("GET /minh-chung/{place}/{id}/nho", func(v *site.Visit) error { return serve(v, evidence.Thumb) })
}

func href(placeID, id string) string { return "/minh-chung/" + placeID + "/" + id }

// uses are what a form says the item is for: each file named with each criterion.
func uses(files, criteria []string) (list []evidence.Use) {
	for _, id := range files {
		for _, code := range criteria {
			list = append(list, evidence.Use{AssessmentID: id, Criterion: code})
		}
	}
	return list
}

// answer tells a script what became of an item, with the versions of the files it changed; a form without a script is led back.
func answer(v *site.Visit, it evidence.Item, files []string, back string) error {
	if !v.WantsJSON() {
		return v.Go(local(back, v, files))
	}
	told := struct {
		ID       string           `json:"id"`
		State    string           `json:"state"`
		Kind     string           `json:"kind"`
		Title    string           `json:"title"`
		Name     string           `json:"name"`
		Href     string           `json:"href"`
		Thumb    string           `json:"thumb,omitempty"`
		Versions map[string]int64 `json:"versions"`
	}{ID: it.ID, State: string(it.State), Kind: string(it.Sort), Title: it.Title, Name: it.Name, Href: href(it.PlaceID, it.ID)}
	if it.Sort == evidence.Image {
		told.Thumb = told.Href + "/nho" // answers 409 until the picture is ready
	}
	var err error
	if told.Versions, err = v.Assessment.Versions(v.Ctx(), v.Actor, it.PlaceID, files...); err != nil {
		return err
	}
	return v.JSON(told)
}

// local keeps a way back inside this site; without one it is the file the item is for, else the first page.
func local(back string, v *site.Visit, files []string) string {
	if len(files) > 0 {
		return site.Inside(back, "/ho-so/"+v.Path("place")+"/"+files[0])
	}
	return site.Inside(back, "/viec")
}

// spoken makes the rule that a file breaks the sentence of the whole answer: there is nothing else to mend in these forms.
func spoken(err error) error {
	f, ok := fault.As(err)
	if !ok || f.Key != "invalid" || len(f.Fields) != 1 {
		return err
	}
	return &fault.Fault{Kind: f.Kind, Key: f.Fields[0].Key, Args: f.Fields[0].Args, Fields: f.Fields}
}
