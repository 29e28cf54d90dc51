// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"strconv"
)

// object is a value in a PDF file: nil, bool, numeral, name, text, array, dict or ref.
type object any

type (
	name  string
	array []object
	dict  map[name]object
	ref   int // an indirect object's number; its generation is always 0
)

// numeral is a number with the digits that the file has.
type numeral string

// text is a string. Where it stands matters for the hole of a signature.
type text struct {
	value []byte
	hex   bool
	span
}

func integer(n int) numeral { return numeral(strconv.Itoa(n)) }

func decimal(v float64) numeral { return numeral(strconv.FormatFloat(v, 'f', 2, 64)) }

// whole returns the number when it is a plain whole one, not below zero.
func (n numeral) whole() (int, bool) {
	if len(n) == 0 || len(n) > 15 { // longer than any file
		return 0, false
	}
	for i := range len(n) {
		if n[i] < '0' || n[i] > '9' {
			return 0, false
		}
	}
	v, err := strconv.Atoi(string(n))
	return v, err == nil
}

func (n numeral) float() (float64, bool) {
	v, err := strconv.ParseFloat(string(n), 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// wholes returns a's elements when they are n whole numbers.
func wholes(o object, n int) ([]int, bool) {
	a, ok := o.(array)
	if !ok || len(a) != n {
		return nil, false
	}
	out := make([]int, n)
	for i, o := range a {
		if out[i], ok = whole(o); !ok {
			return nil, false
		}
	}
	return out, true
}

func whole(o object) (int, bool) {
	n, ok := o.(numeral)
	if !ok {
		return 0, false
	}
	return n.whole()
}

// same says that two values mean the same, however they are written.
func same(a, b object) bool {
	switch a := a.(type) {
	case numeral:
		b, ok := b.(numeral)
		if !ok {
			return false
		}
		x, okX := a.float()
		y, okY := b.float()
		return a == b || okX && okY && x == y
	case text:
		b, ok := b.(text)
		return ok && bytes.Equal(a.value, b.value)
	case array:
		b, ok := b.(array)
		return ok && slices.EqualFunc(a, b, same)
	case dict:
		b, ok := b.(dict)
		return ok && maps.EqualFunc(a, b, same)
	default: // nil, bool, name, ref: comparable; a type on one side only is unequal before anything is compared
		switch b.(type) {
		case array, dict, text:
			return false
		}
		return a == b
	}
}

// write puts a value into a file: keys in order, so that the same paper is the same file.
func write(out *bytes.Buffer, o object) {
	switch o := o.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(o))
	case numeral:
		out.WriteString(string(o))
	case name:
		writeName(out, o)
	case text:
		out.WriteByte('<')
		out.WriteString(hex.EncodeToString(o.value))
		out.WriteByte('>')
	case ref:
		out.WriteString(strconv.Itoa(int(o)) + " 0 R")
	case array:
		out.WriteByte('[')
		for i, e := range o {
			if i > 0 {
				out.WriteByte(' ')
			}
			write(out, e)
		}
		out.WriteByte(']')
	case dict:
		out.WriteString("<<")
		for _, key := range slices.Sorted(maps.Keys(o)) {
			writeName(out, key)
			out.WriteByte(' ')
			write(out, o[key])
		}
		out.WriteString(">>")
	}
}

func writeName(out *bytes.Buffer, n name) {
	out.WriteByte('/')
	for i := range len(n) {
		if c := n[i]; c <= ' ' || c > '~' || c == '#' || delimiter(c) {
			out.WriteString("#" + hex.EncodeToString([]byte{c}))
		} else {
			out.WriteByte(c)
		}
	}
}

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}
