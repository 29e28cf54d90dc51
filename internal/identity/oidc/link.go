// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package oidc

import (
	"context"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/store"
)

// Offered is a person without an account, kept by the browser until he has signed in another way and says that he is the same.
type Offered struct {
	Provider    string
	SubjectHash string
	Name        string
	Phone       string // last three digits
}

// OfferLife is how long a link may wait for its confirmation.
const OfferLife = 15 * time.Minute

const purposeOffer = "oidc offer"

const (
	selectLink = `SELECT account_id FROM identity_link WHERE provider = $1 AND subject_hash = $2`
	touchLink  = `UPDATE identity_link SET used_at = $1 WHERE provider = $2 AND subject_hash = $3`
	selectWait = `SELECT account_id, by_id FROM identity_expected WHERE provider = $1 AND number_hash = $2`
	deleteWait = `DELETE FROM identity_expected WHERE account_id = $1 AND provider = $2`
	insertLink = `INSERT INTO identity_link (provider, subject_hash, account_id, by_id, created_at) VALUES ($1, $2, $3, $4, $5)`
)

// SignIn opens a session for who came back. When nothing is linked to him and no officer expects him, nothing is opened and offer is what his browser
// keeps for Confirm; browser names it. A required level that was reached counts as two factors; without one the account's second step follows.
func (s *Service) SignIn(ctx context.Context, who Person, browser string, from identity.Client) (o identity.Opened, offer string, err error) {
	defer fault.Wrap(&err, "oidc.SignIn(%s)", who.Provider)
	subject, level := s.subjectHash(who.Provider, who.Subject), 1
	if who.MFA {
		level = 2
	}
	var accountID string
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		var found bool
		var err error
		if accountID, found, err = store.One(ctx, tx, store.Value[string], selectLink, who.Provider, subject); err != nil {
			return err
		}
		if !found {
			accountID, err = s.claim(ctx, tx, who, subject, from.Address)
		}
		if err != nil || accountID == "" {
			return err
		}
		if _, err := tx.Exec(ctx, touchLink, store.Micros(s.now()), who.Provider, subject); err != nil {
			return err
		}
		o, err = s.identity.Open(ctx, tx, accountID, identity.Proof{Method: identity.ByOIDC, Level: level}, from)
		if fault.KindOf(err) == fault.KindInvalid {
			err = fault.Conflict("oidc.closed")
		}
		return err
	})
	if err == nil && accountID == "" {
		offer, err = s.Offer(who, browser)
	}
	return o, offer, err
}

// Offer is what the browser of who came keeps until he confirms that an account is his.
func (s *Service) Offer(who Person, browser string) (string, error) {
	return s.ceremonies.Seal(purposeOffer, browser, OfferLife, Offered{Provider: who.Provider, SubjectHash: s.subjectHash(who.Provider, who.Subject), Name: who.Name, Phone: last(who.Phone)})
}

// claim links who came to the account for which an officer expects his id number.
func (s *Service) claim(ctx context.Context, tx *store.Tx, who Person, subject, address string) (accountID string, err error) {
	number := s.numberHash(who.Provider, who.Number)
	if number == "" {
		return "", nil
	}
	type wait struct{ account, by string }
	w, found, err := store.One(ctx, tx, func(sc store.Scanner) (w wait, err error) { return w, sc.Scan(&w.account, &w.by) }, selectWait, who.Provider, number)
	if err != nil || !found {
		return "", err
	}
	err = s.link(ctx, tx, identity.Actor{ID: w.account, Address: address}, Offered{Provider: who.Provider, SubjectHash: subject}, w.by)
	return w.account, err
}

const selectAccountLink = `SELECT account_id FROM identity_link WHERE account_id = $1 AND provider = $2`

// link ties a subject to the actor's account. A subject opens one account only, and an account has one subject at a provider.
func (s *Service) link(ctx context.Context, tx *store.Tx, by identity.Actor, o Offered, author string) error {
	owner, found, err := store.One(ctx, tx, store.Value[string], selectLink, o.Provider, o.SubjectHash)
	switch {
	case err != nil:
		return err
	case found && owner == by.ID:
		return nil
	case found:
		return fault.Conflict("oidc.taken", "provider", s.Name(o.Provider))
	}
	if _, found, err = store.One(ctx, tx, store.Value[string], selectAccountLink, by.ID, o.Provider); err != nil {
		return err
	}
	if found {
		return fault.Conflict("oidc.other_linked", "provider", s.Name(o.Provider))
	}
	if _, err := tx.Exec(ctx, deleteWait, by.ID, o.Provider); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertLink, o.Provider, o.SubjectHash, by.ID, author, store.Micros(s.now())); err != nil {
		return err
	}
	return s.note(ctx, tx, by, by.ID, "identity_link", map[string]any{"provider": o.Provider, "by": author})
}

func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, accountID, act string, after map[string]any) error {
	return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: accountID, Act: act, After: after})
}

// Offered reads what the browser keeps for Confirm.
func (s *Service) Offered(offer, browser string) (o Offered, once ceremony.Once, err error) {
	once, err = s.ceremonies.Open(purposeOffer, browser, offer, &o)
	return o, once, err
}

// Confirm links the person the browser keeps to the actor, who types his password for it.
func (s *Service) Confirm(ctx context.Context, by identity.Actor, offer, browser, password string) (err error) {
	defer fault.Wrap(&err, "oidc.Confirm(%s)", by.ID)
	o, once, err := s.Offered(offer, browser)
	if err != nil {
		return err
	}
	if err := s.identity.Confirm(ctx, by, password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.ceremonies.Spend(ctx, tx, once); err != nil {
			return err
		}
		return s.link(ctx, tx, by, o, by.ID)
	})
}

// Link is one of the actor's own, as its owner sees it. ByID is who made it: himself, or an officer.
type Link struct {
	Provider string
	Created  time.Time
	Used     time.Time // zero: never since
	ByID     string
	By       string // his name
}

const (
	selectLinks = `SELECT l.provider, l.created_at, l.used_at, l.by_id, coalesce(a.name, '') FROM identity_link l LEFT JOIN account a ON a.id = l.by_id
		WHERE l.account_id = $1 ORDER BY l.provider`
	deleteLink = `DELETE FROM identity_link WHERE account_id = $1 AND provider = $2`
)

// Links lists what opens the actor's account.
func (s *Service) Links(ctx context.Context, by identity.Actor) (list []Link, err error) {
	defer fault.Wrap(&err, "oidc.Links(%s)", by.ID)
	return store.Collect(ctx, s.db.Read(), func(sc store.Scanner) (l Link, err error) {
		var created, used int64
		err = sc.Scan(&l.Provider, &created, &used, &l.ByID, &l.By)
		l.Created, l.Used = store.Time(created), store.Time(used)
		return l, err
	}, selectLinks, by.ID)
}

// Unlink parts the actor's account from its subject at a provider, which then opens nothing.
func (s *Service) Unlink(ctx context.Context, by identity.Actor, provider string) (err error) {
	defer fault.Wrap(&err, "oidc.Unlink(%s)", provider)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, deleteLink, by.ID, provider)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFound("identity_link", provider)
		}
		return s.note(ctx, tx, by, by.ID, "identity_unlink", map[string]any{"provider": provider})
	})
}

func last(phone string) string {
	if len(phone) < 6 {
		return ""
	}
	return phone[len(phone)-3:]
}
