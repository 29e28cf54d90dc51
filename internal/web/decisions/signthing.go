// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hoctap/internal/identity"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/report"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// signThing is what is signed: a decision, a paper that goes with it, or a paper that goes with none, with the pages it belongs to.
type signThing struct {
	Target         signature.Target
	Place          place.Place // that it is about
	BodyID, Body   string
	Number, Signer string // as they stand on the paper
	Address        string // of the page of signing
	Paper          string // id of a paper below a decision's address; "" else
	Back           string
	Name           string // of the file
	May            bool
	Crumbs         []ui.Crumb
	paper          *recognition.Paper // nil for the decision itself
}

// href is the page of signing as it is read again.
func (x *signThing) href() string { return site.With(x.Address, "giay", x.Paper) }

// signingOf is the thing of the address, with what is known of its signing.
func signingOf(v *site.Visit) (x signThing, g signature.Signing, err error) {
	if v.Path("paper") != "" {
		x, err = aloneOf(v)
	} else {
		x, err = ofDecision(v)
	}
	if err == nil {
		g, err = v.Signature.Signing(v.Ctx(), v.Actor, x.Target)
	}
	return x, g, err
}

func ofDecision(v *site.Visit) (x signThing, err error) {
	d, p, err := open(v)
	if err != nil {
		return x, err
	}
	x = signThing{Target: signature.Target{DecisionID: d.ID, PaperID: v.R.FormValue("giay")}, Place: p, BodyID: d.BodyID, Body: d.BodyName, Number: d.Text(), Signer: d.Signer,
		Address: address(&d) + "/ky-so", Paper: v.R.FormValue("giay"), Back: address(&d), Name: fileName("quyet-dinh", &d), May: mayDecide(v, &d, p),
		Crumbs: []ui.Crumb{{Label: v.T("nav.decisions"), Href: site.With(base(p.ID), "nam", strconv.Itoa(d.ForYear))}, {Label: crumb(v, &d), Href: address(&d)}}}
	if x.Paper == "" {
		return x, nil
	}
	paper, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, x.Paper)
	x.paper, x.Number, x.Signer, x.Name = &paper, paper.Text(), paper.Signer, paperName(&paper)
	return x, err
}

// aloneOf is a request or a report: it goes with no decision.
func aloneOf(v *site.Visit) (x signThing, err error) {
	paper, err := v.Recognition.PaperByID(v.Ctx(), v.Actor, v.Path("paper"))
	if err != nil {
		return x, err
	}
	p, err := v.Places.Get(v.Ctx(), paper.PlaceID)
	if err != nil {
		return x, err
	}
	book := site.With(base(seatOf(paper.BodyID))+"/so", "co-quan", paper.BodyID, "nam", strconv.Itoa(paper.Year), "loai", registerName(paper.Kind))
	x = signThing{Target: signature.Target{PaperID: paper.ID}, Place: p, BodyID: paper.BodyID, Body: paper.BodyName, Number: paper.Text(), Signer: paper.Signer, Address: SignAddress(paper.ID), Back: book,
		Name: paperName(&paper), May: v.Actor.May(identity.Decide, p.Path) && v.Actor.Sits(identity.Decide, seatOf(paper.BodyID)), Crumbs: []ui.Crumb{{Label: v.T("nav.decisions"), Href: base(p.ID)}, {Label: v.T("book.kind." + string(paper.Kind)), Href: book}}, paper: &paper}
	if paper.Kind == recognition.PaperReport {
		if snap, err := snapshotOf(&paper); err == nil {
			x.Back = "/bao-cao/" + paper.PlaceID + "/" + snap.Period.ID
		}
	}
	return x, nil
}

// SignAddress is the page on which a paper that goes with no decision is signed.
func SignAddress(paperID string) string { return "/giay-to/" + paperID + "/ky-so" }

// snapshotOf is the report that a paper of this kind freezes.
func snapshotOf(p *recognition.Paper) (snap report.Snapshot, err error) {
	return snap, json.Unmarshal([]byte(p.Content), &snap)
}

// document is the issued paper without the words that ask for ink: the signature stands there.
func (x *signThing) document(v *site.Visit) (doc *paper.Document, err error) {
	switch {
	case x.paper == nil:
		f, err := written(v)
		if err != nil {
			return nil, err
		}
		doc = documentOf(v.Ctx(), f)
	case x.paper.Kind == recognition.PaperReport:
		snap, err := snapshotOf(x.paper)
		if err != nil {
			return nil, err
		}
		marks := paper.Marks{Notice: v.Trust()}
		if v.Demo {
			marks.Across = lang.T(papers.Vi(v.Ctx()), "paper.demo")
		}
		doc = papers.Report(v.Ctx(), &snap, marks)
	default:
		if doc, err = paper.Decode(x.paper.Content); err != nil {
			return nil, err
		}
	}
	for _, part := range doc.Parts {
		for i, b := range part.Blocks {
			if s, ok := b.(paper.Sign); ok {
				for j := range s.Signers {
					s.Signers[j].Place = ""
				}
				part.Blocks[i] = s
			}
		}
	}
	return doc, nil
}

// paperName is "tb-hkh-3-2026".
func paperName(p *recognition.Paper) string {
	return fmt.Sprintf("%s-%d-%d", strings.ToLower(p.Symbol), p.Number, p.Year)
}
