// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// writers is how many save at once.
const writers = 8

// household is one that may be scored today.
type household struct {
	placeID, id      string
	version          int64
	adults, children int
	rounds           int // times it was saved here
}

const selectHouseholds = `
	SELECT a.place_id, a.id, a.version, s.adults, s.children
	FROM place_parent p JOIN round r ON r.state = 'open'
	JOIN assessment a ON a.place_id = p.place_id AND a.round_id = r.id AND a.model = 'family'
	JOIN subject s ON s.place_id = a.place_id AND s.id = a.subject_id
	WHERE p.commune_id = ? AND p.valid_to = '9999-12-31' AND a.state IN ('registered', 'scored', 'returned') AND s.adults > 0
	LIMIT 4000`

// desk is an officer at work with the households of his commune, in no order, as papers lie.
type desk struct {
	*client
	list []household
	buf  bytes.Buffer
}

// desks signs in n officers of communes spread over the province, each with as many households as can be had.
func desks(s *server, d *database, n int) (out []*desk, err error) {
	all, err := officers(d)
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	for _, enough := range []int{400, 10, 1} {
		for i := 0; i < len(all) && i < 4*n && len(out) < n; i++ {
			who := all[i*37%len(all)]
			if done[who.communeID] { // a commune has several officers: one of them sits here
				continue
			}
			list, err := query(d, scanHousehold, selectHouseholds, who.communeID)
			if err != nil {
				return nil, err
			}
			if len(list) < enough {
				continue
			}
			c, err := signIn(s.at, who.login)
			if err != nil {
				return nil, err
			}
			rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			out = append(out, &desk{client: c, list: list})
			done[who.communeID] = true
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no commune of the demo has households to score")
	}
	for i := 0; len(out) < n; i++ { // a small demo: one officer sits at several desks
		k := out[i]
		half := len(k.list) / 2
		out = append(out, &desk{client: k.again(), list: k.list[half:]})
		k.list = k.list[:half:half]
	}
	return out, nil
}

func scanHousehold(r *sql.Rows) (h household, err error) {
	return h, r.Scan(&h.placeID, &h.id, &h.version, &h.adults, &h.children)
}

// entry writes the whole sheet of a household, changed a little each time it is saved.
func (h *household) entry(b *bytes.Buffer) {
	h.rounds++
	fmt.Fprintf(b, `{"facts": {"children_school_age": %d, "adults": %d, "adults_literate": %d, "adults_learned": %d, "poverty_status": "none", "culture_family": true`,
		h.children, h.adults, h.adults, h.rounds%(h.adults+1))
	if h.children > 0 {
		fmt.Fprintf(b, `, "children_attending": %d, "children_result_ok": %d`, h.children, h.rounds%(h.children+1))
	}
	fmt.Fprintf(b, `}, "scores": {"C1": {"t": ["a", "b", "c"]}, "C2": {"t": ["a", "b"]}, "D3": {"p": %d}`, h.rounds%7*100)
	if h.children > 0 {
		fmt.Fprintf(b, `, "A3": {"p": %d}`, h.rounds%11*100)
	}
	b.WriteString(`}, "gates": {"G1": true, "G3": true}}`)
}

// save sends a household's sheet and notes its new version.
func (k *desk) save(h *household) error {
	k.buf.Reset()
	fmt.Fprintf(&k.buf, `{"version": %d, "entry": `, h.version)
	h.entry(&k.buf)
	k.buf.WriteByte('}')
	answer, err := k.ask("POST", "/nhap/"+h.placeID+"/"+h.id, "application/json", k.buf.Bytes())
	if err != nil {
		return err
	}
	h.version, err = versionIn(answer, `"version":`)
	return err
}

// versionIn reads the number behind the first mark.
func versionIn(answer []byte, mark string) (int64, error) {
	_, rest, ok := bytes.Cut(answer, []byte(mark))
	end := bytes.IndexAny(rest, ",}")
	if !ok || end < 0 {
		return 0, fmt.Errorf("no version in the answer: %.200s", answer)
	}
	return strconv.ParseInt(string(bytes.TrimSpace(rest[:end])), 10, 64)
}

// measureSaves stores households' sheets, durable and counted before the answer, and watches the server's memory.
func measureSaves(ctx context.Context, o *options, t *table, large, _ *database) error {
	s, err := serve(ctx, o, large)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(2 * time.Second)
	idle, _ := s.memory()
	t.atMost("memory, idle after start", idle, 80, "MB")
	work, err := desks(s, large, writers)
	if err != nil {
		return err
	}
	one := func(c, n int) error {
		k := work[c]
		return k.save(&k.list[n%len(k.list)])
	}
	loop(s, writers, o.each/2, 1, one) // sign-ins and first reads are not the write test
	if err := s.forgetPeak(); err != nil {
		return err
	}
	t.loaded("one household saved, 8 clients", "saves/s", repeat(o, s, writers, 1, one), 1000, 50*time.Millisecond)
	_, peak := s.memory()
	t.atMost("memory, most under the write test", peak, 300, "MB")
	t.loaded("one household saved, 1 client", "saves/s", repeat(o, s, 1, 1, one), 0, 0)
	return nil
}
