// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package assessment_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// proofs is a world whose files have evidence.
type proofs struct {
	*world
	blobs blob.Store
	jobs  *job.Queue
	e     *evidence.Service
}

func buildProofs(t *testing.T, db *store.DB) *proofs {
	t.Helper()
	w := build(t, db)
	blobs, err := blob.Open(t.TempDir())
	w.ok(err)
	now := func() time.Time { return w.at }
	p := &proofs{world: w, blobs: blobs, jobs: job.New(db, now, slog.New(slog.DiscardHandler))}
	p.e = evidence.New(db, blobs, w.places, p.jobs, now)
	p.e.Listener = w.s.Attached
	w.register()
	return p
}

func (p *proofs) drain() {
	p.t.Helper()
	p.ok(p.jobs.Drain(p.ctx))
}

func (p *proofs) upload(a assessment.Assessment, code string, body []byte) evidence.Item {
	p.t.Helper()
	it, err := p.e.Upload(p.ctx, p.volunteer(), a.PlaceID, []evidence.Use{{AssessmentID: a.ID, Criterion: code}}, "Góc học tập", "anh.jpg", bytes.NewReader(body))
	p.ok(err)
	return it
}

func (p *proofs) the(i int) assessment.Assessment { return p.list()[i] }

func use(id, code string) evidence.Use { return evidence.Use{AssessmentID: id, Criterion: code} }

// snapshot draws a picture that differs from seed to seed; quality 95 and 60 show the same.
func snapshot(t *testing.T, seed float64, quality int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for y := range 300 {
		for x := range 400 {
			wave := math.Sin(float64(x)/(9+7*seed)+seed) + math.Cos(float64(y)/(13+5*seed)+2*seed) + math.Sin(float64(x*y)/(4000+900*seed))
			v := byte(128 + 40*wave)
			img.SetRGBA(x, y, color.RGBA{v, 255 - v, byte(60 * seed), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// located puts an EXIF segment with a place into a JPEG.
func located(jpg []byte) []byte {
	body := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00GPS-SECRET 21.32N 105.40E"
	segment := append([]byte{0xff, 0xe1, 0, byte(len(body) + 2)}, body...)
	return append(append(append([]byte{}, jpg[:2]...), segment...), jpg[2:]...)
}

func TestEvidenceIsCleanedAndCounted(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		before := p.the(0)
		sent := located(snapshot(t, 1, 90))
		it := p.upload(before, "A3", sent)
		if it.State != evidence.StateReceived {
			t.Fatalf("just sent: %+v", it)
		}
		if a := p.the(0); a.Evidence != 1 || a.Version != before.Version+1 {
			t.Fatalf("the file counts %d, version %d after %d", a.Evidence, a.Version, before.Version)
		}
		if _, err := p.e.Open(p.ctx, p.volunteer(), p.area, it.ID, evidence.Full); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("opened before it was checked: %v", err)
		}
		version := p.the(0).Version
		p.drain()
		if a := p.the(0); a.Evidence != 1 || a.Version != version {
			t.Fatalf("checking a good picture changed the file: %+v", a)
		}
		for _, size := range []evidence.Size{evidence.Full, evidence.Thumb} {
			o, err := p.e.Open(p.ctx, p.reviewer(), p.area, it.ID, size)
			p.ok(err)
			served, err := io.ReadAll(o)
			p.ok(err)
			p.ok(o.Close())
			if bytes.Contains(served, []byte("GPS-SECRET")) || bytes.Contains(served, []byte("Exif")) {
				t.Fatal("the place of the picture is served")
			}
			if _, err := jpeg.Decode(bytes.NewReader(served)); err != nil {
				t.Fatal(err)
			}
		}
		list, err := p.e.List(p.ctx, p.reviewer(), p.area, before.ID)
		p.ok(err)
		if len(list) != 1 || list[0].State != evidence.StateReady || strings.Join(list[0].Criteria, " ") != "A3" || !list[0].HasThumb() {
			t.Fatalf("listed as %+v", list)
		}
		// The phone got no answer and sends again: still one item.
		again := p.upload(p.the(0), "C1", sent)
		if again.ID != it.ID || p.the(0).Evidence != 1 {
			t.Fatalf("sent again: %s after %s, %d items", again.ID, it.ID, p.the(0).Evidence)
		}
		p.exact()
	})
}

func TestSamePictureInTwoHouseholds(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		first := p.upload(p.the(0), "A3", snapshot(t, 1, 95))
		p.upload(p.the(2), "A3", snapshot(t, 3, 90))
		p.drain()
		p.upload(p.the(0), "C1", snapshot(t, 1, 80)) // the same household may show it twice
		p.drain()
		if p.the(0).Flags&assessment.FlagReused != 0 {
			t.Fatal("flagged for its own picture")
		}
		twin := p.upload(p.the(1), "A3", snapshot(t, 1, 60))
		p.drain()
		for i, want := range []bool{true, true, false, false} {
			if got := p.the(i).Flags&assessment.FlagReused != 0; got != want {
				t.Errorf("household %d flagged: %v, want %v", i, got, want)
			}
		}
		reused, hidden, err := p.s.Reused(p.ctx, p.volunteer(), p.area, p.the(1).ID)
		p.ok(err)
		if len(reused) != 2 || hidden != 0 || reused[0].Other.ID != p.the(0).ID || reused[0].EvidenceID != twin.ID {
			t.Fatalf("the other file: %+v, %d hidden", reused, hidden)
		}
		twins, _, err := p.e.Reused(p.ctx, p.volunteer(), p.area, first.ID)
		p.ok(err)
		if len(twins) != 2 || twins[0].How != "look" {
			t.Fatalf("twins of the first: %+v", twins)
		}
		// Taken from the second household, both are free of it.
		_, err = p.e.Detach(p.ctx, p.volunteer(), p.area, twin.ID, []evidence.Use{{AssessmentID: p.the(1).ID, Criterion: "A3"}})
		p.ok(err)
		for i := range 2 {
			if a := p.the(i); a.Flags&assessment.FlagReused != 0 {
				t.Errorf("household %d is still flagged", i)
			}
		}
		if p.the(1).Evidence != 0 {
			t.Error("the detached item still counts")
		}
		p.exact()
	})
}

