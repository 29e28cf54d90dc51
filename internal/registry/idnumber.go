// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// The number that names a person (số định danh cá nhân, as on the identity card; 12 digits), or of an older card (CMND; 9 digits), is read to count
// one person once, and forgotten: what stays is its keyed hash and its last three digits.

// idProvinces are the codes of provinces and cities in the first three digits, as people born or registered there keep them.
const idProvinces = " 001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054" +
	" 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096 "

// MaskedID is an id number as people see it: only its end.
func MaskedID(tail string) string {
	if tail == "" {
		return ""
	}
	return "••••••••• " + tail
}

func cleanID(s string) string {
	if strings.Contains(s, "•") {
		return text.NFC(s)
	}
	return cleanPhone(s)
}

// checkID tells what is wrong with an id number, never the number itself.
func (d Draft) checkID(year int) (e fault.FieldError, bad bool) {
	s := d.IDNumber
	if s == "" || strings.Contains(s, "•") {
		return e, false
	}
	if d.Model != Family && d.Model != Citizen {
		return fault.Field("id_number", "registry.id_of_person"), true
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return fault.Field("id_number", "registry.id_letters"), true
		}
	}
	switch len(s) {
	case 9:
		return e, false // says nothing of its owner
	case 8, 11:
		return fault.Field("id_number", "registry.id_zero_lost", "have", len(s)), true
	case 12:
	default:
		return fault.Field("id_number", "registry.id_length", "have", len(s)), true
	}
	if !strings.Contains(idProvinces, " "+s[:3]+" ") {
		return fault.Field("id_number", "registry.id_province", "code", s[:3]), true
	}
	born, sex := bornAs(s)
	switch {
	case born < oldestYear || born > year:
		return fault.Field("id_number", "registry.id_year", "year", born), true
	case d.BirthYear != 0 && d.BirthYear != born:
		return fault.Field("id_number", "registry.id_birth", "id_year", born, "birth_year", d.BirthYear), true
	case d.Sex != "" && d.Sex != sex:
		return fault.Field("id_number", "registry.id_sex"), true
	}
	return e, false
}

// bornAs reads the year of birth and the sex that the fourth to sixth digits say: 0 and 1 for men and women born from 1900, 2 and 3 from 2000, and so on.
func bornAs(id string) (year int, sex string) {
	digit := int(id[3] - '0')
	year, _ = strconv.Atoi(id[4:6])
	if sex = "male"; digit%2 == 1 {
		sex = "female"
	}
	return 1900 + digit/2*100 + year, sex
}

// hash is the keyed hash that a number is found by.
func (s *Service) hash(c sealed.Column, value string) string {
	if value == "" || s.Keys == nil {
		return value
	}
	return s.Keys.Hash(c.Purpose, value)
}

// SealedPhone is a phone number of a subject as the database keeps it, with the hash it is found by: for loads past the verbs.
func (s *Service) SealedPhone(id, phone string) (kept, hash string) {
	return sealed.Phone.Seal(s.Keys, id, phone), s.hash(sealed.Phone, phone)
}

// takeID puts a typed id number into the subject: as it was shown it is the one that is kept.
func (s *Service) takeID(r *Subject, typed string, keeps bool) {
	switch {
	case typed == MaskedID(r.IDTail) && typed != "":
		return
	case typed == "" || strings.Contains(typed, "•"):
		r.IDHash, r.IDTail, r.IDNumber = "", "", ""
		return
	}
	r.IDHash, r.IDTail, r.IDNumber = s.hash(sealed.IDNumber, typed), typed[max(0, len(typed)-3):], ""
	if keeps {
		r.IDNumber = typed
	}
}

// told is the subject as the journal keeps it, which is never sealed again nor forgotten: numbers show their end only.
func told(r Subject) Subject {
	r.Phone = MaskedPhone(r.Phone)
	return r
}

// undoing is what a row keeps to take back a change of a subject.
func (s *Service) undoing(before Subject, version int64) undoing {
	u := undoing{Before: before, Version: version, IDHash: before.IDHash, IDTail: before.IDTail, IDNumber: sealed.IDNumber.Seal(s.Keys, before.ID, before.IDNumber)}
	u.Before.Phone = sealed.Phone.Seal(s.Keys, before.ID, before.Phone)
	return u
}

// sealedFields are the fields of a merge's trace that lie sealed.
var sealedFields = map[string]*sealed.Column{"phone": &sealed.Phone, "id_number": &sealed.IDNumber}

