// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"net/url"
	"strings"
	"unicode"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// maxWords is in characters, of an address or a register entry.
const maxWords = 2000

// AddLink attaches an address elsewhere. Only http and https; it is never fetched. It fails with fault.Invalid on "link", and
// like Upload.
func (s *Service) AddLink(ctx context.Context, by identity.Actor, placeID string, uses []Use, title, address string) (it Item, err error) {
	defer fault.Wrap(&err, "evidence.AddLink(%s)", placeID)
	if address, err = CheckLink(address); err != nil {
		return it, err
	}
	return s.add(ctx, by, placeID, uses, Item{Sort: Link, Title: title, Link: address})
}

// AddRegister attaches an entry of a paper book or of another system, in words: which book, which line. It fails with
// fault.Invalid on "entry", and like Upload.
func (s *Service) AddRegister(ctx context.Context, by identity.Actor, placeID string, uses []Use, title, words string) (it Item, err error) {
	defer fault.Wrap(&err, "evidence.AddRegister(%s)", placeID)
	words = text.NFC(words)
	switch n := len([]rune(words)); {
	case n == 0:
		return it, fault.Invalid(fault.Field("entry", "evidence.entry_empty"))
	case n > maxWords:
		return it, fault.Invalid(fault.Field("entry", "evidence.entry_long", "max", maxWords))
	}
	return s.add(ctx, by, placeID, uses, Item{Sort: Register, Title: title, Link: words})
}

func (s *Service) add(ctx context.Context, by identity.Actor, placeID string, uses []Use, it Item) (_ Item, err error) {
	if it.Title, err = cleanTitle(it.Title); err != nil {
		return it, err
	}
	if err := s.mayUse(ctx, by, placeID, uses); err != nil {
		return it, err
	}
	it.PlaceID, it.ID, it.State, it.ByID, it.At = placeID, store.NewID(), StateReady, by.ID, s.now()
	return it, s.db.Write(ctx, func(tx *store.Tx) error { return s.record(ctx, tx, by, it, uses) })
}

// CheckLink returns an address in the form it is kept in, or fault.Invalid on "link" for what a person should not be led to by
// a click: another scheme, a name and password inside, control characters.
func CheckLink(address string) (string, error) {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "", fault.Invalid(fault.Field("link", "evidence.link_empty"))
	case len(address) > maxWords:
		return "", fault.Invalid(fault.Field("link", "evidence.link_long", "max", maxWords))
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "", u.User != nil, strings.ContainsFunc(address, odd):
		return "", fault.Invalid(fault.Field("link", "evidence.link"))
	}
	return u.String(), nil
}

// odd are characters that make an address look like another.
func odd(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\\' || r == unicode.ReplacementChar
}
