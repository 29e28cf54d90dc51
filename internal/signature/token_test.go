// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/signature"
	"hoctap/internal/store"
)

// fetch is what a tool gets from a source address.
func (w *world) fetch(token string) ([]byte, error) {
	ticket, err := w.s.SourceTicket(w.ctx, token, "127.0.0.1:2")
	if err != nil {
		return nil, err
	}
	r, _, err := ticket.File(w.ctx)
	w.ok(err)
	defer r.Close()
	return io.ReadAll(r)
}

// bring is what a tool does with an upload address.
func (w *world) bring(token string, file []byte) error {
	ticket, err := w.s.UploadTicket(w.ctx, token, "127.0.0.1:2")
	if err != nil {
		return err
	}
	_, err = ticket.Accept(w.ctx, file)
	return err
}

const gone = "not_found.signing_address"

// A tool fetches as often as it must, fails and tries again, and brings one file; then both addresses are dead.
func TestTool(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		w.at = issued.Add(time.Hour)
		offer, err := w.s.Offer(w.ctx, w.officer, target, 1)
		w.ok(err)
		if len(offer.Source) < 43 || offer.Source == offer.Upload || !offer.Until.Equal(w.at.Add(15*time.Minute)) {
			t.Fatalf("%+v", offer)
		}
		for range 2 {
			if b, err := w.fetch(offer.Source); err != nil || !bytes.Equal(b, printed()) {
				t.Fatalf("fetched %d bytes, %v", len(b), err)
			}
		}
		source := printed()
		for name, err := range map[string]error{
			"fetching from the upload address": second(w.fetch(offer.Upload)), "bringing to the source address": w.bring(offer.Source, source), "an address by chance": w.bring("x", source), "no address": w.bring("", source),
		} {
			if keyOf(err) != gone {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.bring(offer.Upload, p.stranger.sign(source, w.at)); keyOf(err) != "signature.not_allowed" {
			t.Errorf("another's signature: %v", err)
		}
		good := p.person.sign(source, w.at)
		w.ok(w.bring(offer.Upload, good))
		for name, err := range map[string]error{"upload again": w.bring(offer.Upload, good), "source again": second(w.fetch(offer.Source))} {
			if keyOf(err) != gone {
				t.Errorf("%s: %v", name, err)
			}
		}
		if g, err := w.s.Signing(w.ctx, w.officer, target); err != nil || len(g.Files) != 1 || g.Files[0].ByID != w.officer.ID {
			t.Errorf("%+v, %v", g, err)
		}
		rows, err := store.Collect(w.ctx, w.db.Read(), store.Value[string], `SELECT hash FROM signing_token`)
		w.ok(err)
		for _, row := range rows {
			if strings.Contains(row, offer.Upload) || strings.Contains(row, offer.Source) || len(row) != 64 {
				t.Errorf("kept in the database: %s", row)
			}
		}
		w.verified()
	})
}

// An address dies with its time, with a newer one, with the step it was for, and with the right of who asked for it.
func TestToolAddressesEnd(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		w.at = issued.Add(time.Hour)
		good := p.person.sign(printed(), w.at)
		offer := func(by identity.Actor, step int) signature.Offer {
			t.Helper()
			o, err := w.s.Offer(w.ctx, by, target, step)
			w.ok(err)
			return o
		}
		dead := func(name string, o signature.Offer) {
			t.Helper()
			if _, err := w.fetch(o.Source); keyOf(err) != gone {
				t.Errorf("%s, source: %v", name, err)
			}
			if err := w.bring(o.Upload, good); keyOf(err) != gone {
				t.Errorf("%s, upload: %v", name, err)
			}
		}
		first := offer(w.officer, 1)
		dead("after a newer one", func() signature.Offer { offer(w.officer, 1); return first }())

		late := offer(w.officer, 1)
		w.at = w.at.Add(signature.Life)
		dead("after its time", late)

		colleague := w.account("dong-nghiep", identity.CommuneOfficer, w.commune)
		theirs := offer(colleague, 1)
		path, err := w.places.Path(w.ctx, nil, w.commune)
		w.ok(err)
		list, err := w.identity.At(w.ctx, w.commune)
		w.ok(err)
		for _, a := range list {
			if a.ID == colleague.ID {
				w.ok(w.identity.Disable(w.ctx, identity.System, a, path, true))
			}
		}
		dead("after its officer's account was closed", theirs)

		slow := offer(w.officer, 1)
		_, err = w.s.Upload(w.ctx, w.officer, target, 1, good)
		w.ok(err)
		dead("after another way was faster", slow)
		if _, err := w.s.Offer(w.ctx, w.officer, target, 1); fault.KindOf(err) != fault.KindStale {
			t.Errorf("an address for a step that is done: %v", err)
		}
		w.verified()
	})
}

// Of many uploads to one address at once exactly one is accepted.
func TestUploadsAtOnce(t *testing.T) {
	ready.Each(t, func(t *testing.T, db *store.DB) {
		w, p := build(t, db), people()
		target := w.set()
		offer, err := w.s.Offer(w.ctx, w.officer, target, 1)
		w.ok(err)
		files := [][]byte{p.person.sign(printed(), issued), p.second.sign(printed(), issued)}
		const many = 32
		errs := make([]error, many)
		start := make(chan struct{})
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				<-start
				errs[i] = w.bring(offer.Upload, files[i%2])
			})
		}
		close(start)
		all.Wait()
		accepted := 0
		for _, err := range errs {
			if err == nil {
				accepted++
			} else if keyOf(err) != gone {
				t.Errorf("refused with %v", err)
			}
		}
		if accepted != 1 {
			t.Errorf("%d accepted, want 1", accepted)
		}
		if g, err := w.s.Signing(w.ctx, w.officer, target); err != nil || g.Steps != 1 || len(g.Files) != 1 {
			t.Errorf("%+v, %v", g, err)
		}
		w.verified()
	})
}
