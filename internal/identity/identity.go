// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package identity owns accounts, sessions and the one policy that says which role may do which act. It knows places
// only as ids inside a path ("/country/province/commune/leaf/"), never their names or history.
package identity

import (
	"sync/atomic"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/keyring"
	"hoctap/internal/store"
)

// Service keeps accounts and sessions.
type Service struct {
	Keys *keyring.Ring // of the installation; until it is set, one in memory: what is sealed is lost with the process

	db      *store.DB
	now     func() time.Time
	factors []Factor
	terms   termsMemo
}

// New returns a Service on db that takes the time from now.
func New(db *store.DB, now func() time.Time) *Service {
	s := &Service{Keys: keyring.Fresh(), db: db, now: now}
	s.AddFactor(Factor{Has: hasTOTP, Drop: dropTOTP})
	return s
}

// Actor is who asks: an account with what it may do, and the address it asks from. The zero Actor is the public.
type Actor struct {
	ID           string
	Login        string
	Name         string
	Post         string    // shown under the name: "Hội Khuyến học xã"
	Address      string    // host:port of the request
	Device       string    // what it asks with, in a few words
	MustChange   bool      // the password was set by someone else, or is too old
	MustEnrol    bool      // a second factor is owed, and the days of grace are over
	PasswordEnds time.Time // when the password must be changed; zero for never
	GraceEnds    time.Time // until when a second factor may be missing that is owed
	Session      string    // id of the session; "" for who has none
	Method       Method    // how it was opened
	Level        int       // with how many factors
	Grants       []Grant
	Own          Own // the file that its subject fills in by a slip; zero for accounts

	acting *atomic.Pointer[string] // the giver by whose loan the actor passed a check; nil when nothing is lent
}

// Grant gives a role at a place and everything below it.
type Grant struct {
	Role    Role
	PlaceID string
	Giver   string // account that lent it; "" for the actor's own
	Below   bool   // lent for a place below the giver's own
	Until   string // last day, YYYY-MM-DD; "" where it was not asked for
}

// Who is the actor as the journal keeps it.
func (a Actor) Who() audit.Who {
	if a.ID == "" {
		return audit.Who{ID: "public", Address: a.Address, Device: a.Device}
	}
	w := audit.Who{ID: a.ID, Address: a.Address, Device: a.Device}
	if a.acting != nil {
		if giver := a.acting.Load(); giver != nil {
			w.For = *giver
		}
	}
	return w
}

// System is the program itself: import of shipped data, demo, periodic jobs. No request ever carries it.
var System = Actor{ID: audit.System.ID, Grants: []Grant{{Role: system}}}
