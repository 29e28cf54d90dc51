// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"hoctap/internal/paper"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/recognition"
	"hoctap/internal/report"
	"hoctap/internal/sheet"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// pack writes a package: papers as PDF/A and as they were signed, registers as CSV, records as JSON lines, and what all of it is.
type pack struct {
	v     *site.Visit
	step  func(done, all int) error
	zip   *zip.Writer
	press *pdf.Press
	lines [][]any // of the list of files
	sums  bytes.Buffer
	files int
	done  int
	all   int

	decisions, titles, papers bytes.Buffer // JSON lines
}

// write returns how many files it packed.
func (p *pack) write(w io.Writer, bodyID string, year int) (int, error) {
	var err error
	if p.press, err = p.v.Press(); err != nil {
		return 0, err
	}
	p.zip = zip.NewWriter(w)
	var registers []recognition.Register
	for _, kind := range recognition.PaperKinds {
		r, err := p.v.Recognition.Register(p.v.Ctx(), p.v.Actor, bodyID, kind, year)
		if err != nil {
			return 0, err
		}
		registers = append(registers, r)
		p.all += len(r.Decisions) + len(r.Papers)
	}
	p.all++ // the lists
	if err := p.step(0, p.all); err != nil {
		return 0, err
	}
	for i := range registers {
		if err := p.register(&registers[i]); err != nil {
			return 0, err
		}
	}
	for _, x := range []struct {
		name string
		b    *bytes.Buffer
	}{{"quyet-dinh", &p.decisions}, {"danh-hieu", &p.titles}, {"van-ban", &p.papers}} {
		if _, err := p.add("du-lieu/"+x.name+".jsonl", x.b.Bytes()); err != nil {
			return 0, err
		}
	}
	if err := p.csv("danh-muc.csv", []string{"file", "number", "date", "about", "pages", "sha"}, p.lines); err != nil {
		return 0, err
	}
	if err := p.put("SHA256SUMS", p.sums.Bytes()); err != nil {
		return 0, err
	}
	if err := p.step(p.all, p.all); err != nil {
		return 0, err
	}
	return p.files, p.zip.Close()
}

// register packs a register with its papers.
func (p *pack) register(r *recognition.Register) error {
	name := pick(r.Kind == recognition.PaperDecision, "quyet-dinh", registerName(r.Kind))
	var rows [][]any
	known := newLines(p.v, r.Decisions...)
	for i := range r.Decisions {
		line, err := known.of(&r.Decisions[i])
		if err != nil {
			return err
		}
		d := &r.Decisions[i]
		rows = append(rows, []any{d.Text(), lang.Day(p.v.Ctx(), d.Date), line.About, d.Signer, d.Items})
		if err := p.decision(d, line.About); err != nil {
			return fmt.Errorf("%s: %w", d.Text(), err)
		}
	}
	for i := range r.Papers {
		x := &r.Papers[i]
		rows = append(rows, []any{x.Text(), lang.Day(p.v.Ctx(), x.Date), x.About, x.Signer, nil})
		if err := p.paper(name, x); err != nil {
			return fmt.Errorf("%s: %w", x.Text(), err)
		}
	}
	return p.csv("so/so-"+name+".csv", []string{"number", "date", "about", "signer", "count"}, rows)
}

// packed is the record of a decision or paper.
type packed struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind"`
	Number     string   `json:"number"`
	Date       string   `json:"date"`
	About      string   `json:"about"`
	Body       string   `json:"body"`
	PlaceID    string   `json:"place_id"`
	Model      string   `json:"model,omitempty"`
	FromYear   int      `json:"from_year,omitempty"`
	ForYear    int      `json:"for_year,omitempty"`
	Signer     string   `json:"signer"`
	Post       string   `json:"post,omitempty"`
	Grounds    []string `json:"grounds,omitempty"`
	Reason     string   `json:"reason,omitempty"`
	AmendsID   string   `json:"amends_id,omitempty"`
	DecisionID string   `json:"decision_id,omitempty"`
	Items      int      `json:"items,omitempty"`
	IssuedAt   string   `json:"issued_at"`
	FrozenSHA  string   `json:"frozen_sha256"` // of the text that the system froze
	Files      []string `json:"files"`
}

// packedTitle is the record of a title.
type packedTitle struct {
	ID         string `json:"id"`
	DecisionID string `json:"decision_id"`
	No         int    `json:"no"`
	Model      string `json:"model"`
	Name       string `json:"name"`
	Area       string `json:"area"`
	PlaceID    string `json:"place_id"`
	SubjectID  string `json:"subject_id"`
	FromYear   int    `json:"from_year"`
	Year       int    `json:"year"`
	UntilYear  int    `json:"until_year"`
	Exemplary  bool   `json:"exemplary"`
	State      string `json:"state"`
	EndedBy    string `json:"ended_by,omitempty"`
	Code       string `json:"code"`
}

const moment = "2006-01-02T15:04:05Z07:00"

