// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// certificate is one sheet (giấy chứng nhận) as it is printed.
type certificate struct {
	Issuer  string
	What    string // "Gia đình học tập năm 2026"
	Holder  string
	Address string
	Until   string // of titles that count for several years
	Day     string
	Post    string
	Signer  string
	Entered string
	Code    string // "" before the decision is signed
	QR      code
	Void    string // what became of it; empty while it is valid
}

// certificates writes the sheets of titles; d is the decision they name.
func (p printer) certificates(v *site.Visit, d *recognition.Decision, titles []recognition.Title) ([]certificate, error) {
	town, err := townOf(v, d)
	if err != nil {
		return nil, err
	}
	where := addresses{v: v, known: map[string]string{}}
	list := make([]certificate, 0, len(titles))
	for i := range titles {
		t := &titles[i]
		c := sheetOf(v.Ctx(), d, t, town)
		if c.Address, err = where.of(t, d.Date); err != nil {
			return nil, err
		}
		if t.Code != "" {
			c.Code = t.Code.String()
			if c.QR, err = codeOf(p.verifyURL(v, t.Code)); err != nil {
				return nil, err
			}
		}
		if t.State != "" && t.State != recognition.TitleValid {
			c.Void = lang.T(vi(v.Ctx()), "paper.void."+string(t.State))
		}
		list = append(list, c)
	}
	return list, nil
}

func sheetOf(ctx context.Context, d *recognition.Decision, t *recognition.Title, town string) certificate {
	ctx = vi(ctx)
	kind := kindOfBody(d)
	c := certificate{Issuer: strings.ToUpper(lang.T(ctx, "paper.authority."+kind, "body", d.BodyName)), Holder: holder(ctx, t.Model, t.Name),
		Day: dayLine(ctx, town, d.Date, d.ForYear), Post: strings.ToUpper(d.Post), Signer: d.Signer}
	c.What = lang.T(ctx, "paper.title.plain", "model", t.Model, "years", years(ctx, t.FromYear, t.Year))
	if t.Exemplary {
		c.What = lang.T(ctx, "paper.title.exemplary", "model", t.Model, "years", years(ctx, t.FromYear, t.Year))
	}
	if t.UntilYear > t.Year {
		c.Until = lang.T(ctx, "paper.until", "until_year", t.UntilYear)
	}
	if d.Number > 0 {
		c.Entered = lang.T(ctx, "paper.entered", "number", d.Text(), "no", entryNo(t.No))
	}
	return c
}

// expected is the title that an item of a draft will be, for the preview.
func expected(d *recognition.Decision, it *recognition.Item) recognition.Title {
	return recognition.Title{PlaceID: it.PlaceID, Model: d.Model, FromYear: d.FromYear, Year: d.ForYear, UntilYear: d.ForYear,
		Exemplary: d.Kind == recognition.KindExemplary, Name: it.Name, AreaName: it.AreaName, No: it.No}
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
		parts[i] = within(parts[i])
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
