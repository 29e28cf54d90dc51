// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"context"
	"strings"

	"hoctap/internal/recognition"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/wording"
)

// listField is the field that refers to the annexed list.
const listField = "kem_danh_sach"

// values are what the fields of a decision's template stand for.
func (f facts) values(ctx context.Context) wording.Values {
	d := f.Decision
	v := officeValues(ctx, d.BodyID, d.BodyName, d.Post, d.Signer)
	modelValues(ctx, v, d.Model, d.Kind == recognition.KindExemplary || f.Best, d.FromYear, d.ForYear)
	v["so_luong"] = lang.Number(ctx, int64(d.Items))
	v["ly_do"] = strings.TrimRight(d.Reason, " .;")
	v["dieu_cuoi"] = lang.Number(ctx, int64(len(f.Said.Paper.Text.Of(wording.Article))))
	v["so_quyet_dinh"], v["ngay_quyet_dinh"] = d.Text(), papers.LongDay(ctx, d.Date)
	if x := f.Asked; x != nil {
		v["co_quan_de_nghi"], v["so_to_trinh"], v["ngay_to_trinh"] = x.BodyName, x.Text(), papers.LongDay(ctx, x.Date)
		if x.Symbol == lang.T(ctx, "paper.council.request_symbol") {
			v["co_quan_de_nghi"] = lang.T(ctx, "paper.council.name")
		}
	}
	if f.Named != nil {
		v["so_quyet_dinh_goc"], v["ngay_quyet_dinh_goc"] = f.Named.Text(), papers.LongDay(ctx, f.Named.Date)
		v["trich_yeu_goc"] = papers.Within(f.Earlier)
	}
	return v
}

// officeValues are those of every paper of a body.
func officeValues(ctx context.Context, bodyID, name, post, signer string) wording.Values {
	_, post = recognition.PostLines(post)
	return wording.Values{"ten_co_quan": name, "dia_ban": bodyOf(name), "tham_quyen": authority(ctx, bodyID, name), "chuc_vu": post, "nguoi_ky": signer, listField: lang.T(ctx, "paper.with_list")}
}

// authority is in whose name a body decides: "Chủ tịch Ủy ban nhân dân xã Hy Cương".
func authority(ctx context.Context, bodyID, name string) string {
	if committee(bodyID) {
		return lang.T(ctx, "paper.authority.committee", "body", name)
	}
	return lang.T(ctx, "paper.authority.association", "body", name)
}

// modelValues adds what a title is called and which years it is of.
func modelValues(ctx context.Context, v wording.Values, model string, exemplary bool, from, year int) {
	v["mo_hinh"], v["danh_hieu"] = lang.T(ctx, "title."+model), lang.T(ctx, "paper.title.plain", "model", model)
	if exemplary {
		v["danh_hieu"] = lang.T(ctx, "paper.title.exemplary", "model", model)
	}
	v["ten_danh_hieu"] = titled(ctx, model, exemplary, from, year)
	v["doi_tuong"], v["nam"] = lang.T(ctx, "paper.noun."+model), years(ctx, from, year)
	v["chuong_trinh"] = lang.T(ctx, "paper.programme.models")
	if key := "paper.programme." + model; lang.Has(ctx, key) {
		v["chuong_trinh"] = lang.T(ctx, key)
	}
}

// titled is a title with its years as every paper spells it: “Gia đình học tập” tiêu biểu năm 2026.
func titled(ctx context.Context, model string, exemplary bool, from, year int) string {
	key := "paper.titled.plain"
	if exemplary {
		key = "paper.titled.exemplary"
	}
	return lang.T(ctx, key, "model", model, "years", years(ctx, from, year))
}
