// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/wording"
)

// certificates writes the sheets of titles; d is the decision they name.
func certificates(v *site.Visit, d *recognition.Decision, titles []recognition.Title) iter.Seq2[paper.Certificate, error] {
	return func(yield func(paper.Certificate, error) bool) {
		town, err := townOf(v, d)
		said := recognition.Wordings{}
		if err == nil {
			said, err = v.Recognition.Wordings(v.Ctx(), v.Actor, d)
		}
		where := addresses{v: v, known: map[string]string{}}
		for i := range titles {
			var c paper.Certificate
			if err == nil {
				c = sheetOf(v.Ctx(), d, &titles[i], town, *said.Certificate)
				c.Address, err = where.of(&titles[i], d.Date)
			}
			c.Marks = marksOf(papers.Vi(v.Ctx()), d, v.Demo)
			if code := titles[i].Code; code != "" && err == nil {
				c.Code = code.String()
				c.Link, err = verifyURL(v, code)
			}
			c.Clean()
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func sheetOf(ctx context.Context, d *recognition.Decision, t *recognition.Title, town string, said recognition.Wording) paper.Certificate {
	ctx = papers.Vi(ctx)
	v := officeValues(ctx, d.BodyID, d.BodyName, d.Post, d.Signer)
	modelValues(ctx, v, t.Model, t.Exemplary, t.FromYear, t.Year)
	if t.UntilYear > t.Year {
		v["nam_het_han"] = strconv.Itoa(t.UntilYear)
	}
	if d.Number > 0 {
		v["so_quyet_dinh"], v["ngay_quyet_dinh"], v["so_vao_so"] = d.Text(), papers.LongDay(ctx, d.Date), entryNo(t.No)
	}
	text := func(r wording.Role) string { return said.Text.FillOne(wording.Certificate, r, v) }
	c := paper.Certificate{Nation: lang.T(ctx, "paper.republic"), Motto: lang.T(ctx, "paper.motto"), Kind: lang.T(ctx, "paper.certificate"), Scan: lang.T(ctx, "paper.scan"),
		Issuer: strings.ToUpper(text(wording.Authority)), Lead: text(wording.Lead), What: text(wording.What), Until: text(wording.Until), Entered: text(wording.Entered), Holder: holder(ctx, t.Model, t.Name),
		Day: papers.DayLine(ctx, town, d.Date, d.ForYear), Signer: d.Signer}
	signs := papers.Signer(d.Post, "", d.Signer)
	c.Form, c.Post = signs.Form, signs.Post
	if d.Number == 0 {
		c.Scan = lang.T(ctx, "paper.no_code")
	}
	if t.State != "" && t.State != recognition.TitleValid {
		c.Void = lang.T(ctx, "paper.void."+string(t.State))
	}
	return c
}

// expected is the title that an item of a draft will be, for the preview; best says that the draft changes an exemplary one.
func expected(d *recognition.Decision, it *recognition.Item, best bool) recognition.Title {
	return recognition.Title{PlaceID: it.PlaceID, Model: d.Model, FromYear: d.FromYear, Year: d.ForYear, UntilYear: d.ForYear,
		Exemplary: best || d.Kind == recognition.KindExemplary, Name: it.Name, AreaName: it.AreaName, No: it.No}
}

// townOf is the name of the place where a decision's body sits, as papers put it before the date.
func townOf(v *site.Visit, d *recognition.Decision) (string, error) {
	p, err := placeAt(v, seatOf(d.BodyID), d.Date)
	return p.Name, err
}

// addresses remembers where leaves lie, because thousands of titles share a few.
type addresses struct {
	v     *site.Visit
	known map[string]string
}

// of is the address line of a title: area, commune and province as they were called on date.
func (a addresses) of(t *recognition.Title, date string) (string, error) {
	if line, ok := a.known[t.PlaceID]; ok {
		return line, nil
	}
	p, err := placeAt(a.v, t.PlaceID, date)
	if err != nil {
		return "", err
	}
	var parts []string
	if p.Level == place.Area {
		parts = append(parts, t.AreaName)
	}
	for _, id := range []string{p.CommuneID, p.ProvinceID} {
		if id == "" {
			continue
		}
		above, err := placeAt(a.v, id, date)
		if err != nil {
			return "", err
		}
		parts = append(parts, above.FullName())
	}
	for i := 1; i < len(parts); i++ {
		parts[i] = papers.Within(parts[i])
	}
	line := strings.Join(parts, ", ")
	a.known[t.PlaceID] = line
	return line, nil
}

// placeAt is a place as it was called on date, or as it is now when date is empty or before its record.
func placeAt(v *site.Visit, id, date string) (place.Place, error) {
	if date != "" {
		p, err := v.Places.At(v.Ctx(), id, date)
		if fault.KindOf(err) != fault.KindNotFound {
			return p, err
		}
	}
	return v.Places.Get(v.Ctx(), id)
}
