// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package papers is what the papers of all pages share: their language, their dates, their marks, and how a document leaves as a file.
// What a paper says is written beside the page it belongs to.
package papers

import (
	"context"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/paper/docx"
	"hoctap/internal/paper/workbook"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/site"
)

// Vi is the context of all papers: they are in Vietnamese whatever the reader's language.
func Vi(ctx context.Context) context.Context { return lang.With(ctx, lang.Vi) }

// LongDay writes a date in words; Decree 30 puts a zero before days below ten and before the months 1 and 2.
func LongDay(ctx context.Context, date string) string {
	if len(date) != len("2026-12-08") {
		return date
	}
	month := date[5:7]
	if month > "02" {
		month = strings.TrimPrefix(month, "0")
	}
	year, _ := strconv.Atoi(date[:4])
	return lang.T(Vi(ctx), "paper.on_day", "day", date[8:], "month", month, "year", year)
}

// DayLine is "Hy Cương, ngày 08 tháng 12 năm 2026"; without a date day and month stay blank.
func DayLine(ctx context.Context, town, date string, year int) string {
	if date == "" {
		return lang.T(Vi(ctx), "paper.day_none", "town", town, "year", year)
	}
	return town + ", " + LongDay(ctx, date)
}

// Head is the head of a paper: who issues it and its number on the left, the nation and the day on the right. Without a date the day stays blank.
func Head(ctx context.Context, issuer []string, number, town, date string, year int) paper.Head {
	ctx = Vi(ctx)
	return paper.Head{Issuer: issuer, Number: number, Nation: lang.T(ctx, "paper.republic"), Motto: lang.T(ctx, "paper.motto"), Day: DayLine(ctx, town, date, year)}
}

// Signer is who signs a paper under a post, see recognition.PostLines; posts stand in capitals.
func Signer(post, place, name string) paper.Signer {
	form, holder := recognition.PostLines(strings.ToUpper(post))
	return paper.Signer{Form: strings.Join(form, "\n"), Post: holder, Place: place, Name: name}
}

// AreaHead is the head of an area's paper, below its commune.
func AreaHead(ctx context.Context, area, commune place.Place, date string, year int) paper.Head {
	h := Head(ctx, []string{strings.ToUpper(area.FullName())}, "", commune.Name, date, year)
	h.Superior = []string{strings.ToUpper(commune.FullName())}
	return h
}

// LetterHead is the head of what a person writes to an office: the nation's title alone, in the middle, and the day.
func LetterHead(ctx context.Context, town, date string, year int) paper.Head {
	return Head(ctx, nil, "", town, date, year)
}

// WithinArea writes an area inside a sentence. A name that is a number keeps its capital: "Khu 1", but "xóm Đồi".
func WithinArea(area place.Place) string {
	if area.Name != "" && unicode.IsDigit(rune(area.Name[0])) {
		return area.FullName()
	}
	return Within(area.FullName())
}

// Where is an area with its commune in one line, "Khu 1, xã Hy Cương".
func Where(area, commune place.Place) string {
	return area.FullName() + ", " + Within(commune.FullName())
}

// Leader is who stands for an area, "trưởng xóm": a group has a "tổ trưởng", and an area that is no more than a name the trưởng khu of most.
func Leader(ctx context.Context, area place.Place) string {
	kind := strings.ToLower(area.Kind)
	switch {
	case kind == "":
		return lang.T(Vi(ctx), "paper.leader.other")
	case strings.HasPrefix(kind, "tổ"):
		return lang.T(Vi(ctx), "paper.leader.group")
	}
	return lang.T(Vi(ctx), "paper.leader.of", "kind", kind)
}

// Marks says on every page that a paper is a draft, rests on criteria that are not official, or shows invented data.
func Marks(ctx context.Context, draft bool, verified criteria.Verified, demo bool) (m paper.Marks) {
	ctx = Vi(ctx)
	var notices []string
	if draft {
		notices = append(notices, lang.T(ctx, "paper.draft"))
	}
	if !verified.Trusted() {
		notices = append(notices, lang.T(ctx, "verified."+string(verified)))
	}
	m.Notice = strings.Join(notices, " · ")
	if demo {
		m.Across = lang.T(ctx, "paper.demo")
	}
	return m
}

// Within writes a place inside a sentence: "Xã Hy Cương" becomes "xã Hy Cương".
func Within(name string) string {
	r, n := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[n:]
}

// AddressEnv names the setting with the address that codes on paper lead to, "https://hoctap.phutho.gov.vn"; without it that of the request is printed.
const AddressEnv = "HOCTAP_URL"

// Link is the absolute address of a path, for a code on paper.
func Link(v *site.Visit, path string) string {
	base := strings.TrimRight(os.Getenv(AddressEnv), "/")
	if base == "" {
		u := url.URL{Scheme: "http", Host: v.R.Host}
		if v.Secure {
			u.Scheme = "https"
		}
		base = u.String()
	}
	return base + path
}

// Send sends a document as the file that ?dang asks for: docx to edit, pdf to sign, pdfa to keep, xlsx for its lists. name has plain letters and no ending.
func Send(v *site.Visit, name string, d *paper.Document) error {
	return SendAs(v, v.Query("dang"), name, d)
}

// SendAs is Send for a form that is asked for elsewhere.
func SendAs(v *site.Visit, form, name string, d *paper.Document) error {
	if d.Date == "" { // the file tells when it was made, as long as the paper has no day
		d.Date = v.Today()
	}
	switch form {
	case "docx":
		return v.File(name+".docx", site.DOCX, func(w io.Writer) error { return docx.Write(w, d) })
	case "xlsx":
		return v.File(name+".xlsx", site.XLSX, func(w io.Writer) error { return workbook.Write(w, d) })
	case "pdf", "pdfa":
		press, err := v.Press()
		if err != nil {
			return err
		}
		write := press.Write
		if form == "pdfa" {
			write = press.Archive
		}
		return v.File(name+".pdf", site.PDF, func(w io.Writer) error { return write(w, d) })
	}
	return fault.NotFound("file", form)
}
