// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package registry

import "hoctap/internal/sheet"

// Register is the model word of an import that brings no subjects but what another register says of families.
const Register = "register"

// ImportModels lists what can be imported.
var ImportModels = []string{Family, Citizen, Clan, Unit, Community, Register}

// The columns an import knows. The names are what communes write over them, gathered from their lists; the likeliest first.
var (
	areaColumn = sheet.Column{Key: "area", Names: []string{
		"Khu dân cư", "Thôn/Khu", "Khu", "Thôn", "Tổ dân phố", "Thôn, bản, tổ dân phố", "Thôn, tổ dân phố", "Thôn, khu dân cư", "Khu phố", "Bản", "Xóm",
		"TDP", "KDC", "Thôn/bản", "Thôn/TDP", "Địa bàn", "Tên khu", "Tên thôn",
	}}
	communeColumn = sheet.Column{Key: "commune", Names: []string{
		"Xã/Phường", "Xã, phường", "Xã phường", "Tên xã", "Xã", "Phường", "Xã, phường, thị trấn", "Mã xã", "Mã đơn vị hành chính", "Mã ĐVHC",
	}}
	numberColumn = sheet.Column{Key: "number", Names: []string{"Số hộ", "Mã hộ", "Mã số", "STT", "TT", "Số TT", "Số thứ tự"}}
	phoneColumn  = sheet.Column{Key: "phone", Names: []string{
		"Số điện thoại", "Điện thoại", "SĐT", "Số ĐT", "ĐT", "Di động", "Điện thoại liên hệ", "Số máy",
	}}
	addressColumn = sheet.Column{Key: "address", Names: []string{"Địa chỉ", "Nơi ở", "Chỗ ở hiện nay", "Nơi thường trú", "Địa chỉ thường trú", "Số nhà", "Trụ sở"}}
	birthColumn   = sheet.Column{Key: "birth_year", Names: []string{
		"Năm sinh", "Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "NS", "Sinh năm", "Năm sinh chủ hộ",
	}}
	sexColumn    = sheet.Column{Key: "sex", Names: []string{"Giới tính", "Giới", "Nam/Nữ", "Nam, nữ"}}
	ethnicColumn = sheet.Column{Key: "ethnic", Names: []string{"Dân tộc", "Thành phần dân tộc"}}
	idColumn     = sheet.Column{Key: "id_number", Names: []string{
		"Số định danh cá nhân", "Số định danh", "CCCD", "Số CCCD", "Căn cước", "Số căn cước", "Căn cước công dân", "CMND", "Số CMND", "CMND/CCCD", "CCCD/CMND",
		"Số CMND/CCCD", "Mã định danh", "Số CCCD chủ hộ",
	}}
	adultsColumn = sheet.Column{Key: "adults", Names: []string{
		"Người lớn", "Số người lớn", "Số người từ 18 tuổi", "Từ 18 tuổi trở lên", "Người từ 18 tuổi trở lên", "Số người trên 18 tuổi",
	}}
	familyName = sheet.Column{Key: "name", Required: true, Names: []string{
		"Họ và tên chủ hộ", "Chủ hộ", "Họ tên chủ hộ", "Tên chủ hộ", "Họ và tên", "Họ tên", "Hộ gia đình", "Gia đình ông (bà)", "Tên hộ", "Gia đình",
	}}
)

