// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Draft is a sheet as a person sends it for one stage: self or area by the area's volunteer, appraisal by the commune.
type Draft struct {
	PlaceID string
	ID      string
	Version int64 // of the assessment the person saw
	Stage   Stage // "" is the one that an area's saves of today belong to
	Entry   Entry
	Seen    int64             // of a subject's own sheet: when the one was saved that it saw, 0 for none; Version is not asked then
	Reasons map[string]string // criterion code → why its points differ from the area's; appraisal only
}

// Saved is what saving came to. Result explains every point; it lives until the next call only where it is not kept.
type Saved struct {
	Assessment Assessment
	Set        *criteria.Compiled
	Result     *criteria.Result
	Entry      Entry // as stored, with what the registers and the registry say

	round Round
	known known
	input *criteria.Input
}

const upsertSheet = `
	INSERT INTO sheet (place_id, assessment_id, stage, input, points, total, outcome, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
	ON CONFLICT (place_id, assessment_id, stage) DO UPDATE SET input = excluded.input, points = excluded.points, total = excluded.total,
		outcome = excluded.outcome, by_id = excluded.by_id, at = excluded.at`

// Save stores the sheet of one stage, scored, and what follows from it: totals, state, flags, counters, journal. It fails with
// fault.Stale when someone saved since draft.Version, fault.Denied when by may not score there, fault.Invalid for input that
// breaks a rule of the set (each with its field), and fault.Conflict outside the stage's time or state.
func (s *Service) Save(ctx context.Context, by identity.Actor, draft Draft) (saved Saved, err error) {
	defer fault.Wrap(&err, "assessment.Save(%s)", draft.ID)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		saved, err = s.save(ctx, tx, by, draft, &leaf{})
		return err
	})
	return saved, err
}

// SaveAll stores many sheets of one leaf in one transaction, answer by answer: a sheet that is refused leaves the others. It is
// for a phone's outbox and for filling a column of a whole area.
func (s *Service) SaveAll(ctx context.Context, by identity.Actor, drafts []Draft) (saved []Saved, faults []error, err error) {
	defer fault.Wrap(&err, "assessment.SaveAll(%d)", len(drafts))
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		saved, faults = make([]Saved, len(drafts)), make([]error, len(drafts))
		var at leaf
		for i, d := range drafts {
			if d.PlaceID != drafts[0].PlaceID {
				return fault.Invalid(fault.Field("place", "assessment.one_leaf"))
			}
			saved[i], faults[i] = s.save(ctx, tx, by, d, &at)
			if fault.Ours(faults[i]) {
				return faults[i]
			}
		}
		return nil
	})
	return saved, faults, err
}

// leaf is what the sheets of one leaf have in common within a transaction: it is read with the first.
type leaf struct {
	path string
	open map[timing]bool // what mayWrite has allowed
}

// timing is what the answer of mayWrite depends on.
type timing struct {
	roundID, model string
	stage          Stage
	returned       bool
}

