// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"hoctap/internal/text"
)

// plain is a text file whose lines are rows.
type plain struct {
	r         io.ReaderAt
	size      int64
	encoding  encoding.Encoding // nil for UTF-8
	delimiter byte
	dominant  text.Encoding
	proper    bool
}

func openCSV(ctx context.Context, r io.ReaderAt, size int64, name string) (source, []Sheet, error) {
	enc, err := charset(ctx, r, size)
	if err != nil {
		return nil, nil, err
	}
	p := &plain{r: r, size: size, encoding: enc}
	sample := make([]byte, sampleBytes)
	n, err := io.ReadFull(p.reader(), sample)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	sample = sample[:n]
	p.delimiter = delimiter(sample)
	var t tally
	for line := range bytes.Lines(sample) {
		for field := range bytes.SplitSeq(line, []byte{p.delimiter}) {
			t.add(string(field))
		}
	}
	p.dominant, p.proper = t.verdict()
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return p, []Sheet{{Name: text.NFC(strings.TrimSuffix(base, path.Ext(base)))}}, nil
}

func (p *plain) reader() io.Reader {
	return decoded(io.NewSectionReader(p.r, 0, p.size), p.encoding)
}

// delimiter returns the sign that leaves the fewest quotes in odd places, for a wrong one reads the inside of quoted fields as
// lines; of those the one that cuts the most lines of the sample into the same number of fields, and of two that do the rarer in
// texts. Excel's own first line "sep=;" settles it.
func delimiter(sample []byte) byte {
	if d, ok := separatorLine(sample); ok {
		return d
	}
	best, bestScore, fewest := byte(','), 0, 0
	for _, d := range []byte("\t;|,") {
		records := &records{r: bufio.NewReader(bytes.NewReader(sample)), delimiter: d}
		counts := map[int]int{}
		for range 200 {
			fields, err := records.next()
			if err != nil {
				break
			}
			if len(fields) > 1 {
				counts[len(fields)]++
			}
		}
		score := 0
		for n, lines := range counts {
			score = max(score, lines*100+min(n, 50))
		}
		if score > 0 && (bestScore == 0 || records.odd < fewest || records.odd == fewest && score > bestScore) {
			best, bestScore, fewest = d, score, records.odd
		}
	}
	return best
}

func separatorLine(b []byte) (byte, bool) {
	rest, ok := bytes.CutPrefix(b, []byte("sep="))
	if !ok || len(rest) < 2 || rest[1] != '\r' && rest[1] != '\n' {
		return 0, false
	}
	return rest[0], true
}

func (p *plain) rows(ctx context.Context, _ int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in := bufio.NewReaderSize(p.reader(), 64<<10)
		if head, _ := in.Peek(6); len(head) == 6 {
			if _, ok := separatorLine(head); ok {
				_, _ = in.ReadString('\n')
			}
		}
		records := &records{r: in, delimiter: p.delimiter}
		width := 0
		for number := 1; ; number++ {
			fields, err := records.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err == nil && number > MaxRows {
				err = tooMuch("too_many_rows", MaxRows)
			}
			if err == nil && number%ctxEvery == 0 {
				err = ctx.Err()
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			row := Row{Number: number, Cells: make([]Cell, 0, width)}
			for col, field := range fields {
				if field == "" {
					continue
				}
				c := Cell{Row: number, Col: col}
				c.understand(unguard(field), style{}, p.dominant, p.proper)
				if c.Blank() {
					continue
				}
				if col >= MaxColumns {
					yield(Row{}, tooMuch("too_many_columns", MaxColumns, "cell", c.Ref()))
					return
				}
				row.Cells = append(row.Cells, c)
			}
			width = len(row.Cells)
			if len(fields) == 1 && row.Blank() {
				continue // an empty line
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// records cuts lines into fields, RFC 4180 with the freedoms that people take: a quote inside a bare field is a
// quote, text behind a closing quote belongs to the field, lines end as they like.
//
// Why not encoding/csv: it reads a field of any length into memory, stops at the first odd quote, and passes over
// empty lines, so that its rows are not the ones Excel shows.
type records struct {
	r         *bufio.Reader
	delimiter byte
	line      []byte
	ends      []int
	fields    []string
	odd       int // quotes inside bare fields, and texts behind closing quotes
}

// next returns the fields of the next line, valid until the following call; io.EOF when there is none.
func (c *records) next() ([]string, error) {
	c.line, c.ends = c.line[:0], c.ends[:0]
	quoted, closed := false, false // inside quotes; behind them
	begun, any := false, false     // the field has begun; the line has something
	letters := 0                   // of the field
	for {
		b, err := c.r.ReadByte()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return nil, err
			}
			if !any {
				return nil, io.EOF
			}
			break
		}
		any = true
		if len(c.line) > MaxRowText || len(c.ends) > 16_384 {
			return nil, tooMuch("long_line", MaxRowText>>10)
		}
		switch {
		case quoted && b == '"':
			if after, err := c.r.Peek(1); err == nil && after[0] == '"' {
				_, _ = c.r.ReadByte()
				c.line = append(c.line, '"')
				continue
			}
			quoted, closed = false, true
			continue
		case quoted:
		case b == '"' && !begun:
			quoted, begun = true, true
			continue
		case b == c.delimiter:
			c.ends = append(c.ends, len(c.line))
			letters, begun, closed = 0, false, false
			continue
		case b == '\r':
			if after, err := c.r.Peek(1); err == nil && after[0] == '\n' {
				continue
			}
			return c.cut(), nil
		case b == '\n':
			return c.cut(), nil
		}
		if !quoted && (b == '"' || closed && b != ' ') {
			c.odd++
			closed = false
		}
		begun = begun || b != ' '
		c.line = append(c.line, b)
		if utf8.RuneStart(b) {
			letters++
		}
		if letters > MaxCell {
			return nil, tooMuch("long_cell", MaxCell)
		}
	}
	return c.cut(), nil
}

// cut makes the strings of the line; one allocation serves them all.
func (c *records) cut() []string {
	c.ends = append(c.ends, len(c.line))
	whole := string(c.line)
	c.fields = c.fields[:0]
	from := 0
	for _, to := range c.ends {
		c.fields = append(c.fields, whole[from:to])
		from = to
	}
	return c.fields
}
