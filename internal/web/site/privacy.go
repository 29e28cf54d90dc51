// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package site

// PrivacyContact is the line about the data protection officer that stands at every form that asks for personal data.
func (v *Visit) PrivacyContact() string {
	r, err := v.Privacy.Register(v.Ctx())
	if err != nil {
		v.Log.Warn("contact of the data protection officer", "error", err) // the form is of use without it
	}
	if r.Officer == "" {
		return v.T("privacy.contact_none")
	}
	return v.T("privacy.contact", "name", r.Officer, "phone", r.Phone, "email", r.Email)
}
