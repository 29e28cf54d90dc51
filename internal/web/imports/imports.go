// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package imports holds the pages on which a spreadsheet becomes part of the registry: choose the file, match its columns, look at
// what is wrong beside each row, import what is good, and take it all back with one press.
package imports

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"sync"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/registry"
	"hoctap/internal/store"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

// MaxFile is the largest spreadsheet taken, in bytes: 200,000 households are about 20 MB.
const MaxFile = 40 << 20

// atOnce is how many rows are imported while the person waits; more become a job.
const atOnce = 5000

// jobKind is the kind of the job that imports a large file.
const jobKind = "registry.import"

// Register adds the routes of this package and the handler of its job.
func Register(m *site.Mux) {
	m.Signed("GET /nhap-tep", index)
	m.SignedUpTo("POST /nhap-tep", MaxFile+1<<20, upload)
	m.Signed("GET /nhap-tep/{id}", show)
	m.Signed("POST /nhap-tep/{id}/cot", mapColumns)
	m.Signed("POST /nhap-tep/{id}/o", editCell)
	m.Signed("POST /nhap-tep/{id}/chon", choose)
	m.Signed("POST /nhap-tep/{id}/sua", applyFix)
	m.Signed("POST /nhap-tep/{id}/nhap", start)
	m.Signed("POST /nhap-tep/{id}/hoan-tac", undo)
	m.Signed("GET /nhap-tep/{id}/loi.xlsx", errorFile)
	m.Jobs.Handle(jobKind, func(ctx context.Context, j *job.Job) error { return runJob(ctx, m.Site, j) })
}

type indexView struct {
	Frame   ui.Office
	Model   ui.Field
	File    ui.Field
	Year    ui.Field
	From    ui.Field
	Place   string
	Broken  []ui.Broken
	Batches []batchLine
}

type batchLine struct {
	Batch registry.Batch
	State ui.State
	At    string
}

func index(v *site.Visit) error { return indexWith(v, http.StatusOK, nil) }

func indexWith(v *site.Visit, status int, failed error) error {
	p, err := v.Here(identity.EditRegistry)
	if err != nil {
		return err
	}
	var errs map[string]string
	if failed != nil {
		sentence := ""
		if sentence, errs = lang.Fault(v.Ctx(), failed); len(errs) == 0 {
			errs = map[string]string{"tep": sentence}
		}
		if e := errs["file"]; e != "" {
			errs["tep"] = e
		}
	}
	view := indexView{Place: p.ID}
	view.Model = ui.Field{Name: "mo-hinh", Label: v.T("imports.model"), Err: errs["model"]}
	for _, m := range registry.ImportModels {
		view.Model.Options = append(view.Model.Options, ui.Option{Value: m, Label: v.T("imports.model." + m), Chosen: v.Form("mo-hinh") == m})
	}
	view.Year = ui.Field{Name: "nam", Label: v.T("imports.year"), Hint: v.T("imports.year_hint"), Optional: true, Type: "number", Class: "input--short", Value: v.Form("nam")}
	view.From = ui.Field{Name: "nguon", Label: v.T("imports.from"), Hint: v.T("imports.from_hint"), Optional: true, Value: v.Form("nguon")}
	view.File = ui.Field{Name: "tep", Label: v.T("imports.file"), Hint: v.T("imports.file_hint"), Type: "file", Err: errs["tep"], Attrs: map[string]any{"accept": ".xlsx,.csv,.tsv", "required": true}}
	view.Broken = ui.BrokenOf(errs, view.Model, view.File)
	list, err := v.Registry.Batches(v.Ctx(), v.Actor, p.ID, 20)
	if err != nil {
		return err
	}
	for _, b := range list {
		view.Batches = append(view.Batches, batchLine{b, stateOf(v, b.State), lang.Date(v.Ctx(), b.CreatedAt) + " " + lang.Clock(v.Ctx(), b.CreatedAt)})
	}
	view.Frame = v.Frame(v.T("imports.title", "place", p.FullName()), site.Imports, p, ui.Crumb{Label: p.FullName()}, ui.Crumb{Label: v.T("nav.imports")})
	view.Frame.Failed = failed != nil
	return v.ShowAs(status, indexPage(view))
}

func stateOf(v *site.Visit, s registry.BatchState) ui.State {
	st := ui.State{Word: v.T("registry.batch." + string(s))}
	switch s {
	case registry.Done:
		st.Kind = "ok"
	case registry.Undone:
		st.Icon = "undo"
	case registry.Uploaded, registry.Checked:
		st.Kind = "warn"
	}
	return st
}

