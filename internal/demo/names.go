// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package demo

import "strings"

// share is a value and how often it is drawn, in parts of the sum of its list.
type share struct {
	value string
	parts int
}

// The ethnic groups of the province and the surnames that are frequent in each.
const (
	kinh  = "Kinh"
	muong = "Mường"
	dao   = "Dao"
	tay   = "Tày"
)

var surnames = map[string][]share{
	kinh: {{"Nguyễn", 34}, {"Trần", 9}, {"Lê", 8}, {"Phạm", 6}, {"Hoàng", 5}, {"Phan", 3}, {"Vũ", 4}, {"Đặng", 3}, {"Bùi", 4}, {"Đỗ", 5}, {"Ngô", 2},
		{"Dương", 2}, {"Đào", 3}, {"Đinh", 2}, {"Hà", 3}, {"Tạ", 3}, {"Cao", 2}, {"Lưu", 2}, {"Triệu", 2}, {"Chu", 2}, {"Khổng", 1}, {"Kiều", 1}},
	muong: {{"Bùi", 40}, {"Đinh", 20}, {"Quách", 12}, {"Hà", 8}, {"Phùng", 5}, {"Bạch", 4}, {"Xa", 4}, {"Nguyễn", 5}, {"Hoàng", 2}},
	dao:   {{"Triệu", 32}, {"Bàn", 22}, {"Đặng", 16}, {"Lý", 12}, {"Phùng", 10}, {"Dương", 8}},
	tay:   {{"Hoàng", 20}, {"Lường", 18}, {"Xa", 18}, {"Hà", 14}, {"Sa", 12}, {"Lò", 10}, {"Nông", 8}},
}

var middles = map[string][]share{
	"male": {{"Văn", 34}, {"Đức", 9}, {"Quang", 7}, {"Xuân", 7}, {"Hữu", 5}, {"Công", 5}, {"Đình", 5}, {"Mạnh", 5}, {"Anh", 4}, {"Minh", 6}, {"Ngọc", 5},
		{"Trọng", 3}, {"Thế", 3}, {"Quốc", 2}},
	"female": {{"Thị", 62}, {"Thu", 6}, {"Ngọc", 5}, {"Thanh", 5}, {"Thị Thu", 5}, {"Thị Minh", 4}, {"Thị Hồng", 4}, {"Thị Kim", 3}, {"Thúy", 3}, {"Bích", 3}},
}

// given holds the names of two generations: those born before 1985, and the younger.
var given = map[string][2][]string{
	"male": {
		strings.Fields("Hùng Dũng Sơn Bình Minh Thắng Hải Long Tuấn Chiến Quyết Thành Công Định Lâm Phúc Quang Thịnh Toàn Tiến Trung Vinh Đức Hòa Cường Hưng Tân Thuận Lợi Kiên Bảo Chung Tâm Thọ Lập Khánh"),
		strings.Fields("Anh Đạt Huy Hiếu Nam Phong Kiên Khánh Duy Tùng Hoàng Quân Thái Trường Việt Linh Bách Khôi Lộc Nghĩa Sáng Thiện Vũ Cảnh Đông Giang Hà Phương"),
	},
	"female": {
		strings.Fields("Lan Hoa Hương Hồng Mai Thủy Hạnh Hà Nga Oanh Thanh Tuyết Yến Xuân Hiền Liên Loan Lý Nhung Thơm Vân Huệ Hòa Bình Tâm Sen Thoa Thuận Dung Nguyệt Thìn Tý Mùi Nhàn"),
		strings.Fields("Trang Linh Phương Thảo Huyền Ngân Quỳnh Chi Hằng Giang Dung Ly Nhi Ánh Diệp Vy My Thư Trâm Yến Hậu Hường Lệ Ngà Quyên Thương Tuyền Duyên"),
	},
}

// weighted draws from a list of shares.
func (r *rng) weighted(list []share) string {
	sum := 0
	for _, s := range list {
		sum += s.parts
	}
	n := r.IntN(sum)
	for _, s := range list {
		if n -= s.parts; n < 0 {
			return s.value
		}
	}
	return list[len(list)-1].value
}

