// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

func cutName(b []byte) (name, rest []byte) {
	i := 0
	for i < len(b) && b[i] > ' ' && b[i] != '=' && b[i] != '/' {
		i++
	}
	return b[:i], b[i:]
}

func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

func trimSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\t' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// appendUnescaped appends src with XML's own references resolved; any other reference is an error.
func appendUnescaped(dst, src []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(src, '&')
		if i < 0 {
			return append(dst, src...), nil
		}
		dst = append(dst, src[:i]...)
		src = src[i+1:]
		j := bytes.IndexByte(src, ';')
		if j < 0 || j > 12 {
			return dst, errors.New("reference without end")
		}
		ref := string(src[:j])
		src = src[j+1:]
		switch ref {
		case "amp":
			dst = append(dst, '&')
		case "lt":
			dst = append(dst, '<')
		case "gt":
			dst = append(dst, '>')
		case "quot":
			dst = append(dst, '"')
		case "apos":
			dst = append(dst, '\'')
		default:
			digits, isNumber := strings.CutPrefix(ref, "#")
			base := 10
			if hex, ok := strings.CutPrefix(digits, "x"); ok {
				digits, base = hex, 16
			}
			n, err := strconv.ParseUint(digits, base, 32)
			if err != nil || !isNumber || n == 0 || n > utf8.MaxRune {
				return dst, errors.New("unknown reference")
			}
			dst = utf8.AppendRune(dst, rune(n))
		}
	}
}
