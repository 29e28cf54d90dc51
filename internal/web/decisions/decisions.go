// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package decisions holds the pages from the proposal list to the certificate in somebody's hand: what can be decided, the
// draft beside the paper it becomes, signing, printing, amending, revoking, the register of numbers, and the public
// page that says what a certificate's code stands for. The rules are package recognition's.
package decisions

import (
	"context"
	"fmt"
	"strings"

	"hoctap/internal/archive"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/job"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/signature"
	"hoctap/internal/web/papers"
	"hoctap/internal/web/site"
)

// formLimit is for lists with thousands of ticks.
const formLimit = 4 << 20

// Register adds the routes of this package.
func Register(m *site.Mux) {
	m.Signed("GET /quyet-dinh", index)
	m.Signed("GET /quyet-dinh/{place}", list)
	m.Signed("POST /quyet-dinh/{place}/co-quan", saveBody)
	m.Signed("POST /quyet-dinh/{place}/so", startRegister)
	m.Signed("GET /quyet-dinh/{place}/so", register)
	m.Signed("POST /quyet-dinh/{place}/luu-tru", askPackage)
	m.Signed("GET /quyet-dinh/{place}/luu-tru", fetchPackage)
	m.Jobs.Handle(archive.JobKind, func(ctx context.Context, j *job.Job) error { return makePackage(ctx, m.Site, j) })
	m.Signed("GET /quyet-dinh/{place}/de-nghi", propose)
	m.SignedUpTo("POST /quyet-dinh/{place}/de-nghi", formLimit, draft)
	m.Signed("GET /quyet-dinh/{place}/de-nghi/tai", requestFile)
	m.SignedUpTo("POST /quyet-dinh/{place}/de-nghi/tai", formLimit, requestFile)
	m.SignedUpTo("POST /quyet-dinh/{place}/de-nghi/to-trinh", formLimit, issueRequest)
	m.Signed("GET /quyet-dinh/{place}/de-nghi/to-trinh/{paper}", issuedRequest)
	m.Signed("POST /quyet-dinh/{place}/de-nghi/to-trinh/{paper}/huy", voidRequest)
	m.Signed("GET /quyet-dinh/{place}/{id}", show)
	m.Signed("POST /quyet-dinh/{place}/{id}", save)
	m.Signed("POST /quyet-dinh/{place}/{id}/ky", issue)
	m.Signed("POST /quyet-dinh/{place}/{id}/bo", discard)
	m.Signed("GET /quyet-dinh/{place}/{id}/in", printDecision)
	m.Signed("GET /quyet-dinh/{place}/{id}/tai", file)
	m.Signed("POST /quyet-dinh/{place}/{id}/giay-to", issuePaper)
	m.Signed("GET /quyet-dinh/{place}/{id}/giay-to/{paper}", issuedPaper)
	m.Signed("POST /quyet-dinh/{place}/{id}/giay-to/{paper}/huy", voidPaper)
	m.Signed("GET /quyet-dinh/{place}/{id}/giay", printCertificates)
	m.Signed("GET /quyet-dinh/{place}/{id}/giay/tai", certificateFile)
	m.Signed("GET /quyet-dinh/{place}/{id}/sua-doi", amend)
	m.SignedUpTo("POST /quyet-dinh/{place}/{id}/sua-doi", formLimit, draftLater)
	m.Signed("GET /mau-van-ban/{place}", templates)
	m.Signed("GET /mau-van-ban/{place}/{body}/{paper}", templateEditor)
	m.Signed("POST /mau-van-ban/{place}/{body}/{paper}", saveTemplate)
	m.Signed("GET /mau-van-ban/{place}/{body}/{paper}/xem", templatePreview)
	m.Signed("POST /mau-van-ban/{place}/{body}/{paper}/xem", templatePreview)
	m.Signed("GET /mau-van-ban/{place}/{body}/{paper}/ban", templateVersions)
	m.Signed("POST /mau-van-ban/{place}/{body}/{paper}/ban", restoreTemplate)
	m.Signed("GET /mau-van-ban/{place}/{body}/{paper}/tep", templateFile)
	m.SignedUpTo("POST /mau-van-ban/{place}/{body}/{paper}/tep", fileLimit, saveTemplateFile)
	m.Signed("GET /quyet-dinh/{place}/{id}/ky-so", signing)
	m.Signed("GET /quyet-dinh/{place}/{id}/ky-so/tep", signedFile)
	m.Signed("POST /quyet-dinh/{place}/{id}/ky-so/bat-dau", beginSigning)
	m.Signed("POST /quyet-dinh/{place}/{id}/ky-so/khoa", signWithKey)
	m.SignedUpTo("POST /quyet-dinh/{place}/{id}/ky-so/gui", signedLimit, takeSigned)
	m.Signed("POST /quyet-dinh/{place}/{id}/ky-so/cong-cu", offerTool)
	m.Signed("GET /giay-to/{paper}/ky-so", signing)
	m.Signed("GET /giay-to/{paper}/ky-so/tep", signedFile)
	m.Signed("POST /giay-to/{paper}/ky-so/bat-dau", beginSigning)
	m.Signed("POST /giay-to/{paper}/ky-so/khoa", signWithKey)
	m.SignedUpTo("POST /giay-to/{paper}/ky-so/gui", signedLimit, takeSigned)
	m.Signed("POST /giay-to/{paper}/ky-so/cong-cu", offerTool)
	t := tool{site.NewLimiter(m.Now, site.PerMinute)}
	m.Public("GET "+ToolPath+"{token}/{name}", t.source)
	m.PublicUpTo("POST "+ToolPath+"{token}", signedLimit, t.upload)
	c := checker{limiter: m.Codes, files: site.NewLimiter(m.Now, site.FilesPerMinute)}
	m.Public("GET /xac-minh", c.ask)
	m.Public("GET /xac-minh/{code}", c.answer)
	m.PublicUpTo("POST /xac-minh/{code}/tep", signature.MaxCheck+1<<20, c.file)
}