func TestManySendAtOnce(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		to := []evidence.Use{use(p.the(0).ID, "C1"), use(p.the(1).ID, "C1")}
		var wg sync.WaitGroup
		for i := range 8 {
			body := append(snapshot(t, 1, 90), byte(i)) // the same picture in eight files
			wg.Go(func() {
				if _, err := p.e.Upload(p.ctx, p.volunteer(), p.area, to, "", "anh.jpg", bytes.NewReader(body)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range 2 {
			if n := p.the(i).Evidence; n != 8 {
				t.Errorf("household %d counts %d of 8", i, n)
			}
		}
		p.drain()
		for i := range 2 {
			if a := p.the(i); a.Evidence != 8 || a.Flags&assessment.FlagReused == 0 {
				t.Errorf("household %d: %d items, flags %b", i, a.Evidence, a.Flags)
			}
		}
		p.exact()
	})
}

func TestTwinsAcrossCommunes(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		elsewhere := place.OfficialID(neighbourCode, "2025-07-01")
		area, err := p.places.CreateArea(p.ctx, identity.System, place.AreaDraft{CommuneID: elsewhere, Name: "1", Kind: "Khu", From: "2025-07-01"})
		p.ok(err)
		_, err = p.registry.Save(p.ctx, identity.System, registry.Draft{PlaceID: area.ID, Model: registry.Family, Name: "Chủ hộ Xa", Members: 3})
		p.ok(err)
		there, _, err := p.s.InLeaf(p.ctx, identity.System, area.ID, p.round.ID, registry.Family)
		p.ok(err)
		body := snapshot(t, 2, 90)
		p.upload(p.the(0), "A3", body)
		_, err = p.e.Upload(p.ctx, actor(identity.AreaVolunteer, area.ID), area.ID, []evidence.Use{{AssessmentID: there[0].ID, Criterion: "A3"}}, "", "anh.jpg", bytes.NewReader(body))
		p.ok(err)
		p.drain()
		if p.the(0).Flags&assessment.FlagReused == 0 {
			t.Fatal("equal bytes in another commune are not seen")
		}
		list, hidden, err := p.s.Reused(p.ctx, p.volunteer(), p.area, p.the(0).ID)
		p.ok(err)
		if len(list) != 0 || hidden != 1 {
			t.Fatalf("a volunteer sees %d files of another commune, %d hidden", len(list), hidden)
		}
		p.exact()
	})
}

