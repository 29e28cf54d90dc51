// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

//go:embed consent.toml
var shippedConsents string

// ConsentText is a version of what a person is asked for a purpose.
type ConsentText struct {
	Purpose Purpose `toml:"purpose"`
	Version int     `toml:"version"`
	Words   string  `toml:"words"`
}

// SHA256 is what proves which text was agreed to.
func (t ConsentText) SHA256() string { return hashOf(t.Words) }

// ConsentTexts are all versions, oldest first within a purpose.
var ConsentTexts = sync.OnceValue(func() []ConsentText {
	var f struct{ Text []ConsentText }
	if _, err := toml.Decode(shippedConsents, &f); err != nil {
		panic("registry: " + err.Error()) // a test reads it
	}
	for i := range f.Text {
		f.Text[i].Words = text.NFC(f.Text[i].Words)
	}
	return f.Text
})

// Words is the text that is asked for a purpose today.
func (p Purpose) Words() (t ConsentText) {
	for _, x := range ConsentTexts() {
		if x.Purpose == p && x.Version > t.Version {
			t = x
		}
	}
	return t
}

func hashOf(words string) string {
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:])
}

func versionOf(p Purpose, words string) int {
	at := slices.IndexFunc(ConsentTexts(), func(t ConsentText) bool { return t.Purpose == p && t.Words == words })
	if at < 0 {
		return 0
	}
	return ConsentTexts()[at].Version
}

// Person is who agreed.
type Person string

// Who agrees: a grown person alone, a child from 7 with the legal representative, below 7 the representative alone.
const (
	Self           Person = "self"
	Both           Person = "both"
	Representative Person = "representative"
)

// speaks is the age from which a child agrees beside its representative.
const speaks = 7

// ofAge checks that those agree whom the law asks for the age of a citizen, and works out when they are asked again. Only the year of birth is known, so
// the first day of the year counts: too early rather than too late. Names and badges of children are not given at all.
func (c *Consent) ofAge(r Subject, year int) error {
	if r.Model != Citizen {
		c.Person, c.Representative = Self, ""
		return nil
	}
	exposes := c.Purpose == Picture || c.Purpose == Story
	if r.BirthYear == 0 && exposes {
		return fault.Invalid(fault.Field("purpose", "registry.consent_age", "name", r.Name))
	}
	age := year - r.BirthYear
	if r.BirthYear == 0 || age > adult || age == adult && !exposes {
		c.Person, c.Representative = Self, ""
		return nil
	}
	if age < adult && !exposes {
		return fault.Invalid(fault.Field("purpose", "registry.consent_child", "name", r.Name, "age", adult))
	}
	want, turns := Both, adult
	if age < speaks {
		want, turns = Representative, speaks
	}
	if age == adult { // who turns 18 this year may be 17 still: both are asked, and the person alone from the new year on
		turns = adult + 1
	}
	var errs []fault.FieldError
	if c.Person != want {
		errs = append(errs, fault.Field("person", "registry.consent_"+string(want), "name", r.Name))
	}
	if n := utf8.RuneCountInString(c.Representative); n < 2 || n > 120 {
		errs = append(errs, fault.Field("representative", "registry.consent_representative"))
	}
	c.AskAgainOn = fmt.Sprintf("%d-01-01", r.BirthYear+turns)
	return fault.Invalid(errs...)
}

const selectAskAgain = `
	SELECT ` + consentColumns + ` FROM consent WHERE withdrawn_at = 0 AND ask_again_on <> '' AND ask_again_on <= $1
		AND place_id IN (SELECT p.place_id FROM place_parent p WHERE p.valid_to = '9999-12-31' AND p.path >= $2 AND p.path < $3) ORDER BY ask_again_on, id LIMIT 500`

// AskAgain lists the consents below a place that end by a day because the child reaches an age at which others are asked.
func (s *Service) AskAgain(ctx context.Context, by identity.Actor, placeID, until string) (list []Consent, err error) {
	defer fault.Wrap(&err, "registry.AskAgain(%s)", placeID)
	if err := s.may(ctx, s.db.Read(), by, identity.EditRegistry, placeID); err != nil {
		return nil, err
	}
	path, err := s.places.Path(ctx, s.db.Read(), placeID)
	if err != nil {
		return nil, err
	}
	return store.Collect(ctx, s.db.Read(), scanConsent, selectAskAgain, until, path, store.PathEnd(path))
}
