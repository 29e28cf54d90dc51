// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"

	"hoctap/internal/sealed"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

const subjectColumns = `place_id, id, model, name, fold, sort, number, family_id, kind, address, phone, body, birth_year, sex, ethnic,
	members, adults, children, state, merged_into, batch_id, version, created_at, updated_at, phone_hash, id_hash, id_tail, id_sealed`

// scan reads a subject and opens what is sealed in it.
func (s *Service) scan(row store.Scanner) (r Subject, err error) {
	var created, updated int64
	var phoneHash, id string
	err = row.Scan(&r.PlaceID, &r.ID, &r.Model, &r.Name, &r.Fold, &r.Sort, &r.Number, &r.FamilyID, &r.Kind, &r.Address, &r.Phone, &r.Body,
		&r.BirthYear, &r.Sex, &r.Ethnic, &r.Members, &r.Adults, &r.Children, &r.State, &r.MergedInto, &r.BatchID, &r.Version,
		&created, &updated, &phoneHash, &r.IDHash, &r.IDTail, &id)
	if err != nil {
		return r, err
	}
	r.CreatedAt, r.UpdatedAt = store.Time(created), store.Time(updated)
	if r.Phone, err = sealed.Phone.Open(s.Keys, r.ID, r.Phone); err == nil {
		r.IDNumber, err = sealed.IDNumber.Open(s.Keys, r.ID, id)
	}
	return r, err
}

const selectSubject = `SELECT ` + subjectColumns + ` FROM subject WHERE place_id = $1 AND id = $2`

func (s *Service) load(ctx context.Context, tx *store.Tx, placeID, id string) (Subject, bool, error) {
	return store.One(ctx, tx, s.scan, selectSubject, placeID, id)
}

var insertSubjects = store.NewBulk(`INSERT INTO subject (`+subjectColumns+`) VALUES`, "")

func (s *Service) values(to []any, r *Subject) []any {
	return append(to, r.PlaceID, r.ID, r.Model, r.Name, r.Fold, r.Sort, r.Number, r.FamilyID, r.Kind, r.Address, sealed.Phone.Seal(s.Keys, r.ID, r.Phone),
		r.Body, r.BirthYear, r.Sex, r.Ethnic, r.Members, r.Adults, r.Children, r.State, r.MergedInto, r.BatchID, r.Version,
		store.Micros(r.CreatedAt), store.Micros(r.UpdatedAt), s.hash(sealed.Phone, r.Phone), r.IDHash, r.IDTail, sealed.IDNumber.Seal(s.Keys, r.ID, r.IDNumber))
}

func (s *Service) insert(ctx context.Context, tx *store.Tx, list ...Subject) error {
	values := make([]any, 0, len(list)*insertSubjects.Columns())
	for i := range list {
		values = s.values(values, &list[i])
	}
	_, err := insertSubjects.Insert(ctx, tx, values)
	return err
}

const updateSubject = `
	UPDATE subject SET name = $1, fold = $2, sort = $3, number = $4, family_id = $5, kind = $6, address = $7, phone = $8, body = $9,
		birth_year = $10, sex = $11, ethnic = $12, members = $13, adults = $14, children = $15, state = $16, merged_into = $17,
		version = version + 1, updated_at = $18, phone_hash = $19, id_hash = $20, id_tail = $21, id_sealed = $22
	WHERE place_id = $23 AND id = $24 AND version = $25`

// update writes r over the row that still has r.Version, and reports whether there was one; r.Version is raised.
func (s *Service) update(ctx context.Context, tx *store.Tx, r *Subject) (bool, error) {
	n, err := tx.Exec(ctx, updateSubject, r.Name, r.Fold, r.Sort, r.Number, r.FamilyID, r.Kind, r.Address, sealed.Phone.Seal(s.Keys, r.ID, r.Phone), r.Body, r.BirthYear,
		r.Sex, r.Ethnic, r.Members, r.Adults, r.Children, r.State, r.MergedInto, store.Micros(r.UpdatedAt),
		s.hash(sealed.Phone, r.Phone), r.IDHash, r.IDTail, sealed.IDNumber.Seal(s.Keys, r.ID, r.IDNumber), r.PlaceID, r.ID, r.Version)
	if n == 1 {
		r.Version++
	}
	return n == 1, err
}

const deleteSubject = `DELETE FROM subject WHERE place_id = $1 AND id = $2`

func remove(ctx context.Context, tx *store.Tx, placeID, id string) error {
	_, err := tx.Exec(ctx, deleteSubject, placeID, id)
	return err
}

// take puts the draft's fields into the subject, and what search and order make of the name. Of an id number it takes the hash and the end; the
// whole where keeps says that a duty needs it.
func (s *Service) take(r *Subject, d Draft, keeps bool) {
	if r.Name != d.Name || r.Fold == "" {
		r.Name, r.Fold, r.Sort = d.Name, text.Fold(d.Name), sortKey(d.Model, d.Name)
	}
	r.Number, r.FamilyID, r.Kind, r.Address, r.Phone, r.Body = d.Number, d.FamilyID, d.Kind, d.Address, d.Phone, d.Body
	r.BirthYear, r.Sex, r.Ethnic, r.Members, r.Adults, r.Children = d.BirthYear, d.Sex, d.Ethnic, d.Members, d.Adults, d.Children
	s.takeID(r, d.IDNumber, keeps)
}

// Draft returns the subject as a form would give it back unchanged.
func (r Subject) Draft() Draft {
	return Draft{
		PlaceID: r.PlaceID, ID: r.ID, Version: r.Version, Model: r.Model, Name: r.Name, Number: r.Number, FamilyID: r.FamilyID,
		Kind: r.Kind, Address: r.Address, Phone: r.Phone, Body: r.Body, BirthYear: r.BirthYear, Sex: r.Sex, Ethnic: r.Ethnic,
		Members: r.Members, Adults: r.Adults, Children: r.Children, BatchID: r.BatchID, IDNumber: MaskedID(r.IDTail),
	}
}

// sortKey orders people by given name; clans, areas and units by their whole name, numbers in it by size.
func sortKey(model, name string) string {
	if model == Family || model == Citizen {
		return text.SortKey(name)
	}
	return padNumbers(text.Fold(name))
}

// padNumbers writes each number with at least six digits, so that "khu 10" comes after "khu 2".
func padNumbers(s string) string {
	var out []byte
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		for n := j - i; n > 0 && n < 6; n++ {
			out = append(out, '0')
		}
		if j == i {
			j++
		}
		out = append(out, s[i:j]...)
		i = j
	}
	return string(out)
}
