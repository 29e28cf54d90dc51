// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"hoctap/internal/audit"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/store"
)

//go:embed retention.toml
var shippedRules string

// Rule is how long records of one kind are kept, and what is done then.
type Rule struct {
	Key   string `toml:"key"`
	Days  int    `toml:"days"` // 0: never by the job
	Then  string `toml:"then"` // erase | pseudonymise | archive
	Basis string `toml:"basis"`
	Job   string `toml:"job"` // which other job of the program carries it out; "": the nightly one. No table has two
}

// Rules are the keeping times as shipped.
var Rules = sync.OnceValue(func() []Rule {
	var f struct{ Rule []Rule }
	if _, err := toml.Decode(shippedRules, &f); err != nil {
		panic("privacy: " + err.Error()) // a test reads it
	}
	return f.Rule
})

// keeper is how a rule is carried out: how many records are due before a moment, and the statements that let them go, each of at most some hundred rows.
type keeper struct {
	count string
	rows  string // ids of the next ones due
	steps []string
	files bool // evidence, which has files and rows beside it
}

// closedKeys are accounts that are closed for long and still have what once opened them beside the password; a reopened one sets it up anew.
const closedKeys = `a.disabled_at > 0 AND a.disabled_at < $1 AND (EXISTS (SELECT 1 FROM password_past x WHERE x.account_id = a.id)
	OR EXISTS (SELECT 1 FROM recovery_code x WHERE x.account_id = a.id) OR EXISTS (SELECT 1 FROM totp x WHERE x.account_id = a.id)
	OR EXISTS (SELECT 1 FROM passkey x WHERE x.account_id = a.id) OR EXISTS (SELECT 1 FROM identity_link x WHERE x.account_id = a.id)
	OR EXISTS (SELECT 1 FROM identity_expected x WHERE x.account_id = a.id))`

