// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/audit"
	"hoctap/internal/criteria"
)

// note is what the journal keeps of an assessment before and after an act, as package assessment writes it.
type note struct {
	State   assessment.State `json:"state"`
	Total   *criteria.Points `json:"total,omitempty"`
	Outcome string           `json:"outcome,omitempty"`
	Version int64            `json:"version"`
	Sheet   *filled          `json:"sheet,omitempty"`
}

// filled is the sheet that an act filled in.
type filled struct {
	Stage assessment.Stage `json:"stage"`
	Input assessment.Entry `json:"input"`
}

// act is one entry of the journal.
type act struct {
	name          assessment.Act
	at            time.Time
	by, reason    string
	before, after note
}

// did ends an act on a file, whose fields already are what the act made of them.
func (f *file) did(name assessment.Act, at time.Time, by, reason string, sheet *filled) {
	f.Version++
	f.UpdatedAt = at
	if !f.keep {
		return
	}
	now := note{State: f.State, Total: f.Total, Outcome: f.Outcome, Version: f.Version}
	before := f.was
	f.was = now
	now.Sheet = sheet
	f.acts = append(f.acts, act{name, at, by, reason, before, now})
}

// tell writes what the journal is to know of a file.
func (g *generator) tell(c *commune, f *file) {
	for _, a := range f.acts {
		g.out.tell(audit.Past{ID: c.rng.idAt(a.at.UnixMilli()), At: a.at, Who: audit.Who{ID: a.by}, Entry: audit.Entry{PlaceID: f.PlaceID, ThingID: f.ID,
			Thing: "assessment", Act: string(a.name), Before: a.before, After: a.after, Reason: a.reason}})
	}
}
