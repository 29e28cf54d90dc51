// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package paper

import "reflect"

// Certificate is one sheet of A4 landscape that a recognised subject holds (giấy chứng nhận).
type Certificate struct {
	Nation  string
	Motto   string
	Issuer  string // "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ HY CƯƠNG"
	Kind    string // "GIẤY CHỨNG NHẬN"
	What    string // "Gia đình học tập năm 2026"
	Holder  string
	Address string
	Until   string // of titles that count for several years
	Day     string
	Post    string
	Signer  string
	Entered string // decision and number in its list
	Code    string // as people read it; "" before the decision is signed
	Scan    string // below the code
	Link    string // what the QR code says
	Void    string // what became of it; "" while it is valid
	Marks   Marks
}

// Clean does for a certificate what Document.Clean does for a paper.
func (c *Certificate) Clean() {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString(clean(f.String()))
		}
	}
	c.Marks = Marks{clean(c.Marks.Notice), clean(c.Marks.Across)}
}