// keepers take the moment before which records are due; rows give one or two ids, which steps take.
var keepers = map[string]keeper{
	"import_rows": {count: `SELECT count(*) FROM import_batch WHERE state IN ('done', 'undone') AND done_at > 0 AND done_at < $1 AND file_name <> ''`,
		rows:  `SELECT id, id FROM import_batch WHERE state IN ('done', 'undone') AND done_at > 0 AND done_at < $1 AND file_name <> '' ORDER BY id LIMIT 20`,
		steps: []string{`UPDATE import_row SET cells = '{}', issues = '[]', before = '{}', key = '' WHERE batch_id = $1`, `UPDATE import_batch SET file_sha = '', file_name = '' WHERE id = $1`}},
	"import_open": {count: `SELECT count(*) FROM import_batch WHERE state IN ('uploaded', 'checked') AND created_at < $1`,
		rows:  `SELECT id, id FROM import_batch WHERE state IN ('uploaded', 'checked') AND created_at < $1 ORDER BY id LIMIT 20`,
		steps: []string{`DELETE FROM import_row WHERE batch_id = $1`, `DELETE FROM import_batch WHERE id = $1`}},
	"closed_sign_in": {count: `SELECT count(*) FROM account a WHERE ` + closedKeys, rows: `SELECT a.id, a.id FROM account a WHERE ` + closedKeys + ` ORDER BY a.id LIMIT 200`,
		steps: []string{`DELETE FROM password_past WHERE account_id = $1`, `DELETE FROM recovery_code WHERE account_id = $1`, `DELETE FROM totp WHERE account_id = $1`,
			`DELETE FROM passkey WHERE account_id = $1`, `DELETE FROM identity_link WHERE account_id = $1`, `DELETE FROM identity_expected WHERE account_id = $1`}},
	"infected_uploads": {count: `SELECT count(*) FROM upload_scan WHERE found <> '' AND at < $1 AND (name <> '' OR address <> '')`,
		rows:  `SELECT sha256, sha256 FROM upload_scan WHERE found <> '' AND at < $1 AND (name <> '' OR address <> '') ORDER BY sha256 LIMIT 200`,
		steps: []string{`UPDATE upload_scan SET name = '', address = '' WHERE sha256 = $1`}}, // the row stays: it is what keeps the file from being served
	"refused_evidence": {count: `SELECT count(*) FROM evidence e WHERE e.state = 'refused' AND e.at < $1`,
		rows: `SELECT e.id, e.place_id FROM evidence e WHERE e.state = 'refused' AND e.at < $1 ORDER BY e.place_id, e.id LIMIT 200`, files: true,
		steps: []string{`DELETE FROM evidence_use WHERE evidence_id = $1`}},
	"loose_evidence": {count: `SELECT count(*) FROM evidence e WHERE e.at < $1 AND NOT EXISTS (SELECT 1 FROM evidence_use u WHERE u.evidence_id = e.id AND u.place_id = e.place_id)
			AND NOT EXISTS (SELECT 1 FROM minutes m WHERE m.place_id = e.place_id AND m.evidence_id = e.id)`,
		rows: `SELECT e.id, e.place_id FROM evidence e WHERE e.at < $1 AND NOT EXISTS (SELECT 1 FROM evidence_use u WHERE u.evidence_id = e.id AND u.place_id = e.place_id)
			AND NOT EXISTS (SELECT 1 FROM minutes m WHERE m.place_id = e.place_id AND m.evidence_id = e.id) ORDER BY e.place_id, e.id LIMIT 200`, files: true},
	"unclaimed_requests": {count: `SELECT count(*) FROM privacy_request WHERE way = 'form' AND checked_by = '' AND name <> '' AND created_at < $1`,
		rows:  `SELECT id, id FROM privacy_request WHERE way = 'form' AND checked_by = '' AND name <> '' AND created_at < $1 ORDER BY id LIMIT 200`,
		steps: []string{`UPDATE privacy_request SET name = '', contact = '', words = '', state = CASE WHEN state IN ('received', 'working') THEN 'dropped' ELSE state END, version = version + 1 WHERE id = $1`}},
	"ended_requests": {count: `SELECT count(*) FROM privacy_request WHERE state IN ('done', 'refused', 'dropped') AND name <> '' AND created_at < $1`,
		rows:  `SELECT id, id FROM privacy_request WHERE state IN ('done', 'refused', 'dropped') AND name <> '' AND created_at < $1 ORDER BY id LIMIT 200`,
		steps: []string{`UPDATE privacy_request SET name = '', contact = '', words = '', checked = '', version = version + 1 WHERE id = $1`}},
	"ended_jobs": {count: `SELECT count(*) FROM job WHERE state IN ('done', 'failed') AND ended_at > 0 AND ended_at < $1`,
		rows:  `SELECT id, id FROM job WHERE state IN ('done', 'failed') AND ended_at > 0 AND ended_at < $1 ORDER BY id LIMIT 200`,
		steps: []string{`DELETE FROM job WHERE id = $1`}},
	"signing_tokens": {count: `SELECT count(*) FROM signing_token WHERE expires_at < $1`, rows: `SELECT hash, hash FROM signing_token WHERE expires_at < $1 ORDER BY hash LIMIT 200`,
		steps: []string{`DELETE FROM signing_token WHERE hash = $1`}},
	"form_tokens": {count: `SELECT count(*) FROM form_token WHERE at < $1`, rows: `SELECT token, token FROM form_token WHERE at < $1 ORDER BY token LIMIT 200`,
		steps: []string{`DELETE FROM form_token WHERE token = $1`}},
	"left_contacts": {count: `SELECT count(*) FROM subject WHERE state = 'left' AND updated_at < $1 AND model IN ('family', 'citizen') AND (phone <> '' OR address <> '')`,
		rows:  `SELECT id, place_id FROM subject WHERE state = 'left' AND updated_at < $1 AND model IN ('family', 'citizen') AND (phone <> '' OR address <> '') ORDER BY place_id, id LIMIT 200`,
		steps: []string{`UPDATE subject SET phone = '', phone_hash = '', address = '', version = version + 1 WHERE id = $1 AND place_id = $2`}},
}

// Due is a rule with how many records it would let go today.
type Due struct {
	Rule
	Count int64
}

// DryRun counts what the next run would let go.
func (s *Service) DryRun(ctx context.Context, by identity.Actor, placeID string) (list []Due, err error) {
	defer fault.Wrap(&err, "privacy.DryRun")
	if _, err := s.may(ctx, by, identity.KeepRegister, placeID); err != nil {
		return nil, err
	}
	for _, r := range Rules() {
		d := Due{Rule: r}
		if k, ok := keepers[r.Key]; ok {
			if d.Count, _, err = store.One(ctx, s.db.Read(), store.Value[int64], k.count, s.before(r)); err != nil {
				return nil, err
			}
		}
		list = append(list, d)
	}
	return list, nil
}

func (s *Service) before(r Rule) int64 { return store.Micros(s.now().AddDate(0, 0, -r.Days)) }

// RetentionKind is the nightly job.
const RetentionKind = "privacy.retention"

// retentionTime is when it runs, in Vietnam.
const retentionTime = 2 * time.Hour

