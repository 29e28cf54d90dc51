// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

// texts and numbers are the fields that a merge fills and an import updates, by the names of the draft's fields.
func (r *Subject) texts() map[string]*string {
	return map[string]*string{
		"number": &r.Number, "family_id": &r.FamilyID, "kind": &r.Kind, "address": &r.Address, "phone": &r.Phone, "body": &r.Body,
		"sex": &r.Sex, "ethnic": &r.Ethnic, "id_hash": &r.IDHash, "id_tail": &r.IDTail, "id_number": &r.IDNumber,
	}
}

func (r *Subject) numbers() map[string]*int {
	return map[string]*int{"birth_year": &r.BirthYear, "members": &r.Members, "adults": &r.Adults, "children": &r.Children}
}

// fill puts into r what it lacks and from has, and returns what it put there. The three head counts go together or not at
// all, so that they stay consistent.
func fill(r *Subject, from Subject) map[string]any {
	filled := map[string]any{}
	have := from.texts()
	for field, to := range r.texts() {
		if v := *have[field]; *to == "" && v != "" {
			*to = v
			filled[field] = v
		}
	}
	uncounted := r.Members == 0 && r.Adults == 0 && r.Children == 0
	given := from.numbers()
	for field, to := range r.numbers() {
		if v := *given[field]; *to == 0 && v != 0 && (field == "birth_year" || uncounted) {
			*to = v
			filled[field] = v
		}
	}
	return filled
}

// drain takes out of r what fill had put there, where it still is as it was put.
func drain(r *Subject, filled map[string]any) {
	texts, numbers := r.texts(), r.numbers()
	for field, v := range filled {
		if to, ok := texts[field]; ok && any(*to) == v {
			*to = ""
		}
		// A number comes back from JSON as a float.
		if to, ok := numbers[field]; ok && (any(*to) == v || any(float64(*to)) == v) {
			*to = 0
		}
	}
}
