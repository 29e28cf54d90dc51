// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"io"
	"iter"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/paper"
	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
	"hoctap/internal/wording"
	"hoctap/internal/wording/merge"
)

// ownForm is ?dang of a paper in the office's own Word file.
const ownForm = "mau"

// sendOwn sends a paper in the office's own Word file. It says what the program's own paper says: what the file names beside fields is read from that.
func sendOwn(v *site.Visit, name string, said recognition.Wording, s shownPaper) error {
	if said.File == "" || s.Paper == nil {
		return fault.NotFound("file", ownForm)
	}
	docx, err := recognition.TemplateFile(v.Ctx(), v.Blobs, said.File)
	if err != nil {
		return err
	}
	values := laidOut(s.Paper, s.Values)
	return v.File(name+"-theo-mau.docx", site.DOCX, func(w io.Writer) error { return merge.Write(w, docx, said.Kind, values, s.Rows) })
}

// laidOut adds to the values what the layout of a paper puts there by itself.
func laidOut(d *paper.Document, v wording.Values) wording.Values {
	var grounds, text []string
	out := v.With("ghi_chu", strings.Trim(d.Marks.Notice+" · "+d.Marks.Across, " ·"))
	for _, b := range d.Parts[0].Blocks {
		switch b := b.(type) {
		case paper.Head:
			out["so_van_ban"] = strings.TrimSpace(strings.TrimPrefix(b.Number, "Số:"))
			out["dia_danh"], out["ngay_van_ban"], _ = strings.Cut(b.Day, ", ")
		case paper.Title:
			out["trich_yeu"] = b.About
		case paper.Paragraph:
			var line strings.Builder
			for _, r := range b.Runs {
				line.WriteString(r.Text)
			}
			switch b.Style {
			case paper.Ground:
				grounds = append(grounds, line.String())
			case paper.Body, paper.Section:
				text = append(text, line.String())
			}
		case paper.Sign:
			if len(b.Recipients) > 1 {
				out["noi_nhan"] = strings.Join(b.Recipients[1:], "\n")
			}
			for _, s := range b.Signers {
				out["nguoi_ky"] = s.Name
			}
		}
	}
	out["can_cu"], out["noi_dung"] = strings.Join(grounds, "\n"), strings.Join(text, "\n")
	return out
}

// rows are the lines of a decision's annexed list.
func (f facts) rows(ctx context.Context) iter.Seq[wording.Values] {
	ctx = papers.Vi(ctx)
	return func(yield func(wording.Values) bool) {
		for i := range f.Items {
			l := itemOf(ctx, &f.Items[i])
			name := l.Name
			if l.Was != "" {
				name += " " + lang.T(ctx, "paper.was", "name", l.Was)
			}
			if !yield(wording.Values{"dong.stt": lang.Number(ctx, int64(l.No)), "dong.ten": name, "dong.khu": l.Area, "dong.diem": l.Total, "dong.viec": l.Act}) {
				return
			}
		}
	}
}

// rows are those of a notice, which tells nobody's points, or the areas of a dispatch note.
func (a after) rows(ctx context.Context, kind recognition.PaperKind) iter.Seq[wording.Values] {
	ctx = papers.Vi(ctx)
	return func(yield func(wording.Values) bool) {
		if kind == recognition.PaperDispatch {
			for _, r := range a.shares(ctx) {
				if !yield(wording.Values{"dong.stt": r[0], "dong.khu": r[1], "dong.so_vao_so": r[2], "dong.so_luong": r[3]}) {
					return
				}
			}
			return
		}
		for _, r := range a.names(ctx) {
			if !yield(wording.Values{"dong.stt": r[0], "dong.ten": r[1], "dong.khu": r[2]}) {
				return
			}
		}
	}
}

// rows are the names of a request, by area.
func (q request) rows(ctx context.Context) iter.Seq[wording.Values] {
	ctx = papers.Vi(ctx)
	return func(yield func(wording.Values) bool) {
		no := 0
		for _, a := range q.Proposal.Areas {
			for i := range a.Files {
				no++
				if !yield(wording.Values{"dong.stt": lang.Number(ctx, int64(no)), "dong.ten": a.Files[i].Name, "dong.khu": a.Name, "dong.diem": pointsText(ctx, a.Files[i].Total)}) {
					return
				}
			}
		}
	}
}

// areaRows are the areas that the council looks at.
func (q request) areaRows(ctx context.Context) iter.Seq[wording.Values] {
	ctx = papers.Vi(ctx)
	return func(yield func(wording.Values) bool) {
		for i, a := range q.Proposal.Areas {
			if !yield(wording.Values{"dong.stt": lang.Number(ctx, int64(i+1)), "dong.khu": a.Name, "dong.so_luong": lang.Number(ctx, int64(len(a.Files)))}) {
				return
			}
		}
	}
}
