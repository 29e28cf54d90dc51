// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"hoctap/internal/fault"
)

// refused is the fault of a file that breaks the rule named by key; pairs as in fault.Field.
func refused(key string, pairs ...any) error {
	return fault.Invalid(fault.Field("file", "evidence."+key, pairs...))
}

// Sniff decides the kind of a file from its first bytes, at best HeadSize of them. The name decides
// nothing in favour of a file: it only gives a better reason for refusing one. A refusal is a
// fault.KindInvalid on the field "file" whose key says what the file is and whose sentence says what to do.
func Sniff(head []byte, name string) (Kind, error) {
	kind, err := sniff(head, name)
	if err != nil {
		return "", err
	}
	if kind.IsPicture() && hidden(head) {
		return "", refused("two_faces", "name", name)
	}
	return kind, nil
}

func sniff(head []byte, name string) (Kind, error) {
	has := func(prefix string) bool { return bytes.HasPrefix(head, []byte(prefix)) }
	switch {
	case len(head) == 0:
		return "", refused("empty", "name", name)
	case has("\xff\xd8\xff"):
		return JPEG, nil
	case has("\x89PNG\r\n\x1a\n"):
		return PNG, nil
	case has("GIF87a"), has("GIF89a"):
		return GIF, nil
	case has("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return WebP, nil
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && isHEIF(head):
		return "", refused("heic", "name", name)
	case has("%PDF-"):
		return PDF, nil
	case has("PK\x03\x04"):
		return sniffZip(head, name)
	case has("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return "", refused("office_old", "name", name)
	}
	return "", refused(reasonFor(head, name), "name", name)
}

// isHEIF reads the brands of an ISO media file: still pictures of HEIF and AVIF, not video.
func isHEIF(head []byte) bool {
	size := min(int(binary.BigEndian.Uint32(head)), len(head), 256)
	for at := 8; at+4 <= size; at += 4 {
		switch string(head[at : at+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis":
			return true
		}
	}
	return false
}

// sniffZip tells office files from other archives by the entries that begin in head.
func sniffZip(head []byte, name string) (Kind, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam":
		return "", refused("office_macro", "name", name)
	}
	const odf = "application/vnd.oasis.opendocument."
	for i, entry := range zipEntries(head) {
		body := head[entry.body:]
		switch {
		case i == 0 && entry.name == "mimetype" && bytes.HasPrefix(body, []byte(odf+"textPK")):
			return ODT, nil
		case i == 0 && entry.name == "mimetype" && bytes.HasPrefix(body, []byte(odf+"spreadsheetPK")):
			return ODS, nil
		case strings.HasPrefix(entry.name, "word/"):
			return DOCX, nil
		case strings.HasPrefix(entry.name, "xl/"):
			return XLSX, nil
		case strings.HasPrefix(entry.name, "ppt/"):
			return PPTX, nil
		case entry.name == "AndroidManifest.xml", entry.name == "META-INF/MANIFEST.MF":
			return "", refused("program", "name", name)
		}
	}
	return "", refused("archive", "name", name)
}

type zipEntry struct {
	name string
	body int // offset of the entry's bytes
}

// zipEntries finds local headers by their signature, since a streamed archive does not say there how long
// its entries are. Office files keep nothing in stored form that could fake one before the real ones.
func zipEntries(head []byte) (entries []zipEntry) {
	for at := 0; at+30 <= len(head); {
		if bytes.HasPrefix(head[at:], []byte("PK\x03\x04")) {
			nameLen := int(binary.LittleEndian.Uint16(head[at+26:]))
			extra := int(binary.LittleEndian.Uint16(head[at+28:]))
			if body := at + 30 + nameLen + extra; body <= len(head) {
				entries = append(entries, zipEntry{string(head[at+30 : at+30+nameLen]), body})
			}
		}
		next := bytes.Index(head[at+4:], []byte("PK\x03\x04"))
		if next < 0 {
			return entries
		}
		at += 4 + next
	}
	return entries
}

// reasonFor names the sort of a file that is none of ours, so that the sentence can say what to do.
func reasonFor(head []byte, name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".exe", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".apk", ".scr", ".com", ".hta", ".lnk", ".sh", ".dll":
		return "program"
	}
	for m := mimetype.Detect(head); m != nil; m = m.Parent() {
		switch is := m.String(); {
		case strings.HasPrefix(is, "image/svg"):
			return "svg"
		case strings.HasPrefix(is, "text/html"), strings.HasPrefix(is, "application/xhtml"), strings.HasPrefix(is, "message/rfc822"), strings.HasPrefix(is, "multipart/"):
			return "web_page"
		case strings.HasPrefix(is, "image/"):
			return "picture_kind"
		case strings.HasPrefix(is, "video/"), strings.HasPrefix(is, "audio/"):
			return "media"
		}
		switch m.Extension() {
		case ".exe", ".elf", ".so", ".macho", ".sh", ".php", ".py", ".js", ".lua", ".pl", ".lnk", ".jar", ".class", ".wasm", ".deb", ".rpm", ".vbs":
			return "program"
		case ".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tar", ".cab", ".lz":
			return "archive"
		case ".rtf":
			return "office_old"
		case ".txt":
			return "text"
		}
	}
	return "unknown"
}
