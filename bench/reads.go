// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// readers is how many look at once.
const readers = 32

// provinceOfficer is the demo's account that sees the province.
const provinceOfficer = "tinh"

// measureReads asks for the province's dashboard on both databases, then for the pages of a commune on the large one.
func measureReads(ctx context.Context, o *options, t *table, large, small *database) error {
	var took [2]time.Duration
	for i, d := range []*database{large, small} {
		s, err := serve(ctx, o, d)
		if err != nil {
			return err
		}
		size, err := d.size()
		if err != nil {
			return err
		}
		t.sizes = append(t.sizes, size)
		defer s.end()
		list, err := dashboard(o, s)
		if err != nil {
			return err
		}
		t.loaded(fmt.Sprintf("province dashboard, %d readers, %d families", readers, d.families), "pages/s", list, 0, 20*time.Millisecond)
		took[i] = median(list).p99
		if i == 0 {
			if err := communePages(o, t, s, d); err != nil {
				return err
			}
		}
		if err := s.stop(); err != nil {
			return err
		}
	}
	ratio := float64(took[0]) / float64(took[1])
	t.add(row{ratio: true, what: fmt.Sprintf("dashboard p99 at %d families ÷ at %d", large.families, small.families), want: "≤ 1.5", got: fmt.Sprintf("%.2f", ratio),
		met: yesNo(ratio <= 1.5)})
	return nil
}

func dashboard(o *options, s *server) ([]sample, error) {
	people, err := crowd(s, provinceOfficer, readers)
	if err != nil {
		return nil, err
	}
	defer leave(people)
	if _, err := people[0].ask("GET", "/tong-quan", "", nil); err != nil {
		return nil, err
	}
	return repeat(o, s, readers, 1, func(c, n int) error {
		_, err := people[c].ask("GET", "/tong-quan", "", nil)
		return err
	}), nil
}

// crowd signs one person in and gives him many connections.
func crowd(s *server, login string, n int) ([]*client, error) {
	first, err := signIn(s.at, login)
	if err != nil {
		return nil, err
	}
	list := []*client{first}
	for len(list) < n {
		list = append(list, first.again())
	}
	return list, nil
}

func leave(list []*client) {
	for _, c := range list {
		c.close()
	}
}

const selectOfficers = `SELECT a.login, g.place_id FROM account a JOIN account_grant g ON g.account_id = a.id WHERE g.role = 'commune_officer' ORDER BY a.login`

type officer struct{ login, communeID string }

func officers(d *database) ([]officer, error) {
	return query(d, func(r *sql.Rows) (f officer, err error) { return f, r.Scan(&f.login, &f.communeID) }, selectOfficers)
}

const selectAreas = `
	SELECT p.place_id FROM place_parent p JOIN round r ON r.state = 'open' JOIN cell c ON c.place_id = p.place_id AND c.round_id = r.id AND c.model = 'family'
	WHERE p.commune_id = ? AND c.total > 20 ORDER BY c.total DESC`

// communePages measures what an officer of one commune reads all day.
func communePages(o *options, t *table, s *server, d *database) error {
	list, err := officers(d)
	if err != nil || len(list) == 0 {
		return fmt.Errorf("no commune officer in the demo: %w", err)
	}
	who := list[len(list)/2]
	areas, err := query(d, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) }, selectAreas, who.communeID)
	if err != nil || len(areas) == 0 {
		return fmt.Errorf("no areas in %s: %w", who.communeID, err)
	}
	for _, page := range []struct {
		what, path string
		limit      time.Duration
	}{
		{"queue page of a commune", "/tham-dinh/" + who.communeID, 15 * time.Millisecond},
		{"queue page, filtered by name", "/tham-dinh/" + who.communeID + "?tim=van", 15 * time.Millisecond},
		{"list behind a number, filtered by name and state", "/danh-sach/" + who.communeID + "?q=van&tinh-trang=dat", 15 * time.Millisecond},
		{"registry list of a commune, filtered by name", "/so-bo/" + who.communeID + "?q=van", 15 * time.Millisecond},
		{"commune dashboard", "/xa/" + who.communeID, 0},
		{"entry of a whole area", "/nhap/" + areas[0], 0},
		{"first page of an officer", "/viec", 0},
	} {
		people, err := crowd(s, who.login, 8)
		if err != nil {
			return err
		}
		if _, err := people[0].ask("GET", page.path, "", nil); err != nil {
			if _, refused := errors.AsType[*refusedError](err); refused {
				t.note("%s is not measured: %.200v", page.what, err)
				continue
			}
			return err
		}
		list := repeat(o, s, 1, 1, func(c, n int) error {
			_, err := people[0].ask("GET", page.path, "", nil)
			return err
		})
		t.loaded(page.what+", 1 reader", "pages/s", list, 0, page.limit)
		list = repeat(o, s, 8, 1, func(c, n int) error {
			_, err := people[c].ask("GET", page.path, "", nil)
			return err
		})
		t.loaded(page.what+", 8 readers", "pages/s", list, 0, 0)
		leave(people)
	}
	return nil
}
