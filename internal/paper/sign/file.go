// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"slices"
	"sort"

	"hoctap/internal/fault"
)

const (
	maxObjects   = 8_388_607 // what the PDF standard allows
	maxRevisions = 32
	entrySize    = 20 // bytes of one line of a cross-reference table
)

// file is a PDF file by its revisions, oldest first. They lie end to end and share no byte: what one
// program shows and another checks cannot differ by where it looks.
type file struct {
	b         []byte
	revisions []revision
	root      ref
	left      int // bytes of objects that may still be read, so that no file costs more than a few times its size
}

// revision is the first version of a file or one increment, with its cross-reference table.
type revision struct {
	from, table, end int
	bare             int // where it ends without the last line break
	sections         []section
	trailer          dict
}

// section is a run of entries in a table, for the objects from first on.
type section struct{ first, count, at int }

// readFile finds the revisions. It fails with "sign.unreadable" for tables unlike our press's and with
// "sign.altered" when bytes stand behind the last revision.
func readFile(b []byte) (*file, error) {
	if !bytes.HasPrefix(b, []byte("%PDF-")) {
		return nil, unreadable("no PDF file")
	}
	f := &file{b: b, left: 8*len(b) + maxValue}
	r := &reader{b: b, at: max(0, bytes.LastIndex(b, []byte("startxref"))), end: len(b)}
	if !r.word("startxref") {
		return nil, unreadable("no startxref")
	}
	table, err := r.whole()
	for earlier := true; earlier; {
		if err != nil || len(f.revisions) == maxRevisions {
			return nil, unreadable("%d revisions, %v", len(f.revisions), err)
		}
		v, err := f.readRevision(table)
		if err != nil {
			return nil, unreadable("table at %d: %v", table, err)
		}
		f.revisions = append(f.revisions, v)
		var prev object
		if prev, earlier = v.trailer["Prev"]; !earlier {
			break
		}
		at, ok := whole(prev)
		if !ok || at >= table {
			return nil, unreadable("table at %d points to %v", table, prev)
		}
		table = at
	}
	slices.Reverse(f.revisions)
	return f, f.join()
}

// join checks that the revisions lie end to end and belong to one document.
func (f *file) join() error {
	end := 0
	for i := range f.revisions {
		v := &f.revisions[i]
		v.from = end
		root, ok := v.trailer["Root"].(ref)
		switch {
		case v.table < v.from:
			return unreadable("revision %d begins inside the one before", i)
		case !ok || i > 0 && root != f.root:
			return unreadable("revision %d has no root, or another", i)
		}
		f.root = root
		end = v.end
	}
	if end != len(f.b) {
		return refuse("sign.altered", "bytes", len(f.b)-end)
	}
	return nil
}

func (f *file) last() int { return len(f.revisions) - 1 }

// readRevision reads the table at a byte, the trailer behind it and the marks that end a revision.
func (f *file) readRevision(at int) (revision, error) {
	v := revision{table: at}
	r := &reader{b: f.b, at: at, end: len(f.b)}
	if at >= len(f.b) || f.b[at] != 'x' || !r.word("xref") {
		return v, errSyntax // a cross-reference stream begins with a number
	}
	for next := 0; !r.word("trailer"); {
		first, err := r.whole()
		if err != nil {
			return v, err
		}
		count, err := r.whole()
		if err != nil {
			return v, err
		}
		r.skip()
		// Sections in order and apart: no object has two places.
		if first < next || first > maxObjects || count > maxObjects-first || count > (r.end-r.at)/entrySize {
			return v, r.wrong()
		}
		next = first + count
		v.sections = append(v.sections, section{first, count, r.at})
		for range count {
			if !entryLike(f.b[r.at : r.at+entrySize]) {
				return v, r.wrong()
			}
			r.at += entrySize
		}
	}
	r.end = min(len(f.b), r.at+maxValue)
	trailer, err := r.value()
	if err != nil {
		return v, err
	}
	var ok bool
	if v.trailer, ok = trailer.(dict); !ok {
		return v, r.wrong()
	}
	for _, key := range []name{"Encrypt", "XRefStm"} {
		if _, has := v.trailer[key]; has {
			return v, errSyntax
		}
	}
	if !r.word("startxref") {
		return v, r.wrong()
	}
	if itself, err := r.whole(); err != nil || itself != at {
		return v, r.wrong()
	}
	for r.at < r.end && space(r.b[r.at]) {
		r.at++
	}
	if !bytes.HasPrefix(f.b[r.at:], []byte("%%EOF")) {
		return v, r.wrong()
	}
	v.bare = r.at + len("%%EOF")
	v.end = v.bare
	for _, lineBreak := range []string{"\r\n", "\n", "\r"} {
		if bytes.HasPrefix(f.b[v.bare:], []byte(lineBreak)) {
			v.end += len(lineBreak)
			break
		}
	}
	return v, nil
}

func entryLike(line []byte) bool {
	for i, c := range line[:16] {
		if (i == 10) != (c == ' ') || i != 10 && (c < '0' || c > '9') {
			return false
		}
	}
	return line[16] == ' ' && (line[17] == 'n' || line[17] == 'f') && space(line[18]) && (line[19] == '\n' || line[19] == '\r')
}

