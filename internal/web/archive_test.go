// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"hoctap/internal/archive"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/papertest"
	"hoctap/internal/place/placetest"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// busy is a village whose association has issued a request, a decision, its notice and an amendment.
func busy(t *testing.T, db *store.DB) (h *house, body, decision string) {
	h = villageOn(t, db)
	base := "/quyet-dinh/" + hyCuong
	body = recognition.BodyID(recognition.BodyAssociationCommune, hyCuong)
	ask := []string{"mo-hinh", "family", "nam", "2026"}
	h.moved(base+"/de-nghi/to-trinh", append(ask, "ngay", "2026-12-01", "nguoi-ky", paperSigner)...)
	decision = h.sign(h.moved(base+"/de-nghi", ask...), "1")
	h.moved(decision+"/giay-to", "giay", "thong-bao", "ngay", "2026-12-01", "nguoi-ky", paperSigner)
	id := h.one(`SELECT assessment_id FROM title WHERE name = $1`, "Đinh Thị Thuỷ")
	h.sign(h.moved(decision+"/sua-doi", "viec", "sua", "reason", "Ghi sai tên", "ten-"+id, "Đinh Thị Thuý"), "1")
	return h, body, decision
}

// The package of a year is a ZIP that other programs believe: whole, with right sums, every paper of the registers in it as PDF/A, and lists that say what
// is there. It is made by a job, fetched by who may see records, noted in the journal, and replaced.
func TestYearlyPackage(t *testing.T) {
	papertest.Need(t, "unzip", "sha256sum", "pdfinfo", "qpdf")
	papertest.Faces(t) // those in the program are of the same build
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h, body, decision := busy(t, db)
		base := "/quyet-dinh/" + hyCuong
		fetch := base + "/luu-tru?co-quan=" + body + "&nam=2026"
		if a := h.get(officer, fetch); a.code != http.StatusNotFound {
			t.Fatalf("before it is made: %d", a.code)
		}
		if a := h.get(officer, base+"?nam=2026"); !strings.Contains(a.body, "Lập gói lưu trữ năm 2026") {
			t.Errorf("no button: %.300s", words(a.body))
		}
		to := h.moved(base+"/luu-tru", "co-quan", body, "nam", "2026")
		if a := h.get(officer, to); a.code != http.StatusOK || !strings.Contains(a.body, "Đang chờ tới lượt") {
			t.Errorf("progress: %d %.300s", a.code, words(a.body))
		}
		if again := h.moved(base+"/luu-tru", "co-quan", body, "nam", "2026"); again != to {
			t.Errorf("a second job: %s beside %s", again, to)
		}
		if a := h.get(officer, base+"?nam=2026"); !strings.Contains(a.body, "Đang lập gói lưu trữ") || strings.Contains(a.body, "Tải gói lưu trữ") {
			t.Errorf("the page does not say that it is being made: %.300s", words(a.body))
		}
		h.ok(h.s.Jobs.Drain(h.ctx))
		if a := h.get(officer, to); !strings.Contains(a.body, "Đã làm xong") {
			t.Errorf("done: %.300s", words(a.body))
		}
		if a := h.get(officer, base+"?nam=2026"); !strings.Contains(a.body, "Tải gói lưu trữ năm 2026") || !strings.Contains(a.body, "Lập lại gói lưu trữ năm 2026") {
			t.Errorf("the page does not offer it: %.300s", words(a.body))
		}
		first := h.get(officer, fetch)
		dir := unpacked(t, first)
		checkPackage(t, h, dir, decision)
		if n := h.count(`SELECT count(*) FROM journal WHERE thing = 'archive' AND act = 'export' AND thing_id = $1`, body); n != 1 {
			t.Errorf("%d entries of fetching", n)
		}
		if n, wrong, err := h.s.Archive.Verify(h.ctx); err != nil || n != 1 || len(wrong) != 0 {
			t.Errorf("verify: %d %v %v", n, wrong, err)
		}
		old := h.one(`SELECT sha FROM archive_package WHERE body_id = $1`, body)
		h.moved(decision+"/giay-to", "giay", "phieu-gui", "ngay", "2026-12-01", "nguoi-ky", paperSigner)
		h.moved(base+"/luu-tru", "co-quan", body, "nam", "2026")
		h.ok(h.s.Jobs.Drain(h.ctx))
		now := h.one(`SELECT sha FROM archive_package WHERE body_id = $1`, body)
		named, err := h.s.Archive.Named(h.ctx, []string{old, now})
		if h.ok(err); named[old] || !named[now] || old == now {
			t.Errorf("old %s, new %s: named %v", old, now, named)
		}
		if _, err := os.Stat(filepath.Join(unpacked(t, h.get(officer, fetch)), "phieu-gui", "0001.pdf")); err != nil {
			t.Error(err)
		}
	})
}

