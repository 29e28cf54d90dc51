// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/identity"
	"hoctap/internal/recognition"
)

// door is a route with an address in Xã Hy Cương and who may pass: whoever may do act at the place, or anywhere. Without an act, everyone
// who has signed in; public doors are open to all. form is what is sent where the form is read before the permission is asked.
type door struct {
	path   string
	act    identity.Act
	at     string
	public bool
	any    bool
	seat   bool // only people of the very place, not of one above
	form   []string
	send   func() *http.Request // in place of a form
	or     identity.Act         // does as well as act
	self   string               // account that may besides: it is its own
}

// doors names an address for every route of the site. A route that is missing here fails the walk.
func (h *house) doors() map[string]door {
	leaf, id := h.file.PlaceID, h.file.ID
	subject := h.file.SubjectID
	proof := h.one(`SELECT id FROM evidence WHERE place_id = $1 ORDER BY id LIMIT 1`, leaf)
	decision := h.one(`SELECT d.id FROM decision d JOIN body b ON b.id = d.body_id WHERE b.place_id = $1 ORDER BY d.id LIMIT 1`, hyCuong)
	body := recognition.BodyID(recognition.BodyAssociationCommune, hyCuong)
	set := h.one(`SELECT id FROM criteria_set ORDER BY id LIMIT 1`)
	account := h.actors[volunteer].ID
	title := h.one(`SELECT id FROM title WHERE place_id = $1 AND model = 'citizen' ORDER BY id LIMIT 1`, h.area)
	rc, err := h.s.Assessment.DrawRecheck(h.ctx, h.actors[officer], hyCuong, h.round, "family", 3)
	h.ok(err)
	batch := h.upload()
	see, score := identity.SeeRecords, identity.Score
	own := func(path string) door { return door{path: path} }
	in := func(path string, act identity.Act, at string, form ...string) door {
		return door{path: path, act: act, at: at, form: form}
	}
	seat := func(d door) door { d.seat = true; return d }
	sent := func(d door, r func() *http.Request) door { d.send = r; return d }
	file := func(path string, pairs ...string) func() *http.Request {
		return func() *http.Request { return fileRequest(path, "danh-sach.csv", "a,b\n1,2\n", pairs...) }
	}
	anywhere := func(path string, act identity.Act) door { return door{path: path, act: act, any: true} }
	free := func(path string) door { return door{path: path, public: true} }
	area, commune := h.area, hyCuong
	template := "/mau-van-ban/" + hyCuong + "/hoi_kh_xa-" + hyCuong + "/cong-nhan"
	period := h.one(`SELECT r.period_id FROM report r JOIN report_period q ON q.id = r.period_id WHERE r.place_id = $1 AND q.kind = 'half'`, hyCuong)
	report := "/bao-cao/" + commune + "/" + period
	paper := h.one(`SELECT id FROM outgoing_paper WHERE place_id = $1 AND kind = 'report' ORDER BY id LIMIT 1`, hyCuong)
	all := map[string]door{
		"GET /{$}":                                   free("/"),
		"GET /dang-nhap":                             free("/dang-nhap"),
		"POST /dang-nhap":                            free("/dang-nhap"),
		"GET /xac-minh":                              free("/xac-minh"),
		"GET /xac-minh/{code}":                       free("/xac-minh/ABCDEFGH"),
		"GET /xac-minh/{code}/huy-hieu":              free("/xac-minh/ABCDEFGH/huy-hieu"),
		"GET /huy-hieu":                              free("/huy-hieu"),
		"GET /.well-known/jwks.json":                 free("/.well-known/jwks.json"),
		"GET /huy-hieu/khoa":                         free("/huy-hieu/khoa"),
		"GET /huy-hieu/khoa/{id}":                    free("/huy-hieu/khoa/x"),
		"GET /huy-hieu/trang-thai/{list}":            free("/huy-hieu/trang-thai/1"),
		"GET /danh-hieu/{place}/{id}/huy-hieu":       in("/danh-hieu/"+area+"/"+title+"/huy-hieu", see, area),
		"POST /danh-hieu/{place}/{id}/huy-hieu":      in("/danh-hieu/"+area+"/"+title+"/huy-hieu", identity.Decide, area),
		"GET /danh-hieu/{place}/{id}/huy-hieu/tai":   in("/danh-hieu/"+area+"/"+title+"/huy-hieu/tai", see, area),
		"GET /dia-danh":                              free("/dia-danh?q=hy+cuong"),
		"GET /dia-danh/{place}":                      free("/dia-danh/" + commune),
		"POST /dang-xuat":                            own("/dang-xuat"),
		"GET /mat-khau":                              own("/mat-khau"),
		"POST /mat-khau":                             own("/mat-khau"),
		"GET /tai-khoan/toi":                         own("/tai-khoan/toi"),
		"GET /huong-dan":                             own("/huong-dan"),
		"GET /tai-khoan":                             in("/tai-khoan?noi="+commune, identity.ManageAccounts, commune),
		"POST /tai-khoan":                            in("/tai-khoan?noi="+commune, identity.ManageAccounts, commune),
		"POST /tai-khoan/{id}":                       in("/tai-khoan/"+account+"?noi="+commune, identity.ManageAccounts, commune),
		"GET /viec":                                  in("/viec?noi="+commune, see, commune),
		"GET /tong-quan":                             in("/tong-quan?noi="+commune, identity.SeeFigures, commune),
		"GET /tong-quan/bao-cao":                     in("/tong-quan/bao-cao?dang=docx&noi="+phuTho, identity.SeeFigures, phuTho),
		"GET /xa/{place}/bao-cao":                    in("/xa/"+commune+"/bao-cao?dang=docx", identity.SeeFigures, commune),
		"GET /tong-quan/tai":                         in("/tong-quan/tai?noi="+phuTho, identity.SeeFigures, phuTho),
		"GET /xa/{place}":                            in("/xa/"+commune, identity.SeeFigures, commune),
		"GET /xa/{place}/tai":                        in("/xa/"+commune+"/tai", identity.SeeFigures, commune),
		"GET /danh-sach/{place}":                     in("/danh-sach/"+area, see, area),
		"GET /danh-sach/{place}/tai":                 in("/danh-sach/"+area+"/tai", see, area),
		"GET /khu":                                   in("/khu?noi="+commune, identity.EditPlaces, commune),
		"POST /khu":                                  in("/khu?noi="+commune, identity.EditRegistry, commune),
		"GET /khu/{place}":                           in("/khu/"+area, see, area),
		"POST /khu/{place}/ten":                      in("/khu/"+area+"/ten", identity.EditPlaces, area),
		"POST /khu/{place}/dong":                     in("/khu/"+area+"/dong", identity.EditPlaces, area),
		"POST /khu/{place}/vung":                     in("/khu/"+area+"/vung", identity.EditPlaces, phuTho),
		"GET /tham-dinh":                             in("/tham-dinh?noi="+commune, identity.Appraise, commune),
		"GET /tham-dinh/{place}":                     in("/tham-dinh/"+area, identity.Appraise, area),
		"POST /tham-dinh/{place}/duyet-loat":         in("/tham-dinh/"+area+"/duyet-loat", identity.Approve, area),
		"POST /tham-dinh/{place}/{id}":               in("/tham-dinh/"+leaf+"/"+id, identity.Appraise, leaf),
		"POST /tham-dinh/{place}/{id}/mo-lai":        in("/tham-dinh/"+leaf+"/"+id+"/mo-lai", identity.Approve, leaf),
		"GET /ho-so/{place}/{id}":                    in("/ho-so/"+leaf+"/"+id, see, leaf),
		"POST /ho-so/{place}/{id}":                   in("/ho-so/"+leaf+"/"+id, score, leaf),
		"POST /ho-so/{place}/{id}/phan-anh":          in("/ho-so/"+leaf+"/"+id+"/phan-anh", see, leaf),
		"POST /ho-so/{place}/{id}/phan-anh/{appeal}": in("/ho-so/"+leaf+"/"+id+"/phan-anh/x", identity.Approve, leaf),
		"GET /kiem-tra":                              in("/kiem-tra?noi="+commune, identity.Inspect, commune),
		"POST /kiem-tra":                             in("/kiem-tra?noi="+commune, identity.Inspect, commune),
		"GET /kiem-tra/{recheck}":                    in("/kiem-tra/"+rc.ID, see, commune),
		"POST /kiem-tra/{recheck}/{place}/{id}":      in("/kiem-tra/"+rc.ID+"/"+leaf+"/"+id, identity.Inspect, commune),
		"GET /nhap-tep":                              in("/nhap-tep?noi="+area, identity.EditRegistry, area),
		"POST /nhap-tep":                             sent(in("", identity.EditRegistry, area), file("/nhap-tep?noi="+area, "mo-hinh", "family")),
		"GET /nhap-tep/{id}":                         in("/nhap-tep/"+batch, identity.EditRegistry, area),
		"POST /nhap-tep/{id}/cot":                    in("/nhap-tep/"+batch+"/cot", identity.EditRegistry, area),
		"POST /nhap-tep/{id}/o":                      in("/nhap-tep/"+batch+"/o", identity.EditRegistry, area, "dong", "2", "o.name", "Kẻ Lạ"),
		"POST /nhap-tep/{id}/chon":                   in("/nhap-tep/"+batch+"/chon", identity.EditRegistry, area),
		"POST /nhap-tep/{id}/sua":                    in("/nhap-tep/"+batch+"/sua", identity.EditRegistry, area),
		"POST /nhap-tep/{id}/nhap":                   in("/nhap-tep/"+batch+"/nhap", identity.EditRegistry, area),
		"POST /nhap-tep/{id}/hoan-tac":               in("/nhap-tep/"+batch+"/hoan-tac", identity.EditRegistry, area),
		"GET /nhap-tep/{id}/loi.xlsx":                in("/nhap-tep/"+batch+"/loi.xlsx", identity.EditRegistry, area),
		"GET /bo-tieu-chi":                           anywhere("/bo-tieu-chi", identity.SeeFigures),
		"POST /bo-tieu-chi":                          sent(anywhere("", identity.ManageCriteria), file("/bo-tieu-chi")),
		"GET /bo-tieu-chi/{id}":                      anywhere("/bo-tieu-chi/"+set, identity.SeeFigures),
		"POST /bo-tieu-chi/{id}":                     anywhere("/bo-tieu-chi/"+set, identity.ManageCriteria),
		"GET /bo-tieu-chi/{id}/tep":                  anywhere("/bo-tieu-chi/"+set+"/tep", identity.SeeFigures),
		"POST /bo-tieu-chi/{id}/ban-moi":             anywhere("/bo-tieu-chi/"+set+"/ban-moi", identity.ManageCriteria),
		"POST /bo-tieu-chi/{id}/ban-hanh":            anywhere("/bo-tieu-chi/"+set+"/ban-hanh", identity.ManageCriteria),
		"POST /bo-tieu-chi/{id}/bo":                  anywhere("/bo-tieu-chi/"+set+"/bo", identity.ManageCriteria),
		"GET /bo-tieu-chi/{id}/thu":                  anywhere("/bo-tieu-chi/"+set+"/thu", identity.SeeFigures),
		"POST /bo-tieu-chi/{id}/thu":                 anywhere("/bo-tieu-chi/"+set+"/thu", identity.SeeFigures),
		"POST /bo-tieu-chi/{id}/ap-dung":             anywhere("/bo-tieu-chi/"+set+"/ap-dung?noi="+commune, identity.ManageCriteria),
		"GET /nhap":                                  in("/nhap?noi="+commune, score, commune),
		"GET /nhap/{place}":                          in("/nhap/"+area, see, area),
		"GET /nhap/{place}/{id}":                     in("/nhap/"+leaf+"/"+id, see, leaf),
		"GET /nhap/{place}/giay-dang-ky":             in("/nhap/"+area+"/giay-dang-ky?dang=docx", see, area),
		"GET /nhap/{place}/phieu":                    in("/nhap/"+area+"/phieu?dang=docx", see, area),
		"GET /nhap/{place}/bien-ban":                 in("/nhap/"+area+"/bien-ban?dang=docx", see, area),
		"POST /nhap/{place}": sent(in("", score, leaf), func() *http.Request {
			return jsonRequest("/nhap/"+leaf, `{"rows": [{"id": "`+id+`", "version": 1, "entry": {}}]}`)
		}),
		"POST /nhap/{place}/{id}":             sent(in("", score, leaf), func() *http.Request { return jsonRequest("/nhap/"+leaf+"/"+id, `{"version": 1, "entry": {}}`) }),
		"POST /nhap/{place}/dieu-kien":        in("/nhap/"+area+"/dieu-kien", score, area),
		"POST /nhap/{place}/dang-ky":          in("/nhap/"+area+"/dang-ky", identity.Register, area),
		"POST /nhap/{place}/gui":              in("/nhap/"+area+"/gui", score, area),
		"GET /dot":                            in("/dot?noi="+phuTho, identity.ManageRounds, phuTho),
		"POST /dot":                           in("/dot?noi="+phuTho, identity.ManageRounds, phuTho),
		"GET /dot/{id}":                       in("/dot/"+h.round, identity.ManageRounds, phuTho),
		"POST /dot/{id}":                      in("/dot/"+h.round, identity.ManageRounds, phuTho),
		"POST /dot/{id}/mo":                   in("/dot/"+h.round+"/mo", identity.ManageRounds, phuTho),
		"POST /dot/{id}/gia-han":              in("/dot/"+h.round+"/gia-han", identity.ManageRounds, phuTho),
		"GET /dot/{id}/xa/{place}":            in("/dot/"+h.round+"/xa/"+commune, identity.Decide, commune),
		"POST /dot/{id}/xa/{place}":           in("/dot/"+h.round+"/xa/"+commune, identity.Decide, commune),
		"GET /viec-may/{id}":                  own("/viec-may/x"),
		"POST /minh-chung/{place}":            sent(in("", score, leaf), file("/minh-chung/"+leaf, "ho-so", id, "tieu-chi", "A1")),
		"POST /minh-chung/{place}/lien-ket":   in("/minh-chung/"+leaf+"/lien-ket", score, leaf, "ho-so", id, "tieu-chi", "A1", "lien-ket", "https://vi.wikipedia.org/wiki/A", "tieu-de", "Trang"),
		"POST /minh-chung/{place}/{id}/gan":   in("/minh-chung/"+leaf+"/"+proof+"/gan", score, leaf, "ho-so", id, "tieu-chi", "A1"),
		"POST /minh-chung/{place}/{id}/go":    in("/minh-chung/"+leaf+"/"+proof+"/go", score, leaf, "ho-so", id, "tieu-chi", "A1"),
		"GET /minh-chung/{place}/{id}":        in("/minh-chung/"+leaf+"/"+proof, see, leaf),
		"GET /minh-chung/{place}/{id}/nho":    in("/minh-chung/"+leaf+"/"+proof+"/nho", see, leaf),
		"GET /so-bo":                          in("/so-bo?noi="+commune, see, commune),
		"GET /so-bo/{place}":                  in("/so-bo/"+area, see, area),
		"GET /so-bo/{place}/tai":              in("/so-bo/"+area+"/tai?dang=csv", see, area),
		"GET /so-bo/{place}/moi":              in("/so-bo/"+area+"/moi", identity.EditRegistry, area),
		"POST /so-bo/{place}/moi":             in("/so-bo/"+area+"/moi", identity.EditRegistry, area),
		"GET /so-bo/{place}/trung":            in("/so-bo/"+area+"/trung", see, area),
		"POST /so-bo/{place}/trung":           in("/so-bo/"+area+"/trung", see, area),
		"POST /so-bo/{place}/trung/hoan-tac":  in("/so-bo/"+area+"/trung/hoan-tac", see, area),
		"GET /so-bo/{place}/chuyen-den":       in("/so-bo/"+area+"/chuyen-den", see, area),
		"POST /so-bo/{place}/chuyen-den":      in("/so-bo/"+area+"/chuyen-den", see, area),
		"GET /so-bo/{place}/{id}":             in("/so-bo/"+leaf+"/"+subject, see, leaf),
		"POST /so-bo/{place}/{id}":            in("/so-bo/"+leaf+"/"+subject, identity.EditRegistry, leaf),
		"GET /so-bo/{place}/{id}/sua":         in("/so-bo/"+leaf+"/"+subject+"/sua", identity.EditRegistry, leaf),
		"GET /so-bo/{place}/{id}/chuyen":      in("/so-bo/"+leaf+"/"+subject+"/chuyen", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/chuyen":     in("/so-bo/"+leaf+"/"+subject+"/chuyen", identity.EditRegistry, leaf),
		"GET /so-bo/{place}/{id}/roi-di":      in("/so-bo/"+leaf+"/"+subject+"/roi-di", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/roi-di":     in("/so-bo/"+leaf+"/"+subject+"/roi-di", identity.EditRegistry, leaf),
		"GET /so-bo/{place}/{id}/tro-lai":     in("/so-bo/"+leaf+"/"+subject+"/tro-lai", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/tro-lai":    in("/so-bo/"+leaf+"/"+subject+"/tro-lai", identity.EditRegistry, leaf),
		"GET /so-bo/{place}/{id}/thanh-vien":  in("/so-bo/"+leaf+"/"+subject+"/thanh-vien", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/thanh-vien": in("/so-bo/"+leaf+"/"+subject+"/thanh-vien", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/dong-y":     in("/so-bo/"+leaf+"/"+subject+"/dong-y", identity.EditRegistry, leaf),
		"POST /so-bo/{place}/{id}/muc":        in("/so-bo/"+leaf+"/"+subject+"/muc", identity.EditRegistry, leaf),
		"GET /quyet-dinh":                     in("/quyet-dinh?noi="+commune, see, commune),
		"GET /quyet-dinh/{place}":             in("/quyet-dinh/"+commune, see, commune),
		"POST /quyet-dinh/{place}/co-quan":    in("/quyet-dinh/"+commune+"/co-quan", identity.Decide, commune),
		"POST /quyet-dinh/{place}/so":         in("/quyet-dinh/"+commune+"/so", identity.Decide, commune),
		"GET /quyet-dinh/{place}/so":          in("/quyet-dinh/"+commune+"/so", see, commune),
		"POST /quyet-dinh/{place}/luu-tru":    in("/quyet-dinh/"+commune+"/luu-tru", identity.Decide, commune, "co-quan", "ubnd_xa-"+commune, "nam", "2026"),
		"GET /quyet-dinh/{place}/luu-tru":     in("/quyet-dinh/"+commune+"/luu-tru?co-quan=ubnd_xa-"+commune+"&nam=2026", see, commune),
		"GET /quyet-dinh/{place}/de-nghi":     in("/quyet-dinh/"+commune+"/de-nghi", see, commune),
		"POST /quyet-dinh/{place}/de-nghi":    seat(in("/quyet-dinh/"+commune+"/de-nghi", identity.Decide, commune)),
		"GET /quyet-dinh/{place}/{id}":        in("/quyet-dinh/"+commune+"/"+decision, see, commune),
		"POST /quyet-dinh/{place}/{id}":       seat(in("/quyet-dinh/"+commune+"/"+decision, identity.Decide, commune)),
		"POST /quyet-dinh/{place}/{id}/ky":    seat(in("/quyet-dinh/"+commune+"/"+decision+"/ky", identity.Decide, commune)),
		"POST /quyet-dinh/{place}/{id}/bo":    seat(in("/quyet-dinh/"+commune+"/"+decision+"/bo", identity.Decide, commune)),
		"GET /quyet-dinh/{place}/{id}/in":     in("/quyet-dinh/"+commune+"/"+decision+"/in", see, commune),
		"GET /quyet-dinh/{place}/{id}/giay":   in("/quyet-dinh/"+commune+"/"+decision+"/giay", see, commune),
		"GET /quyet-dinh/{place}/de-nghi/tai": in("/quyet-dinh/"+commune+"/de-nghi/tai?dang=docx", see, commune),
		"POST /quyet-dinh/{place}/de-nghi/to-trinh": seat(in("/quyet-dinh/"+commune+"/de-nghi/to-trinh", identity.Decide, commune, "mo-hinh", "family", "nam", "2026", "ngay", "2026-11-18",
			"nguoi-ky", "Người Ký")),
		"GET /quyet-dinh/{place}/de-nghi/to-trinh/{paper}":      in("/quyet-dinh/"+commune+"/de-nghi/to-trinh/x", see, commune),
		"POST /quyet-dinh/{place}/{id}/giay-to":                 seat(in("/quyet-dinh/"+commune+"/"+decision+"/giay-to", identity.Decide, commune, "giay", "thong-bao", "ngay", "2026-11-18", "nguoi-ky", "Người Ký")),
		"GET /quyet-dinh/{place}/{id}/giay-to/{paper}":          in("/quyet-dinh/"+commune+"/"+decision+"/giay-to/x", see, commune),
		"GET /quyet-dinh/{place}/{id}/tai":                      in("/quyet-dinh/"+commune+"/"+decision+"/tai?dang=docx", see, commune),
		"GET /quyet-dinh/{place}/{id}/giay/tai":                 in("/quyet-dinh/"+commune+"/"+decision+"/giay/tai", see, commune),
		"GET /quyet-dinh/{place}/{id}/sua-doi":                  seat(in("/quyet-dinh/"+commune+"/"+decision+"/sua-doi", identity.Decide, commune)),
		"POST /quyet-dinh/{place}/{id}/sua-doi":                 seat(in("/quyet-dinh/"+commune+"/"+decision+"/sua-doi", identity.Decide, commune)),
		"GET /mau-van-ban/{place}":                              in("/mau-van-ban/"+commune, see, commune),
		"GET /mau-van-ban/{place}/{body}/{paper}":               in(template, see, commune),
		"POST /mau-van-ban/{place}/{body}/{paper}":              in(template, identity.Decide, commune, "viec", "luu", "vai-0", "about", "doan-0", "Kẻ lạ"),
		"GET /mau-van-ban/{place}/{body}/{paper}/xem":           in(template+"/xem?dang=docx", see, commune),
		"POST /mau-van-ban/{place}/{body}/{paper}/xem":          in(template+"/xem?dang=docx", see, commune),
		"GET /mau-van-ban/{place}/{body}/{paper}/ban":           in(template+"/ban", see, commune),
		"POST /mau-van-ban/{place}/{body}/{paper}/ban":          in(template+"/ban", identity.Decide, commune, "ban", "0", "version", "0"),
		"GET /mau-van-ban/{place}/{body}/{paper}/tep":           in(template+"/tep", see, commune),
		"POST /mau-van-ban/{place}/{body}/{paper}/tep":          sent(in("", identity.Decide, commune), file(template+"/tep", "version", "0")),
		"GET /quyet-dinh/{place}/{id}/ky-so":                    in("/quyet-dinh/"+commune+"/"+decision+"/ky-so", see, commune),
		"GET /quyet-dinh/{place}/{id}/ky-so/tep":                in("/quyet-dinh/"+commune+"/"+decision+"/ky-so/tep", see, commune),
		"POST /quyet-dinh/{place}/{id}/ky-so/bat-dau":           seat(in("/quyet-dinh/"+commune+"/"+decision+"/ky-so/bat-dau", identity.Decide, commune)),
		"POST /quyet-dinh/{place}/{id}/ky-so/cong-cu":           seat(in("/quyet-dinh/"+commune+"/"+decision+"/ky-so/cong-cu", identity.Decide, commune, "buoc", "1")),
		"POST /quyet-dinh/{place}/{id}/ky-so/khoa":              seat(sent(in("", identity.Decide, commune), file("/quyet-dinh/"+commune+"/"+decision+"/ky-so/khoa", "buoc", "1"))),
		"POST /quyet-dinh/{place}/{id}/ky-so/gui":               seat(sent(in("", identity.Decide, commune), file("/quyet-dinh/"+commune+"/"+decision+"/ky-so/gui", "buoc", "1"))),
		"GET /giay-to/{paper}/ky-so":                            in("/giay-to/"+paper+"/ky-so", see, commune),
		"GET /giay-to/{paper}/ky-so/tep":                        in("/giay-to/"+paper+"/ky-so/tep", see, commune),
		"POST /giay-to/{paper}/ky-so/bat-dau":                   seat(in("/giay-to/"+paper+"/ky-so/bat-dau", identity.Decide, commune)),
		"POST /giay-to/{paper}/ky-so/cong-cu":                   seat(in("/giay-to/"+paper+"/ky-so/cong-cu", identity.Decide, commune, "buoc", "1")),
		"POST /giay-to/{paper}/ky-so/khoa":                      seat(sent(in("", identity.Decide, commune), file("/giay-to/"+paper+"/ky-so/khoa", "buoc", "1"))),
		"POST /giay-to/{paper}/ky-so/gui":                       seat(sent(in("", identity.Decide, commune), file("/giay-to/"+paper+"/ky-so/gui", "buoc", "1"))),
		"GET /ky-so/{place}/{body}":                             in("/ky-so/"+commune+"/"+body, see, commune),
		"POST /ky-so/{place}/{body}":                            sent(in("", identity.Decide, commune), file("/ky-so/"+commune+"/"+body, "kind", "person")),
		"POST /ky-so/{place}/{body}/dat":                        in("/ky-so/"+commune+"/"+body+"/dat", identity.Decide, commune, "ky", "so"),
		"POST /ky-so/{place}/{body}/{id}/thoi":                  in("/ky-so/"+commune+"/"+body+"/x/thoi", identity.Decide, commune),
		"GET /ky-so/{place}/{body}/{id}/anh":                    in("/ky-so/"+commune+"/"+body+"/x/anh", see, commune),
		"GET /cong-cu-ky/{token}/{name}":                        free("/cong-cu-ky/x/quyet-dinh.pdf"),
		"POST /cong-cu-ky/{token}":                              free("/cong-cu-ky/x"),
		"POST /xac-minh/{code}/tep":                             free("/xac-minh/ABCDEFGH/tep"),
		"GET /bao-cao":                                          in("/bao-cao?noi="+commune, identity.SeeReports, commune),
		"POST /bao-cao":                                         in("/bao-cao?noi="+phuTho, identity.RuleReports, phuTho),
		"GET /bao-cao/{place}/{period}":                         in(report, identity.SeeReports, commune),
		"POST /bao-cao/{place}/{period}":                        in(report, identity.Report, commune, "viec", "luu", "version", "1"),
		"GET /bao-cao/{place}/{period}/gui":                     in(report+"/gui", identity.Report, commune),
		"POST /bao-cao/{place}/{period}/gui":                    in(report+"/gui", identity.Report, commune, "version", "1"),
		"POST /bao-cao/{place}/{period}/duyet":                  in(report+"/duyet", identity.RuleReports, commune, "viec", "duyet", "ban", "1"),
		"POST /bao-cao/{place}/{period}/gia-han":                in(report+"/gia-han", identity.RuleReports, commune),
		"GET /bao-cao/{place}/{period}/tien-do":                 in("/bao-cao/"+phuTho+"/"+period+"/tien-do", identity.SeeReports, phuTho),
		"GET /bao-cao/{place}/{period}/ky":                      in("/bao-cao/"+phuTho+"/"+period+"/ky", identity.RuleReports, phuTho),
		"POST /bao-cao/{place}/{period}/ky":                     in("/bao-cao/"+phuTho+"/"+period+"/ky", identity.RuleReports, phuTho, "viec", "ket-thuc"),
		"GET /bao-cao/{place}/{period}/xem":                     in(report+"/xem", identity.SeeReports, commune),
		"GET /bao-cao/{place}/{period}/tai":                     in(report+"/tai?dang=docx", identity.SeeReports, commune),
		"GET /bao-cao/{place}/{period}/so-sanh":                 in(report+"/so-sanh?tu=1&den=1", identity.SeeReports, commune),
		"POST /tai-khoan/toi":                                   own("/tai-khoan/toi"),
		"POST /quyet-dinh/{place}/de-nghi/tai":                  in("/quyet-dinh/"+commune+"/de-nghi/tai?giay=to-trinh&dang=docx", see, commune),
		"POST /quyet-dinh/{place}/de-nghi/to-trinh/{paper}/huy": in("/quyet-dinh/"+commune+"/de-nghi/to-trinh/x/huy", identity.Decide, commune, "ly-do-huy", "Cấp nhầm"),
		"POST /quyet-dinh/{place}/{id}/giay-to/{paper}/huy":     in("/quyet-dinh/"+commune+"/"+decision+"/giay-to/x/huy", identity.Decide, commune, "ly-do-huy", "Cấp nhầm"),
	}
	for _, pattern := range []string{"POST /minh-chung/{place}", "POST /minh-chung/{place}/lien-ket", "POST /minh-chung/{place}/{id}/gan", "POST /minh-chung/{place}/{id}/go"} {
		d := all[pattern]
		d.or = identity.Appraise // the file is with the commune
		all[pattern] = d
	}
	for _, part := range doorsOf {
		maps.Copy(all, part(h))
	}
	return all
}

// doorsOf are the doors of parts that keep theirs in a file of their own.
var doorsOf []func(*house) map[string]door

// upload puts a list of one household into the area, to be imported later.
func (h *house) upload() string {
	h.t.Helper()
	to := h.do(volunteer, fileRequest("/nhap-tep?noi="+h.area, "danh-sach.csv", "Họ và tên chủ hộ,Số nhân khẩu\nNguyễn Văn Tải Lên,4\n", "mo-hinh", "family")).to
	id, ok := strings.CutPrefix(to, "/nhap-tep/")
	if !ok {
		h.t.Fatalf("the upload led to %q", to)
	}
	h.secrets = append(h.secrets, "Nguyễn Văn Tải Lên")
	return id
}

func (d door) lets(a identity.Actor, path func(string) string) bool {
	switch {
	case d.public:
		return true
	case a.ID == "":
		return false
	case d.act == "" || d.self == a.ID:
		return true
	case d.any:
		return a.Anywhere(d.act)
	}
	return (a.May(d.act, path(d.at)) || d.or != "" && a.May(d.or, path(d.at))) && (!d.seat || a.Sits(d.act, d.at))
}

// refusals are the answers to those who may not: a form may be found wanting before the question whose it is, and an index leads home.
var refusals = []int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusConflict, http.StatusSeeOther}

// Every route as every kind of person: who may not gets nothing of the place and changes nothing; who may gets no broken page.
func TestEveryRouteAsEveryone(t *testing.T) {
	h := open(t)
	doors := h.doors()
	var known []string
	for _, r := range h.mux.Routes() {
		known = append(known, r.Pattern)
		d, ok := doors[r.Pattern]
		if !ok {
			t.Errorf("no test walks through %s: add it to doors", r.Pattern)
			continue
		}
		if r.Signed == d.public {
			t.Errorf("%s: signed is %v", r.Pattern, r.Signed)
		}
	}
	for pattern := range doors {
		if !slices.Contains(known, pattern) {
			t.Errorf("%s is no route any more", pattern)
		}
	}
	people := []string{nobody, expired, far, beside, other, neighbour, appraiser, viewer, admin, reviewer, above, volunteer, taker, province, officer}
	slices.Sort(known)
	walked := map[bool]int{}
	defer func() {
		t.Logf("%d routes as %d kinds of people: %d refused, %d let in", len(known), len(people), walked[false], walked[true])
	}()
	for _, login := range people {
		for _, allowed := range []bool{false, true} { // the refused first: the allowed may change what is there
			for _, pattern := range known {
				d, actor := doors[pattern], h.actors[login]
				if d.path == "" && d.send == nil || d.lets(actor, h.path) != allowed || pattern == "POST /dang-xuat" {
					continue
				}
				walked[allowed]++
				method, _, _ := strings.Cut(pattern, " ")
				before := h.count(`SELECT count(*) FROM journal`)
				var a answer
				switch {
				case d.send != nil:
					a = h.do(login, d.send())
				case method == "POST":
					a = h.post(login, d.path, d.form...)
				default:
					a = h.get(login, d.path)
				}
				switch {
				case a.code >= 500, a.head.Get("Content-Security-Policy") == "":
					t.Errorf("%s on %s: %d %.300s", login, pattern, a.code, words(a.body))
				case allowed && (a.code == http.StatusForbidden || a.code == http.StatusUnauthorized):
					t.Errorf("%s may not %s: %.300s", login, pattern, words(a.body))
				case allowed:
				case login == nobody && a.code == http.StatusUnauthorized && d.send != nil: // a script is told, not led away
				case login == nobody && (a.code != http.StatusSeeOther || !strings.HasPrefix(a.to, "/dang-nhap")):
					t.Errorf("nobody on %s: %d %s", pattern, a.code, a.to)
				case login != nobody && !slices.Contains(refusals, a.code):
					t.Errorf("%s on %s: %d to %q: %.200s", login, pattern, a.code, a.to, words(a.body))
				case h.count(`SELECT count(*) FROM journal`) != before:
					t.Errorf("%s changed something through %s", login, pattern)
				}
				if !actor.May(identity.SeeRecords, h.path(h.area)) {
					for _, name := range h.secrets {
						if strings.Contains(a.body, name) {
							t.Errorf("%s reads %q on %s", login, name, pattern)
						}
					}
				}
			}
		}
	}
}

// words is what a page says, without its marks.
func words(body string) string {
	_, text, found := strings.Cut(body, "<main")
	if !found {
		text = body
	}
	var b strings.Builder
	inside := found
	for _, r := range text {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
			b.WriteByte(' ')
		case !inside:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// An id of one place opens nothing under the address of another, also not under one's own.
func TestIDsUnderAnotherAddress(t *testing.T) {
	h := open(t)
	subject, id := h.file.SubjectID, h.file.ID
	proof := h.one(`SELECT id FROM evidence WHERE place_id = $1 ORDER BY id LIMIT 1`, h.file.PlaceID)
	decision := h.one(`SELECT d.id FROM decision d JOIN body b ON b.id = d.body_id WHERE b.place_id = $1 ORDER BY d.id LIMIT 1`, hyCuong)
	mine := h.elsewhere // the area of "other"
	for _, path := range []string{"/ho-so/" + mine + "/" + id, "/nhap/" + mine + "/" + id, "/so-bo/" + mine + "/" + subject, "/so-bo/" + mine + "/" + subject + "/sua",
		"/minh-chung/" + mine + "/" + proof, "/minh-chung/" + mine + "/" + proof + "/nho"} {
		if a := h.get(other, path); a.code != http.StatusNotFound && a.code != http.StatusForbidden {
			t.Errorf("GET %s: %d", path, a.code)
		}
	}
	for _, path := range []string{"/ho-so/" + mine + "/" + id, "/so-bo/" + mine + "/" + subject, "/so-bo/" + mine + "/" + subject + "/roi-di",
		"/minh-chung/" + mine + "/" + proof + "/go", "/ho-so/" + mine + "/" + id + "/phan-anh"} {
		if a := h.post(other, path, "version", "1", "reason", "x", "text", "x", "name", "Kẻ Lạ", "ho-so", id, "tieu-chi", "A1"); a.code != http.StatusNotFound && a.code != http.StatusForbidden {
			t.Errorf("POST %s: %d: %s", path, a.code, words(a.body))
		}
	}
	if a := h.do(other, jsonRequest("/nhap/"+mine+"/"+id, `{"version": 1, "entry": {}}`)); a.code != http.StatusNotFound {
		t.Errorf("a score through another area: %d", a.code)
	}
	for _, path := range []string{"/quyet-dinh/" + vietTri + "/" + decision, "/quyet-dinh/" + vietTri + "/" + decision + "/in", "/quyet-dinh/" + vietTri + "/" + decision + "/giay",
		"/quyet-dinh/" + vietTri + "/" + decision + "/tai?dang=docx", "/quyet-dinh/" + vietTri + "/" + decision + "/giay/tai",
		"/quyet-dinh/" + vietTri + "/" + decision + "/sua-doi", "/quyet-dinh/" + vietTri + "/" + decision + "/ky-so", "/quyet-dinh/" + vietTri + "/" + decision + "/ky-so/tep",
		"/ky-so/" + vietTri + "/" + recognition.BodyID(recognition.BodyAssociationCommune, hyCuong), "/mau-van-ban/" + vietTri + "/hoi_kh_xa-" + hyCuong + "/cong-nhan",
		"/mau-van-ban/" + vietTri + "/hoi_kh_xa-" + hyCuong + "/cong-nhan/xem?dang=docx", "/mau-van-ban/" + vietTri + "/hoi_kh_xa-" + hyCuong + "/cong-nhan/tep"} {
		if a := h.get(neighbour, path); a.code != http.StatusNotFound && a.code != http.StatusForbidden {
			t.Errorf("GET %s: %d", path, a.code)
		}
	}
}
