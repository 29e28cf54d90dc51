// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoctap/internal/assessment"
	"hoctap/internal/criteria"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/wording"
)

var update = flag.Bool("update", false, "write the golden papers again")

// standardPapers are papers of every kind by bodies that have no template of their own.
func standardPapers(ctx context.Context) map[string]string {
	out := map[string]string{}
	keep := func(name string, d *paper.Document) {
		s, err := paper.Encode(d)
		if err != nil {
			panic(err)
		}
		out[name] = s
	}
	points := criteria.Points(9450)
	items := []recognition.Item{{PlaceID: "a", No: 1, Name: "Hà Văn Chiến", AreaName: "Khu 7", Total: &points, Act: recognition.ActGrant},
		{PlaceID: "own-x", No: 2, Name: "Đinh Thị Thuỷ", Was: "Đinh Thị Thúy", AreaName: "Xã", Act: recognition.ActCorrect}}
	titles := []recognition.Title{{PlaceID: "a", AssessmentID: "1", No: 1, Name: "Hà Văn Chiến", AreaName: "Khu 7"}, {PlaceID: "own-x", AssessmentID: "2", No: 2, Name: "Đinh Thị Thuỷ", AreaName: "Xã"}}
	bodies := map[string]recognition.Body{
		"hoi":  {ID: "hoi_kh_xa-08515@2025-07-01", Kind: recognition.BodyAssociationCommune, Name: "Hội Khuyến học xã Hy Cương", Symbol: "QĐ-HKH", Post: "Chủ tịch", Signer: "Nguyễn Văn Đức"},
		"ubnd": {ID: "ubnd_xa-08515@2025-07-01", Kind: recognition.BodyCommitteeCommune, Name: "Ủy ban nhân dân xã Hy Cương", Symbol: "QĐ-UBND", Post: "Chủ tịch", Signer: "Trần Thị Hoà"},
	}
	for of, b := range bodies {
		for _, model := range []string{"family", "citizen"} {
			for _, kind := range []recognition.Kind{recognition.KindRecognise, recognition.KindExemplary, recognition.KindAmend, recognition.KindRevoke} {
				for _, number := range []int64{0, 7} {
					d := &recognition.Decision{ID: "d", BodyID: b.ID, BodyName: b.Name, Model: model, Kind: kind, FromYear: 2026, ForYear: 2026, Symbol: b.Symbol, Signer: b.Signer, Post: b.Post,
						Verified: criteria.Reconstructed, State: recognition.StateDraft, Items: 1234}
					if kind == recognition.KindExemplary {
						d.FromYear = 2022
					}
					if number > 0 {
						d.Number, d.Date, d.State, d.Year = number, "2026-12-08", recognition.StateIssued, 2026
					}
					said := func(k wording.Kind) recognition.Wording {
						return recognition.Wording{Kind: k, Text: wording.Standard(k, of == "ubnd")}
					}
					f := facts{Decision: d, Town: "Hy Cương", Year: 2026, Items: items, Demo: true, Said: recognition.Wordings{Paper: said(kind.WordingKind())}}
					if kind == recognition.KindAmend || kind == recognition.KindRevoke {
						d.AmendsID, d.Reason = "e", "Ghi sai họ."
						f.Named = &recognition.Decision{BodyName: b.Name, Number: 3, Symbol: b.Symbol, Date: "2026-12-01"}
					}
					d.Grounds = f.usualGrounds(ctx)
					if f.Named != nil {
						if last := d.Grounds[3]; last != "Căn cứ Quyết định số "+f.Named.Text()+" ngày 01 tháng 12 năm 2026 của "+b.Name {
							panic(last)
						}
						d.Grounds = d.Grounds[:3]
					}
					name := fmt.Sprintf("%s-%s-%s-%d", of, kind, model, number)
					keep(name, documentOf(ctx, f))
					if number == 0 || kind == recognition.KindAmend || kind == recognition.KindRevoke {
						continue
					}
					for _, w := range []assessment.Window{{}, {From: "2026-12-01", To: "2026-12-31"}} {
						a := after{facts: f, Titles: titles, Count: d.Items, Window: w, Words: said(wording.Notice)}
						keep(name+"-notice"+w.To, a.notice(ctx))
						a.Issued = recognition.Paper{Number: 2, Symbol: "TB-HKH", Date: "2026-12-09", Signer: "Người Ký"}
						keep(name+"-notice-issued"+w.To, a.notice(ctx))
						a.Words, a.Count = said(wording.Dispatch), len(titles)
						keep(name+"-dispatch"+w.To, a.dispatch(ctx))
					}
					for _, until := range []int{2026, 2028} {
						t := &recognition.Title{Model: model, FromYear: d.FromYear, Year: 2026, UntilYear: until, Exemplary: kind == recognition.KindExemplary, Name: "Hà Văn Chiến", AreaName: "Khu 7", No: 12, State: recognition.TitleValid}
						for _, at := range []*recognition.Decision{d, {BodyID: b.ID, BodyName: b.Name, Post: b.Post, Signer: b.Signer, ForYear: 2026}} {
							c := sheetOf(ctx, at, t, "Hy Cương", said(wording.Certificate))
							s, err := json.Marshal(c)
							if err != nil {
								panic(err)
							}
							out[fmt.Sprintf("%s-certificate-%d-%d", name, until, at.Number)] = string(s)
						}
					}
				}
			}
			for _, exemplary := range []bool{false, true} {
				p := recognition.Proposal{Round: assessment.Round{Year: 2026}, Model: model, Body: b, Total: 1234, Areas: []recognition.ProposalArea{
					{Name: "Khu 7", Files: []assessment.Assessment{{Name: "Hà Văn Chiến", Total: &points}, {Name: "Đinh Thị Thuỷ"}}}, {Name: "Khu 8", Files: []assessment.Assessment{{Name: "Lê Văn Năm"}}}}}
				p.Counts.Registered = 2345
				q := request{Proposal: &p, Asking: bodies["hoi"], Exemplary: exemplary, Town: "Hy Cương"}
				name := fmt.Sprintf("%s-%s-%v", of, model, exemplary)
				q.Said = recognition.Wording{Kind: wording.Request, Text: wording.Standard(wording.Request, false)}
				keep(name+"-request", q.document(ctx))
				q.Said = recognition.Wording{Kind: wording.Council, Text: wording.Standard(wording.Council, false)}
				keep(name+"-council", q.minutes(ctx))
			}
		}
	}
	return out
}

