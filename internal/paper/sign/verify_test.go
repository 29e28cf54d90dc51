// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// holeOf is where the last signature of a file stands.
func holeOf(t testing.TB, pdf []byte) span {
	t.Helper()
	from := bytes.LastIndex(pdf, []byte("/Contents <")) + len("/Contents ")
	return span{from, from + bytes.IndexByte(pdf[from:], '>') + 1}
}

// resealed puts another message into the last hole.
func resealed(t testing.TB, pdf, message []byte) []byte {
	t.Helper()
	out := bytes.Clone(pdf)
	h := holeOf(t, out)
	copy(out[h.from+1:h.to-1], bytes.Repeat([]byte{'0'}, h.to-h.from-2))
	hex.Encode(out[h.from+1:], message)
	return out
}

// ranged gives the last signature another range and seals it again over exactly that, as a forger with a
// key of his own would.
func ranged(t testing.TB, pdf []byte, k Key, s string, over ...[]byte) []byte {
	t.Helper()
	out := bytes.Clone(pdf)
	at := bytes.LastIndex(out, []byte("/ByteRange ")) + len("/ByteRange ")
	copy(out[at:], rangeRoom)
	copy(out[at:], s)
	return resealed(t, out, must(seal(parts(over).sum(crypto.SHA256), k)))
}

// increased adds an increment without a signature.
func increased(t testing.TB, pdf []byte, change func(*update)) []byte {
	t.Helper()
	f, err := readFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	u := newUpdate(f)
	change(u)
	return append(bytes.Clone(pdf), u.finish()...)
}

// as writes an object again with some entries changed.
func as(t testing.TB, u *update, n ref, entries dict) {
	t.Helper()
	d, err := u.file.dictionary(n, u.file.last())
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(d, entries)
	u.put(n, d)
}

func flipped(pdf []byte, at int) []byte {
	out := bytes.Clone(pdf)
	out[at] ^= 1
	return out
}

