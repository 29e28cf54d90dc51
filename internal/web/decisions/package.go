// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"hoctap/internal/archive"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// The yearly package of a body for its archive: asked for on the page of decisions, made by a job, fetched from the same page.

// packageLine is what the page shows of a body's package.
type packageLine struct {
	Href     string // of the file; "" while there is none
	Text     string // how many files, how large, from when
	Progress string // of the job that makes the next one; "" when none is under way
	Job      string // its page, for who asked for it
}

func packageAction(placeID string) string { return base(placeID) + "/luu-tru" }

func (view *listView) packages(v *site.Visit, p place.Place) error {
	of, err := v.Archive.OfPlace(v.Ctx(), v.Actor, p.ID, view.Year)
	if err != nil {
		return err
	}
	for i := range view.Bodies {
		b := &view.Bodies[i]
		x, found := of[b.Body.ID]
		if !found {
			continue
		}
		if x.SHA != "" {
			b.Package.Href = site.With(packageAction(p.ID), "co-quan", b.Body.ID, "nam", strconv.Itoa(x.Year))
			b.Package.Text = v.T("archive.what", "files", x.Files, "size", (x.Size+1<<20-1)>>20, "clock", lang.Clock(v.Ctx(), x.MadeAt), "date", lang.Date(v.Ctx(), x.MadeAt))
		}
		if j := x.Active; j != nil {
			b.Package.Progress = v.T("archive.making", "done", j.Done, "all", j.All)
			if j.ByID == v.Actor.ID {
				b.Package.Job = progressOf(j.ID, p.ID, x.Year)
			}
		}
	}
	return nil
}

func progressOf(jobID, placeID string, year int) string {
	return site.With("/viec-may/"+jobID, "ve", site.With(base(placeID), "nam", strconv.Itoa(year)))
}

// askPackage has the package made and leads to its progress; another's job under way is shown on the page of decisions.
func askPackage(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.Decide)
	if err != nil {
		return err
	}
	bodyID, year, err := packageOf(p, v.Form("co-quan"), v.Form("nam"))
	if err != nil {
		return err
	}
	id, err := v.Archive.Ask(v.Ctx(), v.Actor, archive.Task{BodyID: bodyID, Year: year, At: papers.Link(v, "")})
	if fault.KindOf(err) == fault.KindConflict {
		return listPage(v, http.StatusConflict, "", err)
	}
	if err != nil {
		return err
	}
	j, err := v.Jobs.Get(v.Ctx(), id)
	if err != nil {
		return err
	}
	if j.ByID != v.Actor.ID {
		return v.Go(site.With(base(p.ID), "nam", strconv.Itoa(year)) + "#co-quan")
	}
	return v.Go(progressOf(id, p.ID, year))
}

// packageOf reads which body of a place and which year is meant.
func packageOf(p place.Place, bodyID, typed string) (string, int, error) {
	year, err := strconv.Atoi(typed)
	if err != nil || year < 2000 || year > 2100 {
		return "", 0, fault.NotFound("archive", typed)
	}
	if seatOf(bodyID) != p.ID {
		return "", 0, fault.NotFound("body", bodyID)
	}
	return bodyID, year, nil
}

// fetchPackage sends the package as it lies in the file store.
func fetchPackage(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	bodyID, year, err := packageOf(p, v.Query("co-quan"), v.Query("nam"))
	if err != nil {
		return err
	}
	r, x, err := v.Archive.Open(v.Ctx(), v.Actor, bodyID, year)
	if err != nil {
		return err
	}
	defer r.Close()
	h := v.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="luu-tru-%s-%d.zip"`, pick(committee(bodyID), "ubnd", "hoi-khuyen-hoc"), year))
	h.Set("Content-Length", strconv.FormatInt(x.Size, 10))
	h.Set("Cache-Control", "private, no-store")
	_, err = io.Copy(v.W, r)
	return err
}

// makePackage is the job.
func makePackage(ctx context.Context, s *site.Site, j *job.Job) error {
	var t archive.Task
	if err := json.Unmarshal(j.Payload, &t); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	at, err := url.Parse(t.At)
	if err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	by := identity.System // who asked was allowed to: a job outlives the rights of the day
	by.ID = j.ByID
	return s.Archive.Keep(ctx, j, t, func(ctx context.Context, w io.Writer) (int, error) {
		r, err := http.NewRequestWithContext(papers.Vi(ctx), http.MethodGet, "/", nil)
		if err != nil {
			return 0, err
		}
		r.Host = at.Host
		p := pack{v: &site.Visit{Site: s, R: r, Actor: by}, step: func(done, all int) error { return j.Step(ctx, int64(done), int64(all)) }}
		return p.write(w, t.BodyID, t.Year)
	})
}
