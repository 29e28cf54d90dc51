// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Stage is a step of a round. The codes are fixed, because each has its own acts; which of them a round has, and when,
// is data.
type Stage = identity.Stage

// The stages in their order. StagePaper is that of results taken over from paper years.
const (
	StageRegistration = identity.StageRegistration
	StageSelf         = identity.StageSelf
	StageArea         = identity.StageArea
	StageAppraisal    = identity.StageAppraisal
	StageDecision     = identity.StageDecision
	StagePublication  = identity.StagePublication
	StagePaper        = identity.StagePaper
)

// Window is when a stage is open, both days included.
type Window struct {
	Stage Stage  `json:"stage"`
	From  string `json:"from"` // YYYY-MM-DD
	To    string `json:"to"`
}

// ModelPlan is how one model goes through a round.
type ModelPlan struct {
	Model     string            `json:"model"`
	SetID     string            `json:"set"`       // version of the criteria set, "<set>@<n>"
	Body      string            `json:"body"`      // kind of body that recognises
	Exemplary string            `json:"exemplary"` // kind of body that names exemplary ones of the year
	After     []string          `json:"after"`     // models whose titles feed this one: they close first
	Gates     map[string]string `json:"gates"`     // gate code → GateRegistered, for gates the program can answer
	Minutes   bool              `json:"minutes"`   // the area's meeting must be on record before files are sent
	Paper     bool              `json:"paper"`     // only totals and decisions of a paper year are kept
}

// GateRegistered marks a gate that is passed by having registered within the registration window.
const GateRegistered = "registered"

// Plan is what a round consists of, all as data.
type Plan struct {
	Windows []Window    `json:"windows"`
	Models  []ModelPlan `json:"models"`
	Note    string      `json:"note"`
}

// Model returns the plan of one model.
func (p *Plan) Model(model string) (*ModelPlan, bool) {
	i := slices.IndexFunc(p.Models, func(m ModelPlan) bool { return m.Model == model })
	if i < 0 {
		return nil, false
	}
	return &p.Models[i], true
}

// Window returns the window of a stage; a stage without one is always open.
func (p *Plan) Window(stage Stage) (Window, bool) {
	i := slices.IndexFunc(p.Windows, func(w Window) bool { return w.Stage == stage })
	if i < 0 {
		return Window{}, false
	}
	return p.Windows[i], true
}

// Current returns the last stage that has begun on day; ok is false before the first.
func (p *Plan) Current(day string) (w Window, ok bool) {
	for _, c := range p.Windows {
		if c.From <= day {
			w, ok = c, true
		}
	}
	return w, ok
}

// RoundState is how far a round is.
type RoundState string

// The states of a round.
const (
	RoundDraft  RoundState = "draft"
	RoundOpen   RoundState = "open"
	RoundClosed RoundState = "closed"
)

// Round is a year's assessment of some models in the areas of a place (đợt đánh giá).
type Round struct {
	ID      string
	Year    int
	Title   string
	PlaceID string
	Plan    Plan
	State   RoundState
	Version int64
}

// Template is the usual year of the plan's practice: dates by month and day, to be adjusted by the province. Neither the
// plan nor a circular sets these dates; they are stated as an assumption on the screen.
func Template(year int, placeID string) Round {
	y := strconv.Itoa(year)
	first := []string{string(criteria.Citizen)}
	return Round{
		Year: year, PlaceID: placeID, State: RoundDraft,
		Plan: Plan{
			Windows: []Window{
				{StageRegistration, y + "-01-05", y + "-03-31"},
				{StageSelf, y + "-10-01", y + "-11-25"},
				{StageArea, y + "-11-01", y + "-11-25"},
				{StageAppraisal, y + "-11-10", y + "-12-14"},
				{StageDecision, y + "-11-25", y + "-12-20"},
				{StagePublication, y + "-12-01", y + "-12-31"},
			},
			Models: []ModelPlan{
				{Model: string(criteria.Citizen), SetID: "citizen-khvn-2022@1", Body: "hoi_kh_xa", Exemplary: "ubnd_xa"},
				{Model: string(criteria.Family), SetID: "family-2021-2030@1", Body: "hoi_kh_xa", Exemplary: "ubnd_xa", After: first,
					Gates: map[string]string{"G1": GateRegistered}, Minutes: true},
				{Model: string(criteria.Clan), SetID: "clan-2021-2030@1", Body: "hoi_kh_xa", Exemplary: "ubnd_xa",
					After: []string{"citizen", "family"}, Gates: map[string]string{"G1": GateRegistered}},
				{Model: string(criteria.Community), SetID: "community-2021-2030@1", Body: "hoi_kh_xa", Exemplary: "ubnd_xa",
					After: []string{"citizen", "family", "clan"}, Gates: map[string]string{"G1": GateRegistered}},
				{Model: string(criteria.Unit), SetID: "unit-2021-2030@1", Body: "hoi_kh_xa", Exemplary: "ubnd_xa", After: first,
					Gates: map[string]string{"G1": GateRegistered}},
			},
		},
	}
}

