// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// rangeRoom is replaced by a range of bytes once the file's length is known.
var rangeRoom = strings.Repeat(" ", 64)

// update is an increment in the making: the bytes that come behind a file.
type update struct {
	file    *file
	out     bytes.Buffer
	places  map[ref]int
	next    ref
	rangeAt int // of the range's room in out
}

func newUpdate(f *file) *update {
	u := &update{file: f, places: map[ref]int{}}
	for _, v := range f.revisions {
		for _, s := range v.sections {
			u.next = max(u.next, ref(s.first+s.count))
		}
	}
	if v := f.revisions[f.last()]; v.bare == v.end {
		u.out.WriteByte('\n')
	}
	return u
}

func (u *update) offset() int { return len(u.file.b) + u.out.Len() }

// reserve takes a number for an object that is written later.
func (u *update) reserve() ref {
	u.next++
	return u.next - 1
}

func (u *update) begin(n ref) {
	u.places[n] = u.offset()
	fmt.Fprintf(&u.out, "%d 0 obj\n", n)
}

func (u *update) put(n ref, o object) {
	u.begin(n)
	write(&u.out, o)
	u.out.WriteString("\nendobj\n")
}

func (u *update) add(o object) ref {
	n := u.reserve()
	u.put(n, o)
	return n
}

func (u *update) addStream(d dict, content []byte) ref {
	n := u.reserve()
	d["Length"] = integer(len(content))
	u.begin(n)
	write(&u.out, d)
	u.out.WriteString("\nstream\n")
	u.out.Write(content)
	u.out.WriteString("\nendstream\nendobj\n")
	return n
}

// finish writes the table and the trailer and returns the increment.
func (u *update) finish() []byte {
	table := u.offset()
	u.out.WriteString("xref\n")
	numbers := slices.Sorted(maps.Keys(u.places))
	for len(numbers) > 0 {
		run := 1
		for run < len(numbers) && numbers[run] == numbers[run-1]+1 {
			run++
		}
		fmt.Fprintf(&u.out, "%d %d\n", numbers[0], run)
		for _, n := range numbers[:run] {
			fmt.Fprintf(&u.out, "%010d 00000 n \n", u.places[n])
		}
		numbers = numbers[run:]
	}
	before := u.file.revisions[u.file.last()]
	trailer := dict{"Size": integer(int(u.next)), "Root": u.file.root, "Prev": integer(before.table)}
	for _, key := range []name{"Info", "ID"} {
		if o, has := before.trailer[key]; has {
			trailer[key] = o
		}
	}
	u.out.WriteString("trailer\n")
	write(&u.out, trailer)
	fmt.Fprintf(&u.out, "\nstartxref\n%d\n%%%%EOF\n", table)
	return u.out.Bytes()
}

func (u *update) fillRange(s string) { copy(u.out.Bytes()[u.rangeAt:], s) }