// EnsureNightly asks for the next night's run where none is asked for yet.
func (s *Service) EnsureNightly(ctx context.Context, queue *job.Queue) (err error) {
	defer fault.Wrap(&err, "privacy.EnsureNightly")
	day := s.now().In(store.Zone)
	next := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, store.Zone).Add(retentionTime)
	if !next.After(s.now()) {
		next = next.AddDate(0, 0, 1)
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, _, err := store.One(ctx, tx, store.Value[int], countAsked, RetentionKind, store.Date(next))
		if err != nil || n > 0 {
			return err
		}
		id, err := queue.Add(ctx, tx, RetentionKind, store.Date(next), struct{}{}, identity.System.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, runLater, store.Micros(next), id)
		return err
	})
}

const (
	countAsked = `SELECT count(*) FROM job WHERE kind = $1 AND unique_key = $2`
	runLater   = `UPDATE job SET run_at = $1 WHERE id = $2 AND state = 'waiting'`
)

// Nightly returns the handler of the job: it lets go what is due and asks for the next night.
func (s *Service) Nightly(queue *job.Queue) job.Handler {
	return func(ctx context.Context, _ *job.Job) error {
		if _, err := s.run(ctx, identity.System); err != nil {
			return err
		}
		return s.EnsureNightly(ctx, queue)
	}
}

// Run is the nightly work by hand. It fails with fault.Denied.
func (s *Service) Run(ctx context.Context, by identity.Actor, placeID string) (counts map[string]int64, err error) {
	defer fault.Wrap(&err, "privacy.Run")
	if _, err := s.may(ctx, by, identity.KeepRegister, placeID); err != nil {
		return nil, err
	}
	return s.run(ctx, by)
}

const insertRun = `INSERT INTO retention_run (id, counts, by_id, at) VALUES ($1, $2, $3, $4)`

func (s *Service) run(ctx context.Context, by identity.Actor) (counts map[string]int64, err error) {
	counts = map[string]int64{}
	for _, r := range Rules() {
		k, ok := keepers[r.Key]
		if !ok || r.Days == 0 {
			continue
		}
		before := s.before(r)
		for {
			n, err := s.letGo(ctx, k, before)
			if err != nil {
				return counts, fmt.Errorf("%s: %w", r.Key, err)
			}
			if n == 0 {
				break
			}
			counts[r.Key] += n
		}
	}
	b, err := json.Marshal(counts)
	if err != nil {
		return counts, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		id := store.NewID()
		if _, err := tx.Exec(ctx, insertRun, id, string(b), by.ID, store.Micros(s.now())); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{ThingID: id, Thing: "retention", Act: "run", After: counts})
	})
	return counts, err
}

// letGo does the next records of one kind in one transaction, so that nobody waits long for it.
func (s *Service) letGo(ctx context.Context, k keeper, before int64) (n int64, err error) {
	type pair struct{ a, b string }
	var files []string
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n, files = 0, nil
		list, err := store.Collect(ctx, tx, func(sc store.Scanner) (p pair, err error) { return p, sc.Scan(&p.a, &p.b) }, k.rows, before)
		if err != nil {
			return err
		}
		for _, p := range list {
			if k.files {
				some, err := evidence.EraseItem(ctx, tx, p.b, p.a)
				if err != nil {
					return err
				}
				files = append(files, some...)
			}
			for _, query := range k.steps {
				args := []any{p.a, p.b}
				if parameters(query) == 1 {
					args = args[:1]
				}
				if _, err := tx.Exec(ctx, query, args...); err != nil {
					return err
				}
			}
			n++
		}
		return nil
	})
	if err == nil {
		err = s.dropFiles(ctx, files)
	}
	return n, err
}

// parameters is how many values a statement of a keeper takes: one id, or an id and its place.
func parameters(query string) int {
	if slices.Contains([]byte(query), '$') && query[len(query)-1] == '2' {
		return 2
	}
	return 1
}

// RunLine is a run as it is reported.
type RunLine struct {
	At     time.Time
	ByID   string
	Counts map[string]int64
}

const selectRuns = `SELECT at, by_id, counts FROM retention_run ORDER BY at DESC, id DESC LIMIT 30`

// Runs returns the last runs, newest first.
func (s *Service) Runs(ctx context.Context, by identity.Actor, placeID string) (list []RunLine, err error) {
	defer fault.Wrap(&err, "privacy.Runs")
	if _, err := s.may(ctx, by, identity.KeepRegister, placeID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (l RunLine, err error) {
		var at int64
		var counts string
		if err = sc.Scan(&at, &l.ByID, &counts); err == nil {
			l.At = store.Time(at)
			err = json.Unmarshal([]byte(counts), &l.Counts)
		}
		return l, err
	}, selectRuns)
}
