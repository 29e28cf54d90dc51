// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strings"

	"hoctap/internal/text"
)

// Field is a value that a template may name.
type Field struct {
	Name     string   // "so_luong", as it stands between the braces
	Demanded bool     // a paper of this kind must say it in its running text
	Late     bool     // not known while a decision's grounds are written
	Optional bool     // some papers have no such value: a paragraph that names it is then left out
	Row      bool     // of one line of the annexed list; only in an office's own file
	File     bool     // only in an office's own file
	Lines    bool     // has several lines
	Says     []string // demanded fields that it says as well
}

func field(name string) Field    { return Field{Name: name} }
func demanded(name string) Field { return Field{Name: name, Demanded: true} }
func late(f Field) Field         { f.Late = true; return f }
func optional(f Field) Field     { f.Optional = true; return f }

func rows(names ...string) (list []Field) {
	for _, n := range names {
		list = append(list, Field{Name: rowPrefix + n, Row: true, File: true})
	}
	return list
}

// rowPrefix begins the names of fields that each line of the annexed list has its own value of.
const rowPrefix = "dong."

// file are the fields that only an office's own file has: what the layout of the program's papers puts there by itself.
func file(names ...string) (list []Field) {
	for _, n := range names {
		list = append(list, Field{Name: n, File: true, Lines: slices.Contains([]string{"can_cu", "noi_dung", "noi_nhan", "hinh_thuc_ky"}, n)})
	}
	return list
}

// title is a title with its years as papers spell it, “Gia đình học tập” tiêu biểu năm 2026: one field, so that the quotes stand in one place everywhere.
var title = Field{Name: "ten_danh_hieu", Says: []string{"mo_hinh", "danh_hieu", "nam"}}

var (
	office   = []Field{field("ten_co_quan"), field("tham_quyen"), field("dia_ban"), late(field("chuc_vu")), late(field("nguoi_ky"))}
	own      = append(file("so_van_ban", "dia_danh", "ngay_van_ban", "trich_yeu", "noi_dung", "noi_nhan", "hinh_thuc_ky"), late(Field{Name: "ghi_chu", File: true}))
	deciding = slices.Concat(office, []Field{field("doi_tuong"), field("chuong_trinh"), late(field("dieu_cuoi")), late(demanded("kem_danh_sach"))}, own, file("can_cu"), rows("stt", "ten", "khu", "diem"))
	granting = slices.Concat([]Field{late(demanded("so_luong")), demanded("mo_hinh"), demanded("nam"), title, optional(field("co_quan_de_nghi")), optional(field("so_to_trinh")), optional(field("ngay_to_trinh"))}, deciding)
	changing = slices.Concat([]Field{late(demanded("so_luong")), title, field("mo_hinh"), field("nam"), demanded("so_quyet_dinh_goc"), field("ngay_quyet_dinh_goc"), field("trich_yeu_goc"), late(demanded("ly_do"))}, deciding, rows("viec"))
)

// fields are those of each kind, the most used first.
var fields = map[Kind][]Field{
	Recognise: granting, Exemplary: granting, Amend: changing, Revoke: changing, Restore: changing,
	Request: slices.Concat([]Field{demanded("so_luong"), field("doi_tuong"), title, demanded("danh_hieu"), demanded("nam"), demanded("kem_danh_sach"), field("so_dang_ky"), field("so_khu"), field("mo_hinh"),
		field("co_quan_quyet_dinh"), field("chuong_trinh")}, office, own, file("can_cu"), rows("stt", "ten", "khu", "diem")),
	Council: slices.Concat([]Field{title, demanded("danh_hieu"), demanded("nam"), field("so_luong"), field("doi_tuong"), field("so_dang_ky"), field("so_khu"), field("mo_hinh"), field("co_quan_quyet_dinh")}, office,
		own, rows("stt", "khu", "so_luong")),
	Notice: slices.Concat([]Field{demanded("so_quyet_dinh"), field("ngay_quyet_dinh"), demanded("so_luong"), field("doi_tuong"), title, demanded("danh_hieu"), demanded("nam"), demanded("kem_danh_sach"),
		optional(field("niem_yet_tu")), optional(field("niem_yet_den")), field("mo_hinh")}, office, own, rows("stt", "ten", "khu")),
	Dispatch: slices.Concat([]Field{demanded("so_quyet_dinh"), field("ngay_quyet_dinh"), field("so_luong"), field("doi_tuong"), title, field("danh_hieu"), field("nam"), field("mo_hinh")}, office, own,
		rows("stt", "khu", "so_vao_so", "so_luong")),
	Certificate: {title, demanded("danh_hieu"), demanded("nam"), optional(demanded("so_quyet_dinh")), optional(field("ngay_quyet_dinh")), optional(demanded("so_vao_so")), optional(field("nam_het_han")), field("mo_hinh"), field("ten_co_quan"),
		field("tham_quyen"), field("dia_ban")},
}

// Fields are those that a template of the kind may name in a browser: without those of files.
func (k Kind) Fields() []Field {
	return slices.DeleteFunc(slices.Clone(fields[k]), func(f Field) bool { return f.File })
}

// FileFields are those that an office's own file may name: nil for a kind that has no files.
func (k Kind) FileFields() []Field {
	if k == Certificate {
		return nil
	}
	return fields[k]
}

func find(list []Field, name string) (Field, bool) {
	i := slices.IndexFunc(list, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return list[i], true
}

// Near returns the name in the list that somebody who wrote name most likely meant; "" when none is like it.
func Near(list []Field, name string) string {
	name = strings.ReplaceAll(text.Fold(name), " ", "_")
	best, distance := "", max(2, len(name)/3)+1
	for _, f := range list {
		if d := apart(name, f.Name, distance); d < distance {
			best, distance = f.Name, d
		}
	}
	return best
}

// apart is how many letters have to be put in, taken out or changed to make b of a; from limit on it does not count exactly.
func apart(a, b string, limit int) int {
	if n := len(a) - len(b); n >= limit || -n >= limit {
		return limit
	}
	before, now := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range before {
		before[j] = j
	}
	for i := range len(a) {
		now[0] = i + 1
		for j := range len(b) {
			change := before[j]
			if a[i] != b[j] {
				change++
			}
			now[j+1] = min(change, before[j+1]+1, now[j]+1)
		}
		before, now = now, before
	}
	return before[len(b)]
}
