// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

const (
	selectAllReports  = `SELECT ` + reportColumns + ` FROM report r JOIN report_period q ON q.id = r.period_id ORDER BY r.place_id, r.period_id`
	selectAllVersions = `SELECT ` + versionColumns + `, coalesce(p.kind, ''), coalesce(p.content, ''), coalesce(p.sha, ''), coalesce(p.place_id, '')
		FROM report_version v LEFT JOIN outgoing_paper p ON p.id = v.paper_id ORDER BY v.place_id, v.period_id, v.no`
	selectLonePapers = `SELECT p.place_id, p.id FROM outgoing_paper p LEFT JOIN report_version v ON v.paper_id = p.id WHERE p.kind = $1 AND v.paper_id IS NULL`
)

// Verify works out the hash of every version again and demands that versions follow each other without a gap, that states and judgements fit, and that
// each numbered report is a version. n is how many versions there are.
func (s *Service) Verify(ctx context.Context) (n int, list []Difference, err error) {
	defer fault.Wrap(&err, "report.Verify")
	err = s.db.Snapshot(ctx, func(tx *store.Tx) error {
		n, list = 0, nil
		reports, err := store.Collect(ctx, tx, scanReport, selectAllReports)
		if err != nil {
			return err
		}
		type key struct{ place, period string }
		of := map[key][]Version{}
		err = store.Each(ctx, tx, func(sc store.Scanner) error {
			v, why, err := scanChecked(sc)
			n++
			if why != "" {
				list = append(list, Difference{v.PlaceID, v.PeriodID, fmt.Sprintf("version %d: %s", v.No, why)})
			}
			k := key{v.PlaceID, v.PeriodID}
			of[k] = append(of[k], v)
			return err
		}, selectAllVersions)
		if err != nil {
			return err
		}
		for i := range reports {
			r := &reports[i]
			k := key{r.PlaceID, r.Period.ID}
			for _, what := range r.faults(of[k]) {
				list = append(list, Difference{r.PlaceID, r.Period.ID, what})
			}
			delete(of, k)
		}
		for k := range of {
			list = append(list, Difference{k.place, k.period, "its versions belong to no report"})
		}
		return store.Each(ctx, tx, func(sc store.Scanner) error {
			var d Difference
			d.What = "this number of the register is no version of a report"
			err := sc.Scan(&d.PlaceID, &d.ID)
			list = append(list, d)
			return err
		}, selectLonePapers, string(recognition.PaperReport))
	})
	return n, list, err
}

// scanChecked reads a version beside its paper; why is what is wrong with both.
func scanChecked(sc store.Scanner) (v Version, why string, err error) {
	var submitted, judged int64
	var kind, content, sha, placeID string
	if err = sc.Scan(&v.PlaceID, &v.PeriodID, &v.No, &v.PaperID, &v.SHA, &v.Reason, &v.ByID, &v.ByName, &submitted, &v.State, &v.JudgedName, &judged, &v.JudgedWhy, &v.AnsweredOn,
		&kind, &content, &sha, &placeID); err != nil {
		return v, "", err
	}
	v.SubmittedAt, v.JudgedAt = store.Time(submitted), store.Time(judged)
	sum := sha256.Sum256([]byte(content))
	snap, broken := Decode(content)
	switch {
	case kind != string(recognition.PaperReport) || placeID != v.PlaceID:
		why = "its paper is of something else"
	case hex.EncodeToString(sum[:]) != v.SHA || sha != v.SHA:
		why = "it is no longer what was submitted"
	case broken != nil || snap.Place.ID != v.PlaceID || snap.Period.ID != v.PeriodID || snap.No != v.No:
		why = "its content speaks of another report"
	case (v.State == Submitted) != (judged == 0), v.AnsweredOn != "" && v.State != Accepted:
		why = "its state and its judgement do not fit"
	}
	return v, why, nil
}

// faults are what is wrong with a report and its versions, which are in order.
func (r *Report) faults(versions []Version) (list []string) {
	accepted := 0
	for i := range versions {
		if versions[i].No != i+1 {
			list = append(list, fmt.Sprintf("version %d should follow, there is %d", i+1, versions[i].No))
		}
		if i < len(versions)-1 && versions[i].State == Submitted {
			list = append(list, fmt.Sprintf("version %d was never judged", versions[i].No))
		}
		if versions[i].State == Accepted {
			accepted = versions[i].No
		}
	}
	if r.Last != len(versions) || r.Accepted != accepted {
		list = append(list, fmt.Sprintf("it says %d versions and %d accepted, there are %d and %d", r.Last, r.Accepted, len(versions), accepted))
	}
	newest := Open
	if len(versions) > 0 {
		newest = versions[len(versions)-1].State
	}
	if want := map[State]State{Open: Open, Submitted: Submitted, Returned: Returned, Accepted: Accepted, Correcting: Accepted}[r.State]; want != newest {
		list = append(list, fmt.Sprintf("it is %s, its newest version %s", r.State, newest))
	}
	return list
}
