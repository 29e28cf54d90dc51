// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// scanner reads the XML of a workbook's parts in one pass with a fixed window. It knows what OOXML may contain and
// no more: UTF-8, elements, attributes, text, CDATA, comments. A DOCTYPE is refused, so there are no entities
// but the five of XML itself and numbers. Names come without their prefix.
//
// Why not encoding/xml: measured in docs/decisions/0003.
type scanner struct {
	src      io.Reader
	part     string // for errors
	buf      []byte
	pos, end int
	srcErr   error

	name  []byte // of the element that begins or ends, valid until the next call
	attrs []attr // of the element that begins, valid until the next call

	stack   []byte // the open elements' full names, for checking that they nest
	marks   []int  // where each begins in stack
	selfEnd bool   // the element that began was empty: its end comes next
	started bool
	keep    bool // whether text is wanted
	raw     []byte
	text    []byte
}

type attr struct{ name, value []byte }

type token int

const (
	tokenEOF token = iota
	tokenStart
	tokenEnd
)

func newScanner(r io.Reader, part string) *scanner {
	return &scanner{src: r, part: part, buf: make([]byte, maxTag)}
}

func (s *scanner) damaged() error { return damaged(s.part) }

// fill slides the window and reads more; it returns io.EOF at the end of the part.
func (s *scanner) fill() error {
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		return tooMuch("long_tag", maxTag, "part", s.part)
	}
	for tries := 0; tries < 100; tries++ {
		if s.srcErr != nil {
			if errors.Is(s.srcErr, io.EOF) {
				return io.EOF
			}
			return s.damaged() // a truncated or falsified archive
		}
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		s.srcErr = err
		if n > 0 {
			return nil
		}
	}
	return s.damaged()
}

// need makes sure that n bytes stand in the window.
func (s *scanner) need(n int) error {
	for s.end-s.pos < n {
		if err := s.fill(); err != nil {
			return err
		}
	}
	return nil
}

// collect begins to keep the text that follows.
func (s *scanner) collect() { s.keep, s.text = true, s.text[:0] }

// take ends collect and returns the text, valid until the next collect.
func (s *scanner) take() []byte {
	s.keep = false
	return s.text
}

// next moves to the next begin or end of an element.
func (s *scanner) next() (token, error) {
	if s.selfEnd {
		s.selfEnd = false
		s.pop()
		return tokenEnd, nil
	}
	if !s.started {
		s.started = true
		if err := s.skipMark(); err != nil {
			return 0, err
		}
	}
	for {
		if err := s.readText(); errors.Is(err, io.EOF) {
			if len(s.marks) > 0 {
				return 0, s.damaged()
			}
			return tokenEOF, nil
		} else if err != nil {
			return 0, err
		}
		if err := s.need(2); err != nil {
			return 0, s.ended(err)
		}
		var err error
		switch s.buf[s.pos+1] {
		case '?':
			err = s.skip("?>", false)
		case '!':
			err = s.declaration()
		case '/':
			return s.endTag()
		default:
			return s.startTag()
		}
		if err != nil {
			return 0, s.ended(err)
		}
	}
}

// ended turns an end in the middle of something into damage.
func (s *scanner) ended(err error) error {
	if errors.Is(err, io.EOF) {
		return s.damaged()
	}
	return err
}

// skipMark drops UTF-8's byte order mark and refuses other charsets.
func (s *scanner) skipMark() error {
	if err := s.need(3); err != nil {
		return s.ended(err)
	}
	switch {
	case string(s.buf[s.pos:s.pos+3]) == bomUTF8:
		s.pos += 3
	case s.buf[s.pos] == 0xFE || s.buf[s.pos] == 0xFF || s.buf[s.pos] == 0 || s.buf[s.pos+1] == 0:
		return s.damaged()
	}
	return nil
}

