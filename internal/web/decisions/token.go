// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"crypto/rand"

	"hoctap/internal/fault"
	"hoctap/internal/web/site"
)

// tokenName is the hidden field by which a form is known when it comes twice.
const tokenName = "phieu"

// newToken is that of a page that is being made.
func newToken() string { return rand.Text() }

// pressed says whether the form that was sent made something before.
func pressed(v *site.Visit) (id string, made bool, err error) {
	return v.Recognition.Pressed(v.Ctx(), v.Actor, v.Form(tokenName))
}

// draftMade is the address of the draft that this form made before, also when it has become a decision since; empty when it made none or it was discarded.
func draftMade(v *site.Visit) (to string, err error) {
	id, made, err := pressed(v)
	if err != nil || !made {
		return "", err
	}
	d, err := v.Recognition.Decision(v.Ctx(), v.Actor, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return "", nil
	}
	return address(&d), err
}

// goOr leads to an address unless there is an error.
func goOr(v *site.Visit, to string, err error) error {
	if err != nil {
		return err
	}
	return v.Go(to)
}
