// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Purpose is something that needs a person's consent (đồng ý), each its own: Law 91/2025/QH15 on personal data, Decree 356/2025/NĐ-CP.
type Purpose string

// The purposes.
const (
	ShowName Purpose = "show_name" // whoever checks a certificate reads the full name instead of initials
	Badge    Purpose = "badge"     // an open badge that tells who holds it
	Picture  Purpose = "picture"   // pictures on the portal
	Story    Purpose = "story"     // an exemplary story with the name
)

// Purposes lists them in the order of forms.
var Purposes = []Purpose{ShowName, Badge, Picture, Story}

// Way is how a consent was given.
type Way string

// The ways.
const (
	OnPaper Way = "paper"  // a signed sheet that the office keeps
	Spoken  Way = "spoken" // said to the person who writes it down, after the words were read out
)

// Ways lists them in the order of forms.
var Ways = []Way{OnPaper, Spoken}

// Consent is one person's agreement to one purpose. It holds until it is withdrawn, and for the name it was given under: the next head of a family is
// asked again.
type Consent struct {
	PlaceID     string
	ID          string
	SubjectID   string
	Name        string
	Purpose     Purpose
	Words       string // what was agreed to, in full
	Way         Way
	GivenOn     string // YYYY-MM-DD
	ByID        string // who wrote it down
	At          time.Time
	WithdrawnAt time.Time // zero while it holds
	WithdrawnBy string

	WordsSHA       string // SHA-256 of Words
	WordsVersion   int    // of the shipped text; 0 for another one
	Person         Person // who spoke
	Representative string // of a child
	AskAgainOn     string // day on which a child turns 7 or 18, from when on it does not hold; ""
}

// Holds says whether it has not been withdrawn.
func (c *Consent) Holds() bool { return c.WithdrawnAt.IsZero() }

// maxConsent is how long the text of a consent may be, in letters; adult is the age from which a person decides alone.
const (
	maxConsent = 2000
	adult      = 18
)

// Check reports every rule the consent breaks as of today.
func (c *Consent) Check(today string) error {
	var errs []fault.FieldError
	if !slices.Contains(Purposes, c.Purpose) {
		errs = append(errs, fault.Field("purpose", "registry.unknown_value", "value", string(c.Purpose)))
	}
	if !slices.Contains(Ways, c.Way) {
		errs = append(errs, fault.Field("way", "registry.consent_way"))
	}
	if _, err := time.Parse(time.DateOnly, c.GivenOn); err != nil {
		errs = append(errs, fault.Field("given_on", "registry.consent_date"))
	} else if c.GivenOn > today {
		errs = append(errs, fault.Field("given_on", "registry.consent_future", "date", c.GivenOn, "today", today))
	}
	if n := utf8.RuneCountInString(c.Words); n == 0 || n > maxConsent {
		errs = append(errs, fault.Field("words", "registry.too_long", "length", n, "limit", maxConsent))
	}
	return fault.Invalid(errs...)
}