// Check reports every rule the round breaks.
func (r Round) Check() error {
	var errs []fault.FieldError
	if r.Year < 2016 || r.Year > 2100 {
		errs = append(errs, fault.Field("year", "round.year", "year", r.Year))
	}
	if text.NFC(r.Title) == "" || len(r.Title) > 500 {
		errs = append(errs, fault.Field("title", "round.title"))
	}
	if len(r.Plan.Models) == 0 {
		errs = append(errs, fault.Field("models", "round.models"))
	}
	closedBefore := map[string]bool{}
	for _, m := range r.Plan.Models {
		for _, a := range m.After {
			if _, ok := r.Plan.Model(a); ok && !closedBefore[a] {
				errs = append(errs, fault.Field("models", "round.order", "model", m.Model, "after", a))
			}
		}
		closedBefore[m.Model] = true
	}
	for _, w := range r.Plan.Windows {
		from, err1 := time.Parse(time.DateOnly, w.From)
		to, err2 := time.Parse(time.DateOnly, w.To)
		if err1 != nil || err2 != nil || to.Before(from) {
			errs = append(errs, fault.Field("window."+string(w.Stage), "round.window", "stage", string(w.Stage)))
		}
	}
	return fault.Invalid(errs...)
}

const upsertRound = `
	INSERT INTO round (id, year, title, place_id, plan, state, version, created_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
	ON CONFLICT (id) DO UPDATE SET year = excluded.year, title = excluded.title, plan = excluded.plan, state = excluded.state,
		version = round.version + 1
	WHERE round.version = $8`

// SaveRound stores a round; an empty ID makes a new one. A round that is open keeps its criteria sets: sheets were scored
// with them.
func (s *Service) SaveRound(ctx context.Context, by identity.Actor, r Round) (_ Round, err error) {
	defer fault.Wrap(&err, "assessment.SaveRound(%s)", r.ID)
	r.Title = text.NFC(r.Title)
	if err := r.Check(); err != nil {
		return r, err
	}
	for _, m := range r.Plan.Models {
		set, err := s.sets.Compiled(ctx, m.SetID)
		if err != nil {
			return r, err
		}
		if string(set.Set.Model) != m.Model || !set.Set.Effective.Holds(r.Year) {
			return r, fault.Invalid(fault.Field("set."+m.Model, "round.set", "model", m.Model, "set", set.Set.Title, "year", r.Year))
		}
	}
	fresh := r.ID == ""
	if fresh {
		r.ID, r.Version = store.NewID(), 0
	}
	plan, err := json.Marshal(r.Plan)
	if err != nil {
		return r, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		path, err := s.places.Path(ctx, tx, r.PlaceID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.ManageRounds, path, r.PlaceID); err != nil {
			return err
		}
		before := Round{}
		if !fresh {
			if before, err = s.round(ctx, tx, r.ID); err != nil {
				return err
			}
			if before.State != RoundDraft {
				for _, m := range r.Plan.Models {
					if old, ok := before.Plan.Model(m.Model); ok && old.SetID != m.SetID {
						return fault.Conflict("round.set_in_use", "model", m.Model)
					}
				}
			}
		}
		n, err := tx.Exec(ctx, upsertRound, r.ID, r.Year, r.Title, r.PlaceID, string(plan), string(r.State), store.Micros(s.now()), r.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("round", r.ID)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: r.PlaceID, ThingID: r.ID, Thing: "round", Act: "save", Before: before, After: r})
	})
	if err == nil {
		r.Version++
	}
	return r, err
}

const selectRound = `SELECT id, year, title, place_id, plan, state, version FROM round`

func scanRound(sc store.Scanner) (r Round, err error) {
	var plan string
	if err = sc.Scan(&r.ID, &r.Year, &r.Title, &r.PlaceID, &plan, &r.State, &r.Version); err == nil {
		err = json.Unmarshal([]byte(plan), &r.Plan)
	}
	return r, err
}

// Round returns a round.
func (s *Service) Round(ctx context.Context, id string) (Round, error) {
	return s.round(ctx, s.db.Read(), id)
}

// Rounds returns every round of a place and those of the places above it, newest year first.
func (s *Service) Rounds(ctx context.Context, placeID string) (list []Round, err error) {
	defer fault.Wrap(&err, "assessment.Rounds(%s)", placeID)
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.In("place_id", strings.Split(strings.Trim(path, "/"), "/")...)
	return store.Collect(ctx, s.db.Read(), scanRound, selectRound+w.SQL()+` ORDER BY year DESC, id DESC`, w.Args()...)
}

const selectRoundVersion = `SELECT version FROM round WHERE id = $1`

