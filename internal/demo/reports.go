// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"time"

	"hoctap/internal/assessment"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/report"
)

// reporting writes reports through the verbs of package report, on invented days.
type reporting struct {
	g       *generator
	at      time.Time
	service *report.Service
}

// wordsOf are what officers of the demo write; every report says the like.
var wordsOf = map[string]string{
	"work":         "Hội Khuyến học đã ban hành kế hoạch từ tháng 01, quán triệt tới các chi hội và phát phiếu đăng ký tới từng hộ.\nĐã họp bình xét công khai ở khu dân cư, niêm yết danh sách đủ ngày.",
	"difficulties": "Nhiều hộ đi làm ăn xa nên thu phiếu chậm. Sau sáp nhập, một số chi hội mới chưa quen bộ tiêu chí.",
	"proposals":    "Đề nghị tỉnh tập huấn thêm cho chi hội trưởng mới và hỗ trợ in phiếu cho các khu vùng cao.",
}

// reports invents what went up: the year before accepted and reported on by the province, a review of five years, the half of the current year with one
// report returned and one late, and the period of the current year as far as the day has come.
func (g *generator) reports(ctx context.Context) error {
	r := &reporting{g: g}
	clock := func() time.Time { return r.at }
	rounds := assessment.New(g.DB, g.Places, g.Sets, g.Registry, clock)
	r.service = report.New(g.DB, g.Places, rounds, g.Recognition, clock)
	this := g.today.Year()
	if last := this - 1; last >= g.first && last <= g.last {
		if err := r.year(ctx, last); err != nil {
			return err
		}
		if last-4 >= g.first {
			if err := r.review(ctx, last); err != nil {
				return err
			}
		}
	}
	if this > g.last {
		return nil
	}
	if !g.today.Before(g.day(this, 7, 1)) {
		if err := r.half(ctx, this); err != nil {
			return err
		}
	}
	if !g.today.Before(g.day(this, 11, 1)) {
		for _, level := range []string{place.Commune, place.Province} {
			title, due := fmt.Sprintf("Báo cáo năm %d", this), "-12-05"
			if level == place.Province {
				title, due = title+" gửi Trung ương", "-12-14"
			}
			if _, err := r.open(ctx, level, report.Year, this, title, "-11-01", due, "-12-31"); err != nil {
				return err
			}
		}
	}
	return nil
}

// open opens a period on its first day, for the communes of the demo or for the province; days are month and day of the year.
func (r *reporting) open(ctx context.Context, level string, kind report.Kind, year int, title, opens, due, closes string) (report.Period, error) {
	d := report.PeriodDraft{PlaceID: r.g.province, Level: level, Kind: kind, Title: title, ToYear: year, Opens: fmt.Sprint(year, opens), Due: fmt.Sprint(year, due), Closes: fmt.Sprint(year, closes)}
	for _, c := range r.g.communes {
		d.Places = append(d.Places, c.ID)
	}
	r.at = r.dayOf(d.Opens)
	return r.service.OpenPeriod(ctx, identity.System, d)
}

func (r *reporting) dayOf(date string) time.Time {
	day, _ := time.Parse(time.DateOnly, date)
	return r.g.day(day.Year(), int(day.Month()), day.Day())
}

// submit writes and sends a place's report on a day.
func (r *reporting) submit(ctx context.Context, by identity.Actor, placeID string, p report.Period, at time.Time, seed int64) (report.Version, error) {
	r.at = at
	rep, err := r.service.Get(ctx, identity.System, placeID, p.ID)
	if err != nil {
		return report.Version{}, err
	}
	if rep, err = r.service.Fill(ctx, by, placeID, p.ID, rep.Version); err != nil {
		return report.Version{}, err
	}
	w := report.Words{Sections: wordsOf, Explanations: map[string]string{}, Signer: rep.Words.Signer,
		Seen: map[string]int64{"commune_associations": 1, "village_branches": 18 + seed%9, "school_boards": 6 + seed%4, "members": 2100 + seed%900, "fund_raised": 185_000_000 + seed%70*1_000_000, "awards": 240 + seed%80, "centres": 1, "turns": 3200 + seed%1500}}
	if w.Signer == "" {
		w.Signer = by.Name
	}
	for _, f := range report.Flags(rep.Figures) {
		w.Explanations[f.ID()] = "Năm nay xã giao chỉ tiêu tới từng chi hội, rà lại danh sách sau sáp nhập nên số liệu đổi nhiều so năm trước."
	}
	if rep, err = r.service.Save(ctx, by, placeID, p.ID, rep.Version, w); err != nil {
		return report.Version{}, err
	}
	v, changes, err := r.service.Submit(ctx, by, placeID, p.ID, rep.Version)
	if err == nil && len(changes) > 0 {
		err = fmt.Errorf("figures of %s changed while nobody worked", placeID)
	}
	return v, err
}

