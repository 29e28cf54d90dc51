// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria/version"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// batchSize is how many households one call saves.
const batchSize = 50

// house is the program's own services on a database, without its pages.
type house struct {
	db         *store.DB
	assessment *assessment.Service
}

func openHouse(ctx context.Context, d *database) (*house, error) {
	db, err := store.Open(ctx, d.address())
	if err != nil {
		return nil, err
	}
	day, err := time.ParseInLocation(time.DateOnly, today, store.Zone)
	if err != nil {
		return nil, err
	}
	offset := time.Until(day.Add(12 * time.Hour))
	now := func() time.Time { return time.Now().Add(offset) }
	places, sets := place.New(db, now), version.New(db, now)
	return &house{db, assessment.New(db, places, sets, registry.New(db, places, now), now)}, nil
}

const selectArea = `
	SELECT a.place_id FROM assessment a JOIN round r ON r.id = a.round_id AND r.state = 'open'
	WHERE a.model = 'family' AND a.state IN ('registered', 'scored', 'returned')
	GROUP BY a.place_id HAVING count(*) >= ? LIMIT ?`

const selectOfArea = `
	SELECT a.place_id, a.id, a.version, s.adults, s.children
	FROM assessment a JOIN round r ON r.id = a.round_id AND r.state = 'open'
	JOIN subject s ON s.place_id = a.place_id AND s.id = a.subject_id
	WHERE a.place_id = ? AND a.model = 'family' AND a.state IN ('registered', 'scored', 'returned') AND s.adults > 0 LIMIT ?`

// measureBatch saves the households of whole areas, fifty in one transaction, through the verb that a page calls.
func measureBatch(ctx context.Context, o *options, t *table, large, _ *database) error {
	const callers = 2
	areas, err := query(large, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) }, selectArea, batchSize, 40)
	if err != nil {
		return err
	}
	if len(areas) < callers {
		return fmt.Errorf("only %d areas have %d households to score", len(areas), batchSize)
	}
	lists := make([][]household, len(areas))
	for i, id := range areas {
		if lists[i], err = query(large, scanHousehold, selectOfArea, id, batchSize); err != nil {
			return err
		}
	}
	h, err := openHouse(ctx, large)
	if err != nil {
		return err
	}
	defer h.db.Close()
	list := repeat(o, nil, callers, batchSize, func(c, n int) error {
		return h.saveAll(ctx, lists[(n*callers+c)%len(lists)/callers*callers+c])
	})
	t.loaded(fmt.Sprintf("%d households in one transaction, %d callers", batchSize, callers), "records/s", list, 3000, 0)
	t.note("The batch is measured through assessment.SaveAll in one process, from the decoded request on: no page sends fifty sheets in one request yet.")
	return nil
}

func (h *house) saveAll(ctx context.Context, list []household) error {
	drafts := make([]assessment.Draft, len(list))
	for i := range list {
		var b bytes.Buffer
		list[i].entry(&b)
		drafts[i] = assessment.Draft{PlaceID: list[i].placeID, ID: list[i].id, Version: list[i].version, Stage: assessment.StageSelf}
		if err := json.Unmarshal(b.Bytes(), &drafts[i].Entry); err != nil {
			return err
		}
	}
	saved, faults, err := h.assessment.SaveAll(ctx, identity.System, drafts)
	if err != nil {
		return err
	}
	for i, f := range faults {
		if f != nil {
			return f
		}
		list[i].version = saved[i].Assessment.Version
	}
	return nil
}
