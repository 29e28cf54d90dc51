// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package sign puts PAdES signatures (chữ ký số) into PDF files of our own press and checks those that come
// back. It knows of the bytes of a file and of certificates, nothing of papers, people or places.
//
// It reads plain cross-reference tables only, as fpdf writes them: a file with object streams or encryption
// is refused, not guessed at. The cryptographic message (CMS) is made and read with encoding/asn1: the
// library we tried (digitorus/pkcs7) puts its own clock into each signature, which PAdES forbids, and goes
// on after errors when it reads.
//
// Not looked at: revocation (CRL, OCSP) and time stamps of an authority. The time of a signature is what
// the signer says it is.
package sign

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf16"

	"hoctap/internal/fault"
)

// Place is where a signature shows, in mm from the upper left corner of its page. A Place of no width and no
// line is an invisible signature. Picture is a PNG, as a rule blue on nothing; it keeps its proportions.
type Place struct {
	Page                     int // from 1; 0 is the last
	Left, Top, Width, Height float64
	Picture                  []byte
	Line                     Line
}

// Line is a line of words that shows with a signature, in the middle of its width. It is drawn, not set: no file
// needs a font for it.
type Line struct {
	Text             string
	Left, Top, Width float64 // mm, as of a Place; the words shrink into the width
	Face             []byte  // TrueType
}

// leastHole is the room for a signature in hexadecimal digits. Chains of very large certificates get more.
const leastHole = 16 << 10

// vietnam is the zone that Decree 30/2020/NĐ-CP wants in a signature's time. It has known no summer time since 1975.
var vietnam = time.FixedZone("+07", 7*60*60)

// Sign writes pdf and, behind it, an increment with k's signature as of at. The bytes of pdf stay a prefix
// of the result, so that earlier signatures stay valid.
//
// It fails with fault.KindInvalid: "sign.unreadable" for a file that our press did not make,
// "sign.key_expired" when k's certificate does not hold at that time, "sign.place" and "sign.picture" for a
// place that is not on the page and a picture that is none.
func Sign(w io.Writer, pdf []byte, k Key, at time.Time, p Place) (err error) {
	defer fault.Wrap(&err, "sign.Sign")
	if k.certificate == nil {
		return fault.Invalid(fault.Field("file", "sign.key"))
	}
	if c := k.certificate; at.Before(c.NotBefore) || at.After(c.NotAfter) {
		return refuse("sign.key_expired", "signer", k.String(), "from", day(c.NotBefore), "to", day(c.NotAfter))
	}
	return signUnchecked(w, pdf, k, at, p)
}

func signUnchecked(w io.Writer, pdf []byte, k Key, at time.Time, p Place) error {
	f, err := readFile(pdf)
	if err != nil {
		return err
	}
	u := newUpdate(f)
	hole, err := u.signature(k, at, p)
	if err != nil {
		return err
	}
	tail := u.finish()
	whole := len(pdf) + len(tail)
	from := hole.from - len(pdf)
	to := hole.to - len(pdf)
	u.fillRange(fmt.Sprintf("[0 %d %d %d]", hole.from, hole.to, whole-hole.to))
	message, err := seal(parts{pdf, tail[:from], tail[to:]}.sum(crypto.SHA256), k)
	if err != nil {
		return err
	}
	if 2*len(message) > to-from-2 {
		return fmt.Errorf("a signature of %d bytes does not fit into its hole", len(message))
	}
	hex.Encode(tail[from+1:], message)
	if _, err := w.Write(pdf); err != nil {
		return err
	}
	_, err = w.Write(tail)
	return err
}

// span is a half-open range of bytes of a file.
type span struct{ from, to int }

