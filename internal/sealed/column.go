// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package sealed knows every column whose texts lie sealed in the database: the one list by which they are sealed, opened, put under a new key
// and, once nothing is under it, rid of an old one. A column that seals and is not in the list would lose its texts with the first old key; a
// test reads the sources for such, and Rotate looks through the whole database before it deletes a key.
//
// It must not know the domains: they name their column and the record a text is bound to.
package sealed

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/keyring"
)

// Column is one whose texts are sealed, or, with Fields, a JSON column in which texts of these names are, at any depth.
type Column struct {
	Table   string
	Name    string
	Key     []string // its primary key
	To      string   // SQL expression: the record a text is bound to
	Where   string   // SQL condition: the rows it is about; "" for all
	Purpose string
	Fields  []string
	Hash    string // column with the keyed hash of the text, for those that are searched
	Plain   bool   // older programs left texts unsealed there: Adopt seals them
}

// The columns.
var (
	Phone       = Column{Table: "subject", Name: "phone", Key: []string{"place_id", "id"}, To: "id", Purpose: "subject phone", Hash: "phone_hash", Plain: true}
	IDNumber    = Column{Table: "subject", Name: "id_sealed", Key: []string{"place_id", "id"}, To: "id", Purpose: "subject id number"}
	ImportCells = Column{Table: "import_row", Name: "cells", Key: []string{"batch_id", "row_no"}, To: "batch_id || '/' || row_no", Purpose: "import cell",
		Fields: []string{"phone", "~phone", "id_number", "~id_number"}, Plain: true}
	ImportIssues = Column{Table: "import_row", Name: "issues", Key: []string{"batch_id", "row_no"}, To: "batch_id || '/' || row_no", Purpose: ImportCells.Purpose,
		Fields: []string{"value", "text", "phone", "meant"}} // only of issues about such a cell
	ImportBefore = Column{Table: "import_row", Name: "before", Key: []string{"batch_id", "row_no"}, To: "subject_id", Purpose: Phone.Purpose,
		Fields: []string{"phone"}, Plain: true}
	MergeBefore = Column{Table: "subject_merge", Name: "before", Key: []string{"place_id", "id"}, To: "kept_id", Purpose: Phone.Purpose,
		Fields: []string{"phone"}, Plain: true}
	ImportBeforeID = Column{Table: "import_row", Name: "before", Key: []string{"batch_id", "row_no"}, To: "subject_id", Purpose: IDNumber.Purpose,
		Fields: []string{"id_number"}}
	MergeBeforeID = Column{Table: "subject_merge", Name: "before", Key: []string{"place_id", "id"}, To: "kept_id", Purpose: IDNumber.Purpose,
		Fields: []string{"id_number"}}
	CertificateSeal = Column{Table: "setting", Name: "value", Key: []string{"key"}, To: "key", Where: "key = 'certificate_seal'", Purpose: "certificate seal",
		Plain: true}
	TOTPSecret = Column{Table: "totp", Name: "secret", Key: []string{"account_id"}, To: "account_id", Purpose: "totp"}
	SlipPin    = Column{Table: "self_link", Name: "pin", Key: []string{"id"}, To: "id", Purpose: "self_link pin"}
	BadgeKey   = Column{Table: "badge_key", Name: "secret", Key: []string{"id"}, To: "id", Purpose: "badge key", Plain: true}
)

// Columns lists them all.
var Columns = []*Column{&CertificateSeal, &TOTPSecret, &SlipPin, &BadgeKey, &Phone, &IDNumber, &ImportCells, &ImportIssues, &ImportBefore, &ImportBeforeID, &MergeBefore, &MergeBeforeID}

// String names the column as people look for it.
func (c *Column) String() string { return c.Table + "." + c.Name }

// Seal seals a text for the column. Without a ring it stays as it is, which only tests do.
func (c *Column) Seal(ring *keyring.Ring, to, plain string) string {
	if ring == nil {
		return plain
	}
	return ring.Seal(c.Purpose, to, plain)
}

// Open gives the text of the column back. One that no ring has sealed comes back as it is: it is older than sealing.
func (c *Column) Open(ring *keyring.Ring, to, text string) (string, error) {
	if _, ok := keyring.Number(text); !ok {
		return text, nil
	}
	if ring == nil {
		return "", errors.New("sealed: " + c.String() + " without keys")
	}
	return ring.Unseal(c.Purpose, to, text)
}

// each replaces every sealed text of a stored value by what change makes of it, and every plain one of a column that may have such.
func (c *Column) each(stored string, change func(text string) (string, error)) (string, error) {
	if len(c.Fields) == 0 {
		return change(stored)
	}
	var tree any
	d := json.NewDecoder(strings.NewReader(stored))
	d.UseNumber() // a version must not become a float
	if err := d.Decode(&tree); err != nil {
		return "", err
	}
	changed := false
	err := c.walk(tree, func(s string) (string, error) {
		fresh, err := change(s)
		changed = changed || fresh != s
		return fresh, err
	})
	if err != nil || !changed {
		return stored, err // as it was written: PostgreSQL spaces JSON otherwise than we do
	}
	b, err := json.Marshal(tree)
	return string(b), err
}

func (c *Column) walk(tree any, change func(string) (string, error)) (err error) {
	switch t := tree.(type) {
	case map[string]any:
		for name, v := range t {
			if s, ok := v.(string); ok && slices.Contains(c.Fields, name) {
				if t[name], err = change(s); err != nil {
					return err
				}
			} else if err := c.walk(v, change); err != nil {
				return err
			}
		}
	case []any:
		for _, v := range t {
			if err := c.walk(v, change); err != nil {
				return err
			}
		}
	}
	return nil
}

// texts are the sealed texts of a stored value.
func (c *Column) texts(stored string) (list []string, err error) {
	_, err = c.each(stored, func(s string) (string, error) {
		if _, ok := keyring.Number(s); ok {
			list = append(list, s)
		}
		return s, nil
	})
	return list, err
}

func (c *Column) wrap(err *error, verb string) { fault.Wrap(err, "sealed.%s(%s)", verb, c) }
