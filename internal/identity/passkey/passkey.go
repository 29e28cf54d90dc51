// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package passkey owns the keys of devices (khoá truy cập, WebAuthn) that open accounts: registering, signing in without typing a name, names,
// removal, and the warning of a key that exists twice. It knows no pages; the sessions it opens are those of package identity.
package passkey

import (
	"context"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/identity/ceremony"
	"hoctap/internal/store"
)

// Life is how long a challenge may wait for its answer, MaxKeys how many keys one account may have.
const (
	Life    = 5 * time.Minute
	MaxKeys = 10
	maxName = 60 // letters
)

// Service keeps the keys.
type Service struct {
	db         *store.DB
	identity   *identity.Service
	ceremonies *ceremony.Keeper
	now        func() time.Time
}

// New returns a Service on db. From then on identity counts a key as a second factor.
func New(db *store.DB, id *identity.Service, ceremonies *ceremony.Keeper, now func() time.Time) *Service {
	s := &Service{db: db, identity: id, ceremonies: ceremonies, now: now}
	id.AddFactor(identity.Factor{Has: hasKey, Drop: dropKeys})
	return s
}

const (
	selectHas  = `SELECT 1 FROM passkey WHERE account_id = $1 AND cloned_at = 0 LIMIT 1`
	deleteKeys = `DELETE FROM passkey WHERE account_id = $1`
)

func hasKey(ctx context.Context, tx *store.Tx, accountID string) (has bool, err error) {
	_, has, err = store.One(ctx, tx, store.Value[int], selectHas, accountID)
	return has, err
}

func dropKeys(ctx context.Context, tx *store.Tx, accountID string) error {
	_, err := tx.Exec(ctx, deleteKeys, accountID)
	return err
}

// Key is a key as its owner sees it.
type Key struct {
	ID      string
	Name    string
	Synced  bool // kept by a service that copies it to the owner's other devices
	Created time.Time
	Used    time.Time // zero: never
	Cloned  time.Time // zero: no; else the key opens nothing any more
}

// Party is for whom keys are made: a name and the address of its pages. Browsers give a key to no other.
type Party struct {
	id     string
	origin string
}

// PartyOf reads an address, "https://hoctap.phutho.gov.vn" or "http://localhost:8080". ok is false where browsers make no keys: without TLS but on
// the machine itself, and where the address is a number.
func PartyOf(address string) (p Party, ok bool) {
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return Party{}, false
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if host == "" || net.ParseIP(host) != nil || !local && (u.Scheme != "https" || !strings.Contains(host, ".")) || u.Scheme != "https" && u.Scheme != "http" {
		return Party{}, false
	}
	return Party{id: host, origin: u.Scheme + "://" + strings.ToLower(u.Host)}, true
}

// Origin is the address of the pages.
func (p Party) Origin() string { return p.origin }

// rules are what this system asks of a key: it is found without a name and its device checks that its owner holds it, so that it is two factors.
func (p Party) rules() (*webauthn.WebAuthn, error) {
	if p.id == "" {
		return nil, fault.Conflict("passkey.no_address")
	}
	must := true
	return webauthn.New(&webauthn.Config{
		RPID: p.id, RPDisplayName: "Học Tập", RPOrigins: []string{p.origin}, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &must,
			UserVerification: protocol.VerificationRequired},
		Timeouts:                          webauthn.TimeoutsConfig{Login: webauthn.TimeoutConfig{Timeout: Life}, Registration: webauthn.TimeoutConfig{Timeout: Life}},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore, // some stores of keys always add theirs; nothing of them is read
	})
}

// owner is an account as the library wants to see it.
type owner struct {
	id, login, name string
	keys            []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return []byte(o.id) }
func (o owner) WebAuthnName() string                       { return o.login }
func (o owner) WebAuthnDisplayName() string                { return o.name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }
