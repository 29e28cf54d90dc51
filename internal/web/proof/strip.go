// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/evidence"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// StripView is what backs one file, as pages show it.
type StripView struct {
	Shots []Shot
	Add   *AddView // nil where the reader may not add
}

// Shot is one item of a strip.
type Shot struct {
	ID       string
	Tag      string // codes of its criteria
	Title    string
	Caption  string
	Href     string // the full picture, the document, the link; empty for words and what is not ready
	External bool   // leads to another site
	Thumb    string // empty: an icon stands for it
	Icon     string
	Words    string   // of a register entry
	State    ui.State // zero when ready
	Why      string   // of a refusal
	Twins    []TwinView
	Hidden   string // twins at places the reader may not see
	Detach   string // address; empty where the reader may not
	Back     string
	File     string   // assessment
	Codes    []string // as the form sends them
}

// TwinView leads to another file with the same picture.
type TwinView struct{ Lead, Name, Href string }

// Criterion is one choice of the form: a criterion of the set.
type Criterion struct{ Code, Title string }

// Strip gathers what backs an assessment. criteria are the choices for adding; none hides the form. back is where its forms lead.
func Strip(v *site.Visit, placeID, assessmentID string, criteria []Criterion, back string) (view StripView, err error) {
	list, err := v.Evidence.List(v.Ctx(), v.Actor, placeID, assessmentID)
	if err != nil {
		return view, err
	}
	for _, b := range list {
		view.Shots = append(view.Shots, shotOf(v, b, assessmentID, back, len(criteria) > 0))
	}
	if slices.ContainsFunc(list, func(b evidence.Backing) bool { return b.Twins > 0 }) {
		twins, hidden, err := v.Assessment.Reused(v.Ctx(), v.Actor, placeID, assessmentID)
		if err != nil {
			return view, err
		}
		view.twins(v, twins, hidden)
	}
	if len(criteria) > 0 {
		view.Add = addView(v, placeID, assessmentID, criteria, back)
	}
	return view, nil
}

var iconOf = map[evidence.Sort]string{evidence.Image: "picture", evidence.Document: "file", evidence.Link: "link", evidence.Register: "book"}

func shotOf(v *site.Visit, b evidence.Backing, assessmentID, back string, mayChange bool) Shot {
	s := Shot{ID: b.ID, Title: b.Title, Icon: iconOf[b.Sort], Codes: b.Criteria, Back: back, File: assessmentID}
	if s.Title == "" {
		s.Title = v.T("proof.untitled." + string(b.Sort))
	}
	var codes []string
	for _, c := range b.Criteria {
		if c == "" {
			c = v.T("proof.whole")
		}
		codes = append(codes, c)
	}
	s.Tag = strings.Join(codes, ", ")
	s.Caption = v.T("proof.sent", "at", b.At)
	if !b.TakenAt.IsZero() {
		s.Caption = v.T("proof.taken", "at", b.TakenAt)
	}
	if b.Shared > 0 {
		s.Caption += ", " + v.T("proof.shared", "count", b.Shared)
	}
	switch {
	case b.State == evidence.StateReceived:
		s.State = ui.State{Word: v.T("proof.state.received")}
	case b.State == evidence.StateRefused:
		s.State = ui.State{Kind: "bad", Icon: "camera", Word: v.T("proof.state.refused")}
		if b.Sort == evidence.Document {
			s.State = ui.State{Kind: "bad", Word: v.T("proof.state.refused_document")}
		}
		_, why := lang.Fault(v.Ctx(), b.Reason)
		s.Why = why["file"]
	case b.Sort == evidence.Link:
		s.Href, s.External = b.Link, true
		if u, err := url.Parse(b.Link); err == nil && b.Title == "" {
			s.Title = u.Hostname()
		}
	case b.Sort == evidence.Register:
		s.Words = b.Link
	default:
		s.Href = href(b.PlaceID, b.ID)
	}
	if b.HasThumb() {
		s.Thumb = s.Href + "/nho"
	}
	if mayChange {
		s.Detach = href(b.PlaceID, b.ID) + "/go"
	}
	return s
}

// twins puts the files that show the same picture beside it.
func (view *StripView) twins(v *site.Visit, list []assessment.Reuse, hidden int) {
	for i := range view.Shots {
		shot := &view.Shots[i]
		seen := map[string]bool{}
		for _, r := range list {
			if r.EvidenceID != shot.ID || seen[r.Other.ID] {
				continue
			}
			seen[r.Other.ID] = true
			lead := v.T("proof.reused_same")
			if r.How == "look" {
				lead = v.T("proof.reused_near")
			}
			shot.Twins = append(shot.Twins, TwinView{lead, r.Other.Name, "/ho-so/" + r.Other.PlaceID + "/" + r.Other.ID})
		}
	}
	if hidden > 0 && len(view.Shots) > 0 {
		view.Shots[0].Hidden = v.T("proof.reused_hidden", "count", hidden)
	}
}

// AddView is the form that adds a file, and the one for a link or an entry.
type AddView struct {
	Action, Words string
	File, Back    string
	Criterion     ui.Field
	Title         ui.Field
	Camera, Pick  ui.Field
	Link, Entry   ui.Field
	WordsFor      ui.Field
}

// accept is what the file dialogue offers first; what is taken is decided by content.
const accept = "image/*,application/pdf,.docx,.xlsx,.pptx,.odt,.ods"

func addView(v *site.Visit, placeID, assessmentID string, criteria []Criterion, back string) *AddView {
	var options []ui.Option
	for _, c := range criteria {
		options = append(options, ui.Option{Value: c.Code, Label: strings.TrimSpace(c.Code + " " + c.Title)})
	}
	choice := ui.Field{Name: "tieu-chi", ID: "mc-muc", Label: v.T("proof.criterion"), Options: options}
	again := choice
	again.ID = "mc-muc-2"
	max := func(limit int64) string { return strconv.FormatInt(limit>>20, 10) }
	return &AddView{
		Action: "/minh-chung/" + placeID, Words: "/minh-chung/" + placeID + "/lien-ket", File: assessmentID, Back: back,
		Criterion: choice, WordsFor: again,
		Title:  ui.Field{Name: "tieu-de", ID: "mc-ten", Label: v.T("proof.name"), Hint: v.T("proof.name_hint"), Optional: true, Attrs: map[string]any{"maxlength": "200"}},
		Camera: ui.Field{Name: "tep", ID: "mc-chup", Type: "file", Label: v.T("proof.camera"), Attrs: map[string]any{"accept": "image/*", "capture": "environment"}},
		Pick: ui.Field{Name: "tep", ID: "mc-tep", Type: "file", Label: v.T("proof.file"), Attrs: map[string]any{"accept": accept},
			Hint: v.T("proof.file_hint", "picture", max(evidence.MaxPicture), "document", max(evidence.MaxDocument))},
		Link:  ui.Field{Name: "lien-ket", ID: "mc-lien-ket", Type: "url", Label: v.T("proof.link_address"), Attrs: map[string]any{"maxlength": "2000", "inputmode": "url"}},
		Entry: ui.Field{Name: "so", ID: "mc-so", Label: v.T("proof.link_entry"), Attrs: map[string]any{"maxlength": "2000"}},
	}
}
