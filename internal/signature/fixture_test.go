// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/big"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"software.sslmate.com/src/go-pkcs12"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/assessment"
	"hoctap/internal/blob"
	"hoctap/internal/criteria"
	"hoctap/internal/criteria/version"
	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/paper/pdf"
	"hoctap/internal/paper/sign"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/signature"
	"hoctap/internal/store"
	"hoctap/internal/store/storetest"
)

// issued is when the decision of every test got its number.
var issued = time.Date(2026, 12, 1, 9, 0, 0, 0, store.Zone)

const keyPassword = "mật khẩu của khóa"

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// authority is a self-made root that certifies invented people. All keys are made while the tests run.
type authority struct {
	key         crypto.Signer
	certificate *x509.Certificate
}

func newAuthority(name string) authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: issued.AddDate(-9, 0, 0), NotAfter: issued.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	return authority{key, must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, c, c, key.Public(), key))))}
}

// holder is somebody with a key.
type holder struct {
	key         crypto.Signer
	certificate *x509.Certificate
	root        *x509.Certificate
}

func (a authority) issue(name string, from, to time.Time) holder {
	return a.over(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), name, from, to)
}

func (a authority) over(key crypto.Signer, name string, from, to time.Time) holder {
	c := &x509.Certificate{SerialNumber: must(rand.Int(rand.Reader, big.NewInt(1<<62))), Subject: pkix.Name{CommonName: name, Organization: []string{"Hội Khuyến học xã Hy Cương"}},
		NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment}
	return holder{key, must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, c, a.certificate, key.Public(), a.key)))), a.certificate}
}

// file is the holder's key as a PKCS#12 file.
func (h holder) file() []byte {
	return must(pkcs12.Modern.WithIterations(2048).Encode(h.key, h.certificate, []*x509.Certificate{h.root}, keyPassword))
}

// sign puts the holder's signature behind a file, as a desktop tool does.
func (h holder) sign(file []byte, at time.Time) []byte {
	var b bytes.Buffer
	if err := sign.Sign(&b, file, must(sign.ReadPKCS12(h.file(), keyPassword)), at, sign.Place{}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (h holder) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.certificate.Raw})
}

// people are those of all tests: making keys takes longer than using them.
var people = sync.OnceValue(func() (p struct {
	root, foreign                          authority
	person, second, seal, stranger, abroad holder
}) {
	p.root, p.foreign = newAuthority("Gốc Thử"), newAuthority("Gốc Lạ")
	from, to := issued.AddDate(-1, 0, 0), issued.AddDate(1, 0, 0)
	p.person, p.second = p.root.issue("Nguyễn Văn Đức", from, to), p.root.issue("Phạm Thị Hai", from, to)
	p.seal, p.stranger = p.root.issue("Hội Khuyến học xã Hy Cương", from, to), p.root.issue("Nguyễn Văn Đức", from, to)
	p.abroad = p.foreign.over(p.person.key, "Nguyễn Văn Đức", from, to)
	return p
})

// world is a commune with an issued decision of its association.
type world struct {
	t        *testing.T
	ctx      context.Context
	db       *store.DB
	blobs    blob.Store
	identity *identity.Service
	places   *place.Service
	decided  *recognition.Service
	s        *signature.Service
	at       time.Time
	commune  string
	area     string
	body     string
	decision recognition.Decision
	officer  identity.Actor
}

// ready is a database with the decision in it, made once and copied for each test.
var ready = storetest.NewTemplate(func(ctx context.Context, db *store.DB) error {
	w := &world{ctx: ctx}
	files, reg, sets := w.wire(db)
	must(w.places.EnsureLoaded(ctx))
	must(sets.EnsureShipped(ctx, criteriadata.Files))
	w.ok(w.decided.EnsureSeal(ctx))
	w.officer = w.account("can-bo", identity.CommuneOfficer, w.commune)
	w.decide(files, reg)
	return nil
})

// build is the world of a test on a copy of the database.
func build(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), blobs: must(blob.Open(t.TempDir()))}
	w.wire(db)
	w.at = issued
	accounts, err := w.identity.At(w.ctx, w.commune)
	w.ok(err)
	w.officer = must(w.identity.Actor(w.ctx, accounts[0].ID, "127.0.0.1:1"))
	list, err := w.decided.Decisions(w.ctx, w.officer, recognition.Filter{PlaceID: w.commune})
	w.ok(err)
	w.decision = list[0]
	areas, err := w.places.Children(w.ctx, w.commune, "")
	w.ok(err)
	w.area = areas[len(areas)-1].ID
	return w
}

