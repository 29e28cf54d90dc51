// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	"hoctap/internal/fault"
)

// Stage is a step of a round, as a word. What a round has of them, and when, package assessment knows.
type Stage string

// The stages in their order. StagePaper is that of results taken over from paper years.
const (
	StageRegistration Stage = "registration"
	StageSelf         Stage = "self"
	StageArea         Stage = "area"
	StageAppraisal    Stage = "appraisal"
	StageDecision     Stage = "decision"
	StagePublication  Stage = "publication"
	StagePaper        Stage = "paper"
)

// State is how far a file has come, as a word; where a step leads, package assessment knows.
type State string

// The states, in the order of the way.
const (
	Listed     State = "listed"     // there, but does not strive for the title
	Registered State = "registered" // strives for it; no complete sheet yet
	Scored     State = "scored"     // the sheet is complete, with the area
	Sent       State = "sent"       // with the commune
	Returned   State = "returned"   // back at the area, with reasons
	Approved   State = "approved"   // passed appraisal: locked
	Rejected   State = "rejected"   // did not pass: locked
	Recognised State = "recognised" // in an issued decision
	Revoked    State = "revoked"    // the title was withdrawn by a decision
)

// Part is what someone has done to a file that keeps them from a later step of the same file.
type Part string

// The parts.
const (
	PartScored Part = "scored" // gave points, at the area or for the commune
	PartClosed Part = "closed" // approved or refused it
)

// Step is one thing that is done to a file: the act it asks for, the stages of the round of which one must be open (none: any day of an open
// round), those that a returned file may use besides, the states of the file it starts from, and who must not do it.
type Step struct {
	Name   string
	Act    Act
	Stages []Stage
	Mend   []Stage
	From   []State
	Apart  []Part
	Self   bool // the subject itself may, by its slip, in the stage of its own sheet and before the area has scored
}

// Steps is when each thing may be done to a file and who must keep away from it. Package assessment asks it before each step.
var Steps = []Step{
	{Name: "register", Act: Register, Stages: []Stage{StageRegistration}, From: []State{Listed}},
	{Name: "unregister", Act: Register, From: []State{Registered, Scored, Returned}},
	{Name: "score", Act: Score, Stages: []Stage{StageSelf, StageArea}, Mend: []Stage{StageAppraisal}, From: []State{Registered, Scored, Returned}, Self: true},
	{Name: "minutes", Act: Score, Stages: []Stage{StageArea, StageAppraisal}},
	{Name: "send", Act: Score, Stages: []Stage{StageArea}, Mend: []Stage{StageAppraisal}, From: []State{Scored, Returned}},
	{Name: "appraise", Act: Appraise, Stages: []Stage{StageAppraisal}, From: []State{Sent}},
	{Name: "return", Act: Appraise, Stages: []Stage{StageAppraisal}, From: []State{Sent}},
	{Name: "approve", Act: Approve, Stages: []Stage{StageAppraisal}, From: []State{Sent}, Apart: []Part{PartScored}},
	{Name: "reject", Act: Approve, Stages: []Stage{StageAppraisal}, From: []State{Sent}, Apart: []Part{PartScored}},
	{Name: "reopen", Act: Approve, Stages: []Stage{StageAppraisal}, From: []State{Approved, Rejected}},
	{Name: "answer_appeal", Act: Approve, Apart: []Part{PartScored, PartClosed}},
	{Name: "recheck", Act: Inspect, Apart: []Part{PartScored, PartClosed}},
	{Name: "recognise", Act: Decide, From: []State{Approved}, Apart: []Part{PartScored}},
	{Name: "revoke", Act: Decide, From: []State{Recognised}},
	{Name: "restore", Act: Decide, From: []State{Revoked}},
}

// StepOf returns a step by its name; ok is false for one that the policy does not know, which nobody may take.
func StepOf(name string) (Step, bool) {
	i := slices.IndexFunc(Steps, func(s Step) bool { return s.Name == name })
	if i < 0 {
		return Step{}, false
	}
	return Steps[i], true
}

// Begins reports whether the step may be taken on a file in this state.
func (s Step) Begins(state State) bool { return slices.Contains(s.From, state) }

// Open returns the stages of which one must be open for a file in this state.
func (s Step) Open(state State) []Stage {
	if state == Returned {
		return append(slices.Clone(s.Stages), s.Mend...)
	}
	return s.Stages
}

// Hands says which accounts had which part in one file: ids, divided by spaces.
type Hands map[Part]string

// Borrows reports whether something that the actor may do is lent: only then does Apart need a path.
func (a Actor) Borrows() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Giver != "" })
}

// Apart keeps who had a part in a file from a step of it that the policy gives to others: the person who acts, and equally the one on whose
// behalf the person acts, else points could be given and then approved by a loan of one's own right. name is the file's.
func (a Actor) Apart(step Step, path string, had Hands, name string) error {
	if len(step.Apart) == 0 || a.Has(system) {
		return nil
	}
	for _, part := range step.Apart {
		ids := strings.Fields(had[part])
		if slices.Contains(ids, a.ID) {
			return apart(part, false, name, step.Name)
		}
		if !a.Borrows() {
			continue
		}
		if g, ok := a.by(step.Act, path); ok && g.Giver != "" && slices.Contains(ids, g.Giver) {
			return apart(part, true, name, step.Name)
		}
	}
	return nil
}

func apart(part Part, lent bool, name, step string) error {
	switch {
	case part == PartScored && !lent:
		return fault.Conflict("separation.scored", "name", name, "step", step)
	case part == PartScored:
		return fault.Conflict("separation.lent_scored", "name", name, "step", step)
	case !lent:
		return fault.Conflict("separation.closed", "name", name, "step", step)
	}
	return fault.Conflict("separation.lent_closed", "name", name, "step", step)
}
