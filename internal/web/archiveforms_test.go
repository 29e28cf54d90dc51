// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hoctap/internal/paper/papertest"
)

// Where issued papers are fetched the form for keeping is offered, for certificates too; what is no form and no volume is not found.
func TestFormForKeeping(t *testing.T) {
	papertest.Faces(t) // without them nothing is printed, here or there
	h := village(t)
	base := "/quyet-dinh/" + hyCuong
	decision := h.sign(h.moved(base+"/de-nghi", "mo-hinh", "family", "nam", "2026"), "1")
	for page, link := range map[string]string{decision: decision + "/tai?dang=pdfa", decision + "/in": decision + "/tai?dang=pdfa", decision + "/giay": decision + "/giay/tai?dang=pdfa"} {
		if a := h.get(officer, page); !strings.Contains(a.raw, `href="`+link+`"`) {
			t.Errorf("%s does not offer %s", page, link)
		}
		if a := h.get(officer, link); a.code != http.StatusOK || !strings.Contains(a.raw, "<pdfaid:part>2</pdfaid:part>") {
			t.Errorf("%s: %d, no PDF/A", link, a.code)
		}
	}
	for query, want := range map[string]int{"": 200, "?dang=pdf": 200, "?dang=docx": 404, "?dang=x": 404, "?tap=1": 200, "?tap=2": 404, "?tap=0": 404, "?tap=-1": 404, "?tap=x": 404, "?tap=99999999999999999999": 404} {
		if a := h.get(officer, decision+"/giay/tai"+query); a.code != want {
			t.Errorf("%q: %d, not %d", query, a.code, want)
		}
	}
}