// wire puts the services over a database, on 18 November.
func (w *world) wire(db *store.DB) (files *assessment.Service, reg *registry.Service, sets *version.Service) {
	w.db, w.at, w.commune = db, time.Date(2026, 11, 18, 9, 0, 0, 0, store.Zone), place.OfficialID("08515", "2025-07-01")
	now := func() time.Time { return w.at }
	w.places, w.identity, sets = place.New(db, now), identity.New(db, now), version.New(db, now)
	reg = registry.New(db, w.places, now, func(ctx context.Context, tx *store.Tx, by identity.Actor, ev []registry.Event) error {
		return files.Follow(ctx, tx, by, ev)
	})
	files = assessment.New(db, w.places, sets, reg, now)
	w.decided = recognition.New(db, w.places, sets, reg, files, now)
	w.s = signature.New(db, w.blobs, w.identity, w.places, w.decided, now)
	w.decided.Gate = w.s.Gate
	w.body = recognition.BodyID(recognition.BodyAssociationCommune, w.commune)
	return files, reg, sets
}

func (w *world) ok(err error) {
	if w.t == nil { // while the database of all tests is made
		must(0, err)
		return
	}
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// account makes a person with a role.
func (w *world) account(login string, role identity.Role, placeID string) identity.Actor {
	path, err := w.places.Path(w.ctx, nil, placeID)
	w.ok(err)
	id, err := w.identity.Create(w.ctx, identity.System, identity.Draft{Login: login, Name: login, Password: "mat khau dung cho phep thu", Demo: true, Path: path, Grant: identity.Grant{Role: role, PlaceID: placeID}})
	w.ok(err)
	return must(w.identity.Actor(w.ctx, id, "127.0.0.1:1"))
}

// decide takes one family through the year and issues a decision on 1 December at nine.
func (w *world) decide(files *assessment.Service, reg *registry.Service) {
	r := assessment.Template(2026, place.OfficialID("25", "2025-07-01"))
	r.Title, r.State = "Đợt đánh giá năm 2026", assessment.RoundOpen
	round, err := files.SaveRound(w.ctx, identity.System, r)
	w.ok(err)
	area, err := w.places.CreateArea(w.ctx, identity.System, place.AreaDraft{CommuneID: w.commune, Name: "7", Kind: "Khu", From: "2025-07-01"})
	w.ok(err)
	w.area = area.ID
	_, err = reg.Save(w.ctx, identity.System, registry.Draft{PlaceID: area.ID, Model: registry.Family, Name: "Hà Văn Chiến", Number: "1", Members: 6, Adults: 4, Children: 2})
	w.ok(err)
	file := func() assessment.Assessment {
		list, _, err := files.InLeaf(w.ctx, identity.System, area.ID, round.ID, registry.Family)
		w.ok(err)
		return list[0]
	}
	a := file()
	w.ok(reg.SetEntries(w.ctx, identity.System, area.ID, 2026, registry.Entry{SubjectID: a.SubjectID, Key: "poverty_status", Value: "none", Source: "Rà soát"},
		registry.Entry{SubjectID: a.SubjectID, Key: "culture_family", Value: "true", Source: "Quyết định"}, registry.Entry{SubjectID: a.SubjectID, Key: registry.CitizenTitles, Value: "3", Source: "x"}))
	_, err = files.Register(w.ctx, identity.System, area.ID, round.ID, []string{a.ID}, time.Date(2026, 2, 14, 9, 0, 0, 0, store.Zone))
	w.ok(err)
	points := func(p criteria.Points) assessment.Mark { return assessment.Mark{Points: &p} }
	ticks := func(codes ...string) assessment.Mark { return assessment.Mark{Ticks: &codes} }
	a = file()
	_, err = files.Save(w.ctx, identity.System, assessment.Draft{PlaceID: a.PlaceID, ID: a.ID, Version: a.Version, Stage: assessment.StageSelf, Entry: assessment.Entry{
		Facts:  map[string]any{"children_attending": 2.0, "children_result_ok": 2.0, "adults_literate": 4.0, "adults_learned": 4.0},
		Scores: map[string]assessment.Mark{"A3": points(800), "C1": ticks("a", "b", "c", "d"), "C2": ticks("a", "b"), "D3": points(600)}, Gates: map[string]bool{"G3": true}}})
	w.ok(err)
	_, err = files.SaveMinutes(w.ctx, identity.System, assessment.Minutes{PlaceID: area.ID, RoundID: round.ID, Model: registry.Family, HeldOn: "2026-11-17", Chair: "Trưởng khu", Secretary: "Thư ký",
		Present: 20, Signed: assessment.Signatures{Branch: true, Front: true, Head: true}, Final: true}, nil)
	w.ok(err)
	_, err = files.Send(w.ctx, identity.System, area.ID, round.ID, registry.Family, nil)
	w.ok(err)
	_, err = files.Approve(w.ctx, w.officer, assessment.Key{PlaceID: a.PlaceID, ID: a.ID})
	w.ok(err)
	w.at = issued
	d, err := w.decided.SaveDraft(w.ctx, w.officer, recognition.Draft{Kind: recognition.KindRecognise, PlaceID: w.commune, RoundID: round.ID, Model: registry.Family,
		Items: []recognition.Choice{{AssessmentID: a.ID}}, Grounds: []string{"Căn cứ Điều lệ"}, Signer: "Nguyễn Văn Đức", Post: "Chủ tịch"})
	w.ok(err)
	w.decision, err = w.decided.Issue(w.ctx, w.officer, recognition.Signing{ID: d.ID, Version: d.Version, Date: "2026-12-01"})
	w.ok(err)
}

// print is a paper of two pages whose signer signs on the first.
func print(out io.Writer) ([]pdf.Spot, error) { return printOf(out, "List: 1 family") }

func printOf(out io.Writer, list string) ([]pdf.Spot, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(issued)
	f.SetModificationDate(issued)
	f.SetFont("Helvetica", "", 14)
	for _, s := range []string{"Decision 01", list} {
		f.AddPage()
		f.Text(30, 40, s)
	}
	return []pdf.Spot{{Name: "Nguyễn Văn Đức", Page: 1, Left: 110, Top: 180, Width: 80, Height: 27}}, f.Output(out)
}

func printed() []byte { return printedOf("List: 1 family") }

func printedOf(list string) []byte {
	var b bytes.Buffer
	must(printOf(&b, list))
	return b.Bytes()
}

// set makes everything ready to sign: roots, signers, the file.
func (w *world) set() signature.Target {
	w.t.Helper()
	p := people()
	w.trust(p.root)
	w.add(signature.Person, p.person, drawing(color.NRGBA{20, 40, 170, 255}, 120, 40))
	w.add(signature.Person, p.second, nil)
	w.add(signature.Seal, p.seal, drawing(color.NRGBA{200, 20, 30, 255}, 80, 80))
	return w.begin()
}

func (w *world) begin() signature.Target {
	w.t.Helper()
	t := signature.Target{DecisionID: w.decision.ID}
	w.ok(w.s.Begin(w.ctx, w.officer, t, print))
	return t
}

func (w *world) trust(a authority) {
	w.t.Helper()
	w.ok(w.s.Trust(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})))
}

