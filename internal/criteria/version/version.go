// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package version keeps the versions of criteria sets in the database: drafted, checked, published (then never changed
// again) and superseded by the next. What a set means is the business of package criteria, which knows no database.
package version

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// Service keeps versions and the compiled form of those in use.
type Service struct {
	db       *store.DB
	now      func() time.Time
	compiled sync.Map // version id → *criteria.Compiled, published versions only
}

// New returns a Service on db.
func New(db *store.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// State says whether a version may be used.
type State string

// The states of a version.
const (
	Draft      State = "draft"
	Published  State = "published"
	Superseded State = "superseded" // a newer one is published; rounds that use it go on with it
)

// Version is one text of a criteria set.
type Version struct {
	ID          string // <set id>@<number>
	SetID       string
	Number      int
	Model       criteria.Model
	Title       string
	Verified    criteria.Verified
	Years       criteria.Years
	State       State
	Body        string // YAML
	BasedOn     string
	Edit        int64 // rises with each save of a draft
	UpdatedAt   time.Time
	PublishedAt time.Time
}

const columns = `id, set_id, version, model, title, verified, from_year, to_year, state, body, based_on, edit, updated_at, published_at`

func scan(sc store.Scanner) (v Version, err error) {
	var updated, published int64
	err = sc.Scan(&v.ID, &v.SetID, &v.Number, &v.Model, &v.Title, &v.Verified, &v.Years.From, &v.Years.To, &v.State, &v.Body, &v.BasedOn, &v.Edit, &updated, &published)
	if v.Years.To == openYear {
		v.Years.To = 0
	}
	v.UpdatedAt, v.PublishedAt = store.Time(updated), store.Time(published)
	return v, err
}

// openYear stands for "no end" in the table, so that ranges compare.
const openYear = 9999

// Get returns a version.
func (s *Service) Get(ctx context.Context, id string) (v Version, err error) {
	defer fault.Wrap(&err, "version.Get(%s)", id)
	v, found, err := store.One(ctx, s.db.Read(), scan, `SELECT `+columns+` FROM criteria_set WHERE id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound("criteria_set", id)
	}
	return v, err
}

// List returns every version, by model and set, newest first.
func (s *Service) List(ctx context.Context) ([]Version, error) {
	return store.Collect(ctx, s.db.Read(), scan, `SELECT `+columns+` FROM criteria_set ORDER BY model, set_id, version DESC`)
}

// For returns the published versions of a model that a round of year may use, newest first.
func (s *Service) For(ctx context.Context, model criteria.Model, year int) ([]Version, error) {
	return store.Collect(ctx, s.db.Read(), scan, `SELECT `+columns+` FROM criteria_set
		WHERE model = $1 AND state = 'published' AND from_year <= $2 AND to_year >= $3 ORDER BY from_year DESC, set_id, version DESC`, string(model), year, year)
}

// Compiled returns the version ready for scoring. Published ones are compiled once.
func (s *Service) Compiled(ctx context.Context, id string) (_ *criteria.Compiled, err error) {
	if c, ok := s.compiled.Load(id); ok {
		return c.(*criteria.Compiled), nil
	}
	defer fault.Wrap(&err, "version.Compiled(%s)", id)
	v, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	at := v.PublishedAt
	if v.State == Draft {
		at = s.now()
	}
	c, err := s.compile(ctx, v.SetID, v.Body, at)
	if err == nil && v.State != Draft {
		s.compiled.Store(id, c)
	}
	return c, err
}

// Try compiles a text as if it were set setID, with what is published beside it; it fails with fault.Invalid that names each
// broken rule with its line.
func (s *Service) Try(ctx context.Context, setID, body string) (*criteria.Compiled, error) {
	return s.compile(ctx, setID, body, s.now())
}

// compile takes the sets that this one overlays or includes as they were published at that time: what they become later must
// not change a version that is in use.
func (s *Service) compile(ctx context.Context, setID, body string, at time.Time) (*criteria.Compiled, error) {
	set, err := criteria.Parse(setID+".yaml", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if set.ID != setID {
		return nil, fault.Invalid(fault.Field("id", "criteria.other_id", "id", set.ID, "want", setID))
	}
	if !readsOthers(set) {
		return criteria.NewLibrary(set).Resolve(setID)
	}
	beside, err := store.Collect(ctx, s.db.Read(), scan, `SELECT `+columns+` FROM criteria_set
		WHERE state <> 'draft' AND published_at <= $1 AND set_id <> $2 ORDER BY set_id, version DESC`, store.Micros(at), setID)
	if err != nil {
		return nil, err
	}
	sets := []*criteria.Set{}
	for i, v := range beside {
		if i > 0 && beside[i-1].SetID == v.SetID {
			continue
		}
		other, err := criteria.Parse(v.ID+".yaml", strings.NewReader(v.Body))
		if err != nil {
			return nil, fmt.Errorf("published set %s: %w", v.ID, err)
		}
		sets = append(sets, other)
	}
	return criteria.NewLibrary(append(sets, set)...).Resolve(setID)
}

// readsOthers reports whether a set overlays or includes another; most do not, and need no other text to be read.
func readsOthers(set *criteria.Set) bool {
	for _, g := range set.Groups {
		for _, c := range g.Criteria {
			if c.Scoring.Kind == criteria.Include {
				return true
			}
		}
	}
	return set.Overlays != ""
}

const insertVersion = `
	INSERT INTO criteria_set (id, set_id, version, model, title, verified, from_year, to_year, state, body, based_on, by_id, edit, updated_at, published_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14) ON CONFLICT (id) DO NOTHING`

func (s *Service) insert(ctx context.Context, tx *store.Tx, by identity.Actor, v Version) error {
	to := v.Years.To
	if to == 0 {
		to = openYear
	}
	n, err := tx.Exec(ctx, insertVersion, v.ID, v.SetID, v.Number, string(v.Model), v.Title, string(v.Verified), v.Years.From, to, string(v.State), v.Body,
		v.BasedOn, by.ID, store.Micros(s.now()), store.Micros(v.PublishedAt))
	if err != nil {
		return err
	}
	if n == 0 { // somebody took the number since it was read; a text must not get lost over that
		return fault.Stale("criteria_set", v.ID)
	}
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{ThingID: v.ID, Thing: "criteria_set", Act: "create", After: map[string]string{"based_on": v.BasedOn, "state": string(v.State)}})
}

// EnsureShipped publishes the sets that come with the program as their first versions. A set that is there already, in whatever
// version, is never touched: what a later program ships instead is for people to upload and publish.
func (s *Service) EnsureShipped(ctx context.Context, files fs.FS) (added int, err error) {
	defer fault.Wrap(&err, "version.EnsureShipped")
	library, err := criteria.LoadLibrary(files)
	if err != nil {
		return 0, err
	}
	at := s.now()
	for _, id := range library.IDs() {
		if _, err := library.Resolve(id); err != nil {
			return added, err
		}
		body, err := fs.ReadFile(files, id+".yaml")
		if err != nil {
			return added, err
		}
		set, err := criteria.Parse(id+".yaml", strings.NewReader(string(body)))
		if err != nil {
			return added, err
		}
		v := Version{ID: id + "@1", SetID: id, Number: 1, Model: set.Model, Title: set.Title, Verified: set.Verified, Years: set.Effective,
			State: Published, Body: string(body), PublishedAt: at}
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			before, _, err := store.One(ctx, tx, store.Value[int], `SELECT count(*) FROM criteria_set WHERE set_id = $1`, id)
			if err != nil || before > 0 {
				return err
			}
			added++
			return s.insert(ctx, tx, identity.System, v)
		})
		if err != nil {
			return added, err
		}
	}
	return added, nil
}

// NewDraft starts the next version of a set from an existing one.
func (s *Service) NewDraft(ctx context.Context, by identity.Actor, basedOn string) (v Version, err error) {
	defer fault.Wrap(&err, "version.NewDraft(%s)", basedOn)
	if err := mayEdit(by); err != nil {
		return v, err
	}
	if v, err = s.Get(ctx, basedOn); err != nil {
		return v, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		last, _, err := store.One(ctx, tx, store.Value[int], `SELECT max(version) FROM criteria_set WHERE set_id = $1`, v.SetID)
		if err != nil {
			return err
		}
		v.Number = last + 1
		v.ID, v.BasedOn, v.State, v.PublishedAt, v.Edit = v.SetID+"@"+strconv.Itoa(v.Number), basedOn, Draft, time.Time{}, 1
		return s.insert(ctx, tx, by, v)
	})
	return v, err
}

// Upload starts a set, or its next version, from a file somebody wrote elsewhere. The text must be free of faults.
func (s *Service) Upload(ctx context.Context, by identity.Actor, name, body string) (v Version, err error) {
	defer fault.Wrap(&err, "version.Upload(%s)", name)
	if err := mayEdit(by); err != nil {
		return v, err
	}
	set, err := criteria.Parse(name, strings.NewReader(body))
	if err != nil {
		return v, err
	}
	c, err := s.Try(ctx, set.ID, body)
	if err != nil {
		return v, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		last, _, err := store.One(ctx, tx, store.Value[int], `SELECT coalesce(max(version), 0) FROM criteria_set WHERE set_id = $1`, set.ID)
		if err != nil {
			return err
		}
		v = Version{ID: set.ID + "@" + strconv.Itoa(last+1), SetID: set.ID, Number: last + 1, Model: c.Set.Model, Title: c.Set.Title,
			Verified: c.Set.Verified, Years: c.Set.Effective, State: Draft, Body: body, Edit: 1}
		return s.insert(ctx, tx, by, v)
	})
	return v, err
}

const updateDraft = `
	UPDATE criteria_set SET body = $1, title = $2, verified = $3, from_year = $4, to_year = $5, edit = edit + 1, updated_at = $6, by_id = $7
	WHERE id = $8 AND state = 'draft' AND edit = $9`

// SaveDraft stores the text of a draft. A text with faults is stored too, with its faults returned: nothing typed is lost, but it
// cannot be published. It fails with fault.Stale when someone saved since edit.
func (s *Service) SaveDraft(ctx context.Context, by identity.Actor, id string, edit int64, body string) (v Version, faults error, err error) {
	defer fault.Wrap(&err, "version.SaveDraft(%s)", id)
	if err := mayEdit(by); err != nil {
		return v, nil, err
	}
	if len(body) > 1<<20 {
		return v, nil, fault.TooMuch("criteria.too_big")
	}
	if v, err = s.Get(ctx, id); err != nil {
		return v, nil, err
	}
	if v.State != Draft {
		return v, nil, fault.Conflict("criteria.published", "title", v.Title)
	}
	c, faults := s.Try(ctx, v.SetID, body)
	if faults == nil {
		v.Title, v.Verified, v.Years = c.Set.Title, c.Set.Verified, c.Set.Effective
	} else if fault.Ours(faults) {
		return v, nil, faults
	}
	to := v.Years.To
	if to == 0 {
		to = openYear
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, updateDraft, body, v.Title, string(v.Verified), v.Years.From, to, store.Micros(s.now()), by.ID, id, edit)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("criteria_set", id)
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{ThingID: id, Thing: "criteria_set", Act: "save", After: map[string]any{"edit": edit + 1}})
	})
	v.Body, v.Edit = body, edit+1
	return v, faults, err
}

// Publish makes a draft immutable and usable, and supersedes the set's earlier published versions. reason is what people
// read, and must be given.
func (s *Service) Publish(ctx context.Context, by identity.Actor, id string, edit int64, reason string) (v Version, err error) {
	defer fault.Wrap(&err, "version.Publish(%s)", id)
	if err := mayEdit(by); err != nil {
		return v, err
	}
	if v, err = s.Get(ctx, id); err != nil {
		return v, err
	}
	if v.State != Draft {
		return v, fault.Conflict("criteria.published", "title", v.Title)
	}
	if strings.TrimSpace(reason) == "" {
		return v, fault.Invalid(fault.Field("reason", "criteria.no_reason"))
	}
	if _, err := s.Try(ctx, v.SetID, v.Body); err != nil {
		return v, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE criteria_set SET state = 'published', published_at = $1 WHERE id = $2 AND state = 'draft' AND edit = $3`, store.Micros(s.now()), id, edit)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("criteria_set", id)
		}
		if _, err := tx.Exec(ctx, `UPDATE criteria_set SET state = 'superseded' WHERE set_id = $1 AND state = 'published' AND id <> $2`, v.SetID, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{ThingID: id, Thing: "criteria_set", Act: "publish", Reason: reason})
	})
	v.State, v.PublishedAt = Published, s.now()
	return v, err
}

// mayEdit: a criteria set holds for the whole country or province, so the right is not tied to one of its places.
func mayEdit(by identity.Actor) error {
	if !by.Anywhere(identity.ManageCriteria) {
		return fault.Denied(string(identity.ManageCriteria), "")
	}
	return nil
}
