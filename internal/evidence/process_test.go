// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"hoctap/internal/blob"
	"hoctap/internal/evidence"
	"hoctap/internal/fault"
)

func newStore(t testing.TB) blob.Store {
	t.Helper()
	s, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func count(t testing.TB, s blob.Store) (n int) {
	t.Helper()
	if err := s.Walk(t.Context(), func(blob.Info) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func bytesOf(t testing.TB, s blob.Store, ref blob.Ref) []byte {
	t.Helper()
	r, _, err := s.Open(t.Context(), ref.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPictureFromArrivalToShowing(t *testing.T) {
	store := newStore(t)
	jpg := withEXIF(encodeJPEG(t, photo(800, 600, 5), 92), exif(binary.LittleEndian, 6, "2025:11:20 19:42:05", "+07:00"))
	got, err := evidence.Receive(t.Context(), store, iotest.OneByteReader(bytes.NewReader(jpg)), `C:\ảnh\góc học tập.JPG`)
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != evidence.JPEG || got.W != 800 || got.H != 600 || got.Size != int64(len(jpg)) || got.Name != "góc học tập.JPG" {
		t.Fatalf("received %+v", got)
	}
	if !bytes.Equal(bytesOf(t, store, got.Ref), jpg) {
		t.Fatal("the original was changed")
	}
	done, err := evidence.Process(t.Context(), store, got)
	if err != nil {
		t.Fatal(err)
	}
	if done.W != 600 || done.H != 800 || done.Original != got.Ref || done.TakenAt.IsZero() || done.Look == 0 {
		t.Fatalf("processed %+v", done)
	}
	if bytes.Contains(bytesOf(t, store, done.Full), []byte("SECRET")) {
		t.Fatal("metadata survived")
	}
	again, err := evidence.Process(t.Context(), store, got)
	if err != nil || again != done {
		t.Fatalf("second time %+v, %v", again, err)
	}
	if n := count(t, store); n != 3 { // original, full, thumb
		t.Fatalf("%d files", n)
	}
}

func TestReceiveStoresNothingItRefuses(t *testing.T) {
	store := newStore(t)
	broken := errors.New("line dropped")
	jpg := encodeJPEG(t, photo(40, 30, 5), 92)
	for _, c := range []struct {
		name string
		r    io.Reader
		key  string
	}{
		{"page", strings.NewReader("<!doctype html>"), "web_page"},
		{"picture without size", bytes.NewReader(jpg[:20]), "damaged"},
		{"huge picture", bytes.NewReader(bombPNG(30_000, 2, 0)), "side"},
		{"endless picture", io.MultiReader(bytes.NewReader(jpg), io.LimitReader(zeros{}, 1<<40)), "picture_large"},
		{"endless document", io.MultiReader(bytes.NewReader(docx(t)), io.LimitReader(zeros{}, 1<<40)), "document_large"},
	} {
		_, err := evidence.Receive(t.Context(), store, c.r, "a.jpg")
		if keyOf(err) != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := evidence.Receive(t.Context(), store, io.MultiReader(bytes.NewReader(jpg), iotest.ErrReader(broken)), "a.jpg"); !errors.Is(err, broken) {
		t.Errorf("broken line: %v", err)
	}
	if n := count(t, store); n != 0 {
		t.Errorf("%d files stored", n)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestDocuments(t *testing.T) {
	deep := strings.Repeat("0 ", 30<<20)
	store := newStore(t)
	manyPages := strings.Repeat("<< /Type /Page >>\n", 301)
	for _, c := range []struct {
		name string
		body []byte
		key  string // "" when accepted
	}{
		{"plain PDF", pdf("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 >>", "<< /Type /Page >>", stream("/Filter /FlateDecode", flate("BT (xin chao) Tj ET"))), ""},
		{"PDF with packed objects", pdf("<< /Type /Catalog >>", stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", flate("9 0 << /Type /Page >>"))), ""},
		{"blank scans are no object lists", pdf(stream("/Subtype /Image /Filter /FlateDecode", flate(strings.Repeat("\x00", 40<<20)))), ""},
		{"script", pdf("<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), "pdf_active"},
		{"script under an escaped name", pdf("<< /OpenAction << /S /J#61vaScri#70t >> >>"), "pdf_active"},
		{"script in packed objects", pdf(stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", flate("9 0 << /S /JavaScript >>"))), "pdf_active"},
		{"script in packed objects of a lying dictionary", pdf(stream("/Type /ObjStm /X (obj) "+strings.Repeat(" ", 9000)+"/Filter /FlateDecode", flate("9 0 << /S /JavaScript >>"))), "pdf_active"},
		{"packed objects out of sight", pdf(stream("/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]", "00")), "pdf_odd"},
		{"launch", pdf("<< /A << /S /Launch /F (cmd.exe) >> >>"), "pdf_active"},
		{"attached file", pdf("<< /Names << /EmbeddedFiles 3 0 R >> >>"), "pdf_attachment"},
		{"locked PDF", pdf("<< /Encrypt 3 0 R >>"), "pdf_locked"},
		{"301 pages", pdf(manyPages), "pdf_pages"},
		{"PDF bomb", pdf(stream("/Type /ObjStm /Filter /FlateDecode", flate(deep))), "bomb"},
		{"PDF cut off", pdf("<< /Type /Catalog >>")[:40], "damaged"},
		{"PDF that is a zip", append(pdf("<< >>"), zipOf(t, entry{"a", "b"})...), "two_faces"},

		{"plain DOCX", docx(t, entry{"word/_rels/document.xml.rels", relation("hyperlink", "External")}), ""},
		{"DOCX with a linked picture", docx(t, entry{"word/_rels/document.xml.rels", relation("image", "External")}), ""},
		{"plain XLSX", zipOf(t, entry{"[Content_Types].xml", "<Types/>"}, entry{"xl/workbook.xml", "<w/>"}), ""},
		{"plain ODT", zipOf(t, entry{"mimetype", odtType}, entry{"content.xml", "<o/>"}, entry{"META-INF/manifest.xml", "<m/>"}), ""},
		{"plain ODS", zipOf(t, entry{"mimetype", odsType}, entry{"content.xml", "<o/>"}), ""},
		{"macros", docx(t, entry{"word/vbaProject.bin", "x"}), "office_macro"},
		{"macros by type", zipOf(t, entry{"[Content_Types].xml", strings.Replace(wordTypes, "wordprocessingml.document.main", "ms-word.document.macroEnabled.main", 1)}, entry{"word/document.xml", "<w/>"}), "office_macro"},
		{"ActiveX", docx(t, entry{"word/activeX/activeX1.bin", "x"}), "office_macro"},
		{"program inside", docx(t, entry{"word/embeddings/a.EXE", "MZ"}), "office_macro"},
		{"ODT macros", zipOf(t, entry{"mimetype", odtType}, entry{"content.xml", "<o/>"}, entry{"Basic/Standard/Module1.xml", "x"}), "office_macro"},
		{"locked ODT", zipOf(t, entry{"mimetype", odtType}, entry{"content.xml", "x"}, entry{"META-INF/manifest.xml", "<manifest:encryption-data/>"}), "office_locked"},
		{"template from elsewhere", docx(t, entry{"word/_rels/settings.xml.rels", relation("attachedTemplate", "External")}), "office_remote"},
		{"object from elsewhere", docx(t, entry{"word/_rels/document.xml.rels", relation("oleObject", "external")}), "office_remote"},
		{"relations that are no XML", docx(t, entry{"word/_rels/document.xml.rels", "<a"}), "damaged"},
		{"DOCX bomb", docx(t, entry{"word/media/a.bin", strings.Repeat("\x00", 64<<20)}), "bomb"},
		{"two parts of one name", docx(t, entry{"word/document.xml", "<other/>"}), "damaged"},
		{"DOCX without its text", zipOf(t, entry{"[Content_Types].xml", wordTypes}, entry{"word/other.xml", "x"}), "damaged"},
		{"DOCX cut off", docx(t)[:300], "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := evidence.Receive(t.Context(), store, bytes.NewReader(c.body), "tài liệu.bin")
			if err != nil {
				t.Fatal(err)
			}
			done, err := evidence.Process(t.Context(), store, got)
			if c.key == "" {
				if err != nil || done.Full != got.Ref || done.Thumb != (blob.Ref{}) {
					t.Fatalf("%+v, %v", done, err)
				}
				if !bytes.Equal(bytesOf(t, store, done.Full), c.body) {
					t.Fatal("the document was changed")
				}
				return
			}
			if keyOf(err) != c.key || done != (evidence.Processed{}) {
				t.Fatalf("got %+v, %v; want %s", done, err, c.key)
			}
			f, _ := errors.AsType[*fault.Fault](err)
			if f.Fields[0].Args["name"] != "tài liệu.bin" {
				t.Errorf("the refusal names %v", f.Fields[0].Args)
			}
		})
	}
}

func relation(sort, mode string) string {
	return strings.NewReplacer("%s\" Target", sort+"\" Target", "Mode=\"%s", "Mode=\""+mode).Replace(relations)
}

func FuzzDocuments(f *testing.F) {
	f.Add(pdf("<< /Type /Catalog >>", stream("/Type /ObjStm /Filter /FlateDecode", flate("9 0 << /Type /Page >>"))))
	f.Add(pdf("<< /S /J#61vaScript >>"))
	f.Add(docx(f, entry{"word/_rels/document.xml.rels", relation("hyperlink", "External")}))
	f.Add(zipOf(f, entry{"mimetype", odtType}, entry{"content.xml", "x"}))
	store := newStore(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := evidence.Receive(t.Context(), store, bytes.NewReader(body), "a")
		if err == nil {
			_, err = evidence.Process(t.Context(), store, got)
		}
		if kind := fault.KindOf(err); err != nil && kind != fault.KindInvalid && kind != fault.KindTooMuch {
			t.Fatal(err)
		}
	})
}
