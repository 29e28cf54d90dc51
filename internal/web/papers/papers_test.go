// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package papers_test

import (
	"context"
	"testing"

	"hoctap/internal/place"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
)

// Who signs for an area is called as the area is, in whatever language the page is read.
func TestLeader(t *testing.T) {
	ctx := lang.With(context.Background(), lang.En)
	for kind, want := range map[string]string{"Khu": "trưởng khu", "Xóm": "trưởng xóm", "Thôn": "trưởng thôn", "Bản": "trưởng bản", "Tổ dân phố": "tổ trưởng", "Tổ": "tổ trưởng", "": "trưởng khu"} {
		if got := papers.Leader(ctx, place.Place{Kind: kind}); got != want {
			t.Errorf("%q has a %q, want %q", kind, got, want)
		}
	}
}

// Decree 30 writes a zero before days below ten and before the first two months.
func TestDayLine(t *testing.T) {
	for date, want := range map[string]string{
		"2026-12-08": "Hy Cương, ngày 08 tháng 12 năm 2026", "2026-02-01": "Hy Cương, ngày 01 tháng 02 năm 2026", "2026-09-28": "Hy Cương, ngày 28 tháng 9 năm 2026",
	} {
		if got := papers.DayLine(context.Background(), "Hy Cương", date, 2026); got != want {
			t.Errorf("%s is %q, want %q", date, got, want)
		}
	}
}
