// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package decisions

import (
	"errors"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/signature"
	"hoctap/internal/web/lang"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// The desktop tools of tokens (VGCA Sign Service and its kin) listen on this machine; the page tells them where to fetch the file and where to bring it,
// and they do both by themselves, without a session. The two addresses carry all that is needed, so these routes look at no cookie.

// ToolPath begins the addresses that desktop tools use. Package web lets what comes there pass from any origin.
const ToolPath = "/cong-cu-ky/"

// toolSockets is where the tools listen.
const toolSockets = "ws://127.0.0.1:8987 wss://127.0.0.1:8987"

// openTool lets the script of this one page speak to the tool.
func openTool(h http.Header) {
	const policy, own = "Content-Security-Policy", "connect-src 'self'" // a second connect-src would not count
	h.Set(policy, strings.Replace(h.Get(policy), own, own+" "+toolSockets, 1))
}

// offerView is the pair of addresses as the page shows them.
type offerView struct {
	Source, Upload string
	Until          time.Time
	Path           string // of the tool: the head signs, the clerk puts the seal on
	Number         string
}

// toolVerbs are what the tool calls the two signatures.
var toolVerbs = map[signature.Kind]string{signature.Person: "SignApproved", signature.Seal: "SignIssued"}

// offerTool makes the addresses and shows them with the script that calls the tool.
func offerTool(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	x, g, err := signingOf(v)
	if err != nil {
		return againSigning(v, err)
	}
	offer, err := v.Signature.Offer(v.Ctx(), v.Actor, x.Target, stepOf(v))
	if err != nil {
		return againSigning(v, err)
	}
	return signingPage(v, http.StatusOK, nil, &offerView{Source: papers.Link(v, ToolPath+offer.Source+"/"+url.PathEscape(x.Name)+".pdf"), Upload: papers.Link(v, ToolPath+offer.Upload),
		Until: offer.Until, Path: toolVerbs[g.Next()], Number: x.Number})
}

// tool answers desktop tools.
type tool struct{ limiter *site.Limiter }

// toolAnswer is what they read.
type toolAnswer struct {
	Status     bool
	Message    string
	FileName   string
	FileServer string
}

// source sends the file to sign. The name in the address is for tools that go by its ending.
func (t tool) source(v *site.Visit) error {
	if !t.allow(v) {
		return nil
	}
	ticket, err := v.Signature.SourceTicket(v.Ctx(), v.Path("token"), v.Address())
	if err != nil {
		return err
	}
	r, _, err := ticket.File(v.Ctx())
	if err != nil {
		return err
	}
	defer r.Close()
	return v.File("ky-so.pdf", site.PDF, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
}

// upload takes the signed file. The token is looked at before the body is: who has none sends nothing far.
func (t tool) upload(v *site.Visit) error {
	if !t.allow(v) {
		return nil
	}
	ticket, err := v.Signature.UploadTicket(v.Ctx(), v.Path("token"), v.Address())
	if err != nil {
		v.W.Header().Set("Connection", "close")
		return t.refuse(v, err)
	}
	file, err := uploaded(v.R)
	if err != nil {
		return t.refuse(v, err)
	}
	if _, err := ticket.Accept(v.Ctx(), file); err != nil {
		return t.refuse(v, err)
	}
	return v.JSON(toolAnswer{Status: true, FileName: ticket.Name(), FileServer: ticket.Name()})
}

// refuse says in the tool's form what is wrong; a failure of ours goes the usual way into the log.
func (t tool) refuse(v *site.Visit, err error) error {
	if fault.Ours(err) {
		return err
	}
	sentence, _ := lang.Fault(papers.Vi(v.Ctx()), err)
	return v.JSON(toolAnswer{Message: sentence}) // tools read the answer only when the status is 200
}

func (t tool) allow(v *site.Visit) bool {
	ok, wait := t.limiter.Allow(v.Address())
	if !ok {
		v.W.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		v.W.WriteHeader(http.StatusTooManyRequests)
	}
	return ok
}

// uploaded reads the part "uploadfile", in memory and no longer than a signed file may be.
func uploaded(r *http.Request) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, &fault.Fault{Kind: fault.KindInvalid, Key: "signature.no_file"}
		}
		if err != nil {
			return nil, broken(err)
		}
		if part.FormName() == "uploadfile" {
			return readPart(part)
		}
	}
}

func readPart(part *multipart.Part) ([]byte, error) {
	b, err := io.ReadAll(part)
	if err != nil {
		return nil, broken(err)
	}
	return b, nil
}

// broken is the answer to a body that ended early, is no form, or is too large.
func broken(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.TooMuch("request.too_big")
	}
	return &fault.Fault{Kind: fault.KindInvalid, Key: "request.not_form"}
}
