// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import (
	"context"
	"slices"
	"strconv"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// Adult says whether a person was 18 on a day: of the birth only the year is known, so who turns 18 in the year of that day counts on its last day only. Somebody
// whose year of birth is not known is treated as a child.
func Adult(birthYear int, day string) bool {
	return birthYear > 0 && day >= strconv.Itoa(birthYear+adult)+"-12-31"
}

// MayName says whether the public may read the full name of a subject's holder today. A head of a family agrees for himself. A citizen is named as an
// adult only by a consent that he gave as one: what was agreed to before the 18th birthday ends with it, and is asked anew. For a child, from 7 on the child and
// its representative both agreed, below the representative (Consent.Person); which purposes a child can be asked for at all is Agree's rule.
func (s *Service) MayName(ctx context.Context, placeID, subjectID, name string) (ok bool, err error) {
	defer fault.Wrap(&err, "registry.MayName(%s)", subjectID)
	return s.mayShow(ctx, placeID, subjectID, ShowName, name)
}

// MayShow is MayName for another purpose.
func (s *Service) MayShow(ctx context.Context, placeID, subjectID string, p Purpose, name string) (ok bool, err error) {
	defer fault.Wrap(&err, "registry.MayShow(%s, %s)", subjectID, p)
	return s.mayShow(ctx, placeID, subjectID, p, name)
}

func (s *Service) mayShow(ctx context.Context, placeID, subjectID string, p Purpose, name string) (bool, error) {
	r, err := s.Load(ctx, s.db.Read(), placeID, subjectID)
	if fault.KindOf(err) == fault.KindNotFound {
		return false, nil // erased, or merged away: nobody can be asked
	}
	if err != nil {
		return false, err
	}
	today := store.Date(s.now())
	if ok, err := agreed(ctx, s.db.Read(), subjectID, p, name, today); err != nil || !ok || r.Model != Citizen {
		return ok, err
	}
	grown := Adult(r.BirthYear, today)
	list, err := store.Collect(ctx, s.db.Read(), scanConsent, selectConsents, subjectID)
	return slices.ContainsFunc(list, func(c Consent) bool {
		if !c.Holds() || c.Purpose != p || c.Name != name || c.AskAgainOn != "" && c.AskAgainOn <= today {
			return false
		}
		if !grown {
			return r.BirthYear > 0 && (c.Person == Both || c.Person == Representative)
		}
		year, _ := strconv.Atoi(c.GivenOn[:min(4, len(c.GivenOn))])
		return c.Person == Self && year-r.BirthYear >= adult
	}), err
}

// Minor says whether a subject is a citizen who is, or may be, below 18 today: the public reads initials only.
func (s *Service) Minor(ctx context.Context, placeID, subjectID string) (bool, error) {
	r, err := s.Load(ctx, s.db.Read(), placeID, subjectID)
	if fault.KindOf(err) == fault.KindNotFound {
		return true, nil
	}
	return err == nil && r.Model == Citizen && !Adult(r.BirthYear, store.Date(s.now())), err
}
