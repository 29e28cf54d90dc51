// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package registry owns the subjects that are assessed: families (gia đình), clans (dòng họ), communities (khu dân cư),
// units (đơn vị) and citizens (công dân), where they live, who belongs to whom, what other registers say of them, and how
// lists of them come in from spreadsheets and go out again.
//
// It must not know assessment or recognition, which stand to its right. What they need to hear (a household came, moved,
// left, was merged) has to happen in the very transaction of the change: a new household without its row in the open
// round would be missing from every figure. So cmd hands Listeners to New, and the package calls them inside its
// transactions with plain Events; it imports nothing to its right and knows none of the listeners.
//
// One exception is read by SQL: table title (migration 0008), because the number of members that hold a title is a
// figure of the members, see counts_read.go.
package registry

import (
	"context"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/keyring"
	"hoctap/internal/place"
	"hoctap/internal/store"
)

// Service keeps the registry.
type Service struct {
	db        *store.DB
	places    *place.Service
	now       func() time.Time
	listeners []Listener

	Keys *keyring.Ring // seals numbers that name a person; nil in tests only: they lie plain there
}

// New returns a Service on db. The listeners are called in order, inside the transaction of each change.
func New(db *store.DB, places *place.Service, now func() time.Time, listeners ...Listener) *Service {
	return &Service{db: db, places: places, now: now, listeners: listeners}
}

// The models, as criteria sets name them.
const (
	Family    = "family"
	Clan      = "clan"
	Community = "community"
	Unit      = "unit"
	Citizen   = "citizen"
)

// Models lists the models in the order in which a round closes.
var Models = []string{Citizen, Family, Clan, Community, Unit}

// State says whether a subject takes part in anything new.
type State string

// The states of a subject. Nothing is ever deleted but what an undone import had created.
const (
	Active State = "active"
	Left   State = "left"   // moved out of the province, dissolved, died; the reason is in the journal
	Merged State = "merged" // was a duplicate; MergedInto says of whom
)

// Subject is what is assessed. PlaceID is the leaf where it is now; its id stays with it when it moves. A community
// has the id of its area. Counts and BirthYear are 0 when not known.
type Subject struct {
	PlaceID    string    `json:"place_id"`
	ID         string    `json:"id"`
	Model      string    `json:"model"`
	Name       string    `json:"name"` // head of the family, clan, area, unit, person
	Fold       string    `json:"-"`    // for search
	Sort       string    `json:"-"`    // for lists
	Number     string    `json:"number,omitempty"`
	FamilyID   string    `json:"family_id,omitempty"` // of a citizen, in the same leaf
	Kind       string    `json:"kind,omitempty"`      // unit_type of a unit, citizen_group of a citizen
	Address    string    `json:"address,omitempty"`
	Phone      string    `json:"phone,omitempty"`
	IDHash     string    `json:"-"`                 // keyed hash of the id number (số định danh cá nhân), by which the same person is found
	IDTail     string    `json:"id_tail,omitempty"` // its last three digits
	IDNumber   string    `json:"-"`                 // the whole, where a duty needs it
	Body       string    `json:"body,omitempty"`    // managing body of a unit, head of a clan
	BirthYear  int       `json:"birth_year,omitempty"`
	Sex        string    `json:"sex,omitempty"` // "" | male | female
	Ethnic     string    `json:"ethnic,omitempty"`
	Members    int       `json:"members,omitempty"`  // persons of a family or unit, families of a clan, households of a community
	Adults     int       `json:"adults,omitempty"`   // aged 18 or more
	Children   int       `json:"children,omitempty"` // of school age
	State      State     `json:"state"`
	MergedInto string    `json:"merged_into,omitempty"`
	BatchID    string    `json:"batch_id,omitempty"` // the import that created it
	Version    int64     `json:"version"`
	CreatedAt  time.Time `json:"-"`

	Hidden    identity.Fields `json:"-"` // what was masked for its reader, see Mask
	UpdatedAt time.Time       `json:"-"`
}

// Change is what happened to a subject.
type Change string

// The changes a Listener hears of.
const (
	Added    Change = "added"    // new, or back after it had left
	Changed  Change = "changed"  // its name, number or another field
	Moved    Change = "moved"    // from Before.PlaceID to Subject.PlaceID
	Leaving  Change = "left"     // State is Left
	Merging  Change = "merged"   // Before was a duplicate and is gone, Subject stays
	Restored Change = "restored" // a merge was undone: Subject is back, Before is the one it had been merged into
	Removed  Change = "removed"  // the import that created it is undone; the row is deleted after the listeners agreed
)

// Event tells of one change. Subject is the state after it (before it, for Removed), Before the one before it, where
// there was one.
type Event struct {
	Change  Change
	Subject Subject
	Before  Subject
}

// Listener hears what happened, inside the transaction of the change; one call carries all events of that transaction,
// in order, so that a bulk load costs one call per chunk. An error undoes the change. A listener that holds work on a
// subject answers Removed, which always comes alone and before anything is written, with fault.Conflict: the subject then
// stays and is listed as not undone. Listeners that may refuse come before those that write.
type Listener func(ctx context.Context, tx *store.Tx, by identity.Actor, events []Event) error

func (s *Service) tell(ctx context.Context, tx *store.Tx, by identity.Actor, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	for _, listen := range s.listeners {
		if err := listen(ctx, tx, by, events); err != nil {
			return err
		}
	}
	return nil
}