func TestVerifyRefuses(t *testing.T) {
	k := keys()
	original := printed(2)
	pdf := signed(t, original, k.rsa, signedAt, Place{})
	h := holeOf(t, pdf)
	stranger := newAuthority("Gốc Lạ").issue(k.rsa.signer, "Hà Thị Thử")
	other := k.root.issue(k.rsa.signer, "Người Khác") // same key, issuer and number, another name
	past := k.root.issueFor(k.rsa.signer, "Hà Thị Thử", signedAt.AddDate(-3, 0, 0), signedAt.AddDate(-1, 0, 0))
	short := k.root.issue(must(rsa.GenerateKey(rand.Reader, 1024)), "Khóa Ngắn")
	unchecked := func(k Key) []byte {
		var b bytes.Buffer
		if err := signUnchecked(&b, original, k, signedAt, Place{}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	sealedBy := func(by Key, message func([]byte) []byte) []byte {
		digest := parts{pdf[:h.from], pdf[h.to:]}.sum(crypto.SHA256)
		return resealed(t, pdf, message(must(seal(digest, by))))
	}
	swap := func(from, to []byte) func([]byte) []byte {
		return func(b []byte) []byte {
			if len(from) != len(to) || !bytes.Contains(b, from) {
				t.Fatal("nothing to swap")
			}
			return bytes.ReplaceAll(b, from, to)
		}
	}
	twin := k.root.issue(k.rsa.signer, "Hà Thị Thư")
	for len(twin.certificate.Raw) != len(k.rsa.certificate.Raw) { // an ECDSA signature's length varies
		twin = k.root.issue(k.rsa.signer, "Hà Thị Thự")
	}
	n := len(pdf)
	for _, c := range []struct {
		name string
		pdf  []byte
		want string
	}{
		{"as signed", pdf, ""},
		{"a letter of the text", flipped(pdf, bytes.Index(pdf, []byte("286 families"))), "sign.not_original"},
		{"a letter of the signer's name in the file", flipped(pdf, bytes.Index(pdf, []byte("/Name <"))+12), "sign.altered"},
		{"a digit behind the message in the hole", flipped(pdf, h.to-2), "sign.damaged"},
		{"cut in the hole", pdf[:h.from+99], "sign.altered"},
		{"nothing in the hole", resealed(t, pdf, nil), "sign.damaged"},
		{"the signature itself", sealedBy(k.rsa, func(b []byte) []byte { b[len(b)-1] ^= 1; return b }), "sign.damaged"},
		{"SHA-1", sealedBy(k.rsa, swap(encoded(oidSHA256), []byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 9})), "sign.weak"},
		{"1,024 bits", unchecked(short), "sign.weak"},
		{"a method for another digest", sealedBy(k.curve, func(b []byte) []byte {
			b[bytes.LastIndex(b, encoded(oidECDSASHA256))+9]++
			return b
		}), "sign.weak"},

		{"skips the end", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d %d]", h.from, h.to, n-h.to-9), pdf[:h.from], pdf[h.to:n-9]), "sign.range"},
		{"skips the beginning", ranged(t, pdf, k.rsa, fmt.Sprintf("[9 %d %d %d]", h.from-9, h.to, n-h.to), pdf[9:h.from], pdf[h.to:]), "sign.range"},
		{"skips text before the hole", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d %d]", h.from-99, h.to, n-h.to), pdf[:h.from-99], pdf[h.to:]), "sign.range"},
		{"overlaps", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d %d]", h.from, h.from-9, n-h.from+9)), "sign.range"},
		{"covers its hole", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d 0 %d]", n, n)), "sign.range"},
		{"negative", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d -%d %d]", h.from, h.to, n-h.to)), "sign.range"},
		{"negative length", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d -1]", h.from, h.to)), "sign.range"},
		{"past the end", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d %d]", h.from, h.to, n-h.to+1)), "sign.range"},
		{"past all numbers", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d 99999999999999999999]", h.from, h.to)), "sign.range"},
		{"fractions", ranged(t, pdf, k.rsa, fmt.Sprintf("[0.0 %d %d %d]", h.from, h.to, n-h.to)), "sign.range"},
		{"three numbers", ranged(t, pdf, k.rsa, fmt.Sprintf("[0 %d %d]", h.from, h.to)), "sign.range"},
		{"no range", ranged(t, pdf, k.rsa, "null"), "sign.range"},

		{"a byte behind the end", append(bytes.Clone(pdf), 'x'), "sign.altered"},
		{"a line behind the end", append(bytes.Clone(pdf), '\n'), "sign.altered"},
		{"last line break taken away", pdf[:n-1], "sign.range"},
		{"an increment behind the end", increased(t, pdf, func(u *update) { u.add(integer(1)) }), "sign.altered"},
		{"another original", signed(t, printed(3), k.rsa, signedAt, Place{}), "sign.not_original"},
		{"half the original", pdf[:len(original)/2], "sign.unreadable"},
		{"nothing signed", original, "sign.unsigned"},
		{"only a form", increased(t, original, func(u *update) { as(t, u, u.file.root, dict{"AcroForm": dict{"Fields": array{}}}) }), "sign.unsigned"},

		{"under another root", unchecked(stranger), "sign.untrusted"},
		{"expired", unchecked(past), "sign.expired"},
		{"tomorrow", signed(t, original, k.rsa, signedAt.AddDate(0, 0, 1), Place{}), "sign.ahead"},
		{"certificate swapped", sealedBy(k.rsa, swap(k.rsa.certificate.Raw, twin.certificate.Raw)), "sign.certificate"},
		{"without the certificate", sealedBy(k.rsa, swap(k.rsa.certificate.RawIssuer, bytes.Repeat([]byte{0x30}, len(k.rsa.certificate.RawIssuer)))), "sign.damaged"},
		{"another signer, trusted too", unchecked(other), ""},
	} {
		list, err := Verify(c.pdf, original, k.root.roots(), signedAt)
		if keyOf(err) != c.want || (err == nil) != (len(list) > 0) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := Verify(flipped(pdf, bytes.Index(pdf, []byte("286 families"))), nil, k.root.roots(), signedAt); keyOf(err) != "sign.altered" {
		t.Errorf("a letter of the text, without the original: %v", err)
	}
	if _, err := Verify(pdf, original, nil, signedAt); keyOf(err) != "sign.untrusted" {
		t.Errorf("no roots: %v", err)
	}
	// The certificate ran out later: what was signed before stays signed.
	if _, err := Verify(pdf, original, k.root.roots(), signedAt.AddDate(5, 0, 0)); err != nil {
		t.Errorf("years later: %v", err)
	}
}

// No bit of a signed file can change and leave a signature that holds, unless it means the same.
func TestEveryByteCounts(t *testing.T) {
	k := keys()
	pdf := signed(t, printed(1), k.curve, signedAt, Place{})
	h := holeOf(t, pdf)
	message := bytes.TrimRight(pdf[h.from:h.to-1], "0")
	for at := range pdf {
		if at > h.from+len(message) && at < h.to-2 && at%97 > 0 {
			continue // zeros
		}
		if _, err := Verify(flipped(pdf, at), nil, k.root.roots(), signedAt); err == nil {
			t.Errorf("byte %d, %q", at, pdf[max(0, at-20):at+1])
		}
	}
}

// A second signer cannot change what the first one signed, though both signatures hold by themselves.
func TestSecondSignerChangesNothing(t *testing.T) {
	k := keys()
	original := printed(2)
	one := signed(t, original, k.rsa, signedAt, Place{})
	f := must(readFile(one))
	catalog := must(f.dictionary(f.root, f.last()))
	last := must(f.page(catalog, 0))
	page, onPage := last.page, last.number
	content := page["Contents"].(ref)
	annots := page["Annots"].(array)
	form := catalog["AcroForm"].(dict)
	field := form["Fields"].(array)[0].(ref)
	info := f.revisions[0].trailer["Info"].(ref)
	note := func(u *update) ref {
		return u.add(dict{"Type": name("Annot"), "Subtype": name("FreeText"), "Rect": array{integer(0), integer(0), integer(500), integer(500)}, "Contents": words("Hủy")})
	}
	for _, c := range []struct {
		name   string
		change func(*update)
		want   string
	}{
		{"nothing", func(u *update) { u.add(integer(1)) }, ""},
		{"the note of who wrote last", func(u *update) { as(t, u, info, dict{"ModDate": words("D:2026")}) }, ""},
		{"the title", func(u *update) { as(t, u, info, dict{"Title": words("Khác")}) }, "sign.altered"},
		{"a page's content", func(u *update) { as(t, u, onPage, dict{"Contents": u.addStream(dict{}, []byte("q Q"))}) }, "sign.altered"},
		{"the content where it stands", func(u *update) {
			u.begin(content)
			u.out.WriteString("<</Length 3>>\nstream\nq Q\nendstream\nendobj\n")
		}, "sign.altered"},
		{"a note over the page", func(u *update) { as(t, u, onPage, dict{"Annots": append(annots[:len(annots):len(annots)], note(u))}) }, "sign.altered"},
		{"a link gone", func(u *update) { as(t, u, onPage, dict{"Annots": annots[1:]}) }, "sign.altered"},
		{"pages turned", func(u *update) { as(t, u, onPage, dict{"Rotate": integer(90)}) }, "sign.altered"},
		{"other pages", func(u *update) {
			as(t, u, f.root, dict{"Pages": u.add(dict{"Type": name("Pages"), "Kids": array{onPage}, "Count": integer(1), "MediaBox": array{integer(0), integer(0), integer(595), integer(842)}})})
		}, "sign.altered"},
		{"an action", func(u *update) { as(t, u, f.root, dict{"OpenAction": dict{"S": name("JavaScript")}}) }, "sign.altered"},
		{"another kind of form", func(u *update) {
			changed := maps.Clone(form)
			changed["XFA"] = u.add(words("x"))
			as(t, u, f.root, dict{"AcroForm": changed})
		}, "sign.altered"},
		{"the first signature's field", func(u *update) { as(t, u, field, dict{"Rect": array{integer(0), integer(0), integer(9), integer(9)}}) }, "sign.altered"},
		{"the first signature forgotten", func(u *update) { as(t, u, f.root, dict{"AcroForm": dict{"Fields": array{}}}) }, "sign.altered"},
		{"a field that acts", func(u *update) {
			changed := maps.Clone(form)
			changed["Fields"] = append(form["Fields"].(array)[:1:1], u.add(dict{"Subtype": name("Widget"), "FT": name("Sig"), "AA": dict{}}))
			as(t, u, f.root, dict{"AcroForm": changed})
		}, "sign.altered"},
	} {
		two := signed(t, increased(t, one, c.change), k.curve, signedAt, Place{})
		for _, base := range [][]byte{nil, original, one} {
			if _, err := Verify(two, base, k.root.roots(), signedAt); keyOf(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
		}
	}
}

func TestUnreadable(t *testing.T) {
	encrypted := func() []byte {
		f := fpdf.New("P", "mm", "A4", "")
		f.SetProtection(fpdf.CnProtectPrint, "", "owner")
		f.AddPage()
		var b bytes.Buffer
		if err := f.Output(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}()
	plain := printed(1)
	replaced := func(from, to string) []byte {
		if !bytes.Contains(plain, []byte(from)) {
			t.Fatalf("no %q", from)
		}
		return bytes.Replace(plain, []byte(from), []byte(to), 1)
	}
	table := bytes.LastIndex(plain, []byte("xref\n0")) // of the table itself
	for name, pdf := range map[string][]byte{
		"encrypted":           encrypted,
		"stream table":        []byte("%PDF-1.5\n1 0 obj\n<</Type /XRef /W [1 1 1] /Size 1 /Length 0>>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF\n"),
		"hybrid":              replaced("/Info", "/XRefStm 9 /Info"),
		"no end":              plain[:len(plain)-7],
		"junk in front":       append([]byte("x"), plain...),
		"table elsewhere":     replaced(fmt.Sprintf("startxref\n%d", table), "startxref\n99999999999"),
		"negative table":      replaced(fmt.Sprintf("startxref\n%d", table), "startxref\n-1"),
		"round in circles":    replaced("/Info", fmt.Sprintf("/Prev %d /Info", table)),
		"more than there is":  replaced("xref\n0 ", "xref\n0 9999999"),
		"two values":          replaced("/Info", "/Root 1 0 R /Info"),
		"deep":                replaced("/Info", "/X "+strings.Repeat("[", 100_000)+" /Info"),
		"deep and closed":     replaced("/Info", "/X "+strings.Repeat("[", 99)+strings.Repeat("]", 99)+" /Info"),
		"no root":             replaced("/Root", "/Boot"),
		"root is not a paper": replaced("/Type /Catalog", "/Type /Catalog >> 1 <<"),
	} {
		for what, err := range map[string]error{"Sign": Sign(new(bytes.Buffer), pdf, keys().curve, signedAt, Place{}), "Verify": second(Verify(pdf, nil, nil, signedAt))} {
			if keyOf(err) != "sign.unreadable" {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
	}
}

func second(_ []Signature, err error) error { return err }

func TestMoment(t *testing.T) {
	for s, want := range map[string]string{
		"D:20261208093000+07'00'": "2026-12-08T02:30:00Z", "D:20261208093000+07'00": "2026-12-08T02:30:00Z", "D:20261208023000Z": "2026-12-08T02:30:00Z",
		"D:20261208023000Z00'00'": "2026-12-08T02:30:00Z", "20261208023000": "2026-12-08T02:30:00Z", "D:2026": "", "": "", "D:20261308023000Z": "",
	} {
		at, err := moment(s)
		if got := at.UTC().Format(time.RFC3339); (want == "") != (err != nil) || err == nil && got != want {
			t.Errorf("%s: %s, %v", s, got, err)
		}
	}
}

// FuzzVerify looks for files that stop the program. What holds must be what the key signed.
func FuzzVerify(f *testing.F) {
	k := keys()
	original := printed(1)
	one := signed(f, original, k.curve, signedAt, Place{})
	two := signed(f, one, k.rsa, signedAt, shown())
	for _, seed := range [][]byte{nil, original, one, two, two[:len(two)/2], append(bytes.Clone(one), "\n%%EOF"...)} {
		f.Add(seed)
	}
	f.Add(increased(f, one, func(u *update) { as(f, u, u.file.root, dict{"AcroForm": integer(1)}) }))
	// Small ones, so that what is changed matters more often than the zeros of a hole.
	f.Add(increased(f, original, func(u *update) {
		seal := u.add(dict{"SubFilter": name("ETSI.CAdES.detached"), "M": text{value: []byte(stamp(signedAt))}, "Contents": text{value: []byte{0x30}},
			"ByteRange": array{integer(0), integer(1300), integer(1304), integer(999)}})
		field := u.add(dict{"Subtype": name("Widget"), "FT": name("Sig"), "V": seal})
		as(f, u, u.file.root, dict{"AcroForm": dict{"Fields": array{field}}})
	}))
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Pages 2 0 R/AcroForm<</Fields[]/X(a\\(\\101)>>>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n74\n%%EOF"))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		list, err := Verify(pdf, nil, k.root.roots(), signedAt)
		if key := keyOf(err); err != nil && !strings.HasPrefix(key, "sign.") {
			t.Errorf("%v is for no person", err)
		}
		if (err == nil) != (len(list) > 0) {
			t.Errorf("%d signatures, %v", len(list), err)
		}
		var b bytes.Buffer
		if Sign(&b, pdf, k.curve, signedAt, Place{}) == nil && !bytes.HasPrefix(b.Bytes(), pdf) {
			t.Error("signing changed what stood before")
		}
	})
}

// FuzzOpen looks for messages that stop the program.
func FuzzOpen(f *testing.F) {
	k := keys()
	over := parts{[]byte("content")}
	for _, key := range []Key{k.curve, k.rsa} {
		f.Add(must(seal(over.sum(crypto.SHA256), key)))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		o, err := open(message, over)
		if key := keyOf(err); err != nil && !strings.HasPrefix(key, "sign.") {
			t.Errorf("%v is for no person", err)
		}
		if err == nil && o.signer == nil {
			t.Error("signed by nobody")
		}
		cheap(message, 0)
	})
}