// unpacked is where the files of a fetched package lie, after unzip and sha256sum found it whole.
func unpacked(t *testing.T, a answer) string {
	t.Helper()
	if a.code != http.StatusOK || a.head.Get("Content-Type") != "application/zip" {
		t.Fatalf("fetching: %d", a.code)
	}
	file := papertest.Keep(t, "luu-tru.zip", []byte(a.raw))
	if said := papertest.Run(t, "unzip", "-t", file); !strings.Contains(said, "No errors detected") {
		t.Errorf("unzip: %s", said)
	}
	dir := t.TempDir()
	papertest.Run(t, "unzip", "-q", file, "-d", dir)
	papertest.Run(t, "sh", "-c", "cd '"+dir+"' && sha256sum --strict --quiet -c SHA256SUMS")
	return dir
}

func checkPackage(t *testing.T, h *house, dir, decision string) {
	t.Helper()
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read("danh-muc.csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(rows[0], []string{"Tệp", "Số, ký hiệu", "Ngày", "Trích yếu nội dung", "Số trang", "SHA-256"}) {
		t.Errorf("head %q", rows[0])
	}
	listed := map[string]bool{}
	for _, row := range rows[1:] {
		listed[row[0]] = true
		file := filepath.Join(dir, row[0])
		papertest.Run(t, "qpdf", "--check", file)
		if info := papertest.Run(t, "pdfinfo", file); !strings.Contains(strings.Join(strings.Fields(info), " "), "Pages: "+row[4]+" ") {
			t.Errorf("%s has not %s pages: %s", row[0], row[4], info)
		}
		if text := papertest.Run(t, "pdftotext", file, "-"); !strings.Contains(text, row[1]) {
			t.Errorf("%s does not bear %s", row[0], row[1])
		}
		if !strings.Contains(read(row[0]), "<pdfaid:part>2</pdfaid:part>") || !strings.Contains(read("SHA256SUMS"), row[5]+"  "+row[0]+"\n") {
			t.Errorf("%s is no PDF/A or has another sum", row[0])
		}
	}
	for _, want := range []string{"quyet-dinh/0001.pdf", "quyet-dinh/0002.pdf", "to-trinh/0001.pdf", "thong-bao/0001.pdf"} {
		if !listed[want] {
			t.Errorf("no %s in %v", want, listed)
		}
	}
	if text := papertest.Run(t, "pdftotext", filepath.Join(dir, "quyet-dinh/0001.pdf"), "-"); !strings.Contains(text, "Hà Văn Chiến") {
		t.Error("the decision has not its list")
	}
	if book := read("so/so-quyet-dinh.csv"); strings.Count(book, "\r\n") != 3 {
		t.Errorf("the register of two decisions:\n%s", book)
	}
	for name, want := range map[string]int{"quyet-dinh": 2, "danh-hieu": h.count(`SELECT count(*) FROM title`), "van-ban": 2} {
		n := 0
		for d := json.NewDecoder(strings.NewReader(read("du-lieu/" + name + ".jsonl"))); ; n++ {
			var x map[string]any
			if err := d.Decode(&x); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if name == "quyet-dinh" && n == 0 && (x["id"] != decision[strings.LastIndexByte(decision, '/')+1:] || x["files"].([]any)[0] != "quyet-dinh/0001.pdf") {
				t.Errorf("record %v", x)
			}
		}
		if n != want {
			t.Errorf("%s: %d records, not %d", name, n, want)
		}
	}
}

