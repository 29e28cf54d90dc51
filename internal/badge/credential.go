// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/recognition"
	"hoctap/internal/store"
	"hoctap/internal/text"
)

// Address is where this system stands for ever, "https://hoctap.phutho.gov.vn": badges are full of it.
type Address string

// Issuer names who gives badges, and is where its profile is.
func (a Address) Issuer() string { return string(a) + "/huy-hieu" }

// Key is where the public half of a key is.
func (a Address) Key(id string) string { return a.Issuer() + "/khoa/" + id }

// Statuses is where a status list is.
func (a Address) Statuses(list int) string { return a.Issuer() + "/trang-thai/" + strconv.Itoa(list) }

// Words are the sentences of a badge.
type Words struct {
	Issuer      string // who runs the system
	Name        string // "Công dân học tập năm 2026"
	Description string // which decision of which body
	Criteria    string // what for, and how far the criteria can be trusted
}

// The contexts of W3C Verifiable Credentials 2.0 and 1EdTech Open Badges 3.0, in this order.
const (
	credentialsContext = "https://www.w3.org/ns/credentials/v2"
	badgesContext      = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

// Profile is an issuer or a body that decides.
type Profile struct {
	Context []string `json:"@context,omitempty"`
	ID      string   `json:"id"`
	Type    []string `json:"type"`
	Name    string   `json:"name"`
	URL     string   `json:"url,omitempty"`
}

// ProfileOf is the issuer's profile as its own address shows it.
func ProfileOf(at Address, name string) Profile {
	return Profile{Context: []string{credentialsContext, badgesContext}, ID: at.Issuer(), Type: []string{"Profile"}, Name: name, URL: string(at)}
}

// credential is an OpenBadgeCredential as a JWT carries it: its own members, and those that JWT registers (Open Badges 3.0, 8.2.4).
type credential struct {
	Context    []string    `json:"@context"`
	ID         string      `json:"id"`
	Type       []string    `json:"type"`
	Name       string      `json:"name,omitempty"`
	Issuer     any         `json:"issuer"`
	ValidFrom  string      `json:"validFrom"`
	ValidUntil string      `json:"validUntil,omitempty"`
	Awarded    string      `json:"awardedDate,omitempty"`
	Subject    any         `json:"credentialSubject"`
	Status     *statusLink `json:"credentialStatus,omitempty"`

	Iss string `json:"iss"`
	Sub string `json:"sub,omitempty"`
	Jti string `json:"jti"`
	Nbf int64  `json:"nbf"`
	Exp int64  `json:"exp,omitempty"`
}

type achievementSubject struct {
	ID          string         `json:"id"` // of this badge's holder: the specification wants one, and it says nothing of the person
	Type        []string       `json:"type"`
	Identifier  []identifier   `json:"identifier"`
	Achievement map[string]any `json:"achievement"`
}

// identifier is who holds it, so that only who knows the name can compare it.
type identifier struct {
	Type         string `json:"type"`
	Hashed       bool   `json:"hashed"`
	IdentityHash string `json:"identityHash"`
	IdentityType string `json:"identityType"`
	Salt         string `json:"salt"`
}

// HashOf is the identity hash of a name: SHA-256 over the name in NFC with its salt behind.
func HashOf(name, salt string) string {
	sum := sha256.Sum256([]byte(text.NFC(name) + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

func stamp(t time.Time) string { return t.In(store.Zone).Format(time.RFC3339) }

// contentOf is what the badge says of its title.
func (st *State) contentOf(at Address, w Words) (credential, error) {
	t, b := &st.Title, &st.Badge
	from, err := time.ParseInLocation(time.DateOnly, t.DecidedOn, store.Zone)
	if err != nil {
		return credential{}, err
	}
	until := time.Date(t.UntilYear, 12, 31, 23, 59, 59, 0, store.Zone)
	issuer := ProfileOf(at, w.Issuer)
	issuer.Context = nil
	id := "urn:uuid:" + b.UUID
	return credential{
		Context: []string{credentialsContext, badgesContext}, ID: id, Type: []string{"VerifiableCredential", "OpenBadgeCredential"}, Name: w.Name, Issuer: issuer,
		ValidFrom: stamp(from), ValidUntil: stamp(until), Awarded: stamp(from),
		Subject: achievementSubject{
			ID:         id + "#holder",
			Type:       []string{"AchievementSubject"},
			Identifier: []identifier{{"IdentityObject", true, HashOf(t.Name, b.Salt), "name", b.Salt}},
			Achievement: map[string]any{
				"id": at.Issuer() + "#" + kindOf(t), "type": []string{"Achievement"}, "achievementType": "Award", "name": w.Name, "description": w.Description, "inLanguage": "vi-VN",
				"criteria": map[string]string{"narrative": w.Criteria},
				"creator":  Profile{ID: at.Issuer() + "#" + st.Decision.BodyID, Type: []string{"Profile"}, Name: st.Decision.BodyName},
			},
		},
		Status: &statusLink{ID: at.Statuses(b.List) + "#" + strconv.Itoa(b.Index), Type: "BitstringStatusListEntry", Purpose: revocation, Index: strconv.Itoa(b.Index), List: at.Statuses(b.List)},
		Iss:    at.Issuer(), Sub: id + "#holder", Jti: id, Nbf: from.Unix(), Exp: until.Unix(),
	}, nil
}

// kindOf names what the title is for, the same for all who hold it.
func kindOf(t *recognition.Title) string {
	kind := t.Model + "-"
	if t.Exemplary {
		kind += "exemplary-"
	}
	if t.Period() {
		kind += strconv.Itoa(t.FromYear) + "-"
	}
	return kind + strconv.Itoa(t.Year)
}

// File is a badge: signed, and what is signed for people to read.
type File struct {
	JWT     string
	Payload []byte
}

// File signs a badge that was given. It fails with st.Why where there is something against it, and with fault.Conflict before it was given.
func (s *Service) File(ctx context.Context, st State, at Address, w Words) (f File, err error) {
	defer fault.Wrap(&err, "badge.File(%s)", st.Title.ID)
	if st.Why != nil {
		return f, st.Why
	}
	if !st.Given {
		return f, fault.Conflict("badge.not_given", "name", st.Title.Name)
	}
	content, err := st.contentOf(at, w)
	if err != nil {
		return f, err
	}
	if f.Payload, err = plainJSON(content); err != nil {
		return f, err
	}
	k, err := s.signing(ctx)
	if err != nil {
		return f, err
	}
	f.JWT, err = k.sign(at, "JWT", f.Payload)
	return f, err
}

// plainJSON writes letters as they are: nothing of this stands in a page.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
