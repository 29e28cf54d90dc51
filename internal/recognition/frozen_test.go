// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"hoctap/internal/criteria"
	"hoctap/internal/recognition"
)

// The text under a decision's hash must never change, or no decision ever issued could be verified: here it stands as it was first written.
func TestFrozenTextNeverChanges(t *testing.T) {
	total := criteria.Points(9450)
	d := recognition.Decision{ID: "d1", BodyID: "b1", BodyName: "Hội Khuyến học xã <Hy Cương>", PlaceID: "p1", RoundID: "r1", Model: "family", Kind: recognition.KindRecognise,
		FromYear: 2026, ForYear: 2026, Year: 2026, Number: 7, Symbol: "QĐ-HKH", Date: "2026-12-01", Signer: "Nguyễn Văn Đức", Post: "Chủ tịch", Grounds: []string{"Căn cứ"},
		Verified: criteria.Reconstructed}
	items := []recognition.Item{{PlaceID: "a1", AssessmentID: "f1", No: 1, SubjectID: "s1", Name: "Hà Văn Chiến", AreaName: "Khu 7", Total: &total, Act: recognition.ActGrant},
		{PlaceID: "a1", AssessmentID: "f2", No: 2, SubjectID: "s2", Name: "Bùi Văn Thạnh", Was: "Bùi Văn Thành", AreaName: "Khu 7", Act: recognition.ActCorrect}}
	titles := []recognition.Title{{ID: "t1", PlaceID: "a1", SubjectID: "s1", AssessmentID: "f1", Model: "family", FromYear: 2026, Year: 2026, UntilYear: 2026, Name: "Hà Văn Chiến",
		AreaName: "Khu 7", OriginID: "d1", DecidedOn: "2026-12-01", Code: "0123456789AB"}}
	head := `{"id":"d1","body_id":"b1","body_name":"Hội Khuyến học xã \u003cHy Cương\u003e","place_id":"p1","round_id":"r1","model":"family","kind":"recognise","from_year":2026,` +
		`"for_year":2026,"year":2026,"number":7,"symbol":"QĐ-HKH","date":"2026-12-01","signer":"Nguyễn Văn Đức","post":"Chủ tịch","reason":"","grounds":["Căn cứ"],"amends_id":"",` +
		`"verified":"reconstructed","items":[`
	list := `{"no":1,"place_id":"a1","assessment_id":"f1","subject_id":"s1","name":"Hà Văn Chiến","was":"","area_name":"Khu 7","total":9450,"act":"grant"},` +
		`{"no":2,"place_id":"a1","assessment_id":"f2","subject_id":"s2","name":"Bùi Văn Thạnh","was":"Bùi Văn Thành","area_name":"Khu 7","total":null,"act":"correct"}`
	held := `{"id":"t1","place_id":"a1","subject_id":"s1","assessment_id":"f1","model":"family","from_year":2026,"year":2026,"until_year":2026,"level":"","exemplary":false,` +
		`"name":"Hà Văn Chiến","area_name":"Khu 7","origin_id":"d1","decided_on":"2026-12-01","code":"0123456789AB"}`
	said := d
	said.Wording = "w1" // since there are templates
	for text, with := range map[string]struct {
		items  []recognition.Item
		titles []recognition.Title
		d      *recognition.Decision
	}{
		strings.Replace(head, `,"items":[`, `,"wording":"w1","items":[`, 1) + list + `],"titles":[` + held + "]}\n": {items, titles, &said},
		head + list + `],"titles":[` + held + "]}\n":                                                                {items, titles, &d},
		head + list + `],"titles":[` + "]}\n":                                                                       {items, nil, &d},
		head + `],"titles":[` + "]}\n":                                                                              {nil, nil, &d},
	} {
		want := sha256.Sum256([]byte(text))
		if got, err := with.d.Freeze(with.items, with.titles); err != nil || got != hex.EncodeToString(want[:]) {
			t.Errorf("%v: the hash is %s, not that of %s", err, got, text)
		}
	}
}
