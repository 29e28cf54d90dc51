// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// The kinds of body that the program sets up by itself. Which of them decides what is data of the round.
const (
	BodyAssociationCommune  = "hoi_kh_xa"
	BodyCommitteeCommune    = "ubnd_xa"
	BodyAssociationProvince = "hoi_kh_tinh"
	BodyCommitteeProvince   = "ubnd_tinh"
)

// Body is an office that issues decisions: an association for the promotion of learning or a People's Committee.
type Body struct {
	ID      string
	PlaceID string
	Kind    string
	Name    string // "Hội Khuyến học xã Hy Cương"
	Symbol  string // "QĐ-HKH", behind the number
	Signer  string
	Post    string // the signer's title
	Version int64
}

// BodyID is the id of the body of a kind at a place.
func BodyID(kind, placeID string) string { return kind + "-" + placeID }

// symbolForm is what stands behind a number: "QĐ-UBND", "QĐ-HĐ.XH".
var symbolForm = regexp.MustCompile(`^[\p{Lu}\p{Ll}][\p{L}0-9.-]*$`)

// Check reports every rule the body breaks.
func (b Body) Check() error {
	var errs []fault.FieldError
	if b.Name == "" {
		errs = append(errs, fault.Field("name", "recognition.body_name"))
	}
	if utf8.RuneCountInString(b.Symbol) > maxSymbol || !symbolForm.MatchString(b.Symbol) {
		errs = append(errs, fault.Field("symbol", "recognition.body_symbol"))
	}
	errs = append(errs, words("name", b.Name, maxBody)...)
	errs = append(errs, words("signer", b.Signer, maxName)...)
	errs = append(errs, words("post", b.Post, maxPost)...)
	return fault.Invalid(errs...)
}

// usual returns the bodies that a commune or province has by law and statute, without their signers.
func usual(p place.Place) []Body {
	kinds := [2]string{BodyAssociationCommune, BodyCommitteeCommune}
	switch p.Level {
	case place.Commune:
	case place.Province:
		kinds = [2]string{BodyAssociationProvince, BodyCommitteeProvince}
	default:
		return nil
	}
	of := strings.ToLower(p.Kind) + " " + p.Name
	return []Body{
		{PlaceID: p.ID, Kind: kinds[0], Name: "Hội Khuyến học " + of, Symbol: "QĐ-HKH", Post: "Chủ tịch", Version: 1},
		{PlaceID: p.ID, Kind: kinds[1], Name: "Ủy ban nhân dân " + of, Symbol: "QĐ-UBND", Post: "Chủ tịch", Version: 1},
	}
}