func TestRefusedFileDoesNotCount(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		whole := snapshot(t, 1, 90)
		p.upload(p.the(0), "A3", whole[:len(whole)/2])
		if p.the(0).Evidence != 1 {
			t.Fatal("what is being checked counts")
		}
		p.drain()
		if p.the(0).Evidence != 0 {
			t.Fatal("what was refused still counts")
		}
		list, err := p.e.List(p.ctx, p.volunteer(), p.area, p.the(0).ID)
		p.ok(err)
		if len(list) != 1 || list[0].State != evidence.StateRefused || list[0].Reason == nil || list[0].Reason.Fields[0].Key != "evidence.damaged" ||
			list[0].Reason.Fields[0].Args["name"] != "anh.jpg" {
			t.Fatalf("the refusal: %+v", list)
		}
		if _, err := p.e.Attach(p.ctx, p.volunteer(), p.area, list[0].ID, []evidence.Use{{AssessmentID: p.the(1).ID, Criterion: "A3"}}); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("attaching a refused file: %v", err)
		}
		// An original that vanished says so.
		it := p.upload(p.the(1), "A3", snapshot(t, 4, 90))
		p.ok(p.blobs.Walk(p.ctx, func(f blob.Info) error {
			_, err := p.blobs.Delete(p.ctx, f.SHA256, time.Now().Add(time.Hour))
			return err
		}))
		p.drain()
		list, err = p.e.List(p.ctx, p.volunteer(), p.area, p.the(1).ID)
		p.ok(err)
		if len(list) != 1 || list[0].ID != it.ID || list[0].State != evidence.StateRefused || list[0].Reason.Fields[0].Key != "evidence.lost" {
			t.Fatalf("the vanished one: %+v", list)
		}
		p.exact()
	})
}

func TestSharedItem(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		it := p.upload(p.the(0), "C1", snapshot(t, 1, 90))
		p.drain()
		var uses []evidence.Use
		for i := 1; i < 4; i++ {
			uses = append(uses, evidence.Use{AssessmentID: p.the(i).ID, Criterion: "C1"}, evidence.Use{AssessmentID: p.the(i).ID, Criterion: "C2"})
		}
		_, err := p.e.Attach(p.ctx, p.volunteer(), p.area, it.ID, uses)
		p.ok(err)
		for i := range 4 {
			if a := p.the(i); a.Evidence != 1 || a.Flags&assessment.FlagReused != 0 {
				t.Errorf("household %d: %d items, flags %b", i, a.Evidence, a.Flags)
			}
		}
		list, err := p.e.List(p.ctx, p.volunteer(), p.area, p.the(1).ID)
		p.ok(err)
		if len(list) != 1 || list[0].Shared != 3 || strings.Join(list[0].Criteria, " ") != "C1 C2" {
			t.Fatalf("shared: %+v", list)
		}
		// A use of a criterion that the set does not have, or of a file of another place, leaves nothing behind.
		for _, u := range []evidence.Use{use(p.the(1).ID, "Z9"), use("khong-co", "C1")} {
			if _, err := p.e.Attach(p.ctx, p.volunteer(), p.area, it.ID, []evidence.Use{use(p.the(1).ID, "A3"), u}); err == nil {
				t.Errorf("attached to %+v", u)
			}
		}
		if list, _ = p.e.List(p.ctx, p.volunteer(), p.area, p.the(1).ID); len(list[0].Criteria) != 2 {
			t.Fatalf("half an act stays: %v", list[0].Criteria)
		}
		p.exact()
	})
}

