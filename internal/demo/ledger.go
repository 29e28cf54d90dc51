// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/identity"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// The tables of decisions, in the shape in which recognition.Issue leaves them.
var (
	decisions = newTable("decision", `id, body_id, body_name, place_id, round_id, model, kind, from_year, for_year, year, number, symbol, date, signer, post,
		grounds, verified, state, items, sha, by_id, version, created_at, issued_at, wording`)
	items  = newTable("decision_item", "place_id, decision_id, assessment_id, no, subject_id, name, area_name, total, act")
	titles = newTable("title", `place_id, id, subject_id, assessment_id, model, from_year, year, until_year, level, exemplary, name, area_name, no,
		decision_id, origin_id, decided_on, code, state`)
	certificates = newTable("certificate_code", "code, place_id, title_id")
	series       = newTable("number_series", "body_id, year, kind, first, last, date")
)

// ledger gathers the decisions of one commune in one year until their lists are complete.
type ledger struct {
	bodies map[string]recognition.Body // by body id
	open   []*decision
}

// decision is one under construction.
type decision struct {
	recognition.Decision
	items  []recognition.Item
	titles []recognition.Title
}

// prepareLedger sets up the bodies of the commune and of those it was merged from, with invented signers.
func (g *generator) prepareLedger(ctx context.Context, c *commune) error {
	c.ledger = &ledger{bodies: map[string]recognition.Body{}}
	places := []string{c.ID}
	if g.first < 2025 {
		places = append(places, c.old...)
	}
	for _, id := range places {
		list, err := g.Recognition.EnsureBodies(ctx, id)
		if err != nil {
			return err
		}
		for _, b := range list {
			b.Signer = g.elder(c)
			if id == c.ID {
				if b, err = g.Recognition.SaveBody(ctx, identity.System, b); err != nil {
					return err
				}
			}
			c.ledger.bodies[b.ID] = b
			if err := g.keepTexts(ctx, b.Kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// decisionOf returns the decision of a year, model and kind that takes in subjects of an area: until 2024 that of the commune the area lay in
// then, whose officers signed it.
func (g *generator) decisionOf(c *commune, s *subject, r *round, kind recognition.Kind) *decision {
	plan, _ := r.Plan.Model(s.Model)
	who, at := plan.Body, c.ID
	if kind == recognition.KindExemplary {
		who = plan.Exemplary
	}
	if r.Year < 2025 && s.area != nil && s.area.old != "" {
		at = s.area.old
	}
	body := c.ledger.bodies[recognition.BodyID(who, at)]
	for _, d := range c.ledger.open {
		if d.BodyID == body.ID && d.Model == s.Model && d.Kind == kind {
			return d
		}
	}
	day := g.decisionDay(r, s.Model)
	if kind == recognition.KindExemplary {
		day = g.day(r.Year, 12, 24)
	}
	d := &decision{}
	d.Verified = g.scorers[plan.SetID].Set.Verified()
	d.ID, d.BodyID, d.BodyName, d.PlaceID, d.RoundID, d.Model, d.Kind = c.rng.idAt(day.UnixMilli()), body.ID, body.Name, c.ID, r.ID, s.Model, kind
	d.FromYear, d.ForYear, d.Year, d.Symbol, d.Date, d.Signer, d.Post = r.Year, r.Year, r.Year, body.Symbol, store.Date(day), body.Signer, body.Post
	d.Grounds = []string{"Căn cứ kết quả thẩm định các mô hình học tập năm " + strconv.Itoa(r.Year)}
	if r.Year > 2021 {
		d.Grounds = append([]string{"Căn cứ Kế hoạch số 1767/KH-UBND ngày 19 tháng 5 năm 2022 của Ủy ban nhân dân tỉnh Phú Thọ thực hiện Chương trình “Đẩy mạnh phong trào học tập suốt đời trong gia đình, " +
			"dòng họ, cộng đồng, đơn vị giai đoạn 2021 - 2030” trên địa bàn tỉnh"}, d.Grounds...)
	}
	d.State, d.ByID, d.Version, d.CreatedAt, d.IssuedAt = recognition.StateIssued, c.officer.ID, 2, day, day
	c.ledger.open = append(c.ledger.open, d)
	return d
}

// exemplaryShare is how many of the recognised are named exemplary in their year.
const exemplaryShare = 0.03

// award puts a recognised file on the list of its decision, grants the title, and names a few exemplary.
func (g *generator) award(c *commune, s *subject, f *file, r *round) {
	g.list(c, s, f, r, recognition.KindRecognise)
	if s.Model != registry.Citizen && !r.current && c.rng.chance(exemplaryShare) {
		f.Exemplary = true
		f.did("exemplary", g.day(r.Year, 12, 24), c.officer.ID, "", nil)
		g.list(c, s, f, r, recognition.KindExemplary)
	}
}

func (g *generator) list(c *commune, s *subject, f *file, r *round, kind recognition.Kind) {
	d := g.decisionOf(c, s, r, kind)
	area := s.area.FullName()
	if s.PlaceID != s.area.ID {
		area = "Trực thuộc " + strings.ToLower(c.Kind) + " " + c.Name
	}
	no := len(d.items) + 1
	d.items = append(d.items, recognition.Item{No: no, PlaceID: f.PlaceID, AssessmentID: f.ID, SubjectID: s.ID, Name: f.Name, AreaName: area, Total: f.Total,
		Act: recognition.ActGrant})
	until := r.Year
	if kind == recognition.KindRecognise {
		until = g.scorers[f.SetID].Set.TitleYears(r.Year).To
	}
	d.titles = append(d.titles, recognition.Title{PlaceID: f.PlaceID, ID: c.rng.id(), SubjectID: s.ID, AssessmentID: f.ID, Model: s.Model, FromYear: r.Year,
		Year: r.Year, UntilYear: until, Exemplary: kind == recognition.KindExemplary, Name: f.Name, AreaName: area, No: no, DecisionID: d.ID, OriginID: d.ID,
		DecidedOn: d.Date, Code: c.code()})
}

// spoken is whose text of which kind of decision.
type spoken struct {
	kind recognition.Kind
	body string // its kind
}

// keepTexts keeps what the decisions of bodies of a kind say.
func (g *generator) keepTexts(ctx context.Context, bodyKind string) (err error) {
	for _, k := range []recognition.Kind{recognition.KindRecognise, recognition.KindExemplary} {
		if x := (spoken{k, bodyKind}); g.texts[x] == "" {
			if g.texts[x], err = g.Recognition.KeepShipped(ctx, k, bodyKind); err != nil {
				return err
			}
		}
	}
	return nil
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// code draws a certificate's code. Its first half counts upward, so that a million of them are written one behind the other;
// real codes are random throughout.
func (c *commune) code() recognition.Code {
	bits := (c.rng.clock-firstID+1)<<30 | c.rng.Uint64()&(1<<30-1)
	c.rng.clock++
	var out [12]byte
	for i := range out {
		out[len(out)-1-i] = alphabet[bits&31]
		bits >>= 5
	}
	return recognition.Code(out[:])
}

// conclude numbers the decisions of the year by their dates, freezes them and writes them with their lists, titles and codes.
func (g *generator) conclude(c *commune) error {
	open := c.ledger.open
	c.ledger.open = nil
	slices.SortStableFunc(open, func(a, b *decision) int { return cmp.Compare(a.Date, b.Date) })
	type key struct {
		body string
		year int
	}
	last := map[key]*decision{}
	numbers := map[key]int64{}
	for _, d := range open {
		k := key{d.BodyID, d.Year}
		numbers[k]++
		d.Number, last[k] = numbers[k], d
		d.Items = len(d.items)
		d.Wording = g.texts[spoken{d.Kind, c.ledger.bodies[d.BodyID].Kind}]
		sha, err := d.Freeze(d.items, d.titles)
		if err != nil {
			return err
		}
		g.out.add(decisions, d.ID, d.BodyID, d.BodyName, d.PlaceID, d.RoundID, d.Model, string(d.Kind), d.FromYear, d.ForYear, d.Year, d.Number, d.Symbol,
			d.Date, d.Signer, d.Post, strings.Join(d.Grounds, "\n"), string(d.Verified), string(d.State), d.Items, sha, d.ByID, d.Version,
			store.Micros(d.CreatedAt), store.Micros(d.IssuedAt), d.Wording)
		for i, it := range d.items {
			t := &d.titles[i]
			g.out.add(items, it.PlaceID, d.ID, it.AssessmentID, it.No, it.SubjectID, it.Name, it.AreaName, hundredths(it.Total), string(it.Act))
			g.out.add(titles, t.PlaceID, t.ID, t.SubjectID, t.AssessmentID, t.Model, t.FromYear, t.Year, t.UntilYear, t.Level, t.Exemplary, t.Name, t.AreaName,
				t.No, t.DecisionID, t.OriginID, t.DecidedOn, string(t.Code), string(recognition.TitleValid))
			g.out.add(certificates, string(t.Code), t.PlaceID, t.ID)
			if err := g.out.flush(false); err != nil {
				return err
			}
		}
	}
	for _, d := range open {
		if k := (key{d.BodyID, d.Year}); last[k] == d {
			g.out.add(series, d.BodyID, d.Year, string(recognition.PaperDecision), 1, d.Number, d.Date)
		}
	}
	return g.out.flush(false)
}