// save does nothing in tx before every check has passed, so a refusal inside a batch leaves no half.
func (s *Service) save(ctx context.Context, tx *store.Tx, by identity.Actor, draft Draft, at *leaf) (saved Saved, err error) {
	act := ActScore
	if draft.Stage == StageAppraisal {
		act = ActAppraise
	}
	if at.path == "" {
		if at.path, err = s.places.Path(ctx, tx, draft.PlaceID); err != nil {
			return saved, err
		}
		at.open = map[timing]bool{}
	}
	own := by.Own.FileID != ""
	if own {
		draft.Stage = StageSelf
		err = by.Fills(ruleOf(act), draft.PlaceID, draft.ID)
	} else {
		err = by.Check(ruleOf(act).Act, at.path, draft.PlaceID)
	}
	if err != nil {
		return saved, err
	}
	before, err := get(ctx, tx, draft.PlaceID, draft.ID)
	if err != nil {
		return saved, err
	}
	if own {
		if err := ownSeen(ctx, tx, &before, draft.Seen); err != nil {
			return saved, err
		}
	} else if before.Version != draft.Version {
		return saved, fault.Stale("assessment", before.ID)
	}
	r, err := s.round(ctx, tx, before.RoundID)
	if err != nil {
		return saved, err
	}
	if draft.Stage == "" {
		if draft.Stage, err = s.stageOf(ctx, tx, &r, &before, at.path); err != nil {
			return saved, err
		}
	}
	if err := s.keepOwn(ctx, tx, by, &before, draft.Stage); err != nil {
		return saved, err
	}
	when := timing{before.RoundID, before.Model, draft.Stage, before.State == Returned}
	if !at.open[when] {
		if err := s.mayWrite(ctx, tx, &r, &before, draft.Stage, at.path); err != nil {
			return saved, err
		}
		at.open[when] = true
	}
	after := before
	if after.State, err = step(&before, act); err != nil {
		return saved, err
	}
	saved, points, err := s.work(ctx, tx, &r, &after, draft.Stage, draft.Entry)
	if err != nil {
		return saved, err
	}
	if !own { // a subject has no hand in what others do with its file
		after.scoredBy(by.ID, draft.Stage != StageAppraisal)
	}
	if draft.Stage != StageAppraisal {
		if after.State != Returned {
			after.State = Registered
			if after.Missing == 0 && !own { // what a subject says of itself waits for the area

				after.State = Scored
			}
		}
	}
	input, err := json.Marshal(saved.Entry)
	if err != nil {
		return saved, err
	}
	var reasons map[string]string
	if draft.Stage == StageAppraisal {
		if reasons, err = s.reasonsOf(ctx, tx, &before, draft); err != nil {
			return saved, err
		}
	}
	what := struct {
		Stage Stage           `json:"stage"`
		Input json.RawMessage `json:"input"`
	}{draft.Stage, input}
	if err := s.change(ctx, tx, by, &before, &after, act, "", what); err != nil { // first: it is the one that notices a rival
		return saved, err
	}
	if _, err := tx.Exec(ctx, upsertSheet, after.PlaceID, after.ID, string(draft.Stage), string(input), points, after.Total, after.Outcome, by.ID, store.Micros(s.now())); err != nil {
		return saved, err
	}
	for _, code := range sortedKeys(reasons) {
		if err := s.remark(ctx, tx, by, &before, StageAppraisal, RemarkReason, code, reasons[code]); err != nil {
			return saved, err
		}
	}
	saved.Assessment, saved.round = after, r
	return saved, nil
}

const selectMinutesThere = `SELECT id FROM minutes WHERE place_id = $1 AND round_id = $2 AND model = $3`

// stageOf is the stage of today for one file. Whether it is too late is for mayWrite to say.
func (s *Service) stageOf(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, path string) (Stage, error) {
	_, minutes, err := store.One(ctx, tx, store.Value[string], selectMinutesThere, a.PlaceID, a.RoundID, a.Model)
	if err != nil {
		return "", err
	}
	stage, late := s.stageToday(ctx, tx, r, a.Model, path, minutes)
	if stage == StageSelf && a.Stage != "" {
		said, err := ownSheet(ctx, tx, a.PlaceID, a.ID)
		if err != nil {
			return "", err
		}
		if said != 0 { // what the subject said stays as it said it
			return StageArea, nil
		}
	}
	if fault.Ours(late) {
		return "", late
	}
	return stage, nil
}

// mayWrite checks the time of a stage and that the model is still open in the commune. A returned file may be mended as long as
// the commune appraises.
func (s *Service) mayWrite(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, stage Stage, path string) error {
	rule := ruleOf(ActScore)
	if stage == StageAppraisal {
		rule = ruleOf(ActAppraise)
	}
	if !slices.Contains(rule.Stages, stage) {
		return fault.Invalid(fault.Field("stage", "assessment.stage"))
	}
	rule.Stages = []Stage{stage} // the sheet of one stage is kept in that stage
	if err := s.during(ctx, tx, r, a, rule, path); err != nil {
		return err
	}
	return s.stillOpen(ctx, tx, a, path)
}

// work scores an entry as the sheet of a stage: it adds what the registry and other registers know, runs the engine and sets
// what follows in a. It returns the points per criterion as JSON.
func (s *Service) work(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, stage Stage, e Entry) (saved Saved, points string, err error) {
	set, err := s.sets.Compiled(ctx, a.SetID)
	if err != nil {
		return saved, "", err
	}
	e, known, err := s.complete(ctx, tx, r, a, set, e)
	if err != nil {
		return saved, "", err
	}
	in := set.NewInput()
	in.Year = r.Year
	if err := e.fill(set, in); err != nil {
		return saved, "", err
	}
	result := new(criteria.Result)
	if err := set.ScoreInto(in, result); err != nil {
		return saved, "", err
	}
	missing, err := s.evidenceMissing(ctx, tx, a, set, result)
	if err != nil {
		return saved, "", err
	}
	a.Take(stage, set, result, len(missing) > 0)
	return Saved{Assessment: *a, Set: set, Result: result, Entry: e, known: known, input: in}, PointsJSON(set, result), nil
}

