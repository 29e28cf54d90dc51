// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"hoctap/internal/fault"
)

// ahead is how far a signer's clock may run before ours.
const ahead = 10 * time.Minute

// Signature is one that holds.
type Signature struct {
	Subject     string            // the signer, as the certificate has it
	Serial      string            // the certificate's number, in hexadecimal digits
	At          time.Time         // when it was signed, by the signer's own word
	Whole       bool              // nothing was added to the file after it
	Certificate *x509.Certificate // for those who ask whether this signer may sign
}

// Verify checks every signature of a file, in the order they were made. It is strict where programs that
// show files are kind: a signature covers its revision but for its own hole, and what was added to the first
// revision may only be signatures. So a signed file whose pages say something else than the original does is
// refused even when the signer meant it.
//
// Roots are the authorities to trust; nil trusts none. An original must be the beginning of the file, and
// the last signature must come after it.
//
// It fails with fault.KindInvalid: "sign.unreadable" (encrypted, or not made by our press), "sign.unsigned",
// "sign.range" (a signature leaves bytes out), "sign.altered", "sign.not_original", "sign.damaged",
// "sign.certificate" (not the one that was signed with), "sign.weak", "sign.untrusted", "sign.expired" (at
// the time of signing), "sign.ahead" (signed later than now).
func Verify(pdf, original []byte, roots *x509.CertPool, now time.Time) (list []Signature, err error) {
	defer fault.Wrap(&err, "sign.Verify")
	f, err := readFile(pdf)
	if err != nil {
		return nil, err
	}
	marks, err := f.marks()
	if err != nil {
		return nil, err
	}
	if len(marks) == 0 {
		return nil, refuse("sign.unsigned")
	}
	last := marks[len(marks)-1].in
	if original != nil {
		base, ok := f.base(original)
		switch {
		case !ok:
			return nil, refuse("sign.not_original")
		case last <= base:
			return nil, refuse("sign.unsigned")
		}
	}
	if last != f.last() {
		return nil, refuse("sign.altered")
	}
	for i := 1; i <= f.last(); i++ {
		if err := f.onlySigned(i); err != nil {
			return nil, err
		}
	}
	for _, m := range marks {
		s, err := m.check(f, roots, now)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// base returns the revision that the original ends with.
func (f *file) base(original []byte) (int, bool) {
	if !bytes.HasPrefix(f.b, original) {
		return 0, false
	}
	for i, v := range f.revisions {
		if len(original) == v.end || len(original) == v.bare {
			return i, true
		}
	}
	return 0, false
}

// mark is a signature's dictionary and the revision it stands in.
type mark struct {
	dict
	in int
}

// marks are the signatures that the form names, oldest first; one in a revision at most.
func (f *file) marks() ([]mark, error) {
	form, err := f.form(f.last())
	if err != nil {
		return nil, err
	}
	of := make([]*mark, len(f.revisions))
	for _, n := range form.fields {
		field, err := f.dictionary(n, f.last())
		if err != nil {
			return nil, err
		}
		n, filled := field["V"].(ref)
		if field["FT"] != name("Sig") || !filled {
			continue
		}
		_, in, _ := f.find(n, f.last())
		d, err := f.dictionary(n, f.last())
		if err != nil {
			return nil, err
		}
		if of[in] != nil {
			return nil, unreadable("two signatures in revision %d", in)
		}
		of[in] = &mark{d, in}
	}
	var out []mark
	for _, m := range of {
		if m != nil {
			out = append(out, *m)
		}
	}
	return out, nil
}

func (m mark) check(f *file, roots *x509.CertPool, now time.Time) (Signature, error) {
	if kind := m.dict["SubFilter"]; kind != name("ETSI.CAdES.detached") && kind != name("adbe.pkcs7.detached") {
		return Signature{}, unreadable("a signature of the kind %v", kind)
	}
	hole, ok := m.dict["Contents"].(text)
	if !ok || !hole.hex {
		return Signature{}, refuse("sign.range")
	}
	end, ok := m.covers(f, hole.span)
	if !ok {
		return Signature{}, refuse("sign.range")
	}
	o, err := open(hole.value, parts{f.b[:hole.from], f.b[hole.to:end]})
	if err != nil {
		return Signature{}, err
	}
	at := o.at
	if at.IsZero() {
		said, _ := m.dict["M"].(text)
		if at, err = moment(string(said.value)); err != nil {
			return Signature{}, unreadable("the time of a signature: %v", err)
		}
	}
	if at.After(now.Add(ahead)) {
		return Signature{}, refuse("sign.ahead", "signer", who(o.signer), "at", at.In(vietnam).Format(time.RFC3339))
	}
	if err := trusted(o, roots, at); err != nil {
		return Signature{}, err
	}
	return Signature{Subject: o.signer.Subject.String(), Serial: o.signer.SerialNumber.Text(16), At: at, Whole: end == len(f.b), Certificate: o.signer}, nil
}

// covers says that the range is the revision's, from its first byte to its last but for the hole.
func (m mark) covers(f *file, hole span) (end int, ok bool) {
	r, ok := wholes(m.dict["ByteRange"], 4)
	if !ok || r[0] != 0 || r[1] != hole.from || r[2] != hole.to {
		return 0, false
	}
	v := f.revisions[m.in]
	end = r[2] + r[3]
	// A break after the last line belongs to whoever wrote the next revision; the last one has no next.
	return end, end == v.end || end == v.bare && m.in != f.last()
}

// trusted checks the chain as it was at the time of signing.
func trusted(o opened, roots *x509.CertPool, at time.Time) error {
	expired := refuse("sign.expired", "signer", who(o.signer), "from", day(o.signer.NotBefore), "to", day(o.signer.NotAfter), "at", day(at))
	if at.Before(o.signer.NotBefore) || at.After(o.signer.NotAfter) {
		return expired
	}
	if roots == nil {
		roots = x509.NewCertPool() // without one, the machine's web authorities would do
	}
	between := x509.NewCertPool()
	for _, c := range o.others {
		between.AddCert(c)
	}
	_, err := o.signer.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return expired
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if err != nil || o.signer.KeyUsage != 0 && o.signer.KeyUsage&signs == 0 {
		return refuse("sign.untrusted", "signer", who(o.signer), "issuer", o.signer.Issuer.CommonName)
	}
	return nil
}

// moment reads a time as PDF files have it: D:20261208093000+07'00'.
func moment(s string) (time.Time, error) {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405Z0000", "20060102150405-07", "20060102150405"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, nil
		}
	}
	return time.Time{}, errors.New("not a time")
}
