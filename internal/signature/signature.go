// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package signature owns electronic signatures (chữ ký số) on what a body has issued: who may sign for it, the PDF that is
// signed, and the signed files that were accepted. The signer comes first, the body's seal on top; every file begins with the
// one before it, byte for byte, so that what was frozen cannot change on its way.
//
// It believes no file: each is judged by package paper/sign before anything changes. It must not know how a paper is written
// or how a page looks; edges print the PDF and hand it in.
package signature

import (
	"crypto/x509"
	"time"

	"hoctap/internal/blob"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
)

// Service keeps signers and signed files.
type Service struct {
	db          *store.DB
	blobs       blob.Store
	identity    *identity.Service
	places      *place.Service
	recognition *recognition.Service
	roots       *x509.CertPool
	now         func() time.Time

	// Face is a TrueType face for the line that tells beside a signature who signed and when; without one no line is printed. Set it before the first request.
	Face []byte
}

// New returns a Service that trusts no authority yet, see Trust.
func New(db *store.DB, blobs blob.Store, identity *identity.Service, places *place.Service, recognition *recognition.Service, now func() time.Time) *Service {
	return &Service{db: db, blobs: blobs, identity: identity, places: places, recognition: recognition, now: now}
}

// Trust sets the authorities whose certificates are believed, from a PEM file's bytes; it is called once, before the first
// request. It fails with fault.Invalid when no certificate is in it.
func (s *Service) Trust(pem []byte) error {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return fault.Invalid(fault.Field("sign-roots", "signature.roots"))
	}
	s.roots = roots
	return nil
}

// Ready says whether the administrator has named the authorities to trust; without them nothing is signed.
func (s *Service) Ready() bool { return s.roots != nil }

func (s *Service) ready() error {
	if s.roots == nil {
		return fault.Conflict("signature.no_roots")
	}
	return nil
}

// Kind is what a signature stands for.
type Kind string

// The kinds of signature, in the order in which they are made.
const (
	Person Kind = "person" // who has the authority to sign
	Seal   Kind = "seal"   // the body itself (con dấu)
)

// next is the kind of signature that comes after steps; "" when there is none left.
func next(steps int) Kind {
	switch steps {
	case 0:
		return Person
	case 1:
		return Seal
	}
	return ""
}

// Target names what is signed: a decision, with PaperID an outgoing paper that goes with it, or by PaperID alone one that goes with none.
type Target struct{ DecisionID, PaperID string }

func (t Target) id() string {
	if t.PaperID != "" {
		return t.PaperID
	}
	return t.DecisionID
}

// Signing is an issued paper on its way to being signed.
type Signing struct {
	ThingID    string
	Thing      string // "decision", "paper"
	DecisionID string
	BodyID     string
	PlaceID    string
	SourceSHA  string // the file before any signature; "" before signing began
	SourceSize int64
	Spot       pdf.Spot
	Steps      int // signatures accepted
	Complete   bool
	ByID       string
	BegunAt    time.Time
	Files      []File // accepted ones, in their order

	issuedAt time.Time // when the number was given: nobody can have signed before
	void     bool      // issued by mistake: nobody signs it any more
	number   string
}

// Next is the kind of the signature that is to come; "" when none is left to make.
func (g *Signing) Next() Kind { return next(g.Steps) }

// Signed is the accepted file of a kind, if there is one.
func (g *Signing) Signed(kind Kind) (f File, ok bool) {
	for _, f := range g.Files {
		if f.Kind == kind {
			return f, true
		}
	}
	return f, false
}

// last is the file that the next signature goes on top of.
func (g *Signing) last() (sha string) {
	if n := len(g.Files); n > 0 {
		return g.Files[n-1].SHA
	}
	return g.SourceSHA
}

// File is an accepted signed file.
type File struct {
	ThingID    string
	Step       int // from 1
	Kind       Kind
	SHA        string
	Size       int64
	SignerID   string
	Name       string // common name of the certificate
	Subject    string
	Serial     string
	SignedAt   time.Time // by the signer's own word
	ByID       string    // who brought the file
	AcceptedAt time.Time
}

const fileColumns = `f.thing_id, f.step, f.kind, f.sha, f.size, f.signer_id, f.name, f.subject, f.serial, f.signed_at, f.by_id, f.accepted_at`

func scanFile(sc store.Scanner) (f File, err error) {
	var signed, accepted int64
	err = sc.Scan(&f.ThingID, &f.Step, &f.Kind, &f.SHA, &f.Size, &f.SignerID, &f.Name, &f.Subject, &f.Serial, &signed, &f.ByID, &accepted)
	f.SignedAt, f.AcceptedAt = store.Time(signed), store.Time(accepted)
	return f, err
}