const (
	consentColumns = `place_id, id, subject_id, name, purpose, words, way, given_on, by_id, at, withdrawn_at, withdrawn_by, words_sha, words_version, by_person, representative, ask_again_on`
	insertConsent  = `INSERT INTO consent (` + consentColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11, $12, $13, $14, $15)`
	selectConsents = `SELECT ` + consentColumns + ` FROM consent WHERE subject_id = $1 ORDER BY at, id`
)

func scanConsent(sc store.Scanner) (c Consent, err error) {
	var at, withdrawn int64
	err = sc.Scan(&c.PlaceID, &c.ID, &c.SubjectID, &c.Name, &c.Purpose, &c.Words, &c.Way, &c.GivenOn, &c.ByID, &at, &withdrawn, &c.WithdrawnBy,
		&c.WordsSHA, &c.WordsVersion, &c.Person, &c.Representative, &c.AskAgainOn)
	c.At = store.Time(at)
	if withdrawn > 0 {
		c.WithdrawnAt = store.Time(withdrawn)
	}
	return c, err
}

// Agree records that a person agreed. Only families and citizens are asked: the others are no persons. It fails with fault.Invalid, see Check, and for a
// citizen below 18, fault.Conflict for a subject that cannot be asked or has agreed already, and fault.Denied.
func (s *Service) Agree(ctx context.Context, by identity.Actor, c Consent) (_ Consent, err error) {
	defer fault.Wrap(&err, "registry.Agree(%s, %s)", c.SubjectID, c.Purpose)
	c.Words, c.Representative = text.NFC(c.Words), text.NFC(c.Representative)
	c.WordsSHA, c.WordsVersion = hashOf(c.Words), versionOf(c.Purpose, c.Words)
	if c.Person == "" {
		c.Person = Self
	}
	now := s.now()
	if err := c.Check(store.Date(now)); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.EditRegistry, c.PlaceID); err != nil {
			return err
		}
		r, err := s.here(ctx, tx, c.PlaceID, c.SubjectID)
		if err != nil {
			return err
		}
		if r.State != Active || r.Model != Family && r.Model != Citizen {
			return fault.Conflict("registry.consent_nobody", "name", r.Name)
		}
		if err := Free(ctx, tx, r.ID, r.Name); err != nil {
			return err
		}
		if err := c.ofAge(r, now.In(store.Zone).Year()); err != nil {
			return err
		}
		held, err := agreed(ctx, tx, c.SubjectID, c.Purpose, r.Name, store.Date(now))
		if err != nil {
			return err
		}
		if held {
			return fault.Conflict("registry.consent_given", "name", r.Name)
		}
		c.ID, c.Name, c.ByID, c.At = store.NewID(), r.Name, by.ID, now
		if _, err := tx.Exec(ctx, insertConsent, c.PlaceID, c.ID, c.SubjectID, c.Name, string(c.Purpose), c.Words, string(c.Way), c.GivenOn, c.ByID, store.Micros(c.At),
			c.WordsSHA, c.WordsVersion, string(c.Person), c.Representative, c.AskAgainOn); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: c.PlaceID, ThingID: c.SubjectID, Thing: "consent", Act: "give",
			After: map[string]any{"id": c.ID, "purpose": c.Purpose, "way": c.Way, "given_on": c.GivenOn, "words": c.Words, "sha": c.WordsSHA, "version": c.WordsVersion, "person": c.Person}})
	})
	return c, err
}

const withdrawConsent = `UPDATE consent SET withdrawn_at = $1, withdrawn_by = $2 WHERE place_id = $3 AND id = $4 AND withdrawn_at = 0`

// Withdraw ends a consent at once. It is as easy as giving it: no reason is asked for. It fails with fault.NotFound for one that is not the subject's or
// was withdrawn before, and fault.Denied.
func (s *Service) Withdraw(ctx context.Context, by identity.Actor, placeID, subjectID, id string) (err error) {
	defer fault.Wrap(&err, "registry.Withdraw(%s)", id)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.may(ctx, tx, by, identity.EditRegistry, placeID); err != nil {
			return err
		}
		if _, err := s.here(ctx, tx, placeID, subjectID); err != nil {
			return err
		}
		list, err := store.Collect(ctx, tx, scanConsent, selectConsents, subjectID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(c Consent) bool { return c.ID == id && c.Holds() })
		if at < 0 {
			return fault.NotFound("consent", id)
		}
		now := s.now()
		if _, err := tx.Exec(ctx, withdrawConsent, store.Micros(now), by.ID, list[at].PlaceID, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), now, audit.Entry{PlaceID: placeID, ThingID: subjectID, Thing: "consent", Act: "withdraw",
			Before: map[string]any{"id": id, "purpose": list[at].Purpose}})
	})
}

// Consents returns what was agreed to for a subject, oldest first, withdrawn ones with it.
func (s *Service) Consents(ctx context.Context, by identity.Actor, placeID, subjectID string) (list []Consent, err error) {
	defer fault.Wrap(&err, "registry.Consents(%s)", subjectID)
	if _, err := s.Get(ctx, by, placeID, subjectID); err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanConsent, selectConsents, subjectID)
}

const selectAgreed = `SELECT name FROM consent WHERE subject_id = $1 AND purpose = $2 AND withdrawn_at = 0 AND (ask_again_on = '' OR ask_again_on > $3)`

// Agreed says whether the person of that name agreed to a purpose for a subject. It is for the packages to the right, which decide who asks.
func (s *Service) Agreed(ctx context.Context, subjectID string, purpose Purpose, name string) (ok bool, err error) {
	defer fault.Wrap(&err, "registry.Agreed(%s, %s)", subjectID, purpose)
	return agreed(ctx, s.db.Read(), subjectID, purpose, name, store.Date(s.now()))
}

func agreed(ctx context.Context, tx *store.Tx, subjectID string, purpose Purpose, name, today string) (bool, error) {
	names, err := store.Collect(ctx, tx, store.Value[string], selectAgreed, subjectID, string(purpose), today)
	if err != nil || !slices.Contains(names, name) {
		return false, err
	}
	err = Free(ctx, tx, subjectID, name)
	if fault.KindOf(err) == fault.KindConflict { // nothing is done with the data, so nothing of them is shown
		return false, nil
	}
	return err == nil, err
}
