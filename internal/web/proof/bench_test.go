// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hoctap/internal/place/placetest"
	"hoctap/internal/web/entry"
	"hoctap/internal/web/site"
)

// clients is how many send at once.
const clients = 8

// families is enough that none reaches its limit of evidence within a run of a few thousand.
const families = 160

// phonePhoto is a JPEG of about 200 kB.
func phonePhoto(b *testing.B) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 1280, 960))
	for y := range 960 {
		for x := range 1280 {
			n := byte(rng.IntN(22))
			img.SetRGBA(x, y, color.RGBA{byte(x/6) + n, byte(y/5) + n, byte((x+y)/9) + n, 255})
		}
	}
	best := []byte(nil)
	for quality := 40; quality < 95; quality += 3 {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
			b.Fatal(err)
		}
		if best = out.Bytes(); len(best) >= 195_000 {
			break
		}
	}
	return best
}

// BenchmarkPhoto sends a different photo of 200 kB each time: on disk, counted, in the journal before the answer.
func BenchmarkPhoto(b *testing.B) { bench(b, false) }

// BenchmarkRecordWithPhoto saves a household's sheet and then sends its photo, in two requests; one of both counts as one.
func BenchmarkRecordWithPhoto(b *testing.B) { bench(b, true) }

func bench(b *testing.B, sheet bool) {
	o := open(b, placetest.SQLite(b), families)
	entry.Register(o.mux)
	server := httptest.NewServer(o.mux)
	defer server.Close()
	photo := phonePhoto(b)
	versions := make([]int64, families)
	for i, a := range o.files {
		versions[i] = a.Version
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	ask := func(path, contentType string, body []byte, into any) error {
		r, err := http.NewRequest("POST", server.URL+path, bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Accept", "application/json")
		r.AddCookie(&http.Cookie{Name: site.Cookie, Value: o.token})
		w, err := client.Do(r)
		if err != nil {
			return err
		}
		defer w.Body.Close()
		answer, err := io.ReadAll(w.Body)
		if err == nil && w.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %d %.300s", path, w.StatusCode, answer)
		}
		if err == nil {
			err = json.Unmarshal(answer, into)
		}
		return err
	}
	var next atomic.Int64
	var mu sync.Mutex
	var times []time.Duration
	one := func(n int64, mine []byte) error {
		at := int(n % families)
		id := o.files[at].ID
		if sheet {
			var saved struct {
				Row struct{ Version int64 }
			}
			body := fmt.Sprintf(`{"version": %d, "entry": {"facts": {"children_attending": 2, "children_result_ok": 2, "adults_literate": 4, "adults_learned": %d},
				"scores": {"A3": {"p": 800}, "C1": {"t": ["a", "b", "c", "d"]}, "C2": {"t": ["a", "b"]}, "D3": {"p": 600}}, "gates": {"G3": true}}}`, versions[at], n/families%5)
			if err := ask("/nhap/"+o.area+"/"+id, "application/json", []byte(body), &saved); err != nil {
				return err
			}
		}
		binary.BigEndian.PutUint64(mine[len(mine)/2:], uint64(n)) // in the middle of the pixels: another file
		code := []string{"A3", "C1", "C2"}[n/families%3]
		body, contentType := multi(field{"ho-so", id, ""}, field{"tieu-chi", code, ""}, field{"tep", string(mine), "IMG_2031.jpg"})
		var sent told
		if err := ask("/minh-chung/"+o.area, contentType, body, &sent); err != nil {
			return err
		}
		versions[at] = sent.Versions[id]
		return nil
	}
	b.SetBytes(int64(len(photo)))
	b.ResetTimer()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			mine := bytes.Clone(photo)
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				start := time.Now()
				if err := one(n, mine); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				times = append(times, time.Since(start))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(times)
	if len(times) > 0 {
		b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "records/s")
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	}
}