// TestStandardStays holds every paper of a body without a template of its own to what it was before there were templates, letter by letter and look by look.
func TestStandardStays(t *testing.T) {
	got := standardPapers(t.Context())
	path := filepath.Join("testdata", "standard.json")
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("%d papers, want %d", len(got), len(want))
	}
	for name, w := range want {
		if strings.Contains(name, "certificate") {
			if got[name] != w {
				t.Errorf("%s:\n%s\nwas\n%s", name, got[name], w)
			}
			continue
		}
		g, err := paper.Decode(got[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		was, err := paper.Decode(w)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := joined(t, g), joined(t, was); a != b {
			at := 0
			for at < min(len(a), len(b)) && a[at] == b[at] {
				at++
			}
			t.Errorf("%s: …%.200s, was …%.200s", name, a[max(0, at-60):], b[max(0, at-60):])
		}
	}
}

// joined is a document with runs of one look joined, and the look of a blank that of the letter before it.
func joined(t *testing.T, d *paper.Document) string {
	t.Helper()
	for i := range d.Parts {
		for k, b := range d.Parts[i].Blocks {
			p, ok := b.(paper.Paragraph)
			if !ok {
				continue
			}
			var runs []paper.Run
			for _, r := range p.Runs {
				for _, c := range r.Text {
					n := len(runs) - 1
					if n >= 0 && (c == ' ' || runs[n].Bold == r.Bold && runs[n].Italic == r.Italic) {
						runs[n].Text += string(c)
						continue
					}
					runs = append(runs, paper.Run{Text: string(c), Bold: r.Bold, Italic: r.Italic})
				}
			}
			p.Runs = runs
			d.Parts[i].Blocks[k] = p
		}
	}
	s, err := paper.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