func (p *pack) decision(d *recognition.Decision, about string) error {
	v := p.v
	named, err := namedBy(v, d)
	if err != nil {
		return err
	}
	f, err := factsOf(v, d, named)
	if err != nil {
		return err
	}
	if f.Items, err = v.Recognition.Items(v.Ctx(), v.Actor, d.ID); err != nil {
		return err
	}
	files, err := p.printed("quyet-dinh", d.Number, d.Text(), d.Date, about, documentOf(v.Ctx(), f), signature.Target{DecisionID: d.ID})
	if err != nil {
		return err
	}
	titles, err := v.Recognition.TitlesOf(v.Ctx(), v.Actor, d.ID)
	if err != nil {
		return err
	}
	for i := range titles {
		t := &titles[i]
		if err := line(&p.titles, packedTitle{t.ID, t.DecisionID, t.No, t.Model, t.Name, t.AreaName, t.PlaceID, t.SubjectID, t.FromYear, t.Year, t.UntilYear, t.Exemplary, string(t.State), t.EndedBy, t.Code.String()}); err != nil {
			return err
		}
	}
	return line(&p.decisions, packed{ID: d.ID, Kind: string(d.Kind), Number: d.Text(), Date: d.Date, About: about, Body: d.BodyName, PlaceID: d.PlaceID, Model: d.Model, FromYear: d.FromYear, ForYear: d.ForYear,
		Signer: d.Signer, Post: d.Post, Grounds: d.Grounds, Reason: d.Reason, AmendsID: d.AmendsID, Items: d.Items, IssuedAt: d.IssuedAt.UTC().Format(moment), FrozenSHA: d.SHA, Files: files})
}

// paper packs a numbered paper as it was frozen.
func (p *pack) paper(folder string, x *recognition.Paper) error {
	var doc *paper.Document
	if x.Kind == recognition.PaperReport {
		snap, err := report.Decode(x.Content)
		if err != nil {
			return err
		}
		m := paper.Marks{Notice: p.v.Trust()}
		if p.v.Demo {
			m.Across = lang.T(p.v.Ctx(), "paper.demo")
		}
		doc = papers.Report(p.v.Ctx(), snap, m)
	} else {
		var err error
		if doc, err = paper.Decode(x.Content); err != nil {
			return err
		}
	}
	files, err := p.printed(folder, x.Number, x.Text(), x.Date, x.About, doc, signature.Target{DecisionID: x.DecisionID, PaperID: x.ID})
	if err != nil {
		return err
	}
	return line(&p.papers, packed{ID: x.ID, Kind: string(x.Kind), Number: x.Text(), Date: x.Date, About: x.About, Body: x.BodyName, PlaceID: x.PlaceID, Model: x.Model, Signer: x.Signer, DecisionID: x.DecisionID,
		IssuedAt: x.IssuedAt.UTC().Format(moment), FrozenSHA: x.SHA, Files: files})
}

// printed packs a paper as PDF/A, and beside it as it was signed once all have signed.
func (p *pack) printed(folder string, number int64, text, date, about string, doc *paper.Document, t signature.Target) (files []string, err error) {
	v := p.v
	name := fmt.Sprintf("%s/%04d", folder, number)
	var b bytes.Buffer
	if err := p.press.Archive(&b, doc); err != nil {
		return nil, err
	}
	keep := func(name string, content []byte) error {
		sum, err := p.add(name, content)
		p.lines = append(p.lines, []any{name, text, lang.Day(v.Ctx(), date), about, pages(content), sum})
		files = append(files, name)
		return err
	}
	if err := keep(name+".pdf", b.Bytes()); err != nil {
		return nil, err
	}
	g, err := v.Signature.Signing(v.Ctx(), v.Actor, t)
	if err != nil {
		return nil, err
	}
	if g.Complete && len(g.Files) > 0 {
		r, _, err := v.Signature.Open(v.Ctx(), v.Actor, t, g.Files[len(g.Files)-1].Step)
		if err != nil {
			return nil, err
		}
		signed, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return nil, err
		}
		if err := keep(name+"-da-ky.pdf", signed); err != nil {
			return nil, err
		}
	}
	p.done++
	return files, p.step(p.done, p.all)
}

// pageCount is where the files of this program tell how many pages they have; what a signature adds stands behind it.
var pageCount = regexp.MustCompile(`/Type /Pages\n/Kids \[[0-9R ]*\]\n/Count (\d+)\n`)

func pages(file []byte) any {
	m := pageCount.FindSubmatch(file)
	if m == nil {
		return nil
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return nil
	}
	return n
}

func line(b *bytes.Buffer, value any) error { return json.NewEncoder(b).Encode(value) }

// csv packs a table whose columns the catalogue names.
func (p *pack) csv(name string, columns []string, rows [][]any) error {
	var b bytes.Buffer
	w := sheet.NewCSVWriter(&b, ',')
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = lang.T(p.v.Ctx(), "archive.col."+c)
	}
	for _, row := range append([][]any{head}, rows...) {
		if err := w.Row(row...); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err := p.add(name, b.Bytes())
	return err
}

// add packs a file and notes its sum.
func (p *pack) add(name string, content []byte) (sum string, err error) {
	if err := p.v.Ctx().Err(); err != nil {
		return "", err
	}
	raw := sha256.Sum256(content)
	sum = hex.EncodeToString(raw[:])
	fmt.Fprintf(&p.sums, "%s  %s\n", sum, name)
	return sum, p.put(name, content)
}

func (p *pack) put(name string, content []byte) error {
	w, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.v.Now()})
	if err != nil {
		return err
	}
	p.files++
	_, err = w.Write(content)
	return err
}
