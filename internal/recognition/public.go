// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// Status is what the public learns of a certificate.
type Status string

// The statuses.
const (
	StatusValid    Status = "valid"
	StatusExpired  Status = "expired"  // it was right, and its years are over
	StatusRevoked  Status = "revoked"  // withdrawn by a later decision
	StatusReplaced Status = "replaced" // another certificate stands in its place
	StatusUnknown  Status = "unknown"  // no certificate has this code
)

// Public is all that is told about a certificate to whoever has its code: never an address, of persons only initials unless the holder agreed.
type Public struct {
	Status    Status
	Code      Code
	Model     string
	Exemplary bool
	FromYear  int // = Year but for a period
	Year      int
	UntilYear int
	Level     string
	Name      string // masked, unless its holder agreed to be named
	Masked    bool   // initials stand for a part of the name
	Commune   string
	Province  string
	Decision  PublicDecision
	Ended     *PublicDecision // what revoked or replaced it
	Verified  criteria.Verified
}

// PublicDecision is a decision as the public may see it.
type PublicDecision struct {
	ID     string // for other packages, never shown
	Number string // "214/QĐ-UBND"
	Date   string
	Body   string
}

// Status is what a title is worth in a year.
func (t *Title) Status(year int) Status {
	switch {
	case t.State == TitleRevoked:
		return StatusRevoked
	case t.State == TitleReplaced:
		return StatusReplaced
	case year > t.UntilYear:
		return StatusExpired
	}
	return StatusValid
}

const selectByCode = `SELECT ` + titleColumns + ` FROM certificate_code c JOIN title t ON t.place_id = c.place_id AND t.id = c.title_id WHERE c.code = $1`

// VerifyCode answers what a certificate's code stands for; anybody may ask. A code that nobody has is StatusUnknown and no error; one
// that cannot be a code fails with fault.Invalid, see ParseCode.
func (s *Service) VerifyCode(ctx context.Context, typed string) (p Public, err error) {
	defer fault.Wrap(&err, "recognition.VerifyCode")
	code, err := ParseCode(typed)
	if err != nil {
		return p, err
	}
	t, found, err := store.One(ctx, s.db.Read(), scanTitle, selectByCode, string(code))
	if err != nil || !found {
		return Public{Status: StatusUnknown, Code: code}, err
	}
	p = Public{Status: t.Status(s.now().In(store.Zone).Year()), Code: code, Model: t.Model, Exemplary: t.Exemplary, FromYear: t.FromYear, Year: t.Year, UntilYear: t.UntilYear,
		Level: t.Level, Name: Masked(t.Name, t.Model)}
	named, err := s.registry.MayName(ctx, t.PlaceID, t.SubjectID, t.Name)
	if err != nil {
		return p, err
	}
	if named {
		p.Name = t.Name
	} else if t.Model == registry.Citizen {
		child, err := s.registry.Minor(ctx, t.PlaceID, t.SubjectID)
		if err != nil {
			return p, err
		}
		if child {
			p.Name = Initials(t.Name)
		}
	}
	p.Masked = p.Name != t.Name
	if p.Commune, p.Province, err = s.above(ctx, &t); err != nil {
		return p, err
	}
	d, err := s.decision(ctx, s.db.Read(), t.DecisionID)
	if err != nil {
		return p, err
	}
	p.Decision, p.Verified = PublicDecision{d.ID, d.Text(), d.Date, d.BodyName}, d.Verified
	if t.EndedBy != "" {
		e, err := s.decision(ctx, s.db.Read(), t.EndedBy)
		if err != nil {
			return p, err
		}
		p.Ended = &PublicDecision{e.ID, e.Text(), e.Date, e.BodyName}
	}
	return p, nil
}

// above names the commune and province of a title as they were on the day of its decision.
func (s *Service) above(ctx context.Context, t *Title) (commune, province string, err error) {
	p, err := s.places.At(ctx, t.PlaceID, t.DecidedOn)
	if fault.KindOf(err) == fault.KindNotFound { // a paper year's title may be older than its area's record
		p, err = s.places.Get(ctx, t.PlaceID)
	}
	if err != nil {
		return "", "", err
	}
	names, err := s.places.Names(ctx, p.CommuneID, p.ProvinceID)
	return names[p.CommuneID], names[p.ProvinceID], err
}