func TestLockedFileAndNeighbours(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		for _, f := range p.families {
			p.registers(f, "3")
		}
		p.save(p.the(0), assessment.StageSelf, good())
		it := p.upload(p.the(0), "C1", snapshot(t, 1, 90))
		p.drain()
		p.minutes()
		// The commune's reviewer has no hand in a file that the area still works on.
		if _, err := p.e.Attach(p.ctx, p.reviewer(), p.area, it.ID, []evidence.Use{use(p.the(0).ID, "C2")}); fault.KindOf(err) != fault.KindDenied {
			t.Fatalf("a reviewer attaches before the file is sent: %v", err)
		}
		_, err := p.world.s.Send(p.ctx, p.volunteer(), p.area, p.round.ID, registry.Family, nil)
		p.ok(err)
		second := []evidence.Use{use(p.the(0).ID, "C2")}
		if _, err := p.e.Attach(p.ctx, p.volunteer(), p.area, it.ID, second); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("the area attaches to a file that is sent: %v", err)
		}
		_, err = p.e.Attach(p.ctx, p.officer(), p.area, it.ID, second)
		p.ok(err)
		_, err = p.world.s.Approve(p.ctx, p.officer(), assessment.Key{PlaceID: p.area, ID: p.the(0).ID, Version: p.the(0).Version})
		p.ok(err)
		if _, err := p.e.Detach(p.ctx, p.officer(), p.area, it.ID, second); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("an approved file changes: %v", err)
		}
		stranger := actor(identity.AreaVolunteer, "own-"+place.OfficialID(neighbourCode, "2025-07-01"))
		open := []evidence.Use{{AssessmentID: p.the(1).ID, Criterion: "C2"}}
		if _, err := p.e.Attach(p.ctx, stranger, p.area, it.ID, open); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a stranger attaches: %v", err)
		}
		if _, err := p.e.Upload(p.ctx, stranger, p.area, open, "", "a.jpg", bytes.NewReader(snapshot(t, 2, 90))); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a stranger sends: %v", err)
		}
		if _, err := p.e.List(p.ctx, stranger, p.area, p.the(0).ID); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("a stranger lists: %v", err)
		}
		if _, err := p.e.Open(p.ctx, stranger, p.area, it.ID, evidence.Full); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a stranger opens: %v", err)
		}
		// After the last day of both stages the date that applies is named.
		p.at = time.Date(2026, 11, 26, 8, 0, 0, 0, store.Zone)
		_, err = p.e.Attach(p.ctx, p.volunteer(), p.area, it.ID, open)
		if f, ok := fault.As(err); !ok || f.Key != "round.late" {
			t.Errorf("after the deadline: %v", err)
		}
		p.exact()
	})
}

