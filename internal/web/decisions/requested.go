// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"slices"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
	"hoctap/internal/wording"
)

// A request with its number: the list as it was asked for stays, whatever the list becomes.

// requestsView is what a proposal's page shows of requests. Its fields belong to the list's form: a request asks for what is chosen there.
type requestsView struct {
	Issued       []paperLine
	Date, Signer ui.Field
	May          bool
}

// listForm is the id of the list's form, which the fields of a request are part of.
const listForm = "danh-sach"

// requests fills in the requests for a list, and the fields for one more while somebody may be asked for.
func (view *proposalView) requests(v *site.Visit, p place.Place, r *assessment.Round) error {
	list, err := v.Recognition.Requests(v.Ctx(), v.Actor, p.ID, r.ID, view.Model)
	if err != nil {
		return err
	}
	for i := range list {
		x := &list[i]
		g, err := v.Signature.Signing(v.Ctx(), v.Actor, signature.Target{PaperID: x.ID})
		if err != nil {
			return err
		}
		if x.Asks != "" && x.Asks != view.Sort.kind() {
			continue
		}
		line := issuedLine(v, x, view.Action+"/to-trinh/"+x.ID)
		line.Sign = signLineOf(v, g, "/giay-to/"+x.ID, "", false)
		if x.Asks != "" && !x.Void() && view.Total > 0 {
			line.Follow = site.With(view.Action, "mo-hinh", view.Model, "nam", yearText(view.Year), "loai", string(view.Sort), "theo", x.ID)
		}
		view.Requests.Issued = append(view.Requests.Issued, line)
	}
	asking, err := askingBody(v, p.ID)
	view.Requests.May = v.Actor.Sits(identity.Decide, asking.PlaceID) && view.Total > 0
	view.Requests.Date = ui.Field{Name: "ngay", Label: v.T("decisions.date"), Type: "date", Value: v.Today(), Attrs: map[string]any{"form": listForm}}
	view.Requests.Signer = ui.Field{Name: "nguoi-ky", Label: v.T("decisions.signer"), Value: asking.Signer, Attrs: map[string]any{"autocomplete": "off", "form": listForm}}
	return err
}

// follow ticks the list as a request has it, ?theo.
func (view *proposalView) follow(v *site.Visit) error {
	id := v.Query("theo")
	if id == "" || view.Sort == period {
		return nil
	}
	i := slices.IndexFunc(view.Requests.Issued, func(p paperLine) bool { return p.ID == id && p.Follow != "" })
	if i < 0 {
		return nil // of another list
	}
	ids, err := v.Recognition.Asked(v.Ctx(), v.Actor, id)
	if err != nil {
		return err
	}
	if view.choose(ids); view.Sort == plain { // what the request leaves out is kept back
		for _, a := range view.Areas {
			for j := range a.Lines {
				a.Lines[j].Chosen = !a.Lines[j].Chosen
			}
		}
	}
	return nil
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

// requestOf gathers a request for what is chosen in the list. It is read before a number is taken: a transaction waits for nobody. It fails with
// fault.Invalid when nothing is chosen.
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
	chosen, err := proposal.Choose(v.R.Form["chon"], v.R.Form["lai"])
	if err != nil {
		return q, err
	}
	q = request{Proposal: &chosen, Exemplary: s == best, Town: p.Name, Marks: papers.Marks(v.Ctx(), false, proposal.Verified, v.Demo)}
	q.Asking, err = askingBody(v, p.ID)
	return q, err
}

// issueRequest gives a request its number and freezes it with its list.
func issueRequest(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	_, made, err := pressed(v)
	if err != nil {
		return err
	}
	if made {
		return backToList(v, p.ID)
	}
	q, err := requestOf(v)
	if err != nil {
		return refusedProposal(v, err)
	}
	ctx := papers.Vi(v.Ctx())
	next := recognition.Paper{BodyID: q.Asking.ID, BodyName: q.Asking.Name, RoundID: q.Proposal.Round.ID, Model: q.Proposal.Model, Kind: recognition.PaperRequest, Symbol: q.symbol(ctx),
		Date: v.Form("ngay"), Signer: v.Form("nguoi-ky"), Asks: q.Proposal.Kind, Token: v.Form(tokenName)}
	for _, c := range q.Proposal.Choices() {
		next.Files = append(next.Files, c.AssessmentID)
	}
	_, err = v.Recognition.IssuePaper(v.Ctx(), v.Actor, next, func(p *recognition.Paper, said recognition.Wording) (string, error) {
		numbered := q
		numbered.Said, numbered.Issued = said, *p
		p.About = said.Text.FillOne(said.Kind, wording.About, numbered.values(ctx))
		return paper.Encode(numbered.document(v.Ctx()))
	})
	if err != nil {
		return refusedProposal(v, err)
	}
	return backToList(v, p.ID)
}

// backToList leads to the requests of the list that the form was about.
func backToList(v *site.Visit, placeID string) error {
	return v.Go(site.With(base(placeID)+"/de-nghi", "mo-hinh", v.Form("mo-hinh"), "nam", v.Form("nam"), "loai", v.Form("loai")) + "#to-trinh")
}

// requestAt is the request of the address.
func requestAt(v *site.Visit) (x recognition.Paper, p place.Place, err error) {
	if p, err = v.Here(identity.SeeRecords); err != nil {
		return x, p, err
	}
	x, err = v.Recognition.PaperByID(v.Ctx(), v.Actor, v.Path("paper"))
	if err == nil && (x.Kind != recognition.PaperRequest || x.PlaceID != p.ID) || fault.KindOf(err) == fault.KindDenied {
		err = fault.NotFound("paper", v.Path("paper"))
	}
	return x, p, err
}

// issuedRequest sends a request as it was frozen.
func issuedRequest(v *site.Visit) error {
	x, _, err := requestAt(v)
	if err != nil {
		return err
	}
	return sendFrozen(v, &x)
}

// voidRequest marks a request as issued by mistake.
func voidRequest(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	x, p, err := requestAt(v)
	if err != nil {
		return err
	}
	if _, err := v.Recognition.VoidPaper(v.Ctx(), v.Actor, x.ID, v.Form(voidName)); err != nil {
		return refusedProposal(v, err)
	}
	return backToList(v, p.ID)
}

// signed is who signs: of a numbered request who signed it.
func (q request) signed() string {
	if q.Issued.Number > 0 {
		return q.Issued.Signer
	}
	return q.Asking.Signer
}

// fields puts back what was typed into the fields of a refused form.
func (w *requestsView) fields(v *site.Visit, errs map[string]string) {
	if v.R.PostForm.Has("ngay") {
		w.Date.Value, w.Date.Err = v.Form("ngay"), errs["date"]
		w.Signer.Value, w.Signer.Err = v.Form("nguoi-ky"), errs["signer"]
	}
	voidFields(v, w.Issued, errs)
}

// all are the fields of the requests, as the summary of errors lists them.
func (w *requestsView) all() []ui.Field {
	list := []ui.Field{w.Date, w.Signer}
	for _, p := range w.Issued {
		list = append(list, p.Reason)
	}
	return list
}
