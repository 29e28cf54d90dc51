// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"

	"hoctap/internal/text"
)

// style is what a cell's format tells about its value.
type style struct {
	date     bool          // the number is a day
	encoding text.Encoding // the font draws Vietnamese letters over Latin ones
	capitals bool          // the font draws small letters as capitals (.VnTimeH)
}

// readStyles reads the cell formats in the order in which cells count them.
func (a *archive) readStyles(part string) ([]style, error) {
	var (
		codes   = map[int]string{}
		fonts   []string
		formats []struct{ number, font int }
		section string
	)
	err := a.scan(part, "styleSheet", func(s *scanner) error {
		switch name := string(s.name); name {
		case "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "extLst":
			section = name
		case "numFmt":
			if section == "numFmts" {
				codes[s.number("numFmtId", -1)] = clip(s.get("formatCode"), 256)
			}
		case "font":
			if section == "fonts" {
				fonts = append(fonts, "")
			}
		case "name":
			if section == "fonts" && len(fonts) > 0 {
				fonts[len(fonts)-1] = clip(s.get("val"), 64)
			}
		case "xf":
			if section == "cellXfs" {
				formats = append(formats, struct{ number, font int }{s.number("numFmtId", 0), s.number("fontId", -1)})
			}
		}
		if len(codes) > MaxStyles || len(fonts) > MaxStyles || len(formats) > MaxStyles {
			return tooMuch("too_many_styles", MaxStyles)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	styles := make([]style, len(formats))
	for i, f := range formats {
		if code, own := codes[f.number]; own {
			styles[i].date = dateCode(code)
		} else {
			styles[i].date = dateNumber(f.number)
		}
		if f.font >= 0 && f.font < len(fonts) {
			styles[i].encoding, styles[i].capitals = fontEncoding(fonts[f.font])
		}
	}
	return styles, nil
}

// fontEncoding returns what a font's name says about the text below it.
func fontEncoding(font string) (e text.Encoding, capitals bool) {
	switch low := strings.ToLower(font); {
	case strings.HasPrefix(low, ".vn"):
		return text.TCVN3, strings.HasSuffix(low, "h")
	case strings.HasPrefix(low, "vni-"), strings.HasPrefix(low, "vni "):
		return text.VNI, false
	}
	return text.Unicode, false
}

// dateNumber says whether a built-in number format shows a day (ECMA-376 part 1, 18.8.30; 27 to 58 are East
// Asian calendars).
func dateNumber(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id == 57 || id == 58
}

// dateCode says whether a number format shows a day: a y or d, outside quotes, brackets and escapes.
func dateCode(code string) bool {
	if i := strings.IndexByte(code, ';'); i >= 0 {
		code = code[:i] // the first section is the one for positive numbers
	}
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*':
			i++
		case '"':
			j := strings.IndexByte(code[i+1:], '"')
			if j < 0 {
				return false
			}
			i += j + 1
		case '[':
			j := strings.IndexByte(code[i:], ']')
			if j < 0 {
				return false
			}
			i += j
		case 'y', 'Y', 'd', 'D':
			return true
		case 'G', 'g': // General
			i += len("eneral")
		}
	}
	return false
}

// clip cuts s to at most n bytes in memory of its own.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.Clone(s)
}
