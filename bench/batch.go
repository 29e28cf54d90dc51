// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
)

// batchSize is how many households one request saves.
const batchSize = 50

// pile is an officer with the sheets of one area.
type pile struct {
	*desk
	list []household
}

// measureBatch saves the households of whole areas, fifty in one request and transaction, each answered by itself.
func measureBatch(ctx context.Context, o *options, t *table, large, _ *database) error {
	const callers = 2
	s, err := serve(ctx, o, large)
	if err != nil {
		return err
	}
	defer s.stop()
	work, err := desks(s, large, writers)
	if err != nil {
		return err
	}
	piles := make([][]pile, callers)
	n := 0
	for _, k := range work {
		areas := map[string][]household{}
		for _, h := range k.list {
			areas[h.placeID] = append(areas[h.placeID], h)
		}
		for _, list := range areas {
			if len(list) >= batchSize {
				piles[n%callers] = append(piles[n%callers], pile{k, list[:batchSize]})
			}
		}
		n++
	}
	for _, some := range piles {
		if len(some) == 0 {
			return fmt.Errorf("too few areas have %d households to score", batchSize)
		}
	}
	list := repeat(o, s, callers, batchSize, func(c, n int) error { return piles[c][n%len(piles[c])].save() })
	t.loaded(fmt.Sprintf("%d households in one request, %d clients", batchSize, callers), "records/s", list, 3000, 0)
	return ctx.Err()
}

// save sends the pile and notes the new versions.
func (p pile) save() error {
	p.buf.Reset()
	p.buf.WriteString(`{"rows": [`)
	for i := range p.list {
		h := &p.list[i]
		if i > 0 {
			p.buf.WriteByte(',')
		}
		fmt.Fprintf(&p.buf, `{"id": %s, "version": %d, "entry": `, strconv.Quote(h.id), h.version)
		h.entry(&p.buf)
		p.buf.WriteByte('}')
	}
	p.buf.WriteString(`]}`)
	answer, err := p.ask("POST", "/nhap/"+p.list[0].placeID, "application/json", p.buf.Bytes())
	if err != nil {
		return err
	}
	for i := range p.list {
		const mark = `"version":`
		at := bytes.Index(answer, []byte(mark))
		if at < 0 {
			return fmt.Errorf("row %d was refused: %.300s", i, answer)
		}
		if p.list[i].version, err = versionIn(answer, mark); err != nil {
			return err
		}
		answer = answer[at+len(mark):]
	}
	return nil
}