func (r *rng) one(list []string) string { return list[r.IntN(len(list))] }

// youngSince is the year of birth from which the names of the younger generation are given.
const youngSince = 1985

// person draws a name for somebody of a surname, sex and year of birth.
func (r *rng) person(surname, sex string, born int) string {
	generation := 0
	if born >= youngSince {
		generation = 1
	}
	return surname + " " + r.weighted(middles[sex]) + " " + r.one(given[sex][generation])
}

// Names of residential areas where they are not numbered: hamlets of the old Hòa Bình and Vĩnh Phúc.
var (
	hamlets = strings.Fields("Bưa Sầm Sèo Nà_Chiếu Tằm Rằng Sơn_Lập Xóm_Lanh Ênh Diều_Nọi Diều_Luông Yên Mít Khem Hày Cháu Giằng Chầm Nánh Tình Bai Lau Vầy Mó Khoang Phiêng Bờ Tháu Chông Đúc Cọ Lòn Cang Trê Suối_Lốn Đồng_Bưởi Mường_Cộng Nà_Lốc Bãi_Sang Thung_Vòng Chiềng_Cang Đá_Đỏ Khuôi Nhạp Mực Tra")
	thons   = strings.Fields("Đồng_Tâm Tân_Lập Yên_Thư Phú_Hậu Đông_Thịnh Xuân_Trạch Hoàng_Xá Đồng_Văn Vân_Hội Tam_Lộng Cẩm_La Nhân_Mỹ Hạ_Chuế An_Lão Đông_Cao Thọ_Xuân Bình_Lâm Hợp_Thịnh Minh_Tân Quảng_Cư Thượng_Đạt Lũng_Hạ Đồng_Quang Yên_Nội Văn_Phú Tiên_Sơn Gia_Phúc Đại_Thắng Thanh_Hà Vĩnh_Thịnh")
)

// spaced turns the joined words of a list back into a name.
func spaced(s string) string { return strings.ReplaceAll(strings.TrimPrefix(s, "Xóm_"), "_", " ") }

// opinions are what meetings wrote down.
var opinions = []string{
	"Hội nghị thống nhất kết quả chấm của các hộ; đề nghị xã xét công nhận.",
	"Các hộ kê khai đúng thực tế. Hai hộ vắng, đã hỏi lại qua chi hội.",
	"Thống nhất 100%; đề nghị quan tâm các hộ có con học xa nhà.",
	"Có ý kiến về việc dự lớp chuyên đề của một số hộ, đã đối chiếu sổ lớp của trung tâm học tập cộng đồng.",
}

// returns are remarks with which a commune sends a file back, by the code of the criterion they are about.
var returns = []struct{ code, body string }{
	{"B3", "Sổ lớp của trung tâm chỉ ghi một người dự; đề nghị khu đối chiếu lại số người lớn đã học."},
	{"C1", "Chưa rõ gia đình có thiết bị nối mạng hay không; đề nghị chụp góc học tập hoặc bỏ dấu mục này."},
	{"C2", "Không thấy tên trong danh sách hội viên năm nay; đề nghị xem lại thẻ hội viên."},
	{"D3", "Điểm vận dụng cao hơn năm trước nhiều; đề nghị ghi rõ mô hình, việc làm cụ thể."},
	{"A3", "Đề nghị ghi nhận xét của chi đoàn hoặc nhà trường về các cháu."},
}

// appeals are objections, and what was answered to those that are settled.
var appeals = []struct{ body, answer string }{
	{"Gia đình tôi có ba người học lớp chuyển đổi số tháng 8 nhưng phiếu chỉ tính một người. Đề nghị xem lại.", ""},
	{"Đề nghị cho biết vì sao gia đình không được công nhận trong khi tổng điểm trên 80.", "Tổng điểm đạt, nhưng tỷ lệ người lớn là Công dân học tập dưới mức của năm nay nên chưa đủ điều kiện. Xã đã giải thích tại nhà."},
	{"Nhà có góc học tập và tủ sách, xin được chấm lại mục điều kiện học tập.", ""},
}
