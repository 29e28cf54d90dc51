// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sort"
)

// The write-ahead log of SQLite (sqlite.org/fileformat2.html#walformat): a head, then frames, each a page with its number. The last frame of a transaction
// says how many pages the database has then. Checksums run on from the head through all frames, and salts tell the frames of this log from older ones behind
// them: what does not fit is not there yet.
const (
	logHead   = 32
	frameHead = 24

	magicLittle = 0x377f0682 // checksums read words little-endian
	magicBig    = 0x377f0683
)

// position is a place between two frames of a log.
type position struct {
	Salt1, Salt2 uint32 // of the log; the first grows by one each time it is begun anew
	Frames       int64  // in front of it
	Sum1, Sum2   uint32 // checksum so far
}

func (p position) sameLog(q position) bool { return p.Salt1 == q.Salt1 && p.Salt2 == q.Salt2 }

// walLog reads a log that SQLite writes meanwhile.
type walLog struct{ path string }

// head is what a log says of itself.
type head struct {
	order binary.ByteOrder
	page  int
	start position
}

// head reads it; found is false while there is none that is whole.
func (l walLog) head() (h head, found bool, err error) {
	f, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return h, false, nil
	}
	if err != nil {
		return h, false, err
	}
	defer f.Close()
	h, found, err = readHead(f)
	return h, found, err
}

func readHead(f *os.File) (h head, found bool, err error) {
	var b [logHead]byte
	if _, err := f.ReadAt(b[:], 0); err != nil {
		if errors.Is(err, io.EOF) {
			return h, false, nil
		}
		return h, false, err
	}
	word := func(at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
	switch word(0) {
	case magicLittle:
		h.order = binary.LittleEndian
	case magicBig:
		h.order = binary.BigEndian
	default:
		return h, false, nil
	}
	h.page = int(word(8))
	h.start = position{Salt1: word(16), Salt2: word(20)}
	h.start.Sum1, h.start.Sum2 = checksum(h.order, 0, 0, b[:24])
	return h, h.start.Sum1 == word(24) && h.start.Sum2 == word(28) && h.page >= 512, nil
}

// frames is how many frames the log has, those of a transaction that is not over among them.
func (l walLog) frames() (h head, n int64, err error) {
	f, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return h, 0, nil
	}
	if err != nil {
		return h, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return h, 0, err
	}
	h, found, err := readHead(f)
	if err != nil || !found {
		return h, 0, err
	}
	size := int64(frameHead + h.page)
	// Frames of this log stand in front of those of older ones.
	n = int64(sort.Search(int((info.Size()-logHead)/size), func(i int) bool {
		var b [frameHead]byte
		_, failed := f.ReadAt(b[:], logHead+int64(i)*size)
		return failed != nil || binary.BigEndian.Uint32(b[8:]) != h.start.Salt1 || binary.BigEndian.Uint32(b[12:]) != h.start.Salt2
	}))
	return h, n, nil
}

func checksum(order binary.ByteOrder, s0, s1 uint32, b []byte) (uint32, uint32) {
	if order == binary.LittleEndian { // by far the most frequent: without a call for each word
		for ; len(b) >= 8; b = b[8:] {
			s0 += binary.LittleEndian.Uint32(b) + s1
			s1 += binary.LittleEndian.Uint32(b[4:]) + s0
		}
		return s0, s1
	}
	for ; len(b) >= 8; b = b[8:] {
		s0 += order.Uint32(b) + s1
		s1 += order.Uint32(b[4:]) + s0
	}
	return s0, s1
}

// reaches says whether the log on disk leads to a position: its frame in front of it is the one that was read then.
func (l walLog) reaches(p position) (bool, error) {
	f, err := os.Open(l.path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	h, found, err := readHead(f)
	if err != nil || !found || !h.start.sameLog(p) {
		return false, err
	}
	if p.Frames == 0 {
		return h.start == p, nil
	}
	var b [frameHead]byte
	if _, err := f.ReadAt(b[:], logHead+(p.Frames-1)*int64(frameHead+h.page)); err != nil {
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		return false, err
	}
	word := func(at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
	return word(4) != 0 && word(8) == p.Salt1 && word(12) == p.Salt2 && word(16) == p.Sum1 && word(20) == p.Sum2, nil
}

// begunAfter returns the start of the log that follows the one of p, if its first transaction wrote token and the log of p ended at p; else nil. Another
// program may have written behind p, and folded that, before the token was: then something was missed.
func (l walLog) begunAfter(p position, token string) (*position, error) {
	h, n, err := l.frames()
	if err != nil || n == 0 || n > p.Frames || h.start.Salt1 != p.Salt1+1 {
		return nil, err // with more frames than p has the end of its log is overwritten, and nothing is known
	}
	first, err := l.after(h.start, 1)
	if err != nil || first == nil {
		return nil, err
	}
	has := false
	for _, page := range first.pages {
		has = has || bytes.Contains(page, []byte(token))
	}
	if !has {
		return nil, nil
	}
	f, err := os.Open(l.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if missed, err := transactions(f, h, p, 1); err != nil || missed != nil {
		return nil, err
	}
	return &h.start, nil
}

// changes are pages as some transactions left them.
type changes struct {
	page  int
	pages map[uint32][]byte
	size  uint32 // of the database, in pages
	to    position
	more  bool // there were more transactions than was asked for
}

// after reads whole transactions behind a position, up to about most bytes, each page as the last of them left it; nil when there are none. It fails with
// errOtherLog when the log was begun anew.
func (l walLog) after(p position, most int64) (*changes, error) {
	f, err := os.Open(l.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, found, err := readHead(f)
	if err != nil {
		return nil, err
	}
	if !found || !h.start.sameLog(p) {
		return nil, errOtherLog
	}
	return transactions(f, h, p, most)
}

// transactions reads the frames of the log of p that stand behind it in a file with pages as h says, be they overwritten soon or not.
func transactions(f *os.File, h head, p position, most int64) (*changes, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(f, logHead+p.Frames*int64(frameHead+h.page), 1<<62), 256<<10)
	var done *changes
	open := map[uint32][]byte{} // of the transaction that is being read
	frame := make([]byte, frameHead+h.page)
	word := func(at int) uint32 { return binary.BigEndian.Uint32(frame[at:]) }
	for at := p; ; {
		if _, err := io.ReadFull(r, frame); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return done, nil
			}
			return nil, err
		}
		at.Sum1, at.Sum2 = checksum(h.order, at.Sum1, at.Sum2, frame[:8])
		at.Sum1, at.Sum2 = checksum(h.order, at.Sum1, at.Sum2, frame[frameHead:])
		if word(0) == 0 || word(8) != at.Salt1 || word(12) != at.Salt2 || word(16) != at.Sum1 || word(20) != at.Sum2 {
			return done, nil
		}
		at.Frames++
		if kept, ok := open[word(0)]; ok {
			copy(kept, frame[frameHead:])
		} else {
			open[word(0)] = append([]byte(nil), frame[frameHead:]...)
		}
		if size := word(4); size != 0 {
			if done == nil {
				done = &changes{page: h.page, pages: open}
			} else {
				for n, b := range open {
					done.pages[n] = b
				}
			}
			open = map[uint32][]byte{}
			done.size, done.to = size, at
			if int64(len(done.pages))*int64(h.page) >= most {
				done.more = true
				return done, nil
			}
		}
	}
}

var errOtherLog = errors.New("the log was begun anew")