const selectSheets = `SELECT stage, input, points, total, outcome, by_id, at FROM sheet WHERE place_id = $1 AND assessment_id = $2`

// Sheet is what one stage said.
type Sheet struct {
	Stage   Stage
	Entry   Entry
	Points  map[string]criteria.Points
	Total   *criteria.Points
	Outcome string
	ByID    string
	At      int64
}

func scanSheet(sc store.Scanner) (sh Sheet, err error) {
	var input, points string
	if err = sc.Scan(&sh.Stage, &input, &points, &sh.Total, &sh.Outcome, &sh.ByID, &sh.At); err != nil {
		return sh, err
	}
	raw := map[string]int64{}
	err = errors.Join(json.Unmarshal([]byte(input), &sh.Entry), json.Unmarshal([]byte(points), &raw))
	sh.Points = make(map[string]criteria.Points, len(raw))
	for code, n := range raw {
		sh.Points[code] = criteria.Points(n)
	}
	return sh, err
}

// sheets returns the sheets of an assessment by stage.
func sheets(ctx context.Context, tx *store.Tx, placeID, id string) (map[Stage]Sheet, error) {
	list, err := store.Collect(ctx, tx, scanSheet, selectSheets, placeID, id)
	out := make(map[Stage]Sheet, len(list))
	for _, sh := range list {
		out[sh.Stage] = sh
	}
	return out, err
}

// reasonsOf returns, by criterion, why the commune's recorded scores differ from the area's, and asks for it where it is not said.
func (s *Service) reasonsOf(ctx context.Context, tx *store.Tx, a *Assessment, draft Draft) (give map[string]string, err error) {
	all, err := sheets(ctx, tx, a.PlaceID, a.ID)
	if err != nil {
		return nil, err
	}
	base, ok := all[StageArea]
	if !ok {
		base, ok = all[StageSelf]
	}
	if !ok {
		return nil, nil
	}
	said := all[StageAppraisal]
	var errs []fault.FieldError
	give = map[string]string{}
	for code, mark := range draft.Entry.Scores {
		reason := text.NFC(draft.Reasons[code])
		changed := !sameMark(mark, base.Entry.Scores[code])
		before, was := said.Entry.Scores[code]
		switch {
		case len(reason) > 4000:
			errs = append(errs, fault.Field("reasons."+code, "remark.long"))
		case changed && reason == "" && !(was && sameMark(before, mark)):
			errs = append(errs, fault.Field("reasons."+code, "remark.changed", "code", code))
		case reason != "":
			give[code] = reason
		}
	}
	set, err := s.sets.Compiled(ctx, a.SetID)
	if err != nil {
		return nil, err
	}
	for code, reason := range draft.Reasons { // of criteria that follow from facts: said of one's own accord
		_, scored := draft.Entry.Scores[code]
		_, known := set.CriterionIndex(code)
		switch reason = text.NFC(reason); {
		case scored || !known || reason == "":
		case len(reason) > 4000:
			errs = append(errs, fault.Field("reasons."+code, "remark.long"))
		default:
			give[code] = reason
		}
	}
	return give, fault.Invalid(errs...)
}

func sameMark(a, b Mark) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

const selectEvidenceCounts = `
	SELECT u.criterion, count(*) FROM evidence_use u JOIN evidence e ON e.place_id = u.place_id AND e.id = u.evidence_id
	WHERE u.place_id = $1 AND u.assessment_id = $2 AND e.state <> 'refused' GROUP BY u.criterion`

// evidenceMissing returns the codes of criteria that the set wants evidence for and that have none.
func (s *Service) evidenceMissing(ctx context.Context, tx *store.Tx, a *Assessment, set *criteria.Compiled, result *criteria.Result) ([]string, error) {
	if a.Evidence == 0 {
		return set.EvidenceMissing(result, nil), nil
	}
	counts := map[string]int{}
	err := store.Each(ctx, tx, func(sc store.Scanner) error {
		var code string
		var n int
		if err := sc.Scan(&code, &n); err != nil {
			return err
		}
		counts[code] = n
		return nil
	}, selectEvidenceCounts, a.PlaceID, a.ID)
	return set.EvidenceMissing(result, counts), err
}
