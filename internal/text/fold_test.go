// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package text

import "testing"

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Hoà Bình":           "hoa binh",
		"HÒA   BÌNH":         "hoa binh",
		"Ho\u0061\u0300":     "hoa",
		"Đền Hùng":           "den hung",
		"387/QĐ-TTg":         "387 qd ttg",
		"  Khu Đồi Chiềng. ": "khu doi chieng",
		"":                   "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestNFC(t *testing.T) {
	if got, want := NFC(" Nguye\u0302\u0303n  Va\u0306n\tA "), "Nguyễn Văn A"; got != want {
		t.Errorf("NFC = %q, want %q", got, want)
	}
}

func TestSortKey(t *testing.T) {
	if SortKey("Nguyễn Văn An") >= SortKey("Bùi Thị Bình") {
		t.Error("An must come before Bình whatever the family name")
	}
}