// Who may not decide for a body has no package made, and who may not see its records fetches none; a year or body that is not there is not found.
func TestPackageOfOthers(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h, body, _ := busy(t, db)
		h.account(neighbour, identity.CommuneOfficer, vietTri)
		h.account(viewer, identity.Viewer, hyCuong)
		h.account(volunteer, identity.AreaVolunteer, h.area)
		base := "/quyet-dinh/" + hyCuong + "/luu-tru"
		for who, want := range map[string]int{neighbour: 403, viewer: 403, volunteer: 403, officer: 303} {
			if a := h.post(who, base, "co-quan", body, "nam", "2026"); a.code != want {
				t.Errorf("%s asks: %d", who, a.code)
			}
		}
		h.ok(h.s.Jobs.Drain(h.ctx))
		for who, want := range map[string]int{neighbour: 403, viewer: 200, volunteer: 403, officer: 200, province: 200} {
			if a := h.get(who, base+"?co-quan="+body+"&nam=2026"); a.code != want {
				t.Errorf("%s fetches: %d", who, a.code)
			}
		}
		other := "/quyet-dinh/" + vietTri + "/luu-tru"
		for path, who := range map[string]string{other + "?co-quan=" + body + "&nam=2026": neighbour, base + "?co-quan=x&nam=2026": officer, base + "?co-quan=" + body + "&nam=x": officer,
			base + "?co-quan=" + body + "&nam=2025": officer, base + "?nam=2026": officer} {
			if a := h.get(who, path); a.code != 404 {
				t.Errorf("%s: %d", path, a.code)
			}
		}
		if a := h.post(neighbour, other, "co-quan", body, "nam", "2026"); a.code != 404 {
			t.Errorf("asked through another place: %d", a.code)
		}
		idle := recognition.BodyID(recognition.BodyCommitteeCommune, hyCuong)
		if a := h.post(officer, base, "co-quan", idle, "nam", "2026"); a.code != 409 || !strings.Contains(a.body, "chưa ban hành văn bản nào năm 2026") {
			t.Errorf("an empty year: %d %.200s", a.code, words(a.body))
		}
		if _, err := h.s.Archive.Ask(h.ctx, h.actors[viewer], archive.Task{BodyID: body, Year: 2026}); fault.KindOf(err) != fault.KindDenied {
			t.Errorf("the verb: %v", err)
		}
	})
}

// Many who ask at once get one job; one that is cut off offers nothing and is made anew.
func TestPackageCutOff(t *testing.T) {
	placetest.Each(t, func(t *testing.T, db *store.DB) {
		h, body, _ := busy(t, db)
		task := archive.Task{BodyID: body, Year: 2026, At: "https://hoctap.example"}
		ids := make([]string, 8)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				var err error
				if ids[i], err = h.s.Archive.Ask(h.ctx, h.actors[officer], task); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if slices.Sort(ids); ids[0] != ids[7] || h.count(`SELECT count(*) FROM job WHERE kind = 'archive'`) != 1 {
			t.Errorf("jobs %v", ids)
		}
		j, err := h.s.Jobs.Get(h.ctx, ids[0])
		h.ok(err)
		ctx, cut := context.WithCancel(h.ctx)
		for name, write := range map[string]func(context.Context, io.Writer) (int, error){
			"an error": func(_ context.Context, w io.Writer) (int, error) {
				io.WriteString(w, "half")
				return 0, errors.New("disk")
			},
			"a panic": func(_ context.Context, w io.Writer) (int, error) { io.WriteString(w, "half"); panic("cut") },
			"cut off": func(ctx context.Context, w io.Writer) (int, error) {
				io.WriteString(w, "half")
				cut()
				return 0, ctx.Err()
			},
			"no one row": nil,
		} {
			of, at := ctx, task
			if write == nil {
				of, at.Year = h.ctx, 2031
				write = func(_ context.Context, w io.Writer) (int, error) { _, err := io.WriteString(w, "whole"); return 1, err }
			}
			if err := h.s.Archive.Keep(of, &j, at, write); err == nil {
				t.Errorf("%s: kept", name)
			}
			if n := h.count(`SELECT count(*) FROM archive_package WHERE sha <> ''`); n != 0 {
				t.Errorf("%s: offered", name)
			}
		}
		h.ok(h.s.Jobs.Drain(h.ctx))
		if n, err := strconv.Atoi(h.one(`SELECT files FROM archive_package WHERE body_id = $1`, body)); err != nil || n < 8 {
			t.Errorf("%d files, %v", n, err)
		}
	})
}
