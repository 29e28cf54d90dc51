// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"

	"software.sslmate.com/src/go-pkcs12"

	"hoctap/internal/fault"
)

const (
	maxKeyFile    = 1 << 20
	maxIterations = 5_000_000 // about two seconds of work; usual programs write 2,048 to 600,000
	minRSA        = 2048      // bits
)

// Key is a private key with its certificate (chứng thư số) and those above it.
type Key struct {
	signer      crypto.Signer
	certificate *x509.Certificate
	parents     []*x509.Certificate
}

// String names the signer, and keeps the private key out of logs.
func (k Key) String() string { return who(k.certificate) }

// GoString is String.
func (k Key) GoString() string { return k.String() }

// Certificate is the signer's.
func (k Key) Certificate() *x509.Certificate { return k.certificate }

// ReadPKCS12 opens a .p12 or .pfx file. It fails with fault.Invalid: field "password", "sign.password" for a
// wrong one; field "file", "sign.key" for a file without an RSA key from 2048 bits or an ECDSA key and its
// certificate.
func ReadPKCS12(data []byte, password string) (k Key, err error) {
	defer fault.Wrap(&err, "sign.ReadPKCS12")
	useless := fault.Invalid(fault.Field("file", "sign.key"))
	if len(data) > maxKeyFile || !cheap(data, 0) {
		return Key{}, useless
	}
	private, first, others, err := pkcs12.DecodeChain(data, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return Key{}, fault.Invalid(fault.Field("password", "sign.password"))
	case err != nil:
		return Key{}, useless
	}
	signer, ok := private.(crypto.Signer)
	if !ok || !Strong(signer.Public()) {
		return Key{}, useless
	}
	k.signer = signer
	// Some programs put an authority's certificate first.
	for _, c := range append([]*x509.Certificate{first}, others...) {
		public, ok := c.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
		if k.certificate == nil && ok && public.Equal(signer.Public()) {
			k.certificate = c
		} else {
			k.parents = append(k.parents, c)
		}
	}
	if k.certificate == nil {
		return Key{}, useless
	}
	return k, nil
}

// Strong says whether we sign, and accept signatures, with a key of this sort.
func Strong(public crypto.PublicKey) bool {
	switch p := public.(type) {
	case *rsa.PublicKey:
		return p.N.BitLen() >= minRSA
	case *ecdsa.PublicKey:
		return p.Curve.Params().BitSize >= 256
	}
	return false
}

// bag are the certificates that go along with a signature. Those who check it have the root already.
func (k Key) bag() []*x509.Certificate {
	out := []*x509.Certificate{k.certificate}
	for _, c := range k.parents {
		if !bytes.Equal(c.RawSubject, c.RawIssuer) {
			out = append(out, c)
		}
	}
	return out
}

func who(c *x509.Certificate) string {
	switch {
	case c == nil:
		return ""
	case c.Subject.CommonName != "":
		return c.Subject.CommonName
	}
	return c.Subject.String()
}

// cheap says that no password is to be stretched for minutes. The number of rounds stands right behind the
// salt wherever it stands, with the length of the key behind it.
func cheap(der []byte, depth int) bool {
	salted := false
	for len(der) > 0 && depth < maxDepth {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return true // not a structure, but bytes that look like the start of one
		}
		der = rest
		switch {
		case v.Class == asn1.ClassUniversal && v.Tag == asn1.TagInteger && salted:
			var n int
			if _, err := asn1.Unmarshal(v.FullBytes, &n); err != nil || n > maxIterations {
				return false
			}
		case v.IsCompound || v.Tag == asn1.TagOctetString && v.Class == asn1.ClassUniversal:
			if !cheap(v.Bytes, depth+1) {
				return false
			}
		}
		salted = salted || v.Class == asn1.ClassUniversal && v.Tag == asn1.TagOctetString
	}
	return true
}
