// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package passkeytest is a device with keys, made of software, for tests: it answers like a browser with an authenticator, and can be told to lie.
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// Device holds one key. The fields are what it will say next.
type Device struct {
	t       testing.TB
	key     *ecdsa.PrivateKey
	id      []byte
	owner   []byte
	Origin  string // of the page, as the browser writes it
	Party   string // whose hash is signed; "" for the one asked
	Counter uint32
	Flags   byte // user present, user verified …
	Type    string
}

// Flags of an answer.
const (
	Present  = 0x01
	Verified = 0x04
	Eligible = 0x08
	attested = 0x40
)

// New returns a device for pages at origin.
func New(t testing.TB, origin string) *Device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &Device{t: t, key: key, id: id, Origin: origin, Flags: Present | Verified}
}

// Clone is the same key on another device.
func (d *Device) Clone() *Device { c := *d; return &c }

type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// Make answers options for a new key, which may be a value or its JSON.
func (d *Device) Make(asked any) []byte {
	d.t.Helper()
	o := d.read(asked)
	owner, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	d.ok(err)
	d.owner = owner
	point := d.key.PublicKey
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point.X.FillBytes(make([]byte, 32)), -3: point.Y.FillBytes(make([]byte, 32))})
	d.ok(err)
	said := d.said(o.RP.ID, d.Flags|attested)
	said = append(said, make([]byte, 16)...) // the model: not told
	said = binary.BigEndian.AppendUint16(said, uint16(len(d.id)))
	said = append(append(said, d.id...), public...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": said})
	d.ok(err)
	return d.answer(map[string]any{"clientDataJSON": b64(d.client("webauthn.create", o)), "attestationObject": b64(object), "transports": []string{"internal"}})
}

// Sign answers options for signing in; the counter goes up first, where the device has one.
func (d *Device) Sign(asked any) []byte {
	d.t.Helper()
	o := d.read(asked)
	if d.Counter > 0 {
		d.Counter++
	}
	said, client := d.said(o.RPID, d.Flags), d.client("webauthn.get", o)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, said...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	d.ok(err)
	return d.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(said), "signature": b64(signature), "userHandle": b64(d.owner)})
}

func (d *Device) said(party string, flags byte) []byte {
	if d.Party != "" {
		party = d.Party
	}
	hash := sha256.Sum256([]byte(party))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.Counter)
}

func (d *Device) client(kind string, o options) []byte {
	if d.Type != "" {
		kind = d.Type
	}
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": o.Challenge, "origin": d.Origin, "crossOrigin": false})
	d.ok(err)
	return b
}

func (d *Device) answer(response map[string]any) []byte {
	b, err := json.Marshal(map[string]any{"id": b64(d.id), "rawId": b64(d.id), "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{}, "response": response})
	d.ok(err)
	return b
}

func (d *Device) read(asked any) (o options) {
	d.t.Helper()
	b, err := json.Marshal(asked)
	d.ok(err)
	d.ok(json.Unmarshal(b, &o))
	return o
}

func (d *Device) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
