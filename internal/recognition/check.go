// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"slices"
	"strings"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/rollup"
	"hoctap/internal/store"
)

// Level is how much a check weighs.
type Level string

// The levels of a check.
const (
	LevelOK      Level = "ok"
	LevelWarning Level = "warning" // look at it; signing stays possible
	LevelBlocked Level = "blocked" // Issue would refuse, or must wait
)

// Check is one line of what is looked at before a signature. Its sentence is "recognition.check."+Key+"."+Level; a line
// that is not ok has another, what to do, under the same key with ".fix".
type Check struct {
	Key   string
	Level Level
	Args  fault.Args // of both sentences; always with "count"
	Files []string   // assessment ids it is about, for a link
}

// checks looks at everything before a signature, in the order in which an officer would put it right.
func (s *Service) checks(ctx context.Context, by identity.Actor, p *Proposal, plan *assessment.ModelPlan, path string, table rollup.Table) ([]Check, error) {
	list := []Check{checkFiles(p)}
	if p.Kind == KindRecognise {
		list = append(list, checkOpen(p))
		list = append(list, checkOrder(p, plan, table)...)
		list = append(list, checkEvidence(p))
	}
	appeals, err := s.checkAppeals(ctx, by, p)
	if err != nil {
		return nil, err
	}
	list = append(list, appeals, checkDouble(p))
	if p.Kind == KindRecognise {
		window, err := s.checkWindow(ctx, p, path)
		if err != nil {
			return nil, err
		}
		list = append(list, window...)
	}
	return append(list, checkSet(p), checkSigner(p)), nil
}

// graded is a line about things that should not be: ok when there are none.
func graded(key string, level Level, files []string, args ...any) Check {
	c := Check{Key: key, Level: level, Files: files, Args: fault.Args{"count": len(files)}}
	if len(files) == 0 {
		c.Level = LevelOK
	}
	for i := 0; i+1 < len(args); i += 2 {
		c.Args[args[i].(string)] = args[i+1]
	}
	return c
}

func checkFiles(p *Proposal) Check {
	level := LevelOK
	if p.Total == 0 {
		level = LevelBlocked
	}
	return Check{Key: "files_" + string(p.Kind), Level: level, Args: fault.Args{"count": p.Total, "areas": len(p.Areas)}}
}

func checkOpen(p *Proposal) Check {
	open := p.Counts.Open() - p.Counts.Approved
	level := LevelOK
	if open > 0 {
		level = LevelWarning
	}
	return Check{Key: "open", Level: level, Args: fault.Args{"count": open, "sent": p.Counts.Sent, "returned": p.Counts.Returned}}
}

// checkOrder looks at the models whose titles feed this one: while their files are open, the points here may still change.
func checkOrder(p *Proposal, plan *assessment.ModelPlan, table rollup.Table) (list []Check) {
	for _, before := range plan.After {
		if _, part := p.Round.Plan.Model(before); !part {
			continue
		}
		open := table.Total[rollup.Key{RoundID: p.Round.ID, Model: before}].Open()
		level := LevelOK
		if open > 0 {
			level = LevelWarning
		}
		list = append(list, Check{Key: "order", Level: level, Args: fault.Args{"count": open, "before": before, "model": p.Model}})
	}
	return list
}

func (p *Proposal) files(which func(*assessment.Assessment) bool) (ids []string) {
	for _, area := range p.Areas {
		for i := range area.Files {
			if which(&area.Files[i]) {
				ids = append(ids, area.Files[i].ID)
			}
		}
	}
	return ids
}

func checkEvidence(p *Proposal) Check {
	return graded("evidence", LevelWarning, p.files(func(a *assessment.Assessment) bool { return a.Flags&assessment.FlagEvidence != 0 }))
}

func (s *Service) checkAppeals(ctx context.Context, by identity.Actor, p *Proposal) (Check, error) {
	open, err := s.assessments.OpenAppeals(ctx, by, p.PlaceID)
	on := map[string]bool{}
	for _, a := range open {
		on[a.AssessmentID] = true
	}
	return graded("appeals", LevelBlocked, p.files(func(a *assessment.Assessment) bool { return on[a.ID] })), err
}

// checkDouble finds names that stand twice in one area: one household counted twice, or two that need telling apart.
func checkDouble(p *Proposal) Check {
	type key struct{ place, fold string }
	times := map[key]int{}
	p.files(func(a *assessment.Assessment) bool { times[key{a.PlaceID, a.Fold}]++; return false })
	var names []string
	twice := p.files(func(a *assessment.Assessment) bool {
		double := times[key{a.PlaceID, a.Fold}] > 1
		if double && !slices.Contains(names, a.Name) && len(names) < 5 {
			names = append(names, a.Name)
		}
		return double
	})
	return graded("double", LevelWarning, twice, "names", strings.Join(names, ", "))
}

// checkWindow looks at the round's decision dates, and at the posting of the list where the round has that before the decision.
func (s *Service) checkWindow(ctx context.Context, p *Proposal, path string) (list []Check, err error) {
	today := store.Date(s.now())
	if w, ok := p.Round.Plan.Window(assessment.StageDecision); ok {
		c := Check{Key: "window", Level: LevelOK, Args: fault.Args{"count": 0, "from": w.From, "to": w.To}}
		extended, err := s.assessments.Extensions(ctx, p.Round.ID)
		if err != nil {
			return nil, err
		}
		if today < w.From {
			c.Key, c.Level = "window_early", LevelBlocked
		} else if lastDay(w, extended, p.Model, path) < today {
			c.Key, c.Level = "window_late", LevelBlocked
		}
		list = append(list, c)
	}
	if w, ok := posting(&p.Round.Plan); ok {
		c := Check{Key: "posting", Level: LevelOK, Args: fault.Args{"count": 0, "from": w.From, "to": w.To}}
		if today <= w.To {
			c.Level = LevelBlocked
		}
		list = append(list, c)
	}
	return list, nil
}

// posting is the publication window of a plan that posts the list before it is decided (niêm yết): one that begins before the
// decision's. Where publication begins later, it publishes the decision and holds nothing up.
func posting(plan *assessment.Plan) (assessment.Window, bool) {
	w, ok := plan.Window(assessment.StagePublication)
	d, decided := plan.Window(assessment.StageDecision)
	return w, ok && decided && w.From < d.From
}

// lastDay is the end of the decision window, moved by the extensions that hold at the place.
func lastDay(w assessment.Window, extended []assessment.Extension, model, path string) string {
	last := w.To
	for _, e := range extended {
		if e.Stage == w.Stage && (e.Model == "" || e.Model == model) && strings.Contains(path, "/"+e.PlaceID+"/") {
			last = max(last, e.Until)
		}
	}
	return last
}

func checkSet(p *Proposal) Check {
	c := Check{Key: "set", Level: LevelOK, Args: fault.Args{"count": 0, "set": p.SetTitle}}
	if p.Verified != criteria.VerifiedTrue {
		c.Level = LevelWarning
	}
	return c
}

func checkSigner(p *Proposal) Check {
	c := Check{Key: "signer", Level: LevelOK, Args: fault.Args{"count": 0, "signer": p.Body.Signer, "post": holderOf(p.Body.Post), "body": p.Body.Name}}
	if p.Body.Signer == "" {
		c.Level = LevelWarning
	}
	return c
}
