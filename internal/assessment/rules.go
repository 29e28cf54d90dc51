// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
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

// way is the state machine: from which states an act may be done, and where it leads; an empty to leaves the state as it is.
var way = map[Act]struct {
	from []State
	to   State
}{
	ActRegister:   {[]State{Listed}, Registered},
	ActUnregister: {[]State{Registered, Scored, Returned}, Listed},
	ActScore:      {[]State{Registered, Scored, Returned}, ""},
	ActSend:       {[]State{Scored, Returned}, Sent},
	ActAppraise:   {[]State{Sent}, ""},
	ActReturn:     {[]State{Sent}, Returned},
	ActApprove:    {[]State{Sent}, Approved},
	ActReject:     {[]State{Sent}, Rejected},
	ActReopen:     {[]State{Approved, Rejected}, Sent},
	ActRecognise:  {[]State{Approved}, Recognised},
	ActRevoke:     {[]State{Recognised}, Revoked},
	ActRestore:    {[]State{Revoked}, Recognised},
}

// step returns the state after act, or a conflict that names the state in the way.
func step(a *Assessment, act Act) (State, error) {
	w := way[act]
	if !slices.Contains(w.from, a.State) {
		return a.State, fault.Conflict("assessment.state", "name", a.Name, "state", string(a.State), "act", string(act))
	}
	if w.to == "" {
		return a.State, nil
	}
	return w.to, nil
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
