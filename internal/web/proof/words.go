// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"context"

	"hoctap/internal/evidence"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/web/site"
)

// addWords adds a link or, where none is given, an entry of a register.
func addWords(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	form := fields(v.R.PostForm)
	to := uses(form["ho-so"], form["tieu-chi"])
	var it evidence.Item
	var err error
	if form.first("lien-ket") != "" || form.first("so") == "" {
		it, err = v.Evidence.AddLink(v.Ctx(), v.Actor, v.Path("place"), to, form.first("tieu-de"), form.first("lien-ket"))
	} else {
		it, err = v.Evidence.AddRegister(v.Ctx(), v.Actor, v.Path("place"), to, form.first("tieu-de"), form.first("so"))
	}
	if err != nil {
		return spoken(err)
	}
	return answer(v, it, form["ho-so"], form.first("ve"))
}

func attach(v *site.Visit) error { return use(v, v.Evidence.Attach) }
func detach(v *site.Visit) error { return use(v, v.Evidence.Detach) }

// verb is Attach or Detach.
type verb func(ctx context.Context, by identity.Actor, placeID, id string, uses []evidence.Use) (evidence.Item, error)

// use attaches or detaches what the form says.
func use(v *site.Visit, verb verb) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	form := fields(v.R.PostForm)
	to := uses(form["ho-so"], form["tieu-chi"])
	if len(to) == 0 {
		return spoken(fault.Invalid(fault.Field("tieu-chi", "evidence.use")))
	}
	it, err := verb(v.Ctx(), v.Actor, v.Path("place"), v.Path("id"), to)
	if err != nil {
		return spoken(err)
	}
	return answer(v, it, form["ho-so"], form.first("ve"))
}
