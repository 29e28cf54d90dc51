// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"net/http"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// A request with its number: the list as it was asked for stays, whatever the list becomes.

// requestsView is what a proposal's page shows of requests.
type requestsView struct {
	Issued       []paperLine
	Date, Signer ui.Field
	May          bool
}

// requests fills in the requests for a list, and the form for one more while somebody may be asked for.
func (view *proposalView) requests(v *site.Visit, p place.Place, r *assessment.Round) error {
	list, err := v.Recognition.Requests(v.Ctx(), v.Actor, p.ID, r.ID, view.Model)
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		view.Requests.Issued = append(view.Requests.Issued, paperLine{ID: x.ID, Number: x.Text(), Date: lang.Day(v.Ctx(), x.Date), About: x.About, Href: view.Action + "/to-trinh/" + x.ID})
	}
	asking, err := askingBody(v, p.ID)
	view.Requests.May = view.May && view.Total > 0
	view.Requests.Date = ui.Field{Name: "ngay", Label: v.T("decisions.date"), Type: "date", Value: v.Today(), Attrs: map[string]any{"required": true, "max": v.Today()}}
	view.Requests.Signer = ui.Field{Name: "nguoi-ky", Label: v.T("decisions.signer"), Value: asking.Signer, Attrs: map[string]any{"autocomplete": "off"}}
	return err
}

// askingBody is the association of a place: it asks, whoever decides.
func askingBody(v *site.Visit, placeID string) (asking recognition.Body, err error) {
	bodies, err := v.Recognition.Bodies(v.Ctx(), v.Actor, placeID)
	for _, b := range bodies {
		if !committee(b.ID) {
			asking = b
		}
	}
	return asking, err
}

// requestOf gathers a request. It is read before a number is taken: a transaction waits for nobody.
func requestOf(v *site.Visit) (q request, err error) {
	p, r, s, model, err := asked(v)
	if err != nil {
		return q, err
	}
	if s == period {
		return q, fault.NotFound("file", string(s))
	}
	proposal, err := v.Recognition.Propose(v.Ctx(), v.Actor, p.ID, r.ID, model, s.kind())
	if err != nil {
		return q, err
	}
	q = request{Proposal: &proposal, Exemplary: s == best, Town: p.Name, Marks: papers.Marks(v.Ctx(), false, proposal.Verified, v.Demo)}
	q.Asking, err = askingBody(v, p.ID)
	return q, err
}

// issueRequest gives a request its number and freezes it with its list.
func issueRequest(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	q, err := requestOf(v)
	if err != nil {
		return err
	}
	ctx := papers.Vi(v.Ctx())
	if q.Proposal.Total == 0 {
		return proposalPage(v, http.StatusUnprocessableEntity, fault.Invalid(fault.Field("items", "recognition.no_items")))
	}
	_, err = v.Recognition.IssuePaper(v.Ctx(), v.Actor, recognition.Paper{BodyID: q.Asking.ID, BodyName: q.Asking.Name, RoundID: q.Proposal.Round.ID, Model: q.Proposal.Model, Exemplary: q.Exemplary, Kind: recognition.PaperRequest,
		Symbol: q.symbol(ctx), Date: v.Form("ngay"), Signer: v.Form("nguoi-ky")},
		func(p *recognition.Paper, said recognition.Wording) (string, error) {
			numbered := q
			numbered.Said, numbered.Issued = said, *p
			p.About = said.Text.FillOne(said.Kind, wording.About, numbered.values(ctx))
			return paper.Encode(numbered.document(v.Ctx()))
		})
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return proposalPage(v, http.StatusUnprocessableEntity, err)
	case fault.KindConflict:
		return proposalPage(v, http.StatusConflict, err)
	}
	if err != nil {
		return err
	}
	return v.Go(site.With(base(v.Path("place"))+"/de-nghi", "mo-hinh", v.Form("mo-hinh"), "nam", v.Form("nam"), "loai", v.Form("loai")) + "#to-trinh")
}

// issuedRequest sends a request as it was frozen.
func issuedRequest(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	x, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, v.Path("paper"))
	if err == nil && (x.Kind != recognition.PaperRequest || x.PlaceID != p.ID) {
		err = fault.NotFound("paper", x.ID)
	}
	if err != nil {
		return err
	}
	return sendFrozen(v, &x)
}

// signed is who signs: of a numbered request who signed it.
func (q request) signed() string {
	if q.Issued.Number > 0 {
		return q.Issued.Signer
	}
	return q.Asking.Signer
}

// fields puts back what was typed into the form of a refused request.
func (w *requestsView) fields(v *site.Visit, errs map[string]string) {
	if !strings.HasSuffix(v.R.URL.Path, "/to-trinh") {
		return
	}
	w.Date.Value, w.Date.Err = v.Form("ngay"), errs["date"]
	w.Signer.Value, w.Signer.Err = v.Form("nguoi-ky"), errs["signer"]
}
