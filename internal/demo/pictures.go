// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/evidence"
	"hoctap/internal/store"
)

// The tables of evidence, in the shape in which evidence.Upload and its job leave them.
var (
	evidences = newTable("evidence", `place_id, id, kind, title, name, state, source_sha, pixel_sha, look, file_sha, thumb_sha, media_type, size, width,
		height, by_id, at`)
	uses    = newTable("evidence_use", "place_id, assessment_id, criterion, evidence_id, by_id, at")
	bands   = newTable("look_band", "parent_id, band, evidence_id, look")
	matches = newTable("evidence_match", "evidence_id, other_id, how")
)

// wish is a picture that a file is to have.
type wish struct {
	parentID     string // the commune
	placeID      string
	assessmentID string
	criterion    string
	id           string
	seed         uint64
	motif        string
	title        string
	by           string
	at           time.Time
	twinID       string // an item of another household with the very same picture
}

// maxPictures bounds what is drawn: enough for every screen, little enough for the first start.
const maxPictures = 320

// kindsOfPicture are what households photograph for a criterion.
var kindsOfPicture = []struct{ code, motif, title string }{
	{"C1", "study_corner", "Góc học tập"},
	{"C1", "bookshelf", "Tủ sách gia đình"},
	{"C1", "phone", "Điện thoại tra bài"},
	{"A2", "certificate", "Giấy khen của cháu"},
	{"B3", "class", "Lớp chuyên đề ở trung tâm học tập cộng đồng"},
	{"C2", "meeting", "Sinh hoạt chi hội khuyến học"},
}

// wishFor lets a file of the current year have a picture now and then. Once in a while two households of an area show the same
// one: the first is held back until a second comes, and both are flagged.
func (g *generator) wishFor(c *commune, s *subject, f *file) {
	share := min(0.35, float64(maxPictures)/float64(max(1, g.o.Families/2)))
	if !g.o.Evidence || g.Blobs == nil || len(g.wishes) >= maxPictures || !c.rng.chance(share) {
		return
	}
	k := kindsOfPicture[c.rng.IntN(len(kindsOfPicture))]
	if k.code == "A2" && s.Children == 0 {
		k = kindsOfPicture[0]
	}
	w := wish{parentID: c.ID, placeID: f.PlaceID, assessmentID: f.ID, criterion: k.code, id: c.rng.id(), seed: c.rng.Uint64(), motif: k.motif, title: k.title,
		by: f.HolderID, at: f.UpdatedAt}
	f.Evidence = 1
	a := s.area
	switch {
	case a.held != nil && a.held.ID != f.ID:
		first := &g.wishes[a.heldWish]
		w.seed, w.motif, w.title, w.criterion, w.twinID = first.seed, first.motif, first.title, first.criterion, first.id
		first.twinID = w.id
		a.held.Flags |= assessment.FlagReused
		f.Flags |= assessment.FlagReused
		g.emit(c, a.held)
		a.held = nil
	case a.held == nil && c.rng.chance(0.08):
		a.held, a.heldWish = f, len(g.wishes)
	}
	g.wishes = append(g.wishes, w)
}

// drawn is a picture as it lies in the file store.
type drawn struct {
	pic    evidence.Picture
	source string
	full   blob.Ref
	thumb  blob.Ref
}

// pictures draws what files wish for, puts it into the file store and records it.
func (g *generator) pictures(ctx context.Context) error {
	ready := make([]*drawn, len(g.wishes))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(3) // two draw while one waits for the disk
	for i := range g.wishes {
		group.Go(func() (err error) {
			ready[i], err = g.draw(inner, i)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	looks := map[string][]evidence.Look{}
	rows := map[*store.Bulk][]any{}
	add := func(t *store.Bulk, values ...any) { rows[t] = append(rows[t], values...) }
	for i, d := range ready {
		w := &g.wishes[i]
		at := store.Micros(w.at)
		look := d.pic.Look
		for _, other := range looks[w.parentID] {
			if look.Same(other) {
				look = 0 // drawn alike by chance: nobody is to be suspected of it
			}
		}
		add(evidences, w.placeID, w.id, string(evidence.Image), w.title, "minh-hoa-"+strings.ReplaceAll(w.motif, "_", "-")+".jpg", string(evidence.StateReady),
			d.source, d.pic.Pixels, int64(look), d.full.SHA256, d.thumb.SHA256, string(evidence.JPEG), d.full.Size, d.pic.W, d.pic.H, w.by, at)
		add(uses, w.placeID, w.assessmentID, w.criterion, w.id, w.by, at)
		if look != 0 {
			looks[w.parentID] = append(looks[w.parentID], look)
			for _, band := range look.Bands() {
				add(bands, w.parentID, band, w.id, int64(look))
			}
		}
		if w.twinID != "" {
			add(matches, w.id, w.twinID, "source")
		}
	}
	g.filled.Pictures = len(ready)
	return g.DB.Write(ctx, func(tx *store.Tx) error {
		for t, args := range rows {
			if _, err := t.Insert(ctx, tx, args); err != nil {
				return err
			}
		}
		return nil
	})
}

func (g *generator) draw(ctx context.Context, i int) (*drawn, error) {
	w := &g.wishes[i]
	raw := evidence.DrawDemo(w.seed, w.motif)
	sum := sha256.Sum256(raw)
	pic, err := evidence.Clean(ctx, bytes.NewReader(raw), evidence.JPEG)
	if err != nil {
		return nil, err
	}
	d := &drawn{pic: pic, source: hex.EncodeToString(sum[:])}
	if d.full, err = g.Blobs.Put(ctx, bytes.NewReader(pic.Full), int64(len(pic.Full))); err != nil {
		return nil, err
	}
	d.thumb, err = g.Blobs.Put(ctx, bytes.NewReader(pic.Thumb), int64(len(pic.Thumb)))
	d.pic.Full, d.pic.Thumb = nil, nil
	return d, err
}
