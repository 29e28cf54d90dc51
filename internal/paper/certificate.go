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
	Lead    string `json:",omitempty"` // "Công nhận", what is done to the holder; without it What stands above the holder
	What    string // "Đạt danh hiệu “Gia đình học tập” năm 2026"
	Holder  string
	Address string
	Until   string // of titles that count for several years
	Day     string
	Form    string `json:",omitempty"` // in what form the signer signs, see Signer
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
	form := cleanLines(c.Form)
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString(clean(f.String()))
		}
	}
	c.Form = form
	c.Marks = Marks{clean(c.Marks.Notice), clean(c.Marks.Across)}
}

// SignLines are the lines above the signature.
func (c *Certificate) SignLines() []string { return titleLines(c.Form, c.Post) }
