// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// paperNames is how many names the limits speak of; the largest decision of the database has as many or more, and counts by its share.
const paperNames = 5000

const selectLargest = `SELECT d.place_id, d.id, d.items FROM decision d WHERE d.state = 'issued' AND d.kind = 'recognise' ORDER BY d.items DESC LIMIT 1`

type largest struct {
	placeID, id string
	items       int
}

// measurePapers takes the files of the largest decision from the server: to edit, to sign, and all certificates in one.
func measurePapers(ctx context.Context, o *options, t *table, large, _ *database) error {
	found, err := query(large, func(r *sql.Rows) (d largest, err error) { return d, r.Scan(&d.placeID, &d.id, &d.items) }, selectLargest)
	if err != nil || len(found) == 0 {
		return fmt.Errorf("no decision: %w", err)
	}
	d := found[0]
	all, err := officers(large)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(f officer) bool { return f.communeID == d.placeID })
	if at < 0 {
		return fmt.Errorf("no officer of %s", d.placeID)
	}
	s, err := serve(ctx, o, large)
	if err != nil {
		return err
	}
	defer s.stop()
	c, err := signIn(s.at, all[at].login)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		what, path string
		names      int
		limit      float64 // seconds
	}{
		{"decision with a list, DOCX", "/tai?dang=docx", d.items, 2}, {"decision with a list, PDF", "/tai?dang=pdf", d.items, 2},
		{"certificates with codes, PDF", "/giay/tai", paperNames, 15},
	} {
		if err := s.forgetPeak(); err != nil {
			return err
		}
		var took []time.Duration
		for range max(o.runs, 3) {
			start := time.Now()
			if _, err := c.ask("GET", "/quyet-dinh/"+d.placeID+"/"+d.id+f.path, "", nil); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		t.atMost(fmt.Sprintf("%s, for %d names", f.what, paperNames), float64(took[len(took)/2].Milliseconds())*paperNames/float64(f.names), f.limit*1000, "ms")
		_, peak := s.memory()
		t.atMost("memory, most while it is made", peak, 300, "MB")
	}
	who, err := signIn(s.at, provinceOfficer)
	if err != nil {
		return err
	}
	var took []time.Duration
	for range max(o.runs, 3) {
		start := time.Now()
		for _, form := range []string{"docx", "xlsx"} {
			if _, err := who.ask("GET", "/tong-quan/bao-cao?dang="+form, "", nil); err != nil {
				return err
			}
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.atMost("province report, every commune and model, DOCX and XLSX", float64(took[len(took)/2].Microseconds())/1000, 1000, "ms")
	t.note("Papers are those of the largest decision, of %d names; times are counted down to %d names, memory is as it was. Certificates come in files of %d.", d.items, paperNames, paperNames)
	return ctx.Err()
}