// readText reads up to the next '<'.
func (s *scanner) readText() error {
	s.raw = s.raw[:0]
	for {
		chunk := s.buf[s.pos:s.end]
		i := bytes.IndexByte(chunk, '<')
		if i >= 0 {
			chunk = chunk[:i]
		}
		if s.keep {
			if len(s.text)+len(s.raw)+len(chunk) > MaxCell*utf8.UTFMax {
				return tooMuch("long_cell", MaxCell, "part", s.part)
			}
			s.raw = append(s.raw, chunk...)
		}
		s.pos += len(chunk)
		if i >= 0 {
			if s.keep && len(s.raw) > 0 {
				var err error
				s.text, err = appendUnescaped(s.text, s.raw)
				if err != nil {
					return s.damaged()
				}
			}
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// declaration handles what begins with "<!": comments and CDATA; a DOCTYPE is an attack or nothing we read.
func (s *scanner) declaration() error {
	if err := s.need(4); err != nil {
		return err
	}
	if string(s.buf[s.pos:s.pos+4]) == "<!--" {
		s.pos += 4
		return s.skip("-->", false)
	}
	if err := s.need(9); err != nil {
		return err
	}
	if string(s.buf[s.pos:s.pos+9]) == "<![CDATA[" {
		s.pos += 9
		return s.skip("]]>", s.keep)
	}
	return refuse("entities", "part", s.part)
}

// skip moves behind the next end, keeping what stands before it as text when asked to.
func (s *scanner) skip(end string, keep bool) error {
	for {
		chunk := s.buf[s.pos:s.end]
		i := bytes.Index(chunk, []byte(end))
		n := i
		if i < 0 {
			n = max(0, len(chunk)-len(end)+1)
		}
		if keep {
			if len(s.text)+n > MaxCell*utf8.UTFMax {
				return tooMuch("long_cell", MaxCell, "part", s.part)
			}
			s.text = append(s.text, chunk[:n]...)
		}
		s.pos += n
		if i >= 0 {
			s.pos += len(end)
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// wholeTag returns the tag that begins at pos, without its angle brackets, and moves behind it.
func (s *scanner) wholeTag() ([]byte, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if s.pos+i >= s.end {
			if err := s.fill(); err != nil {
				return nil, s.ended(err)
			}
		}
		switch c := s.buf[s.pos+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			return nil, s.damaged()
		case c == '>':
			tag := s.buf[s.pos+1 : s.pos+i]
			s.pos += i + 1
			return tag, nil
		}
	}
}

func (s *scanner) startTag() (token, error) {
	tag, err := s.wholeTag()
	if err != nil {
		return 0, err
	}
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		s.selfEnd = true
		tag = tag[:n-1]
	}
	full, rest := cutName(tag)
	if len(full) == 0 {
		return 0, s.damaged()
	}
	if len(s.marks) == maxDepth {
		return 0, tooMuch("too_deep", maxDepth, "part", s.part)
	}
	s.marks = append(s.marks, len(s.stack))
	s.stack = append(s.stack, full...)
	s.name = local(full)
	s.attrs = s.attrs[:0]
	for rest = trimSpace(rest); len(rest) > 0; rest = trimSpace(rest) {
		name, after := cutName(rest)
		after = trimSpace(after)
		if len(name) == 0 || len(after) == 0 || after[0] != '=' {
			return 0, s.damaged()
		}
		after = trimSpace(after[1:])
		if len(after) < 2 || after[0] != '"' && after[0] != '\'' {
			return 0, s.damaged()
		}
		j := bytes.IndexByte(after[1:], after[0])
		if j < 0 {
			return 0, s.damaged()
		}
		s.attrs = append(s.attrs, attr{local(name), after[1 : 1+j]})
		rest = after[j+2:]
	}
	return tokenStart, nil
}

func (s *scanner) endTag() (token, error) {
	tag, err := s.wholeTag()
	if err != nil {
		return 0, err
	}
	full, rest := cutName(tag[1:])
	if len(s.marks) == 0 || len(trimSpace(rest)) > 0 || !bytes.Equal(full, s.stack[s.marks[len(s.marks)-1]:]) {
		return 0, s.damaged()
	}
	s.name = local(full)
	s.pop()
	return tokenEnd, nil
}

func (s *scanner) pop() {
	s.stack = s.stack[:s.marks[len(s.marks)-1]]
	s.marks = s.marks[:len(s.marks)-1]
}

// get returns the attribute's value, "" when it is missing. Names are compared without prefix.
func (s *scanner) get(name string) string {
	for _, a := range s.attrs {
		if string(a.name) == name {
			if v, err := appendUnescaped(nil, a.value); err == nil {
				return string(v)
			}
		}
	}
	return ""
}

// flag reads a boolean attribute.
func (s *scanner) flag(name string) bool {
	v := s.get(name)
	return v == "1" || v == "true" || v == "on"
}

// number reads an attribute that is a whole number, missing when it is none.
func (s *scanner) number(name string, missing int) int {
	n, err := strconv.Atoi(s.get(name))
	if err != nil {
		return missing
	}
	return n
}
