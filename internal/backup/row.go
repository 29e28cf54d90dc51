// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// A row is a JSON array; the same row gives the same bytes whatever engine it comes from. A text that is no UTF-8, which neither engine should hold, is an
// object with its base64.

// encodeRow appends a row as a line.
func encodeRow(out *bytes.Buffer, types []string, values []any) error {
	out.WriteByte('[')
	for i, v := range values {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := encodeValue(out, types[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	out.WriteString("]\n")
	return nil
}

func encodeValue(out *bytes.Buffer, kind string, v any) error {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	if v == nil {
		out.WriteString("null")
		return nil
	}
	switch kind {
	case "boolean":
		switch v := v.(type) {
		case bool:
			out.WriteString(strconv.FormatBool(v))
			return nil
		case int64:
			out.WriteString(strconv.FormatBool(v != 0))
			return nil
		}
	case "integer", "bigint":
		if n, ok := v.(int64); ok {
			out.WriteString(strconv.FormatInt(n, 10))
			return nil
		}
	case "double precision":
		switch v := v.(type) {
		case float64:
			return encodeJSON(out, v)
		case int64:
			return encodeJSON(out, float64(v))
		}
	case "jsonb":
		if s, ok := v.(string); ok {
			return canonical(out, s)
		}
	case "text":
		if s, ok := v.(string); ok {
			if !utf8.ValidString(s) {
				return encodeJSON(out, map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(s))})
			}
			return encodeJSON(out, s)
		}
	}
	return fmt.Errorf("a %T cannot be a %s", v, kind)
}

// encodeJSON writes a value without the escapes for HTML and without the line's end.
func encodeJSON(out *bytes.Buffer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1)
	return nil
}

// canonical writes a JSON text as a string with its members in order and no blanks: PostgreSQL keeps jsonb in an order of its own.
func canonical(out *bytes.Buffer, text string) error {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	var plain bytes.Buffer
	if err := encodeJSON(&plain, v); err != nil {
		return err
	}
	return encodeJSON(out, plain.String())
}

// decodeRow reads a line into values for an INSERT.
func decodeRow(line []byte, types []string, values []any) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return values, err
	}
	if len(row) != len(types) {
		return values, fmt.Errorf("%d values for %d columns", len(row), len(types))
	}
	for i, v := range row {
		value, err := decodeValue(types[i], v)
		if err != nil {
			return values, fmt.Errorf("column %d: %w", i+1, err)
		}
		values = append(values, value)
	}
	return values, nil
}

func decodeValue(kind string, v any) (any, error) {
	switch v := v.(type) {
	case nil, bool:
		return v, nil
	case string:
		return v, nil
	case json.Number:
		if kind == "double precision" {
			return v.Float64()
		}
		return v.Int64()
	case map[string]any:
		if s, ok := v["base64"].(string); ok {
			b, err := base64.StdEncoding.DecodeString(s)
			return string(b), err
		}
	}
	return nil, fmt.Errorf("a %T cannot be a %s", v, kind)
}