// upload stores the file by its content and opens it as an import.
func upload(v *site.Visit) error {
	if err := v.ReadUpload(); err != nil {
		return err
	}
	defer v.R.MultipartForm.RemoveAll()
	p, err := v.Here(identity.EditRegistry)
	if err != nil {
		return err
	}
	file, head, err := v.R.FormFile("tep")
	if err != nil {
		return indexWith(v, http.StatusUnprocessableEntity, fault.Invalid(fault.Field("tep", "imports.no_file")))
	}
	defer file.Close()
	b, err := receive(v, p.ID, file, head)
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindTooMuch:
		return indexWith(v, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return v.Go("/nhap-tep/" + b.ID)
}

func receive(v *site.Visit, placeID string, file multipart.File, head *multipart.FileHeader) (b registry.Batch, err error) {
	ref, err := v.Blobs.Put(v.Ctx(), file, MaxFile)
	if err != nil {
		return b, err
	}
	year, _ := strconv.Atoi(v.Form("nam"))
	return v.Registry.Upload(v.Ctx(), v.Actor, registry.Upload{Source: registry.Source{File: file, Size: ref.Size}, PlaceID: placeID, Model: v.Form("mo-hinh"),
		FileName: head.Filename, FileSHA: ref.SHA256, Year: year, From: v.Form("nguon")})
}

// source opens the stored file of an import; close it.
func source(ctx context.Context, s *site.Site, b registry.Batch) (registry.Source, io.Closer, error) {
	r, size, err := s.Blobs.Open(ctx, b.FileSHA)
	if err != nil {
		return registry.Source{}, nil, err
	}
	at, ok := r.(io.ReaderAt)
	if !ok {
		at = &seeking{r: r}
	}
	return registry.Source{File: at, Size: size}, r, nil
}

// seeking makes a ReaderAt of a store that only seeks.
type seeking struct {
	mu sync.Mutex
	r  io.ReadSeeker
}

func (s *seeking) ReadAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}

// check opens the file and judges every row.
func check(v *site.Visit, b registry.Batch) (registry.Batch, error) {
	src, closer, err := source(v.Ctx(), v.Site, b)
	if err != nil {
		return b, err
	}
	defer closer.Close()
	return v.Registry.Check(v.Ctx(), v.Actor, b.ID, b.Version, src)
}

type importJob struct {
	BatchID string `json:"batch"`
	Doubts  bool   `json:"doubts"`
}

// start imports what is good: at once when the file is small, else as a job.
func start(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	b, err := v.Registry.Batch(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	doubts := v.Form("nghi") != ""
	if b.Counts.Rows <= atOnce {
		version, err := strconv.ParseInt(v.Form("version"), 10, 64)
		if err != nil {
			version = b.Version
		}
		if _, err := v.Registry.Import(v.Ctx(), v.Actor, b.ID, version, doubts, nil); err != nil {
			return err
		}
		return v.Go("/nhap-tep/" + b.ID)
	}
	var id string
	err = v.DB.Write(v.Ctx(), func(tx *store.Tx) (err error) {
		id, err = v.Jobs.Add(v.Ctx(), tx, jobKind, b.ID, importJob{b.ID, doubts}, v.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	return v.Go("/viec-may/" + id + "?ve=/nhap-tep/" + b.ID)
}

// runJob imports a large file for the person who asked: the right was checked when the job was added, the journal names the person.
func runJob(ctx context.Context, s *site.Site, j *job.Job) error {
	var in importJob
	if err := json.Unmarshal(j.Payload, &in); err != nil {
		return fmt.Errorf("payload: %w", err)
	}
	by := identity.System
	by.ID = j.ByID
	b, err := s.Registry.Batch(ctx, by, in.BatchID)
	if err != nil {
		return err
	}
	last := time.Now()
	_, err = s.Registry.Import(ctx, by, b.ID, b.Version, in.Doubts, func(c registry.Counter) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		if err := j.Step(ctx, int64(c.Imported), int64(c.Rows)); err != nil {
			s.Log.Warn("import progress", "error", err)
		}
	})
	return err
}

func undo(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	version, _ := strconv.ParseInt(v.Form("version"), 10, 64)
	b, left, err := v.Registry.Undo(v.Ctx(), v.Actor, v.Path("id"), version)
	if err != nil {
		return err
	}
	return resultWith(v, b, left)
}

func errorFile(v *site.Visit) error {
	b, err := v.Registry.Batch(v.Ctx(), v.Actor, v.Path("id"))
	if err != nil {
		return err
	}
	src, closer, err := source(v.Ctx(), v.Site, b)
	if err != nil {
		return err
	}
	defer closer.Close()
	h := v.W.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="dong-can-sua.xlsx"`)
	return v.Registry.ErrorFile(v.Ctx(), v.Actor, b.ID, src, v.W, v.T("imports.error_column"), func(i registry.Issue) string { return sentence(v.Ctx(), i) })
}