// importColumns are the columns of each model, the required ones marked.
var importColumns = map[string][]sheet.Column{
	Family: {
		numberColumn, familyName, birthColumn, sexColumn, idColumn, ethnicColumn, areaColumn,
		{Key: "members", Names: []string{
			"Số nhân khẩu", "Nhân khẩu", "NK", "Số khẩu", "Số người trong hộ", "Tổng số nhân khẩu", "Số người", "Khẩu", "Số thành viên",
		}},
		adultsColumn,
		{Key: "children", Names: []string{
			"Trẻ em", "Số trẻ em", "Trẻ em trong độ tuổi đi học", "Số trẻ trong độ tuổi đi học", "Số học sinh", "Học sinh", "Số con đang đi học",
		}},
		phoneColumn, addressColumn, communeColumn,
	},
	Citizen: {
		{Key: "number", Names: []string{"STT", "TT", "Số TT", "Số thứ tự", "Mã số"}},
		{Key: "name", Required: true, Names: []string{"Họ và tên", "Họ tên", "Tên công dân", "Công dân", "Họ và tên công dân", "Tên"}},
		birthColumn, sexColumn, idColumn, ethnicColumn,
		{Key: "family", Names: []string{"Chủ hộ", "Họ và tên chủ hộ", "Tên chủ hộ", "Hộ gia đình", "Thuộc hộ"}},
		{Key: "kind", Names: []string{"Nhóm đối tượng", "Đối tượng", "Nhóm", "Nghề nghiệp", "Nhóm phiếu"}},
		areaColumn, phoneColumn, addressColumn, communeColumn,
	},
	Clan: {
		{Key: "number", Names: []string{"STT", "TT", "Số TT", "Mã số"}},
		{Key: "name", Required: true, Names: []string{"Tên dòng họ", "Dòng họ", "Tên chi họ", "Họ", "Chi họ"}},
		{Key: "body", Names: []string{"Trưởng họ", "Người đứng đầu", "Trưởng tộc", "Chủ tịch hội đồng gia tộc", "Trưởng ban khuyến học", "Người đại diện"}},
		{Key: "members", Names: []string{"Số gia đình", "Số hộ", "Số hộ gia đình", "Số đinh", "Tổng số hộ"}},
		adultsColumn, areaColumn, phoneColumn, addressColumn, communeColumn,
	},
	Unit: {
		{Key: "number", Names: []string{"STT", "TT", "Số TT", "Mã số"}},
		{Key: "name", Required: true, Names: []string{"Tên đơn vị", "Đơn vị", "Tên cơ quan", "Cơ quan, đơn vị", "Tên trường", "Cơ quan"}},
		{Key: "kind", Names: []string{"Loại đơn vị", "Loại hình", "Loại"}},
		{Key: "body", Names: []string{"Cơ quan quản lý", "Cơ quan chủ quản", "Đơn vị chủ quản", "Cấp quản lý", "Trực thuộc"}},
		{Key: "members", Names: []string{"Số thành viên", "Số người", "Tổng số cán bộ, công chức, viên chức, người lao động", "Số lao động", "Số cán bộ", "Tổng số người"}},
		areaColumn, phoneColumn, addressColumn, communeColumn,
	},
	Community: {
		{Key: "number", Names: []string{"STT", "TT", "Số TT", "Mã số"}},
		{Key: "area", Required: true, Names: append([]string{"Tên khu dân cư", "Tên thôn, tổ dân phố"}, areaColumn.Names...)},
		{Key: "members", Names: []string{"Số hộ", "Số hộ dân", "Tổng số hộ", "Số hộ gia đình"}},
		{Key: "body", Names: []string{"Trưởng khu", "Trưởng thôn", "Trưởng khu dân cư", "Tổ trưởng", "Bí thư chi bộ"}},
		phoneColumn, communeColumn,
	},
	Register: {
		numberColumn, familyName, birthColumn, areaColumn,
		{Key: "poverty_status", Names: []string{"Diện hộ", "Hộ nghèo, cận nghèo", "Hộ nghèo/cận nghèo", "Diện nghèo", "Phân loại hộ", "Hộ nghèo", "Kết quả rà soát"}},
		{Key: "culture_family", Names: []string{"Gia đình văn hóa", "GĐVH", "Đạt gia đình văn hóa", "Danh hiệu gia đình văn hóa"}},
		{Key: CitizenTitles, Names: []string{"Số công dân học tập", "Số người đạt Công dân học tập", "Công dân học tập", "Số CDHT"}},
		communeColumn,
	},
}

// ImportColumns returns the columns that an import of the model knows, in the order of a good list; nil for an unknown model.
func ImportColumns(model string) []sheet.Column { return importColumns[model] }

// entryColumns are the columns of a register list that become entries.
var entryColumns = []string{"poverty_status", "culture_family", CitizenTitles}

// What people write for a value, folded.
var (
	sexWords = map[string]string{"nam": "male", "nu": "female", "male": "male", "female": "female", "m": "male", "f": "female"}

	povertyWords = map[string]string{
		"ho ngheo": "poor", "ngheo": "poor", "n": "poor", "poor": "poor", "ho can ngheo": "near_poor", "can ngheo": "near_poor", "cn": "near_poor",
		"near poor": "near_poor", "khong": "none", "khong ngheo": "none", "ho khong ngheo": "none", "binh thuong": "none", "none": "none",
		"thoat ngheo": "none", "da thoat ngheo": "none", "trung binh": "none", "kha": "none", "giau": "none", "x": "poor", "co": "poor",
	}

	unitWords = map[string]string{
		"co quan": "agency", "co quan nha nuoc": "agency", "hanh chinh": "agency", "don vi su nghiep": "public_service", "su nghiep": "public_service",
		"truong hoc": "school", "truong": "school", "nha truong": "school", "mam non": "preschool_public", "truong mam non": "preschool_public",
		"mam non cong lap": "preschool_public", "thpt": "upper_secondary", "truong thpt": "upper_secondary", "trung hoc pho thong": "upper_secondary",
		"lien cap": "multi_level_school", "truong nhieu cap": "multi_level_school", "gdtx": "continuing_education",
		"giao duc thuong xuyen": "continuing_education", "trung tam gdtx": "continuing_education", "dai hoc": "university",
		"truong dai hoc": "university", "giao duc nghe nghiep": "vocational", "truong nghe": "vocational", "cao dang": "vocational",
		"doanh nghiep": "enterprise", "cong ty": "enterprise", "hop tac xa": "cooperative", "htx": "cooperative", "luc luong vu trang": "armed_forces",
		"quan doi": "armed_forces", "cong an": "armed_forces", "co so san xuat": "production_base", "ubnd xa": "commune_people_committee",
		"uy ban nhan dan xa": "commune_people_committee", "khac": "other",
	}

	citizenWords = map[string]string{
		"nong dan": "farmer", "lam ruong": "farmer", "lam nong": "farmer", "cong nhan": "worker", "lao dong": "worker", "nguoi lao dong": "worker",
		"lao dong tu do": "worker", "can bo": "cadre", "cong chuc": "cadre", "vien chuc": "cadre", "can bo cong chuc": "cadre", "giao vien": "cadre",
		"can bo cong chuc vien chuc": "cadre", "hoc sinh": "learner", "sinh vien": "learner", "hoc vien": "learner", "nguoi hoc": "learner",
		"hoc sinh sinh vien": "learner",
	}
)