const (
	bodyColumns = `id, place_id, kind, name, symbol, signer, post, version`
	insertBody  = `INSERT INTO body (` + bodyColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (id) DO NOTHING`
)

func scanBody(sc store.Scanner) (b Body, err error) {
	err = sc.Scan(&b.ID, &b.PlaceID, &b.Kind, &b.Name, &b.Symbol, &b.Signer, &b.Post, &b.Version)
	return b, err
}

// EnsureBodies sets up the usual bodies of a commune or province and returns all that it has. Doing it again adds nothing.
func (s *Service) EnsureBodies(ctx context.Context, placeID string) (list []Body, err error) {
	defer fault.Wrap(&err, "recognition.EnsureBodies(%s)", placeID)
	p, err := s.places.Get(ctx, placeID)
	if err != nil {
		return nil, err
	}
	list, err = s.bodies(ctx, placeID)
	if want := usual(p); err != nil || len(list) >= len(want) {
		return list, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		for _, b := range usual(p) {
			id := BodyID(b.Kind, placeID)
			n, err := tx.Exec(ctx, insertBody, id, b.PlaceID, b.Kind, b.Name, b.Symbol, b.Signer, b.Post)
			if err != nil {
				return err
			}
			if n > 0 {
				entry := audit.Entry{PlaceID: placeID, ThingID: id, Thing: "body", Act: "add", After: b}
				if err := audit.Write(ctx, tx, identity.System.Who(), s.now(), entry); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.bodies(ctx, placeID)
}

func (s *Service) bodies(ctx context.Context, placeID string) ([]Body, error) {
	return store.Collect(ctx, s.db.Read(), scanBody, `SELECT `+bodyColumns+` FROM body WHERE place_id = $1 ORDER BY kind`, placeID)
}

// Bodies returns the bodies of a commune or province with their signers.
func (s *Service) Bodies(ctx context.Context, by identity.Actor, placeID string) (list []Body, err error) {
	defer fault.Wrap(&err, "recognition.Bodies(%s)", placeID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, placeID); err != nil {
		return nil, err
	}
	return s.EnsureBodies(ctx, placeID)
}

// Decides says whether there is a body of a kind that decides for a place.
func (s *Service) Decides(ctx context.Context, kind, placeID string) (bool, error) {
	_, err := s.deciding(ctx, kind, placeID)
	if fault.KindOf(err) == fault.KindConflict {
		return false, nil
	}
	return err == nil, err
}

// deciding returns the body of a kind that decides for a place: its own, else that of the nearest place above.
func (s *Service) deciding(ctx context.Context, kind, placeID string) (b Body, err error) {
	path, err := s.places.Path(ctx, nil, placeID)
	if err != nil {
		return b, err
	}
	above := strings.Split(strings.Trim(path, "/"), "/")
	for i := len(above) - 1; i >= 0; i-- {
		list, err := s.EnsureBodies(ctx, above[i])
		if err != nil {
			return b, err
		}
		for _, b := range list {
			if b.Kind == kind {
				return b, nil
			}
		}
	}
	return b, fault.Conflict("recognition.no_body", "kind", kind, "place", placeID)
}

func (s *Service) body(ctx context.Context, tx *store.Tx, id string) (Body, error) {
	b, found, err := store.One(ctx, tx, scanBody, `SELECT `+bodyColumns+` FROM body WHERE id = $1`, id)
	if err == nil && !found {
		err = fault.NotFound("body", id)
	}
	return b, err
}

// BodyByID returns a body; whether the actor may know of it is for the caller, who works on what the body issued. It fails with fault.NotFound.
func (s *Service) BodyByID(ctx context.Context, id string) (b Body, err error) {
	defer fault.Wrap(&err, "recognition.BodyByID(%s)", id)
	return s.body(ctx, s.db.Read(), id)
}

// may checks an act at a place; a nil tx reads outside a transaction.
func (s *Service) may(ctx context.Context, tx *store.Tx, by identity.Actor, act identity.Act, placeID string) error {
	path, err := s.places.Path(ctx, tx, placeID)
	if err != nil {
		return err
	}
	return by.Check(act, path, placeID)
}

const updateBody = `UPDATE body SET name = $1, symbol = $2, signer = $3, post = $4, version = version + 1 WHERE id = $5 AND version = $6`

// SaveBody changes name, symbol, signer and post of a body, for decisions to come. It fails with fault.Stale when someone saved
// since b.Version.
func (s *Service) SaveBody(ctx context.Context, by identity.Actor, b Body) (_ Body, err error) {
	defer fault.Wrap(&err, "recognition.SaveBody(%s)", b.ID)
	b.Name, b.Symbol, b.Signer, b.Post = text.NFC(b.Name), text.NFC(b.Symbol), text.NFC(b.Signer), text.NFC(b.Post)
	if err := b.Check(); err != nil {
		return b, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		before, err := s.body(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		if err := s.may(ctx, tx, by, identity.Decide, before.PlaceID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, updateBody, b.Name, b.Symbol, b.Signer, b.Post, b.ID, b.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Stale("body", b.ID)
		}
		after := before
		after.Name, after.Symbol, after.Signer, after.Post, after.Version = b.Name, b.Symbol, b.Signer, b.Post, b.Version+1
		if err := audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{PlaceID: before.PlaceID, ThingID: b.ID, Thing: "body", Act: "save", Before: before, After: after}); err != nil {
			return err
		}
		b = after
		return nil
	})
	return b, err
}
