// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package place

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoctap/internal/text"
)

// row is one line of a shipped table; its errors name file, line and column.
type row struct {
	file   string
	line   int
	at     map[string]int
	fields []string
}

// eachRow reads a table with a header row and calls fn for each line below it. Every column of need must be there. It fails
// on ill-formed CSV, on text that is not UTF-8, and with what fn returns, each time naming the file and line.
func eachRow(files fs.FS, name string, need []string, fn func(row) error) error {
	f, err := files.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return readTable(f, name, need, fn)
}

func readTable(from io.Reader, name string, need []string, fn func(row) error) error {
	reader := csv.NewReader(from)
	reader.ReuseRecord = true
	head, err := reader.Read()
	if err != nil {
		return fmt.Errorf("%s:1: no header row: %w", name, err)
	}
	at := make(map[string]int, len(head))
	for i, column := range head {
		column = strings.TrimSpace(strings.TrimPrefix(column, "\ufeff"))
		if _, twice := at[column]; twice {
			return fmt.Errorf("%s:1: two columns are called %q", name, column)
		}
		at[column] = i
	}
	for _, column := range need {
		if _, ok := at[column]; !ok {
			return fmt.Errorf("%s:1: no column %q", name, column)
		}
	}
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := reader.FieldPos(0)
		r := row{file: name, line: line, at: at, fields: fields}
		for column, i := range at {
			if !utf8.ValidString(fields[i]) || strings.ContainsRune(fields[i], 0) {
				return r.wrong(column, "is not UTF-8 text")
			}
		}
		if err := fn(r); err != nil {
			return err
		}
	}
}

func (r row) wrong(column, what string) error {
	return fmt.Errorf("%s:%d: %s %q %s", r.file, r.line, column, r.fields[r.at[column]], what)
}

// here puts the file and line in front of an error, when there is one.
func (r row) here(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s:%d: %w", r.file, r.line, err)
}

// text returns a field in normal form.
func (r row) text(column string) string { return text.NFC(r.fields[r.at[column]]) }

// code returns a field that must consist of digits.
func (r row) code(column string) (string, error) {
	s := r.text(column)
	if s == "" || digits(s) != len(s) {
		return "", r.wrong(column, "is no code")
	}
	return s, nil
}

// date returns a date, or instead when the field is empty.
func (r row) date(column, instead string) (string, error) {
	s := r.text(column)
	if s == "" {
		return instead, nil
	}
	if !isDate(s) {
		return "", r.wrong(column, "is no date")
	}
	return s, nil
}

// number returns a number, 0 when the field is empty.
func (r row) number(column string) (float64, error) {
	s := r.text(column)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n || n < -180 || n > 1e9 { // n != n: ParseFloat reads "NaN"
		return 0, r.wrong(column, "is no number")
	}
	return n, nil
}
