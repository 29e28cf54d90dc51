// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import "slices"

// onlySigned says that a revision changed nothing that people see but for signatures it added. It fails
// with "sign.altered" when it did more: a second signer who swaps a page would otherwise have both
// signatures hold.
func (f *file) onlySigned(in int) error {
	v := &f.revisions[in]
	catalog, err := f.dictionary(f.root, in-1)
	if err != nil {
		return err
	}
	// A form that is an object of its own is compared below, by what it says.
	ownForm, _ := catalog["AcroForm"].(ref)
	for _, s := range v.sections {
		for n := ref(s.first); n < ref(s.first+s.count); n++ {
			at, _ := f.entry(v, int(n))
			if at >= 0 && (at < v.from || at >= v.table) {
				return unreadable("object %d stands outside its revision", n)
			}
			if _, _, before := f.find(n, in-1); !before || n == ownForm {
				continue
			}
			if err := f.sameButSigned(n, in); err != nil {
				return err
			}
		}
	}
	return f.formOnlyGrew(in)
}

// sameButSigned compares an object with what it was: only the catalog and pages may say more, and the
// notes about the file who wrote it last.
func (f *file) sameButSigned(n ref, in int) error {
	altered := refuse("sign.altered", "object", int(n))
	if at, _ := f.entry(&f.revisions[in], int(n)); at < 0 {
		return altered
	}
	was, wasStream, err := f.value(n, in-1)
	if err != nil {
		return err
	}
	is, isStream, err := f.value(n, in)
	if err != nil {
		return err
	}
	before, ok := was.(dict)
	after, both := is.(dict)
	if !ok || !both || wasStream || isStream {
		return altered
	}
	info, _ := f.revisions[in-1].trailer["Info"].(ref)
	switch {
	case n == f.root:
		for _, key := range []name{"AcroForm", "Version", "Extensions", "DSS"} {
			delete(before, key)
			delete(after, key)
		}
	case n == info:
		for _, key := range []name{"ModDate", "Producer"} {
			delete(before, key)
			delete(after, key)
		}
	case before["Type"] == name("Page"):
		if err := f.annotsOnlyGrew(before["Annots"], after["Annots"], in); err != nil {
			return err
		}
		delete(before, "Annots")
		delete(after, "Annots")
	}
	if !same(before, after) {
		return altered
	}
	return nil
}

func (f *file) annotsOnlyGrew(was, is object, in int) error {
	before, err := f.array(was, in-1)
	if err != nil {
		return err
	}
	after, err := f.array(is, in)
	if err != nil {
		return err
	}
	return f.signaturesAdded(before, after, in)
}

func (f *file) formOnlyGrew(in int) error {
	before, err := f.form(in - 1)
	if err != nil {
		return err
	}
	after, err := f.form(in)
	if err != nil {
		return err
	}
	for _, key := range []name{"SigFlags", "DR", "DA"} { // fonts for fields that are filled in; a signature has none
		delete(before.entries, key)
		delete(after.entries, key)
	}
	if !same(before.entries, after.entries) {
		return refuse("sign.altered", "object", int(f.root))
	}
	return f.signaturesAdded(before.fields, after.fields, in)
}

// signaturesAdded says that a list goes on as it was, with new signature fields that do nothing.
func (f *file) signaturesAdded(before, after array, in int) error {
	if len(after) < len(before) || !slices.EqualFunc(before, after[:len(before)], same) {
		return refuse("sign.altered")
	}
	for _, o := range after[len(before):] {
		n, ok := o.(ref)
		if !ok {
			return refuse("sign.altered")
		}
		if _, _, old := f.find(n, in-1); old {
			return refuse("sign.altered", "object", int(n))
		}
		field, err := f.dictionary(n, in)
		if err != nil {
			return err
		}
		for _, key := range []name{"A", "AA", "Kids", "Parent"} {
			if _, has := field[key]; has {
				return refuse("sign.altered", "object", int(n))
			}
		}
		if field["Subtype"] != name("Widget") || field["FT"] != name("Sig") {
			return refuse("sign.altered", "object", int(n))
		}
	}
	return nil
}
