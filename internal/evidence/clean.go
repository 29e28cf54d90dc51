// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"hoctap/internal/fault"
)

const (
	fullSide    = 2000 // pixels, longer side
	fullQuality = 82

	thumbW, thumbH = 320, 240
	thumbBytes     = 12_000

	// A progressive picture is decoded once per scan, and an empty scan costs a dozen bytes.
	maxScans = 100
)

// memory is shared by all cleaning in the process: how many run at once depends on what they need.
var memory = semaphore.NewWeighted(memoryBudget)

// Picture is a cleaned picture: pixels only, upright, nothing of the original's metadata.
type Picture struct {
	Full    []byte // JPEG, longer side at most 2000 pixels
	Thumb   []byte // JPEG, 320 × 240 from the middle, at most 12,000 bytes
	W, H    int    // of Full
	TakenAt time.Time
	Pixels  string // SHA-256 of the pixels of Full before compression
	Look    Look
}

// Clean decodes the picture in r and makes it anew. It fails with fault.KindInvalid or KindTooMuch when the
// picture is damaged or passes a limit. It waits while other pictures fill the memory set aside, and
// stops with ctx.
func Clean(ctx context.Context, r io.Reader, kind Kind) (p Picture, err error) {
	defer fault.Wrap(&err, "evidence.Clean(%s)", kind)
	data, err := io.ReadAll(io.LimitReader(r, kind.Limit()+1))
	if err != nil {
		return p, err
	}
	if int64(len(data)) > kind.Limit() {
		return p, tooLarge(kind, "")
	}
	h, err := readHeader(kind, data)
	if err != nil {
		return p, refused("damaged", "name", "")
	}
	if err := h.check(kind, ""); err != nil {
		return p, err
	}
	if hidden(data) {
		return p, refused("two_faces", "name", "")
	}
	if kind == JPEG && jpegScans(data) > maxScans {
		return p, refused("damaged", "name", "")
	}
	need := min(h.cost()+int64(len(data)), memoryBudget)
	if err := memory.Acquire(ctx, need); err != nil {
		return p, err
	}
	defer memory.Release(need)
	img, err := decode(kind, data)
	if err != nil {
		return p, refused("damaged", "name", "")
	}
	if err := ctx.Err(); err != nil {
		return p, err
	}
	orientation, taken := metadata(kind, data)
	c := shrunk(img).turn(orientation)
	p = Picture{W: c.y.w, H: c.y.h, TakenAt: taken, Pixels: c.hash(), Look: lookOf(c.y)}
	if p.Full, err = c.encode(fullQuality); err != nil {
		return p, err
	}
	p.Thumb, err = c.thumb()
	return p, err
}

// decode turns a decoder's panic into an error: the bytes are a stranger's, and one bad picture must not
// end the worker.
func decode(kind Kind, data []byte) (img image.Image, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("decoder: %v", v)
		}
	}()
	r := bytes.NewReader(data)
	switch kind {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case WebP:
		if img, err = webp.Decode(r); err == nil {
			widen(img)
		}
		return img, err
	}
	return gif.Decode(r)
}

// widen brings a lossy WebP from the range of video (16 to 235, RFC 6386, 9.2) to that of JPEG, in place:
// the decoder hands it out as it is, and black would come out grey.
func widen(img image.Image) {
	var m *image.YCbCr
	switch v := img.(type) {
	case *image.YCbCr:
		m = v
	case *image.NYCbCrA:
		m = &v.YCbCr
	default:
		return
	}
	var light, colour [256]byte
	for i := range 256 {
		light[i] = byte(max(0, min(255, ((i-16)*255+109)/219)))
		colour[i] = byte(max(0, min(255, 128+(i-128)*255/224)))
	}
	for i, v := range m.Y {
		m.Y[i] = light[v]
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = colour[m.Cb[i]], colour[m.Cr[i]]
	}
}

// channels is an upright picture as JPEG stores it: brightness, and two colours at half size.
type channels struct{ y, cb, cr plane }

func (c channels) turn(orientation int) channels {
	return channels{c.y.turn(orientation), c.cb.turn(orientation), c.cr.turn(orientation)}
}

func (c channels) hash() string {
	h := sha256.New()
	var size [8]byte
	binary.BigEndian.PutUint32(size[:], uint32(c.y.w))
	binary.BigEndian.PutUint32(size[4:], uint32(c.y.h))
	h.Write(size[:])
	h.Write(c.y.pix)
	h.Write(c.cb.pix)
	h.Write(c.cr.pix)
	return hex.EncodeToString(h.Sum(nil))
}

func (c channels) encode(quality int) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, &image.YCbCr{
		Y: c.y.pix, Cb: c.cb.pix, Cr: c.cr.pix, YStride: c.y.w, CStride: c.cb.w,
		SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rect(0, 0, c.y.w, c.y.h),
	}, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// thumb cuts 4:3 out of the middle and lowers the quality until the bytes fit.
func (c channels) thumb() ([]byte, error) {
	w, h := c.y.w, c.y.h
	if w*thumbH > h*thumbW {
		w = max(1, h*thumbW/thumbH)
	} else {
		h = max(1, w*thumbH/thumbW)
	}
	// Even offsets keep both colours on the pixels they belong to.
	x, y := (c.y.w-w)/2&^1, (c.y.h-h)/2&^1
	half := func(p plane) plane {
		cw, ch := min((w+1)/2, p.w-x/2), min((h+1)/2, p.h-y/2)
		return p.crop(x/2, y/2, cw, ch).to(thumbW/2, thumbH/2)
	}
	small := channels{c.y.crop(x, y, w, h).to(thumbW, thumbH), half(c.cb), half(c.cr)}
	for quality := 78; ; quality -= 12 {
		out, err := small.encode(quality)
		if err != nil || len(out) <= thumbBytes || quality < 12 {
			return out, err
		}
	}
}