func (w *world) add(kind signature.Kind, h holder, picture []byte) signature.Signer {
	w.t.Helper()
	x, err := w.s.AddSigner(w.ctx, w.officer, signature.Drafted{BodyID: w.body, Kind: kind, Certificate: h.pem(), Picture: picture})
	w.ok(err)
	return x
}

func (w *world) file(t signature.Target, step int) []byte {
	w.t.Helper()
	r, _, err := w.s.Open(w.ctx, w.officer, t, step)
	w.ok(err)
	defer r.Close()
	return must(io.ReadAll(r))
}

// verified demands that nothing is wrong with what is kept.
func (w *world) verified() {
	w.t.Helper()
	_, list, err := w.s.Verify(w.ctx)
	w.ok(err)
	if len(list) > 0 {
		w.t.Fatalf("not as it should be: %v", list)
	}
}

// drawing is a cross of one colour on nothing.
func drawing(c color.NRGBA, width, height int) []byte {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		p.SetNRGBA(x, height/2, c)
	}
	for y := range height {
		p.SetNRGBA(width/2, y, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// keyOf is the catalogue key of an error, the first field's for broken rules.
func keyOf(err error) string {
	f, ok := fault.As(err)
	switch {
	case err == nil:
		return ""
	case !ok:
		return "internal: " + err.Error()
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}
