// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// Limits of what is read: our own files stay far below, and a hostile one ends here.
const (
	maxDepth = 32
	maxValue = 1 << 20 // bytes of one object
)

var errSyntax = errors.New("not the PDF syntax that our press writes")

// reader takes values out of bytes. It never looks past end.
type reader struct {
	b       []byte
	at, end int
	depth   int
}

func (r *reader) skip() {
	for r.at < r.end {
		switch c := r.b[r.at]; {
		case space(c):
			r.at++
		case c == '%':
			for r.at < r.end && r.b[r.at] != '\n' && r.b[r.at] != '\r' {
				r.at++
			}
		default:
			return
		}
	}
}

// word takes the letters s when they come next, as a word of its own.
func (r *reader) word(s string) bool {
	r.skip()
	rest := r.b[r.at:r.end]
	if !bytes.HasPrefix(rest, []byte(s)) || len(rest) > len(s) && !space(rest[len(s)]) && !delimiter(rest[len(s)]) {
		return false
	}
	r.at += len(s)
	return true
}

// whole takes a whole number.
func (r *reader) whole() (int, error) {
	r.skip()
	n, ok := r.number().whole()
	if !ok {
		return 0, r.wrong()
	}
	return n, nil
}

func (r *reader) number() numeral {
	from := r.at
	for r.at < r.end && (r.b[r.at] >= '0' && r.b[r.at] <= '9' || bytes.IndexByte([]byte("+-."), r.b[r.at]) >= 0) {
		r.at++
	}
	return numeral(r.b[from:r.at])
}

func (r *reader) value() (object, error) {
	r.skip()
	if r.depth++; r.depth > maxDepth || r.at >= r.end {
		return nil, r.wrong()
	}
	defer func() { r.depth-- }()
	switch c := r.b[r.at]; {
	case c == '/':
		return r.name()
	case c == '(':
		return r.literal()
	case c == '[':
		return r.array()
	case c == '<' && r.at+1 < r.end && r.b[r.at+1] == '<':
		return r.dict()
	case c == '<':
		return r.hex()
	case r.word("true"):
		return true, nil
	case r.word("false"):
		return false, nil
	case r.word("null"):
		return nil, nil
	}
	n := r.number()
	if _, ok := n.float(); !ok {
		return nil, r.wrong()
	}
	return r.maybeRef(n)
}

// maybeRef looks whether "n" goes on as "n 0 R".
func (r *reader) maybeRef(n numeral) (object, error) {
	to, ok := n.whole()
	if !ok {
		return n, nil
	}
	after := r.at
	r.skip()
	if generation := r.number(); generation != "" && r.at < r.end && space(r.b[r.at]) && r.word("R") {
		if generation != "0" || to > maxObjects {
			return nil, r.wrong()
		}
		return ref(to), nil
	}
	r.at = after
	return n, nil
}

func (r *reader) name() (object, error) {
	var out []byte
	for r.at++; r.at < r.end && !space(r.b[r.at]) && !delimiter(r.b[r.at]); r.at++ {
		c := r.b[r.at]
		if c == '#' {
			if r.at+2 >= r.end {
				return nil, r.wrong()
			}
			v, err := hex.DecodeString(string(r.b[r.at+1 : r.at+3]))
			if err != nil {
				return nil, r.wrong()
			}
			c = v[0]
			r.at += 2
		}
		out = append(out, c)
	}
	return name(out), nil
}

func (r *reader) array() (object, error) {
	r.at++
	out := array{}
	for {
		if r.skip(); r.at < r.end && r.b[r.at] == ']' {
			r.at++
			return out, nil
		}
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (r *reader) dict() (object, error) {
	r.at += 2
	out := dict{}
	for {
		if r.skip(); bytes.HasPrefix(r.b[r.at:r.end], []byte(">>")) {
			r.at += 2
			return out, nil
		}
		if r.at >= r.end || r.b[r.at] != '/' {
			return nil, r.wrong()
		}
		n, err := r.name()
		if err != nil {
			return nil, err
		}
		key := n.(name)
		if _, twice := out[key]; twice { // programs differ in which of two they follow
			return nil, r.wrong()
		}
		if out[key], err = r.value(); err != nil {
			return nil, err
		}
	}
}

// hex takes a string in hexadecimal digits without spaces between.
func (r *reader) hex() (object, error) {
	from := r.at
	n := bytes.IndexByte(r.b[r.at:r.end], '>')
	if n < 0 {
		return nil, r.wrong()
	}
	r.at += n + 1
	v := make([]byte, (n-1)/2)
	if _, err := hex.Decode(v, r.b[from+1:from+n]); err != nil {
		return nil, r.wrong()
	}
	return text{value: v, hex: true, span: span{from, r.at}}, nil
}

func (r *reader) literal() (object, error) {
	from := r.at
	var out []byte
	open := 0
	for ; r.at < r.end; r.at++ {
		switch c := r.b[r.at]; c {
		case '(':
			if open++; open > 1 {
				out = append(out, c)
			}
		case ')':
			if open--; open == 0 {
				r.at++
				return text{value: out, span: span{from, r.at}}, nil
			}
			out = append(out, c)
		case '\\':
			r.at++
			if r.at >= r.end {
				return nil, r.wrong()
			}
			out = r.escaped(out)
		default:
			out = append(out, c)
		}
	}
	return nil, r.wrong()
}

// escaped takes what follows a backslash and stays on its last byte.
func (r *reader) escaped(out []byte) []byte {
	c := r.b[r.at]
	if i := bytes.IndexByte([]byte("nrtbf"), c); i >= 0 {
		return append(out, "\n\r\t\b\f"[i])
	}
	switch {
	case c == '\n':
		return out
	case c == '\r':
		if r.at+1 < r.end && r.b[r.at+1] == '\n' {
			r.at++
		}
		return out
	case c < '0' || c > '7':
		return append(out, c)
	}
	v := 0
	for n := 0; n < 3 && r.at < r.end && r.b[r.at] >= '0' && r.b[r.at] <= '7'; n++ {
		v = v*8 + int(r.b[r.at]-'0')
		r.at++
	}
	r.at--
	return append(out, byte(v))
}

func (r *reader) wrong() error { return fmt.Errorf("byte %d: %w", r.at, errSyntax) }