// entry returns where the revision has the object, -1 when it took it away.
func (f *file) entry(v *revision, n int) (at int, here bool) {
	i := sort.Search(len(v.sections), func(i int) bool { return v.sections[i].first+v.sections[i].count > n })
	if i == len(v.sections) || n < v.sections[i].first {
		return 0, false
	}
	line := f.b[v.sections[i].at+(n-v.sections[i].first)*entrySize:]
	at = 0
	for _, c := range line[:10] {
		at = at*10 + int(c-'0')
	}
	if line[17] == 'f' || at == 0 {
		return -1, true
	}
	return at, true
}

// find returns the revision, up to one, in which the object stands, and where.
func (f *file) find(n ref, upTo int) (at, in int, ok bool) {
	for k := upTo; k >= 0; k-- {
		if at, here := f.entry(&f.revisions[k], int(n)); here {
			return at, k, at >= 0
		}
	}
	return 0, 0, false
}

// value reads an object as of a revision; of a stream, its dictionary, and that it is one.
func (f *file) value(n ref, upTo int) (o object, stream bool, err error) {
	at, in, ok := f.find(n, upTo)
	if !ok {
		return nil, false, unreadable("object %d is missing", n)
	}
	v := &f.revisions[in]
	if at < v.from || at >= v.table {
		return nil, false, unreadable("object %d stands outside its revision", n)
	}
	r := &reader{b: f.b, at: at, end: min(v.table, at+maxValue, at+f.left)}
	number, err := r.whole()
	if err != nil || number != int(n) || !r.word("0") || !r.word("obj") {
		return nil, false, unreadable("byte %d is not object %d", at, n)
	}
	o, err = r.value()
	f.left = max(0, f.left-(r.at-at))
	if err != nil {
		return nil, false, unreadable("object %d: %v", n, err)
	}
	if stream = r.word("stream"); !stream && !r.word("endobj") {
		return nil, false, unreadable("object %d does not end", n)
	}
	return o, stream, nil
}

// follow returns what a reference points to, and any other value as it is.
func (f *file) follow(o object, upTo int) (object, error) {
	if n, ok := o.(ref); ok {
		o, _, err := f.value(n, upTo)
		return o, err
	}
	return o, nil
}

// dictionary reads a dictionary as of a revision; a missing one is empty.
func (f *file) dictionary(o object, upTo int) (dict, error) {
	o, err := f.follow(o, upTo)
	if err != nil || o == nil {
		return dict{}, err
	}
	d, ok := o.(dict)
	if !ok {
		return nil, unreadable("not a dictionary")
	}
	return d, nil
}

// array reads an array as of a revision; a missing one is empty.
func (f *file) array(o object, upTo int) (array, error) {
	o, err := f.follow(o, upTo)
	if err != nil || o == nil {
		return nil, err
	}
	a, ok := o.(array)
	if !ok {
		return nil, unreadable("not an array")
	}
	return a, nil
}

// form is a document's form: its fields, and its other entries.
type form struct {
	fields  array
	entries dict
}

func (f *file) form(upTo int) (form, error) {
	catalog, err := f.dictionary(f.root, upTo)
	if err != nil {
		return form{}, err
	}
	entries, err := f.dictionary(catalog["AcroForm"], upTo)
	if err != nil {
		return form{}, err
	}
	fields, err := f.array(entries["Fields"], upTo)
	delete(entries, "Fields")
	return form{fields, entries}, err
}

// leaf is a page with its number and size.
type leaf struct {
	page   dict
	number ref
	box    [4]float64
}

// page finds the n-th page, the last for n = 0. A page's size may stand above it.
func (f *file) page(catalog dict, n int) (leaf, error) {
	var found leaf
	count := 0
	var walk func(o, size object, depth int) error
	walk = func(o, size object, depth int) error {
		number, ok := o.(ref)
		if !ok || depth == 0 {
			return unreadable("the page tree is broken")
		}
		node, err := f.dictionary(number, f.last())
		if err != nil {
			return err
		}
		if own, has := node["MediaBox"]; has {
			size = own
		}
		if node["Type"] == name("Page") {
			if count++; n != 0 && count != n {
				return nil
			}
			found = leaf{page: node, number: number}
			return found.measure(f, size)
		}
		kids, err := f.array(node["Kids"], f.last())
		if err != nil {
			return err
		}
		if n == 0 && len(kids) > 0 {
			kids = kids[len(kids)-1:]
		}
		for _, kid := range kids {
			if n != 0 && count >= n {
				return nil
			}
			if err := walk(kid, size, depth-1); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(catalog["Pages"], nil, maxDepth); err != nil {
		return leaf{}, err
	}
	switch {
	case found.number == 0 && n == 0:
		return leaf{}, unreadable("no last page")
	case found.number == 0:
		return leaf{}, fault.Invalid(fault.Field("place", "sign.place"))
	}
	return found, nil
}

func (l *leaf) measure(f *file, size object) error {
	sides, err := f.array(size, f.last())
	if err != nil || len(sides) != 4 {
		return unreadable("page %d has no size", l.number)
	}
	for i, side := range sides {
		if side, ok := side.(numeral); ok {
			l.box[i], _ = side.float()
		}
	}
	return nil
}
