// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Every act in every state, by somebody whose task it is: it goes where the table says, or is refused and changes nothing.
func TestEveryActInEveryState(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		w := build(t, db)
		w.more(4)
		w.save(w.of(w.families[0]), assessment.StageArea, good())
		w.minutes()
		acts := map[string]func(a assessment.Assessment) error{
			"register": func(a assessment.Assessment) error {
				_, err := w.s.Register(w.ctx, w.volunteer(), w.area, w.round.ID, []string{a.ID}, february)
				return err
			},
			"unregister": func(a assessment.Assessment) error {
				_, err := w.s.Unregister(w.ctx, w.volunteer(), keyOf(a), "x")
				return err
			},
			"score": func(a assessment.Assessment) error {
				_, err := w.s.Save(w.ctx, w.volunteer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageArea, Entry: good()})
				return err
			},
			"appraise": func(a assessment.Assessment) error {
				_, err := w.s.Save(w.ctx, w.reviewer(), assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageAppraisal, Entry: good()})
				return err
			},
			"send": func(a assessment.Assessment) error {
				_, err := w.s.Send(w.ctx, w.volunteer(), w.area, w.round.ID, registry.Family, []string{a.ID})
				return err
			},
			"return": func(a assessment.Assessment) error {
				_, err := w.s.Return(w.ctx, w.reviewer(), keyOf(a), map[string]string{"": "x"})
				return err
			},
			"approve": func(a assessment.Assessment) error { _, err := w.s.Approve(w.ctx, w.officer(), keyOf(a)); return err },
			"reject": func(a assessment.Assessment) error {
				_, err := w.s.Reject(w.ctx, w.officer(), keyOf(a), "x")
				return err
			},
			"reopen": func(a assessment.Assessment) error {
				_, err := w.s.Reopen(w.ctx, w.officer(), keyOf(a), "x")
				return err
			},
		}
		for _, state := range []string{"listed", "registered", "scored", "sent", "returned", "approved", "rejected", "recognised", "revoked"} {
			for act, do := range acts {
				w.ok(db.Write(w.ctx, func(tx *store.Tx) error {
					_, err := tx.Exec(w.ctx, `UPDATE assessment SET state = $1, outcome = 'recognised' WHERE place_id = $2 AND id = $3`, state, w.area, w.of(w.families[0]).ID)
					return err
				}))
				err := do(w.of(w.families[0]))
				to, right := ways[act][state]
				if to == "?" {
					to = "scored"
				}
				if !right {
					to = state
				}
				silent := act == "register" || act == "send" // these leave aside what they are not for
				if got := string(w.of(w.families[0]).State); got != to || right && err != nil || !right && !silent && fault.KindOf(err) != fault.KindConflict {
					t.Errorf("%s of a %s file: %s, %v; want %s", act, state, got, err, to)
				}
			}
		}
	})
}