// round reads a round through a small cache: its text is read again only when its version has changed.
func (s *Service) round(ctx context.Context, tx *store.Tx, id string) (Round, error) {
	version, found, err := store.One(ctx, tx, store.Value[int64], selectRoundVersion, id)
	if err != nil {
		return Round{}, err
	}
	if !found {
		return Round{}, fault.NotFound("round", id)
	}
	if kept, ok := s.rounds.Load(id); ok && kept.(Round).Version == version {
		return kept.(Round), nil
	}
	r, _, err := store.One(ctx, tx, scanRound, selectRound+` WHERE id = $1`, id)
	if err == nil {
		s.rounds.Store(id, r)
	}
	return r, err
}

// Extension lets a stage of a round go on at a place, by name and for a reason.
type Extension struct {
	ID      string
	RoundID string
	PlaceID string
	Model   string // "" = every model
	Stage   Stage
	Until   string
	Reason  string
}

const (
	insertExtension = `INSERT INTO extension (id, round_id, place_id, model, stage, until, reason, by_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	selectExtension = `SELECT id, round_id, place_id, model, stage, until, reason FROM extension`
)

// Extend grants an extension at a place below the round's.
func (s *Service) Extend(ctx context.Context, by identity.Actor, e Extension) (_ Extension, err error) {
	defer fault.Wrap(&err, "assessment.Extend(%s)", e.RoundID)
	e.ID, e.Reason = store.NewID(), text.NFC(e.Reason)
	if _, err := time.Parse(time.DateOnly, e.Until); err != nil {
		return e, fault.Invalid(fault.Field("until", "extension.until"))
	}
	if e.Reason == "" {
		return e, fault.Invalid(fault.Field("reason", "extension.reason"))
	}
	return e, s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.round(ctx, tx, e.RoundID)
		if err != nil {
			return err
		}
		if _, ok := r.Plan.Window(e.Stage); !ok {
			return fault.Invalid(fault.Field("stage", "extension.stage"))
		}
		path, err := s.places.Path(ctx, tx, e.PlaceID)
		if err != nil {
			return err
		}
		if err := by.Check(identity.ManageRounds, path, e.PlaceID); err != nil {
			return err
		}
		if !strings.Contains(path, "/"+r.PlaceID+"/") {
			return fault.Invalid(fault.Field("place", "extension.place"))
		}
		if _, err := tx.Exec(ctx, insertExtension, e.ID, e.RoundID, e.PlaceID, e.Model, string(e.Stage), e.Until, e.Reason, by.ID, store.Micros(s.now())); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: e.PlaceID, ThingID: e.RoundID, Thing: "round", Act: "extend", After: e, Reason: e.Reason})
	})
}

// Extensions returns what was granted in a round, newest first.
func (s *Service) Extensions(ctx context.Context, roundID string) ([]Extension, error) {
	return store.Collect(ctx, s.db.Read(), scanExtension, selectExtension+` WHERE round_id = $1 ORDER BY id DESC`, roundID)
}

func scanExtension(sc store.Scanner) (e Extension, err error) {
	err = sc.Scan(&e.ID, &e.RoundID, &e.PlaceID, &e.Model, &e.Stage, &e.Until, &e.Reason)
	return e, err
}

// inTime refuses an act outside its stage's window, naming the date that applies; an extension for the place, or one
// above it, moves the end.
func (s *Service) inTime(ctx context.Context, tx *store.Tx, r *Round, model string, stage Stage, path string) error {
	if r.State != RoundOpen {
		return fault.Conflict("round.not_open", "round", r.Title)
	}
	w, ok := r.Plan.Window(stage)
	if !ok {
		return nil
	}
	today := store.Date(s.now())
	if today < w.From {
		return fault.Conflict("round.early", "stage", string(stage), "from", w.From)
	}
	if today <= w.To {
		return nil
	}
	list, err := store.Collect(ctx, tx, scanExtension, selectExtension+` WHERE round_id = $1 AND stage = $2 AND until >= $3`, r.ID, string(stage), today)
	if err != nil {
		return err
	}
	for _, e := range list {
		if (e.Model == "" || e.Model == model) && strings.Contains(path, "/"+e.PlaceID+"/") {
			return nil
		}
	}
	return fault.Conflict("round.late", "stage", string(stage), "to", w.To)
}

// during refuses a step outside the stages that the policy binds it to, naming the date of the first.
func (s *Service) during(ctx context.Context, tx *store.Tx, r *Round, a *Assessment, rule identity.Step, path string) error {
	stages := rule.Open(a.State)
	if len(stages) == 0 {
		if r.State != RoundOpen {
			return fault.Conflict("round.not_open", "round", r.Title)
		}
		return nil
	}
	return s.anyOf(ctx, tx, r, a.Model, stages, path)
}

func (s *Service) anyOf(ctx context.Context, tx *store.Tx, r *Round, model string, stages []Stage, path string) (first error) {
	for _, stage := range stages {
		err := s.inTime(ctx, tx, r, model, stage, path)
		if err == nil || fault.Ours(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}