// signature adds the objects of one signature and returns where its hole is.
func (u *update) signature(k Key, at time.Time, p Place) (hole span, err error) {
	catalog, err := u.file.dictionary(u.file.root, u.file.last())
	if err != nil {
		return span{}, err
	}
	form, err := u.file.form(u.file.last())
	if err != nil {
		return span{}, err
	}
	on, err := u.file.page(catalog, p.Page)
	if err != nil {
		return span{}, err
	}
	widget := dict{"Type": name("Annot"), "Subtype": name("Widget"), "FT": name("Sig"), "F": integer(132), // printed, locked
		"T": text{value: fmt.Appendf(nil, "Signature%d", len(form.fields)+1)}, "P": on.number,
		"Rect": array{integer(0), integer(0), integer(0), integer(0)}}
	if p.shows() {
		rect, ok := p.all().on(on.box)
		if !ok || p.pictured() && (p.Width <= 0 || p.Height <= 0) {
			return span{}, fault.Invalid(fault.Field("place", "sign.place"))
		}
		if widget["AP"], err = u.appearance(p); err != nil {
			return span{}, err
		}
		widget["Rect"] = rect
	}
	number := u.reserve()
	hole = u.hole(number, k, at)
	widget["V"] = number
	field := u.add(widget)

	annots, err := u.file.array(on.page["Annots"], u.file.last())
	if err != nil {
		return span{}, err
	}
	on.page["Annots"] = append(annots, field)
	u.put(on.number, on.page)
	entries := dict{}
	for key, value := range form.entries {
		entries[key] = value
	}
	entries["Fields"] = append(form.fields, field)
	entries["SigFlags"] = integer(3) // signatures exist; only append
	catalog["AcroForm"] = entries
	if _, has := catalog["Version"]; !has {
		catalog["Version"] = name("1.7") // the press writes 1.3, which knows neither this kind of signature nor transparency
	}
	u.put(u.file.root, catalog)
	return hole, nil
}

// hole writes the signature's dictionary by hand: the places of its hole and of its range must be known.
func (u *update) hole(number ref, k Key, at time.Time) span {
	size := leastHole
	for _, c := range k.bag() {
		size += 2 * max(0, len(c.Raw)-2<<10) // room for three usual certificates is in leastHole
	}
	u.begin(number)
	fmt.Fprintf(&u.out, "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (%s) /Name ", stamp(at))
	write(&u.out, words(k.String()))
	u.out.WriteString(" /ByteRange ")
	u.rangeAt = u.out.Len()
	u.out.WriteString(rangeRoom)
	u.out.WriteString(" /Contents ")
	s := span{from: u.offset()}
	u.out.WriteByte('<')
	u.out.Write(bytes.Repeat([]byte{'0'}, size))
	u.out.WriteByte('>')
	s.to = u.offset()
	u.out.WriteString(">>\nendobj\n")
	return s
}

// on turns p into a rectangle in points from the lower left corner; false when it leaves the page.
func (p Place) on(box [4]float64) (rect array, ok bool) {
	left, right := box[0]+p.Left*point, box[0]+(p.Left+p.Width)*point
	top, bottom := box[3]-p.Top*point, box[3]-(p.Top+p.Height)*point
	for _, v := range []float64{left, right, top, bottom} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
	}
	if p.Width <= 0 || p.Height <= 0 || left < box[0] || right > box[2] || bottom < box[1] || top > box[3] {
		return nil, false
	}
	return array{decimal(left), decimal(bottom), decimal(right), decimal(top)}, true
}

// stamp writes a time as PDF files have it, with the offset of Vietnam.
func stamp(at time.Time) string { return at.In(vietnam).Format("D:20060102150405") + "+07'00'" }

// words is a text that people read, in UTF-16 with a mark in front.
func words(s string) text {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return text{value: b}
}

func day(t time.Time) string { return t.In(vietnam).Format(time.DateOnly) }

// refuse is a fault about the file that was handed in.
func refuse(key string, pairs ...any) error {
	f := fault.Conflict(key, pairs...)
	f.Kind = fault.KindInvalid
	return f
}

// unreadable refuses a file with what is wrong in it, for those who ask the log.
func unreadable(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, refuse("sign.unreadable"))...)
}
