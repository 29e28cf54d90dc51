// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
)

// phonePhoto is a JPEG of about 200 kB.
func phonePhoto() ([]byte, error) {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	for y := range 960 {
		for x := range 1280 {
			n := byte(rng.IntN(22))
			img.SetRGBA(x, y, color.RGBA{byte(x/6) + n, byte(y/5) + n, byte((x+y)/9) + n, 255})
		}
	}
	var out bytes.Buffer
	for quality := 40; quality < 95; quality += 3 {
		out.Reset()
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if out.Len() >= 195_000 {
			break
		}
	}
	return out.Bytes(), nil
}

const boundary = "hoctap-bench-boundary"

// withPhoto saves a household's sheet and sends a photo of its own for one criterion. mine is the photo, changed in place.
func (k *desk) withPhoto(h *household, mine []byte, serial uint64) error {
	if err := k.saveAnyway(h); err != nil {
		return err
	}
	binary.BigEndian.PutUint64(mine[len(mine)/2:], serial) // in the middle of the pixels: another file each time
	k.buf.Reset()
	for _, f := range [][2]string{{"ho-so", h.id}, {"tieu-chi", []string{"C1", "C2", "D3"}[h.rounds%3]}} {
		fmt.Fprintf(&k.buf, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, f[0], f[1])
	}
	fmt.Fprintf(&k.buf, "--%s\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"IMG_2031.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n", boundary)
	k.buf.Write(mine)
	fmt.Fprintf(&k.buf, "\r\n--%s--\r\n", boundary)
	answer, err := k.ask("POST", "/minh-chung/"+h.placeID, "multipart/form-data; boundary="+boundary, k.buf.Bytes())
	if err != nil {
		return err
	}
	h.version, err = versionIn(answer, `"`+h.id+`":`)
	return err
}

// saveAnyway is save, and when the program itself has marked the household since, because its pictures look alike, it reads the row
// again and saves once more, as a person would.
func (k *desk) saveAnyway(h *household) error {
	err := k.save(h)
	if r, ok := errors.AsType[*refusedError](err); !ok || r.status != http.StatusConflict {
		return err
	}
	row, err := k.ask("GET", "/nhap/"+h.placeID+"/"+h.id, "", nil)
	if err != nil {
		return err
	}
	if h.version, err = versionIn(row, `"version":`); err != nil {
		return err
	}
	return k.save(h)
}

// measurePhotos comes last: the pictures it leaves behind are taken out of the queue of work again.
func measurePhotos(ctx context.Context, o *options, t *table, large, _ *database) error {
	photo, err := phonePhoto()
	if err != nil {
		return err
	}
	s, err := serve(ctx, o, large)
	if err != nil {
		return err
	}
	work, err := desks(s, large, writers)
	if err != nil {
		return err
	}
	var serial atomic.Uint64
	serial.Store(rand.Uint64())
	mine := make([][]byte, writers)
	for i := range mine {
		mine[i] = bytes.Clone(photo)
	}
	list := repeat(o, s, writers, 1, func(c, n int) error {
		k := work[c]
		return k.withPhoto(&k.list[n%len(k.list)], mine[c], serial.Add(1))
	})
	t.loaded(fmt.Sprintf("one household saved with a photo of %d kB, 8 clients", len(photo)/1000), "records/s", list, 350, 0)
	if err := s.stop(); err != nil {
		return err
	}
	return forgetWork(large)
}

// forgetWork drops the waiting jobs of a database whose server has stopped, so that the next run does not begin with them.
func forgetWork(d *database) error {
	db, err := sql.Open("sqlite", "file:"+d.path()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`DELETE FROM job WHERE state <> 'done'`)
	return err
}