func (s *Service) seal(filled map[string]any, id string) map[string]any {
	for field, c := range sealedFields {
		if v, ok := filled[field].(string); ok {
			filled[field] = c.Seal(s.Keys, id, v)
		}
	}
	return filled
}

func (s *Service) unseal(filled map[string]any, id string) (err error) {
	for field, c := range sealedFields {
		if v, ok := filled[field].(string); ok {
			if filled[field], err = c.Open(s.Keys, id, v); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	dutySetting   = "id_number_duty"
	selectSetting = `SELECT value FROM setting WHERE key = $1`
	upsertSetting = `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	deleteSetting = `DELETE FROM setting WHERE key = $1`
	forgetIDs     = `UPDATE subject SET id_sealed = '' WHERE id_sealed <> ''`
)

// keepsIDs says whether a duty needs whole id numbers.
func (s *Service) keepsIDs(ctx context.Context, tx *store.Tx) (bool, error) {
	reason, _, err := store.One(ctx, tx, store.Value[string], selectSetting, dutySetting)
	return reason != "", err
}

// IDDuty is the duty for which whole id numbers are kept, sealed; "" when none is.
func (s *Service) IDDuty(ctx context.Context) (reason string, err error) {
	defer fault.Wrap(&err, "registry.IDDuty")
	reason, _, err = store.One(ctx, s.db.Read(), store.Value[string], selectSetting, dutySetting)
	return reason, err
}

// SetIDDuty says for which duty whole id numbers are kept from now on; "" ends it and forgets those that were kept, so that only their hashes stay. Numbers
// that were read before a duty began cannot be had again. It fails with fault.Denied for all but administrators of the whole.
func (s *Service) SetIDDuty(ctx context.Context, by identity.Actor, reason string) (forgotten int64, err error) {
	defer fault.Wrap(&err, "registry.SetIDDuty")
	if reason != "" {
		if reason, err = checkReason(reason); err != nil {
			return 0, err
		}
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.ManageAccounts, place.Root); err != nil {
			return err
		}
		if reason == "" {
			if _, err := tx.Exec(ctx, deleteSetting, dutySetting); err != nil {
				return err
			}
			if forgotten, err = tx.Exec(ctx, forgetIDs); err != nil {
				return err
			}
		} else if _, err := tx.Exec(ctx, upsertSetting, dutySetting, reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "setting", ThingID: dutySetting, Act: "change", Reason: reason,
			After: map[string]any{"forgotten": forgotten}})
	})
	return forgotten, err
}

// twinOf is another subject with the same id number.
type twinOf struct{ placeID, id, name, batch string }

const selectTwins = `SELECT place_id, id, name, batch_id FROM subject WHERE id_hash = $1 AND model = $2 AND state = 'active' ORDER BY place_id, id LIMIT 20`

// twinsByID finds who else has an id number, anywhere.
func (s *Service) twinsByID(ctx context.Context, tx *store.Tx, hash, model string) ([]twinOf, error) {
	if hash == "" {
		return nil, nil
	}
	return store.Collect(ctx, tx, func(row store.Scanner) (t twinOf, err error) {
		return t, row.Scan(&t.placeID, &t.id, &t.name, &t.batch)
	}, selectTwins, hash, model)
}

// checkTwin refuses a second subject with an id number. Of one in another commune only the commune is told: who asks may not look it up there.
func (s *Service) checkTwin(ctx context.Context, tx *store.Tx, by identity.Actor, r Subject) error {
	list, err := s.twinsByID(ctx, tx, r.IDHash, r.Model)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(t twinOf) bool { return t.id != r.ID })
	if at < 0 {
		return nil
	}
	key, args, err := s.tellTwin(ctx, tx, by, list[at])
	if err != nil {
		return err
	}
	return fault.Invalid(fault.FieldError{Field: "id_number", Key: key, Args: args})
}

// tellTwin is the sentence about a twin, with its name only for who may see it.
func (s *Service) tellTwin(ctx context.Context, tx *store.Tx, by identity.Actor, t twinOf) (key string, args fault.Args, err error) {
	p, err := s.places.Get(ctx, t.placeID)
	if err != nil {
		return "", nil, err
	}
	if by.May(identity.SeeRecords, p.Path) {
		return "registry.id_taken", fault.Args{"name": t.name, "place": p.FullName(), "id": t.id}, nil
	}
	names, err := s.places.Names(ctx, p.CommuneID)
	return "registry.id_taken_elsewhere", fault.Args{"place": names[p.CommuneID]}, err
}
