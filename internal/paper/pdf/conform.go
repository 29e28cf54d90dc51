// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// conform mends what the library (v0.12) leaves undone for PDF/A: the file's ID, names that tell a part of a font from the whole, ranges of letters that
// readers may refuse, dates without a zone, a list of attached files though there is none, the mark of transparency on pages that have none, and where the information stands. It
// fails when the library writes otherwise than it did.
func conform(b []byte) ([]byte, error) {
	f, err := cut(b)
	if err != nil {
		return nil, err
	}
	for n, o := range f.objects {
		switch {
		case bytes.HasPrefix(o, []byte("<</Type /Page\n")):
			f.swap(n, "/Group <</Type /Group /S /Transparency /CS /DeviceRGB>>\n", "")
		case bytes.HasPrefix(o, []byte("<</Type /Font\n/Subtype /Type0\n")):
			f.font(n)
		case bytes.Contains(o[:min(len(o), 80)], []byte("/Type /XObject\n/Subtype /Form\n")):
			f.swap(n, "/Formtype 1\n", "/FormType 1\n")
		}
	}
	f.swap(f.number(f.trailer, "Root"), "/Names <<\n/EmbeddedFiles << /Names [\n  \n] >>\n>>\n", "")
	wrong := f.number(f.trailer, "Info") // the library counts as if no profile stood behind the information
	info := wrong - 1
	f.trailer = bytes.Replace(f.trailer, fmt.Appendf(nil, "/Info %d 0 R", wrong), fmt.Appendf(nil, "/Info %d 0 R", info), 1)
	dates := regexp.MustCompile(`(/CreationDate \(D:\d{14})(\)\n/ModDate \(D:\d{14})\)\n>>$`) // behind the title, which may say anything
	if !dates.Match(f.objects[info]) {
		return nil, fmt.Errorf("%w: no dates", errOtherwise)
	}
	f.objects[info] = dates.ReplaceAll(f.objects[info], []byte("${1}"+zoneInfo+"${2}"+zoneInfo+")\n>>"))
	return f.joined(), f.err
}

// file is one of the library's, cut into its objects.
type file struct {
	objects map[int][]byte // between "obj" and "endobj"
	order   []int          // as they stand
	trailer []byte         // the dictionary's inside
	err     error
}

var errOtherwise = errors.New("paper: the library writes files otherwise")

var (
	beginning = regexp.MustCompile(`^(\d+) 0 obj\n`)
	ending    = []byte("\nendobj\n")
)

// cut follows the table of the file, not its text: a stream may look like anything.
func cut(b []byte) (*file, error) {
	f := &file{objects: map[int][]byte{}}
	foot := regexp.MustCompile(`trailer\n<<\n((?:.+\n)+)>>\nstartxref\n(\d+)\n%%EOF\n$`).FindSubmatch(b[max(0, len(b)-512):])
	if foot == nil {
		return nil, errOtherwise
	}
	f.trailer = foot[1]
	table, _ := strconv.Atoi(string(foot[2]))
	places := map[int]bool{}
	for _, entry := range regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllSubmatch(b[min(table, len(b)):], -1) {
		at, _ := strconv.Atoi(string(entry[1]))
		places[at] = true
	}
	for at := len("%PDF-1.4\n%µ¶\n"); at < table; {
		head := beginning.FindSubmatch(b[at:min(at+20, table)])
		if head == nil || !places[at] {
			return nil, errOtherwise
		}
		from, next := at+len(head[0]), at+1
		for next < table && !places[next] {
			next++
		}
		body, ended := bytes.CutSuffix(b[from:next], ending)
		if !ended {
			return nil, errOtherwise
		}
		n, _ := strconv.Atoi(string(head[1]))
		f.objects[n], f.order, at = body, append(f.order, n), next
	}
	for n := range f.order {
		if f.objects[n+1] == nil {
			return nil, errOtherwise
		}
	}
	return f, nil
}

// joined writes the file anew. Its ID comes from all that stands before.
func (f *file) joined() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%µ¶\n") // four bytes above 127: not a text
	places := make([]int, len(f.order)+1)
	for _, n := range f.order {
		places[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s%s", n, f.objects[n], ending)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places))
	for _, at := range places[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	id := sha256.Sum256(b.Bytes())
	fmt.Fprintf(&b, "trailer\n<<\n%s/ID [<%x> <%[2]x>]\n>>\nstartxref\n%d\n%%%%EOF\n", f.trailer, id[:16], table)
	return b.Bytes()
}

// swap changes what an object has once.
func (f *file) swap(n int, old, now string) {
	if bytes.Count(f.objects[n], []byte(old)) != 1 {
		f.err = fmt.Errorf("%w: object %d has no %q", errOtherwise, n, old)
		return
	}
	f.objects[n] = bytes.Replace(f.objects[n], []byte(old), []byte(now), 1)
}

// number is the object that a dictionary's entry points to.
func (f *file) number(dict []byte, key string) int {
	m := regexp.MustCompile(`/` + key + ` \[?(\d+) 0 R`).FindSubmatch(dict)
	if m == nil {
		f.err = fmt.Errorf("%w: no %s", errOtherwise, key)
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// font names a font as the part of one that it is, and lists its letters one by one.
func (f *file) font(n int) {
	below := f.number(f.objects[n], "DescendantFonts")
	descriptor, glyphs := f.number(f.objects[below], "FontDescriptor"), f.number(f.objects[below], "CIDToGIDMap")
	_, packed, _ := bytes.Cut(f.objects[glyphs], []byte("stream\n"))
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		f.err = fmt.Errorf("%w: %w", errOtherwise, err)
		return
	}
	list, err := io.ReadAll(z)
	if err != nil {
		f.err = fmt.Errorf("%w: %w", errOtherwise, err)
		return
	}
	sum := sha256.Sum256(list)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	f.swap(n, "/BaseFont /utf8", "/BaseFont /"+string(tag)+"+")
	f.swap(below, "/BaseFont /utf8", "/BaseFont /"+string(tag)+"+")
	f.swap(descriptor, "/FontName /utf8", "/FontName /"+string(tag)+"+")
	unicode := toUnicode(list)
	f.objects[f.number(f.objects[n], "ToUnicode")] = fmt.Appendf(nil, "<</Length %d>>\nstream\n%s\nendstream", len(unicode), unicode)
}

// toUnicode maps each letter that has a glyph to itself: codes in these files are letters.
func toUnicode(glyphs []byte) []byte {
	var codes []int
	for i := 0; i+1 < len(glyphs); i += 2 {
		if glyphs[i] != 0 || glyphs[i+1] != 0 {
			codes = append(codes, i/2)
		}
	}
	b := []byte(`/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
`)
	for len(codes) > 0 {
		some := codes[:min(100, len(codes))] // as many as may stand in one list
		codes = codes[len(some):]
		b = fmt.Appendf(b, "%d beginbfchar\n", len(some))
		for _, c := range some {
			b = fmt.Appendf(b, "<%04X> <%04[1]X>\n", c)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"...)
}
