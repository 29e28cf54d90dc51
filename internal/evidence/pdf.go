// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"compress/zlib"
	"io"
)

const (
	maxPages   = 300
	maxStreams = 50_000

	// maxInflated bounds what the packed object lists of one PDF may unpack to, in bytes. They hold
	// dictionaries, not pictures: a 300-page book has 2 MB.
	maxInflated = 32 << 20
)

// pdfNames are dictionary words (ISO 32000-1) and the key under which a file that uses one is refused.
var pdfNames = map[string]string{
	"JavaScript": "pdf_active", "Launch": "pdf_active", "RichMedia": "pdf_active", "ImportData": "pdf_active",
	"EmbeddedFile": "pdf_attachment", "EmbeddedFiles": "pdf_attachment",
	"Encrypt": "pdf_locked",
}

// pdfFilters are encodings that hide a packed object list from inspection. They are outdated there.
var pdfFilters = map[string]bool{"ASCIIHexDecode": true, "ASCII85Decode": true, "LZWDecode": true, "RunLengthDecode": true}

// inspectPDF refuses a PDF that does things, carries files or cannot be looked into. It reads names wherever
// they stand, in strings and streams too, because a file can mislead any reader about where those begin;
// the words are long enough not to occur by chance. This is a second line: the first is that a PDF is never
// shown in place, only downloaded.
func inspectPDF(data []byte) error {
	if endsInZip(data) {
		return refused("two_faces", "name", "")
	}
	if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
		return refused("damaged", "name", "") // cut off on the way
	}
	scan := pdfScan{budget: maxInflated}
	if err := scan.names(data); err != nil {
		return err
	}
	if scan.packed && scan.odd {
		return refused("pdf_odd", "name", "")
	}
	if err := scan.streams(data); err != nil {
		return err
	}
	if scan.pages > maxPages {
		return refused("pdf_pages", "name", "", "pages", scan.pages, "max", maxPages)
	}
	return nil
}

type pdfScan struct {
	pages       int
	packed, odd bool  // an object list is there; a filter that could hide it is there
	budget      int64 // bytes left for unpacking
}

// names judges every name in data.
func (s *pdfScan) names(data []byte) (err error) {
	before := ""
	eachName(data, func(name string) bool {
		if key, bad := pdfNames[name]; bad {
			err = refused(key, "name", "")
			return false
		}
		s.packed = s.packed || name == "ObjStm"
		s.odd = s.odd || pdfFilters[name]
		if before == "Type" && name == "Page" {
			s.pages++
		}
		before = name
		return true
	})
	return err
}

// streams unpacks whatever begins like a packed object list, whatever its dictionary says.
func (s *pdfScan) streams(data []byte) error {
	for at, count := 0, 0; ; count++ {
		next := bytes.Index(data[at:], []byte("stream"))
		if next < 0 {
			return nil
		}
		if count > maxStreams {
			return refused("bomb", "name", "")
		}
		at += next + len("stream")
		body := bytes.TrimLeft(data[at:min(at+2, len(data))], "\r\n")
		if body = data[min(at+2, len(data))-len(body):]; !startsList(body) {
			continue
		}
		list, err := s.inflate(body)
		if err != nil {
			return err
		}
		if err := s.names(list); err != nil {
			return err
		}
	}
}

// startsList unpacks a few bytes: an object list begins with two whole numbers (ISO 32000-1, 7.5.7). Some
// page contents do too; they are looked through for nothing.
func startsList(body []byte) bool {
	if len(body) < 2 || body[0]&15 != 8 || (int(body[0])<<8|int(body[1]))%31 != 0 {
		return false // no zlib header (RFC 1950)
	}
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return false
	}
	var head [24]byte
	n, _ := io.ReadFull(z, head[:]) // what came before a fault or the end is judged
	numbers, within := 0, false
	for _, c := range head[:n] {
		switch {
		case c >= '0' && c <= '9':
			within = true
		case c == '%': // a comment; what follows it may be anything
			return true
		case c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f':
			return false
		case within:
			if numbers++; numbers == 2 {
				return true
			}
			within = false
		}
	}
	return false
}

func (s *pdfScan) inflate(body []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, refused("damaged", "name", "")
	}
	list, err := io.ReadAll(io.LimitReader(z, s.budget+1))
	if s.budget -= int64(len(list)); s.budget < 0 {
		return nil, refused("bomb", "name", "")
	}
	if err != nil {
		return nil, refused("damaged", "name", "")
	}
	return list, nil
}

// eachName calls f for each name object, its #xx escapes resolved, until f returns false.
func eachName(data []byte, f func(string) bool) {
	var name [32]byte
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], '/')
		if next < 0 {
			return
		}
		at += next + 1
		n := 0
		for at < len(data) && n < len(name) && !pdfDelimiter(data[at]) {
			c := data[at]
			at++
			if c == '#' && at+1 < len(data) {
				hi, lo := unhex(data[at]), unhex(data[at+1])
				if hi < 16 && lo < 16 {
					c = hi<<4 | lo
					at += 2
				}
			}
			name[n] = c
			n++
		}
		if !f(string(name[:n])) {
			return
		}
	}
}

func pdfDelimiter(c byte) bool {
	switch c {
	case 0, '\t', '\n', '\f', '\r', ' ', '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
