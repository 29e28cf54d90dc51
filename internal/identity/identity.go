// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package identity owns accounts, sessions and the one policy that says which role may do which act. It knows places
// only as ids inside a path ("/country/province/commune/leaf/"), never their names or history.
package identity

import (
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/store"
)

// Service keeps accounts and sessions.
type Service struct {
	db  *store.DB
	now func() time.Time
}

// New returns a Service on db that takes the time from now.
func New(db *store.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Actor is who asks: an account with what it may do, and the address it asks from. The zero Actor is the public.
type Actor struct {
	ID         string
	Login      string
	Name       string
	Post       string // shown under the name: "Hội Khuyến học xã"
	Address    string // host:port of the request
	Device     string // what it asks with, in a few words
	MustChange bool   // the password was set by someone else
	Grants     []Grant
}

// Grant gives a role at a place and everything below it.
type Grant struct {
	Role    Role
	PlaceID string
}

// Who is the actor as the journal keeps it.
func (a Actor) Who() audit.Who {
	if a.ID == "" {
		return audit.Who{ID: "public", Address: a.Address, Device: a.Device}
	}
	return audit.Who{ID: a.ID, Address: a.Address, Device: a.Device}
}

// System is the program itself: import of shipped data, demo, periodic jobs. No request ever carries it.
var System = Actor{ID: audit.System.ID, Grants: []Grant{{Role: system}}}