// actor is the officer of a commune; in a demo of the whole province one officer stands for many.
func (r *reporting) actor(c *commune) identity.Actor {
	a := c.officer
	a.Grants = []identity.Grant{{Role: identity.CommuneOfficer, PlaceID: c.ID}}
	return a
}

// year has every commune report and the province accept all, then report itself.
func (r *reporting) year(ctx context.Context, year int) error {
	p, err := r.open(ctx, place.Commune, report.Year, year, fmt.Sprintf("Báo cáo năm %d", year), "-11-01", "-12-05", "-12-31")
	if err != nil {
		return err
	}
	for i, c := range r.g.communes {
		v, err := r.submit(ctx, r.actor(c), c.ID, p, r.g.day(year, 12, 2+i%6), int64(i))
		if err != nil {
			return err
		}
		r.at = r.g.day(year, 12, 9)
		if err := r.service.Accept(ctx, r.g.provincial, c.ID, p.ID, v.No); err != nil {
			return err
		}
	}
	own, err := r.open(ctx, place.Province, report.Year, year, fmt.Sprintf("Báo cáo năm %d gửi Trung ương", year), "-11-15", "-12-14", "-12-31")
	if err != nil {
		return err
	}
	_, err = r.submit(ctx, r.g.provincial, r.g.province, own, r.g.day(year, 12, 12), 7)
	return err
}

// review has the first commune look back over five years; the others never do, and the province ends the period.
func (r *reporting) review(ctx context.Context, year int) error {
	p, err := r.open(ctx, place.Commune, report.Five, year, fmt.Sprintf("Sơ kết 5 năm %d - %d", year-4, year), "-12-01", "-12-20", "-12-31")
	if err != nil {
		return err
	}
	c := r.g.communes[0]
	v, err := r.submit(ctx, r.actor(c), c.ID, p, r.g.day(year, 12, 18), 3)
	if err != nil {
		return err
	}
	r.at = r.g.day(year, 12, 22)
	if err := r.service.Accept(ctx, r.g.provincial, c.ID, p.ID, v.No); err != nil {
		return err
	}
	if r.at = r.g.day(year+1, 1, 15); r.g.today.Before(r.at) {
		return nil
	}
	return r.service.EndPeriod(ctx, r.g.provincial, p.ID, "Đã tổng hợp xong, các xã còn lại báo cáo cùng kỳ 10 năm.")
}

// half has the first commune's report come back with a reason; the second is late.
func (r *reporting) half(ctx context.Context, year int) error {
	p, err := r.open(ctx, place.Commune, report.Half, year, fmt.Sprintf("Báo cáo 6 tháng đầu năm %d", year), "-06-01", "-06-20", "-12-31")
	if err != nil {
		return err
	}
	c := r.g.communes[0]
	v, err := r.submit(ctx, r.actor(c), c.ID, p, r.g.day(year, 6, 18), 5)
	if err != nil {
		return err
	}
	r.at = r.g.day(year, 6, 25)
	return r.service.Return(ctx, r.g.provincial, c.ID, p.ID, v.No, "Chưa ghi số học viên của trung tâm học tập cộng đồng; phần khó khăn cần nêu rõ khu nào thu phiếu chậm.", report.ReturnDays)
}