func TestRequiredEvidence(t *testing.T) {
	shipped.Each(t, func(t *testing.T, db *store.DB) {
		p := buildProofs(t, db)
		draft, err := p.sets.NewDraft(p.ctx, identity.System, "family-2021-2030@1")
		p.ok(err)
		body := strings.Replace(draft.Body, "{code: A3,", "{evidence_required: {from_points: 5}, code: A3,", 1)
		draft, faults, err := p.sets.SaveDraft(p.ctx, identity.System, draft.ID, draft.Edit, body)
		p.ok(err)
		p.ok(faults)
		published, err := p.sets.Publish(p.ctx, identity.System, draft.ID, draft.Edit, "Bắt buộc minh chứng A3")
		p.ok(err)
		p.ok(db.Write(p.ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(p.ctx, `UPDATE assessment SET set_id = $1 WHERE place_id = $2 AND model = 'family'`, published.ID, p.area)
			return err
		}))
		missing := func(want bool, when string) {
			t.Helper()
			if got := p.the(0).Flags&assessment.FlagEvidence != 0; got != want {
				t.Errorf("%s: missing %v, want %v", when, got, want)
			}
		}
		p.registers(p.families[0], "3")
		p.save(p.the(0), assessment.StageSelf, good()) // A3 has 8 points
		missing(true, "scored without a picture")
		p.upload(p.the(0), "C1", snapshot(t, 1, 90))
		missing(true, "a picture for another criterion")
		whole := snapshot(t, 2, 90)
		p.upload(p.the(0), "A3", whole[:len(whole)/2])
		missing(false, "sent")
		p.drain()
		missing(true, "refused")
		p.save(p.the(0), assessment.StageSelf, good())
		missing(true, "saved with a refused picture")
		_, err = p.e.AddLink(p.ctx, p.volunteer(), p.area, []evidence.Use{use(p.the(0).ID, "A3")}, "", "https://example.org/lop-hoc")
		p.ok(err)
		missing(false, "a link")
		p.save(p.the(0), assessment.StageSelf, good())
		missing(false, "saved with the link")
		p.exact()
	})
}

func TestLimitsOfOneFile(t *testing.T) {
	db := shipped.SQLite(t)
	p := buildProofs(t, db)
	add := func(code string) error {
		_, err := p.e.AddRegister(p.ctx, p.volunteer(), p.area, []evidence.Use{use(p.the(0).ID, code)}, "", "Sổ khen thưởng, dòng 12")
		return err
	}
	for range evidence.MaxPerCriterion {
		p.ok(add("A3"))
	}
	if err := add("A3"); fault.KindOf(err) != fault.KindTooMuch {
		t.Fatalf("one more for the criterion: %v", err)
	}
	for _, code := range []string{"C1", "C2"} {
		for range evidence.MaxPerCriterion {
			p.ok(add(code))
		}
	}
	if err := add("D1"); fault.KindOf(err) != fault.KindTooMuch {
		t.Fatalf("one more for the file: %v", err)
	}
	if p.the(0).Evidence != evidence.MaxPerAssessment {
		t.Fatalf("the file counts %d", p.the(0).Evidence)
	}
	p.exact()
}

func TestSweepKeepsWhatIsNamed(t *testing.T) {
	db := shipped.SQLite(t)
	p := buildProofs(t, db)
	p.at = time.Now().Add(time.Minute) // the file store's clock is the real one, and the upload is later than its bytes
	it, err := p.e.Upload(p.ctx, p.volunteer(), p.area, nil, "Biên bản", "bb.jpg", bytes.NewReader(snapshot(t, 1, 90)))
	p.ok(err)
	orphan, err := p.blobs.Put(p.ctx, strings.NewReader("nobody names this"), 100)
	p.ok(err)
	p.drain()
	count := func() (n int) {
		p.ok(p.blobs.Walk(context.Background(), func(blob.Info) error { n++; return nil }))
		return n
	}
	if n := count(); n != 3 { // the picture, its thumbnail and the orphan: the original went when the picture was accepted
		t.Fatalf("%d files", n)
	}
	p.at = time.Now().Add(2 * time.Hour)
	done, err := p.e.Sweep(p.ctx)
	p.ok(err)
	if done.Deleted != 1 || done.Freed != orphan.Size {
		t.Fatalf("swept %+v", done)
	}
	o, err := p.e.Open(p.ctx, p.officer(), p.area, it.ID, evidence.Thumb)
	p.ok(err)
	p.ok(o.Close())
}
