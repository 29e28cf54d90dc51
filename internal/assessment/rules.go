// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"slices"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/rollup"
)

// GapLimit and NearLimit are when a difference between two stages, or the distance from the threshold, is worth a look:
// five points and two points of a hundred, in hundredths.
const (
	GapLimit  criteria.Points = 500
	NearLimit criteria.Points = 200
)

// Act is a step from one state to another.
type Act string

// The acts of a file.
const (
	ActRegister   Act = "register"
	ActUnregister Act = "unregister"
	ActScore      Act = "score" // self or area sheet; Registered and Scored by whether it is complete
	ActSend       Act = "send"
	ActAppraise   Act = "appraise" // the commune's sheet
	ActReturn     Act = "return"
	ActApprove    Act = "approve"
	ActReject     Act = "reject"
	ActReopen     Act = "reopen" // back to the commune, before a decision
	ActRecognise  Act = "recognise"
	ActRevoke     Act = "revoke"
	ActRestore    Act = "restore" // a revocation is itself withdrawn, or an appeal upheld
)

// way is where an act leads; a file stays in its state with an act that is not here. From which states it begins is for the policy to say.
var way = map[Act]State{
	ActRegister: Registered, ActUnregister: Listed, ActSend: Sent, ActReturn: Returned, ActApprove: Approved, ActReject: Rejected, ActReopen: Sent,
	ActRecognise: Recognised, ActRevoke: Revoked, ActRestore: Recognised,
}

// ruleOf is what the policy says of an act of the machine.
func ruleOf(act Act) identity.Step {
	rule, _ := identity.StepOf(string(act)) // the zero Step begins in no state
	return rule
}

// step returns the state after act, or a conflict that names the state in the way.
func step(a *Assessment, act Act) (State, error) {
	if !ruleOf(act).Begins(a.State) {
		return a.State, fault.Conflict("assessment.state", "name", a.Name, "state", string(a.State), "act", string(act))
	}
	if to, leads := way[act]; leads {
		return to, nil
	}
	return a.State, nil
}

// hands says who had which part in the file.
func (a *Assessment) hands() identity.Hands {
	return identity.Hands{identity.PartScored: a.HolderID + " " + a.ScoredBy, identity.PartClosed: a.ClosedBy}
}

// scoredBy notes that id gave points: at the area it takes the file over, and whoever held it before is not forgotten.
func (a *Assessment) scoredBy(id string, area bool) {
	add := func(id string) {
		if id != "" && id != a.HolderID && !slices.Contains(strings.Fields(a.ScoredBy), id) {
			a.ScoredBy = strings.TrimSpace(a.ScoredBy + " " + id)
		}
	}
	if !area {
		add(id)
		return
	}
	before := a.HolderID
	a.HolderID = id
	add(before)
}

// CountsOf says in which figures an assessment is.
func CountsOf(a *Assessment) rollup.Counts {
	c := rollup.Counts{Total: 1}
	if a.State != Listed {
		c.Registered = 1
	}
	switch a.State {
	case Scored:
		c.Scored = 1
	case Sent:
		c.Sent = 1
	case Returned:
		c.Returned = 1
	case Approved:
		c.Approved = 1
	case Rejected:
		c.Rejected = 1
	case Recognised:
		c.Recognised = 1
		if a.Exemplary {
			c.Exemplary = 1
		}
	case Revoked:
		c.Revoked = 1
	}
	if a.Outcome == criteria.Recognised.String() {
		c.Passing = 1
	}
	return c
}

// judge sets what follows from the totals of the stages, the last result and the evidence: gap and flags.
func judge(a *Assessment, result *criteria.Result, evidenceMissing bool) {
	a.Gap, a.Flags = 0, a.Flags&(FlagReused)
	totals := []*criteria.Points{a.SelfTotal, a.AreaTotal, a.CommuneTotal}
	for i, x := range totals {
		for _, y := range totals[i+1:] {
			if x != nil && y != nil {
				a.Gap = max(a.Gap, max(*x-*y, *y-*x))
			}
		}
	}
	set := func(f Flag, on bool) {
		if on {
			a.Flags |= f
		}
	}
	set(FlagGap, a.Gap >= GapLimit)
	set(FlagAreaMore, a.SelfTotal != nil && a.AreaTotal != nil && *a.AreaTotal > *a.SelfTotal)
	set(FlagEvidence, evidenceMissing)
	set(FlagOpen, a.Stage != "" && a.Outcome == criteria.Undecided.String())
	set(FlagVotes, a.VotesAgainst > 0)
	set(FlagNew, a.PrevOutcome == "")
	if result != nil && result.HasTotal && result.Threshold.HasMin {
		distance := result.Total - result.Threshold.MinTotal
		set(FlagNear, max(distance, -distance) < NearLimit)
	}
}
