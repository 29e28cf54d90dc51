// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

// CSVWriter writes a CSV file that Excel opens with its marks in place: UTF-8 with a byte order mark, lines ended
// by CR LF. A text that could be taken for a formula gets an apostrophe in front, which Open takes off again;
// numbers are written bare, so −5 stays a number.
type CSVWriter struct {
	out    io.Writer
	csv    *csv.Writer
	begun  bool
	fields []string
}

// NewCSVWriter returns a writer with the delimiter given, ',' or ';'. Excel set to Vietnamese opens the latter.
func NewCSVWriter(out io.Writer, delimiter rune) *CSVWriter {
	w := &CSVWriter{out: out, csv: csv.NewWriter(out)}
	w.csv.Comma, w.csv.UseCRLF = delimiter, true
	return w
}

// Row writes one row of the same values that Writer.Row takes.
func (w *CSVWriter) Row(values ...any) error {
	if !w.begun {
		w.begun = true
		if _, err := io.WriteString(w.out, bomUTF8); err != nil {
			return err
		}
	}
	w.fields = w.fields[:0]
	for _, v := range values {
		w.fields = append(w.fields, csvField(v))
	}
	return w.csv.Write(w.fields)
}

// Close writes what is still held back. It does not close the underlying writer.
func (w *CSVWriter) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}

func csvField(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return guard(plainText(v))
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case Hundredths:
		return strconv.FormatFloat(float64(v)/100, 'f', 2, 64)
	case bool:
		if v {
			return "1"
		}
		return "0"
	case Day:
		return vietnamese(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format("02/01/2006")
	}
	return guard(plainText(fmt.Sprint(v)))
}
