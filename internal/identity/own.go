// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	"hoctap/internal/fault"
)

// Own is the one file that its subject fills in by itself: whoever holds the slip of a household, a clan, a unit or a citizen, without an account. It
// holds no role, so every question about a place is answered with no; only Fills says yes, to steps that the policy gives to subjects, on this file.
type Own struct {
	PlaceID string
	FileID  string
	LinkID  string // the slip
}

// ownActor begins the id of who acts by a slip. No account has such an id.
const ownActor = "slip:"

// Actor is who holds the slip, asking from address with device.
func (o Own) Actor(address, device string) Actor {
	return Actor{ID: ownActor + o.LinkID, Address: address, Device: device, Own: o}
}

// IsOwn reports whether an actor's id, as sheets and the journal keep it, is that of a subject by its slip.
func IsOwn(actorID string) bool { return strings.HasPrefix(actorID, ownActor) }

// Fills checks that the actor may take a step on a file because it is the actor's own; it fails with fault.Denied for any other.
func (a Actor) Fills(step Step, placeID, fileID string) error {
	if !step.Self || a.Own.FileID == "" || a.Own.FileID != fileID || a.Own.PlaceID != placeID {
		return fault.Denied(string(step.Act), placeID)
	}
	return nil
}
