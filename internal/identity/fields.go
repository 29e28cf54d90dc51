// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import "strings"

// Fields is a set of facts about a person that not everybody who sees the record sees.
type Fields uint16

// The facts.
const (
	FieldPhone   Fields = 1 << iota
	FieldID             // the last digits of the id number
	FieldBirth          // the year of birth
	FieldAddress        // street and house
	FieldEthnic         // ethnic group: sensitive
	FieldStatus         // what other registers say: poverty and the like: sensitive

	AllFields = FieldPhone | FieldID | FieldBirth | FieldAddress | FieldEthnic | FieldStatus
)

// fieldNames are the names by which forms and the journal know them.
var fieldNames = map[string]Fields{"phone": FieldPhone, "id_number": FieldID, "birth_year": FieldBirth, "address": FieldAddress, "ethnic": FieldEthnic, "status": FieldStatus}

// FieldNamed returns a field by its name; 0 for none.
func FieldNamed(name string) Fields { return fieldNames[name] }

// Has says whether f is in the set.
func (s Fields) Has(f Fields) bool { return s&f != 0 }

// sight is who sees which facts, and which more he may have shown by an act of its own that the journal keeps. Who works with the people at a place sees all
// of them; who judges their files sees what criteria look at; a level above and readers see none: they read figures and names. Deny by default.
var sight = map[Role]struct{ sees, asks Fields }{
	CommuneOfficer:  {sees: AllFields},
	AreaVolunteer:   {sees: AllFields},
	Reviewer:        {sees: FieldBirth | FieldEthnic | FieldStatus, asks: FieldPhone | FieldID | FieldAddress},
	ProvinceOfficer: {sees: FieldBirth, asks: AllFields},
	Viewer:          {},
	system:          {sees: AllFields},
}

// Sees returns the facts about people that the actor sees at the place with this path.
func (a Actor) Sees(path string) (f Fields) {
	for _, g := range a.Grants {
		if g.Role == system || strings.Contains(path, "/"+g.PlaceID+"/") {
			f |= sight[g.Role].sees
		}
	}
	return f
}

// Asks returns the facts that the actor may have shown at the place, one person and one fact at a time.
func (a Actor) Asks(path string) (f Fields) {
	for _, g := range a.Grants {
		if strings.Contains(path, "/"+g.PlaceID+"/") {
			f |= sight[g.Role].asks
		}
	}
	return f &^ a.Sees(path)
}
