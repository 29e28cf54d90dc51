// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// Proposal is what a commune puts before the deciding body (danh sách đề nghị): everyone who may be in the next decision, by
// area, with the checks that go before a signature.
type Proposal struct {
	PlaceID  string
	Round    assessment.Round
	Model    string
	Kind     Kind // recognise or exemplary
	Body     Body
	SetTitle string
	Verified criteria.Verified
	Counts   rollup.Counts // of the whole place and model
	Areas    []ProposalArea
	Total    int // of all areas
	Checks   []Check
	Drafts   []Decision // that are being prepared
	Issued   []Decision // of this kind so far
}

// ProposalArea is the part of one area, in the order of given names.
type ProposalArea struct {
	PlaceID string
	Name    string
	Files   []assessment.Assessment
}

// Blocked says whether some check forbids signing.
func (p *Proposal) Blocked() bool {
	for _, c := range p.Checks {
		if c.Level == LevelBlocked {
			return true
		}
	}
	return false
}

// Propose returns the proposal list of a commune, or for exemplary ones of a province, in a round and model: approved files for
// kind recognise, recognised ones that are not exemplary yet for kind exemplary.
func (s *Service) Propose(ctx context.Context, by identity.Actor, placeID, roundID, model string, kind Kind) (p Proposal, err error) {
	defer fault.Wrap(&err, "recognition.Propose(%s, %s, %s)", placeID, model, kind)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return p, err
	}
	p = Proposal{PlaceID: placeID, Model: model, Kind: kind}
	if p.Round, err = s.assessments.Round(ctx, roundID); err != nil {
		return p, err
	}
	plan, ok := p.Round.Plan.Model(model)
	if !ok {
		return p, fault.Conflict("recognition.model", "model", model, "round", p.Round.Title)
	}
	set, err := s.sets.Compiled(ctx, plan.SetID)
	if err != nil {
		return p, err
	}
	p.SetTitle, p.Verified = set.Set.Title, set.Verified()
	need, decides := assessment.Approved, plan.Body
	if kind == KindExemplary {
		need, decides = assessment.Recognised, plan.Exemplary
	}
	if p.Body, err = s.deciding(ctx, decides, placeID); err != nil {
		return p, err
	}
	path, err := s.places.Path(ctx, nil, placeID)
	if err != nil {
		return p, err
	}
	list, err := s.assessments.InState(ctx, s.db.Read(), path, roundID, model, need)
	if err != nil {
		return p, err
	}
	if err := s.byArea(ctx, &p, list); err != nil {
		return p, err
	}
	table, err := s.figures.Below(ctx, path, store.Date(s.now()), rollup.ByLeaf, roundID)
	if err != nil {
		return p, err
	}
	p.Counts = table.Total[rollup.Key{RoundID: roundID, Model: model}]
	decisions, err := s.decisions(ctx, Filter{PlaceID: placeID, RoundID: roundID, Model: model, Kind: kind})
	if err != nil {
		return p, err
	}
	for _, d := range decisions {
		if d.State == StateDraft {
			p.Drafts = append(p.Drafts, d)
		} else {
			p.Issued = append(p.Issued, d)
		}
	}
	p.Checks, err = s.checks(ctx, by, &p, plan, path, table)
	return p, err
}

// byArea groups the files by area, in the areas' natural order and without those that are exemplary already.
func (s *Service) byArea(ctx context.Context, p *Proposal, list []assessment.Assessment) error {
	leaves, err := s.places.Leaves(ctx, p.PlaceID, store.Date(s.now()))
	if err != nil {
		return err
	}
	files := map[string][]assessment.Assessment{}
	for _, a := range list {
		if p.Kind == KindExemplary && a.Exemplary {
			continue
		}
		files[a.PlaceID] = append(files[a.PlaceID], a)
		p.Total++
	}
	for _, l := range leaves {
		if len(files[l.ID]) > 0 {
			p.Areas = append(p.Areas, ProposalArea{l.ID, l.FullName(), files[l.ID]})
		}
	}
	return nil
}
