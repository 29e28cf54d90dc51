// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Colours of written tables, from the program's own palette: dark text on pale ground prints well in grey.
const (
	headGround  = "E8EEF4"
	badGround   = "F8CBC6"
	messageInk  = "9C1C13"
	borderColor = "B8C2CC"
)

func (w *Writer) makeStyles() error {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: borderColor, Style: 1})
	}
	font := func(bold bool, size float64, color string) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: size, Bold: bold, Color: color}
	}
	formats := map[Format]string{
		AsText: "@", AsWrapped: "@", AsWhole: "#,##0", AsDecimal: "#,##0.00", AsTenths: "#,##0.0", AsPercent: "0.0%", AsDate: "dd/mm/yyyy",
	}
	w.styles.body, w.styles.total = map[Format]int{}, map[Format]int{}
	var err error
	add := func(to *int, s excelize.Style) {
		if err == nil {
			*to, err = w.file.NewStyle(&s)
		}
	}
	for f, code := range formats {
		var body, total int
		align := &excelize.Alignment{Vertical: "top", WrapText: f == AsWrapped}
		add(&body, excelize.Style{Border: border, Font: font(false, 12, ""), CustomNumFmt: &code, Alignment: align})
		add(&total, excelize.Style{Border: border, Font: font(true, 12, ""), CustomNumFmt: &code, Alignment: align})
		w.styles.body[f], w.styles.total[f] = body, total
	}
	text := formats[AsText]
	red := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{badGround}}
	add(&w.styles.header, excelize.Style{
		Border: border, Font: font(true, 12, ""), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{headGround}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, CustomNumFmt: &text,
	})
	add(&w.styles.title, excelize.Style{Font: font(true, 13, ""), CustomNumFmt: &text})
	add(&w.styles.bad, excelize.Style{Border: border, Font: font(false, 12, ""), Fill: red})
	add(&w.styles.badText, excelize.Style{Border: border, Font: font(false, 12, ""), Fill: red, CustomNumFmt: &text})
	add(&w.styles.message, excelize.Style{
		Border: border, Font: font(false, 12, messageInk), CustomNumFmt: &text, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
	})
	return err
}

// layout sets how the sheet prints: A4, lying, as wide as one page.
func (w *Writer) layout() error {
	fit, orientation, a4, wide, high := true, "landscape", 9, 1, 0
	if err := w.file.SetSheetProps(w.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return w.file.SetPageLayout(w.name, &excelize.PageLayoutOptions{
		Orientation: &orientation, Size: &a4, FitToWidth: &wide, FitToHeight: &high,
	})
}

// writeHead writes the lines above and the header, and freezes them.
func (w *Writer) writeHead() error {
	w.head = len(w.table.Above) + 1
	err := w.stream.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: w.head, TopLeftCell: ref(0, w.head+1), ActivePane: "bottomLeft",
	})
	for i, c := range w.table.Columns {
		if err == nil {
			err = w.stream.SetColWidth(i+1, i+1, width(c))
		}
	}
	for _, line := range w.table.Above {
		w.row++
		if err == nil {
			err = w.stream.SetRow(ref(0, w.row), []any{excelize.Cell{StyleID: w.styles.title, Value: plainText(line)}})
		}
	}
	titles := make([]any, len(w.table.Columns))
	for i, c := range w.table.Columns {
		titles[i] = excelize.Cell{StyleID: w.styles.header, Value: plainText(c.Title)}
	}
	w.row++
	if err == nil {
		err = w.stream.SetRow(ref(0, w.row), titles, excelize.RowOpts{Height: headHeight(w.table.Columns)})
	}
	return err
}

// headHeight is the room, in points, that the longest title needs in its column: programs that do not measure texts when they open a file would show one
// line of it. Bold letters of 12 points are a sixth wider than the digits that widths are counted in.
func headHeight(columns []OutColumn) float64 {
	const lineHeight, around, letter = 16, 4, 1.15
	most := 1
	for _, c := range columns {
		room, lines := width(c)/letter-1, 0
		for part := range strings.SplitSeq(plainText(c.Title), "\n") {
			lines++
			used := 0.0
			for word := range strings.FieldsSeq(part) {
				long := float64(utf8.RuneCountInString(word))
				if used > 0 && used+1+long > room {
					lines, used = lines+1, 0
				}
				for ; long > room && room > 1; long -= room { // a word that is cut
					lines++
				}
				if used > 0 {
					used++
				}
				used += long
			}
		}
		most = max(most, lines)
	}
	return min(float64(most)*lineHeight+around, 400)
}

// width is what a column needs: as given, or its title over two lines, or its values.
func width(c OutColumn) float64 {
	if c.Width > 0 {
		return min(c.Width, 255)
	}
	least := map[Format]float64{AsText: 16, AsWrapped: 40, AsWhole: 10, AsDecimal: 11, AsTenths: 10, AsPercent: 9, AsDate: 12}[c.Format]
	return min(max(least, float64(utf8.RuneCountInString(c.Title))*0.7+2), 60)
}

// end writes the totals of the current table, and what is to be printed of it.
func (w *Writer) end() error {
	if w.stream == nil {
		return nil
	}
	last := w.row
	if w.table.Total != "" && last < MaxRows {
		w.row++
		if err := w.stream.SetRow(ref(0, w.row), w.totals(last)); err != nil {
			return err
		}
	}
	if err := w.stream.Flush(); err != nil {
		return err
	}
	w.stream = nil
	quoted := "'" + strings.ReplaceAll(w.name, "'", "''") + "'!"
	for name, area := range map[string]string{
		"_xlnm.Print_Titles": fmt.Sprintf("%s$%d:$%d", quoted, w.head, w.head),
		"_xlnm.Print_Area":   fmt.Sprintf("%s$A$1:$%s$%d", quoted, ColumnName(len(w.table.Columns)-1), w.row),
	} {
		if err := w.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: area, Scope: w.name}); err != nil {
			return err
		}
	}
	return nil
}

// totals are formulas over the rows between header and last, with the sums known here as their stored results.
func (w *Writer) totals(last int) []any {
	out := make([]any, len(w.table.Columns))
	for i, c := range w.table.Columns {
		cell, stands := excelize.Cell{StyleID: w.styles.total[textFormat(c.Format)]}, c.Last
		format := c.Format
		if own, ok := stands.(Shown); ok {
			stands, format = own.Value, own.Format
		}
		switch {
		case i == 0 && !c.Sum:
			cell.Value = plainText(w.table.Total)
		case c.Part > 0 && c.Whole > 0:
			if part, whole := w.sums[c.Part-1].value(), w.sums[c.Whole-1].value(); whole != 0 && last > w.head {
				cell.StyleID, cell.Value = w.styles.total[AsTenths], math.Floor(part/whole*1000+0.5)/10
				cell.Formula = fmt.Sprintf("ROUND(100*%s/%s,1)", ref(c.Part-1, last+1), ref(c.Whole-1, last+1))
			}
		case c.Sum:
			cell.StyleID, cell.Value = w.styles.total[c.Format], w.sums[i].value()
			if last > w.head {
				cell.Formula = fmt.Sprintf("SUM(%s:%s)", ref(i, w.head+1), ref(i, last))
			}
		}
		if cell.Value == nil && stands != nil {
			cell.Value = w.value(stands, i)
			if _, isText := cell.Value.(string); !isText {
				cell.StyleID = w.styles.total[format]
			}
		}
		out[i] = cell
	}
	return out
}