// verifyURL is the absolute address that answers for a code, with the seal that only paper carries.
func verifyURL(v *site.Visit, code recognition.Code) (string, error) {
	seal, err := v.Recognition.Seal(v.Ctx(), code)
	return papers.Link(v, site.With("/xac-minh/"+string(code), sealName, seal)), err
}

// sealName is the part of a printed address that holds its seal.
const sealName = "in"

// open reads the decision of the address and the place it is under; a decision of another place is not found there.
func open(v *site.Visit) (d recognition.Decision, p place.Place, err error) {
	if p, err = v.Here(identity.SeeRecords); err != nil {
		return d, p, err
	}
	d, err = v.Recognition.Decision(v.Ctx(), v.Actor, v.Path("id"))
	if err == nil && d.PlaceID != p.ID || fault.KindOf(err) == fault.KindDenied { // who may read here learns nothing of another place
		err = fault.NotFound("decision", v.Path("id"))
	}
	return d, p, err
}

// mayDecide says whether the actor may act on a decision: at its place and where its body sits. It is for what a page offers; the
// verbs check again.
func mayDecide(v *site.Visit, d *recognition.Decision, p place.Place) bool {
	return v.Actor.May(identity.Decide, p.Path) && v.Actor.Sits(identity.Decide, seatOf(d.BodyID))
}

// seatOf is the place of a body, see recognition.BodyID.
func seatOf(bodyID string) string {
	_, placeID, _ := strings.Cut(bodyID, "-")
	return placeID
}

// bodyKind is the kind of a body, see recognition.BodyID.
func bodyKind(bodyID string) string {
	kind, _, _ := strings.Cut(bodyID, "-")
	return kind
}

// committee says whether a body is a People's Committee and not an association.
func committee(bodyID string) bool { return strings.HasPrefix(bodyID, "ubnd") }

func base(placeID string) string { return "/quyet-dinh/" + placeID }

func address(d *recognition.Decision) string { return base(d.PlaceID) + "/" + d.ID }

// entryNo is a certificate's number in the list of its decision, as it stands on the certificate.
func entryNo(no int) string { return fmt.Sprintf("%04d", no) }
