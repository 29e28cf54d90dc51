// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Filter narrows Find. PlaceID is any place, all leaves below it are meant; PlaceIDs are leaves, in the order they are to
// be listed; one of both is needed. Query is folded, all its words must occur in the name or the number; a whole phone or
// id number is found, too. After is the Next of the page before. Limit is 50 when 0, at most 500.
type Filter struct {
	PlaceID  string
	PlaceIDs []string
	Model    string // needed
	State    State  // Active when empty
	Query    string
	FamilyID string
	After    string
	Limit    int
}

// Page is one page of subjects; Next is empty on the last one.
type Page struct {
	Subjects []Subject
	Next     string
}

const (
	maxPage  = 500
	maxWords = 8 // of a query; the rest is not looked at
)

// Find lists subjects area by area, in each in the order of Vietnamese lists. It fails with fault.Denied when by may
// not see the records of a place, and fault.Invalid for a filter without place or model, or with a damaged After.
func (s *Service) Find(ctx context.Context, by identity.Actor, f Filter) (page Page, err error) {
	defer fault.Wrap(&err, "registry.Find")
	if !slices.Contains(Models, f.Model) {
		return page, fault.Invalid(fault.Field("model", "registry.unknown_value", "value", f.Model))
	}
	leaves, err := s.leavesOf(ctx, by, f)
	if err != nil {
		return page, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, maxPage)
	var after Subject
	if f.After != "" {
		if after, err = readCursor(f.After); err != nil {
			return page, err
		}
		at := slices.IndexFunc(leaves, func(l seen) bool { return l.id == after.PlaceID })
		if at < 0 {
			return page, fault.Invalid(fault.Field("after", "registry.cursor"))
		}
		leaves = leaves[at:]
	}
	// One index range per leaf: the pages cost the same however many areas the commune has.
	for _, leaf := range leaves {
		list, err := s.inLeaf(ctx, f, leaf.id, leaf.sees, after, f.Limit+1-len(page.Subjects))
		if err != nil {
			return page, err
		}
		for i := range list {
			Mask(leaf.sees, &list[i])
		}
		page.Subjects = append(page.Subjects, list...)
		if len(page.Subjects) > f.Limit {
			page.Subjects = page.Subjects[:f.Limit]
			page.Next = cursor(page.Subjects[f.Limit-1])
			break
		}
	}
	return page, nil
}

// seen is a leaf that the actor may read.
type seen struct {
	id   string
	sees identity.Fields
}

func (s *Service) leavesOf(ctx context.Context, by identity.Actor, f Filter) ([]seen, error) {
	var leaves []seen
	if f.PlaceID != "" {
		p, err := s.places.Get(ctx, f.PlaceID)
		if err != nil {
			return nil, err
		}
		if err := by.Check(identity.SeeRecords, p.Path, p.FullName()); err != nil {
			return nil, err
		}
		if p.Leaf() {
			return []seen{{p.ID, by.Sees(p.Path)}}, nil
		}
		list, err := s.places.Leaves(ctx, f.PlaceID, "")
		for _, l := range list {
			leaves = append(leaves, seen{l.ID, by.Sees(l.Path)})
		}
		return leaves, err
	}
	if len(f.PlaceIDs) == 0 {
		return nil, fault.Invalid(fault.Field("place", "registry.missing"))
	}
	for _, id := range f.PlaceIDs {
		if err := s.may(ctx, nil, by, identity.SeeRecords, id); err != nil {
			return nil, err
		}
		path, err := s.places.Path(ctx, nil, id)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, seen{id, by.Sees(path)})
	}
	return leaves, nil
}

func (s *Service) inLeaf(ctx context.Context, f Filter, placeID string, sees identity.Fields, after Subject, limit int) ([]Subject, error) {
	var w store.Where
	w.And("place_id = ?", placeID).And("model = ?", f.Model)
	if f.State == "" {
		f.State = Active
	}
	w.And("state = ?", string(f.State))
	if after.PlaceID == placeID {
		w.And("(sort, id) > (?, ?)", after.Sort, after.ID)
	}
	if f.FamilyID != "" {
		w.And("family_id = ?", f.FamilyID)
	}
	words := strings.Fields(text.Fold(wholeNumber(f.Query)))
	for _, word := range words[:min(len(words), maxWords)] {
		like := "%" + word + "%" // a folded word has neither % nor _
		if strings.IndexFunc(word, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
			// Numbers that name a person are sealed: they are found whole, by those who see them.
			switch {
			case sees.Has(identity.FieldPhone) && (len(word) == 10 || len(word) == 11):
				w.And("(fold LIKE ? OR number = ? OR phone_hash = ?)", like, word, s.hash(sealed.Phone, word))
			case sees.Has(identity.FieldID) && (len(word) == 9 || len(word) == 12):
				w.And("(fold LIKE ? OR number = ? OR id_hash = ?)", like, word, s.hash(sealed.IDNumber, word))
			default:
				w.And("(fold LIKE ? OR number = ?)", like, word)
			}
			continue
		}
		w.And("fold LIKE ?", like)
	}
	return store.Collect(ctx, s.db.Read(), s.scan,
		`SELECT `+subjectColumns+` FROM subject`+w.SQL()+` ORDER BY sort, id LIMIT `+w.Next(1), w.Args(limit)...)
}

// wholeNumber is a query that is one number of a phone or card, without the blanks and points that people put into it; other queries as they are.
func wholeNumber(query string) string {
	if n := cleanPhone(query); len(n) >= 9 && len(n) <= 12 && strings.IndexFunc(n, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		return n
	}
	return query
}

func cursor(r Subject) string {
	return base64.RawURLEncoding.EncodeToString([]byte(r.PlaceID + "\x1f" + r.Sort + "\x1f" + r.ID))
}

func readCursor(s string) (r Subject, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	part := strings.Split(string(raw), "\x1f")
	if err != nil || len(part) != 3 {
		return r, fault.Invalid(fault.Field("after", "registry.cursor"))
	}
	return Subject{PlaceID: part[0], Sort: part[1], ID: part[2]}, nil
}
