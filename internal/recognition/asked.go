// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"strconv"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Choose narrows the list to what a person chose, as a draft does: of the year's titles all files but those kept back, of exemplary ones those picked.
// It fails with fault.Invalid when nothing is left and fault.Conflict when a picked file is not on the list.
func (p *Proposal) Choose(picked, back []string) (Proposal, error) {
	if p.Kind != KindExemplary {
		picked = back
	}
	marked := make(map[string]bool, len(picked))
	for _, id := range picked {
		marked[id] = true
	}
	out := *p
	out.Areas, out.Total = nil, 0
	for _, a := range p.Areas {
		in := ProposalArea{PlaceID: a.PlaceID, Name: a.Name}
		for i := range a.Files {
			if marked[a.Files[i].ID] == (p.Kind == KindExemplary) {
				in.Files = append(in.Files, a.Files[i])
			}
		}
		if len(in.Files) > 0 {
			out.Areas, out.Total = append(out.Areas, in), out.Total+len(in.Files)
		}
	}
	if p.Kind == KindExemplary && out.Total < len(marked) {
		return out, fault.Conflict("recognition.not_ready")
	}
	if out.Total == 0 {
		return out, fault.Invalid(fault.Field("items", "recognition.no_items"))
	}
	return out, nil
}

// Choices are the files of the list as a draft names them.
func (p *Proposal) Choices() (list []Choice) {
	for _, a := range p.Areas {
		for i := range a.Files {
			list = append(list, Choice{AssessmentID: a.Files[i].ID})
		}
	}
	return list
}

// begins is the first day that a paper of a stage can bear: when the stage's window opens, in a round without one the first of its year.
func begins(r *assessment.Round, stage assessment.Stage) string {
	if w, ok := r.Plan.Window(stage); ok {
		return w.From
	}
	return strconv.Itoa(r.Year) + "-01-01"
}

const (
	insertAsked        = `INSERT INTO request_item (paper_id, place_id, assessment_id) VALUES ($1, $2, $3)`
	selectAsked        = `SELECT assessment_id FROM request_item WHERE paper_id = $1 ORDER BY assessment_id`
	selectAskedAppeals = `SELECT a.name FROM request_item i JOIN assessment a ON a.place_id = i.place_id AND a.id = i.assessment_id WHERE i.paper_id = $1 AND EXISTS (
		SELECT 1 FROM appeal l WHERE l.place_id = i.place_id AND l.assessment_id = i.assessment_id AND l.state = 'open') ORDER BY a.name, a.id`
)

// maxNames is how many names a refusal spells out.
const maxNames = 5

// ask keeps what a request asks for, each file held to what its decision will need. It fails with fault.Invalid for an empty list and fault.Conflict for a
// file that is not ready or that somebody objects to.
func (s *Service) ask(ctx context.Context, tx *store.Tx, p *Paper) error {
	if len(p.Files) == 0 {
		return fault.Invalid(fault.Field("items", "recognition.no_items"))
	}
	d := Draft{Kind: p.Asks, PlaceID: p.PlaceID, RoundID: p.RoundID, Model: p.Model}
	for _, id := range p.Files {
		d.Items = append(d.Items, Choice{AssessmentID: id})
	}
	if err := d.Check(); err != nil {
		return err
	}
	items, err := s.choose(ctx, tx, d, nil, nil)
	if err != nil {
		return err
	}
	for i := range items {
		if _, err := tx.Exec(ctx, insertAsked, p.ID, items[i].PlaceID, items[i].AssessmentID); err != nil {
			return err
		}
	}
	names, err := store.Collect(ctx, tx, store.Value[string], selectAskedAppeals, p.ID)
	if err == nil && len(names) > 0 {
		said := strings.Join(names[:min(len(names), maxNames)], ", ")
		if len(names) > maxNames {
			said += "…"
		}
		err = fault.Conflict("recognition.request_appeals", "count", len(names), "names", said)
	}
	return err
}

// Asked returns the ids of the files that a request asks for; those of requests from before this was kept are none.
func (s *Service) Asked(ctx context.Context, by identity.Actor, paperID string) (ids []string, err error) {
	defer fault.Wrap(&err, "recognition.Asked(%s)", paperID)
	if _, err := s.PaperByID(ctx, by, paperID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), store.Value[string], selectAsked, paperID)
}
