// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"

	_ "crypto/sha256" // the digests that signatures may use
	_ "crypto/sha512"
)

// The parts of a cryptographic message (RFC 5652) that a signature without its content has.
type (
	envelope struct {
		Type asn1.ObjectIdentifier
		Data signedData `asn1:"explicit,tag:0"`
	}
	signedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      asn1.RawValue
		Certificates asn1.RawValue `asn1:"optional,tag:0"`
		Revocations  asn1.RawValue `asn1:"optional,tag:1"`
		Signers      []signerInfo  `asn1:"set"`
	}
	signerInfo struct {
		Version    int
		ID         issuerAndSerial
		Digest     pkix.AlgorithmIdentifier
		Attributes asn1.RawValue `asn1:"optional,tag:0"`
		Algorithm  pkix.AlgorithmIdentifier
		Signature  []byte
		Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
	}
	issuerAndSerial struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	attribute struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	signingCertificate struct { // signing-certificate-v2, RFC 5035
		IDs []certificateID
	}
	certificateID struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"` // SHA-256 when left out
		Hash      []byte
		Issuer    asn1.RawValue `asn1:"optional"`
	}
)

var (
	oidData               = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}

	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}

	oidRSA         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidRSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidRSASHA384   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}
	oidRSASHA512   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}
	oidECDSASHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECDSASHA384 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
	oidECDSASHA512 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}
)

// parts are the pieces of a file that a signature is over.
type parts [][]byte

func (p parts) sum(h crypto.Hash) []byte {
	sum := h.New()
	for _, b := range p {
		sum.Write(b)
	}
	return sum.Sum(nil)
}

// detached is the content of a message that is about bytes elsewhere: only its type.
func detached() []byte { return encoded(struct{ Type asn1.ObjectIdentifier }{oidData}) }

// seal signs a SHA-256 digest. There is no signing-time attribute: in PAdES the time stands in the file.
func seal(digest []byte, k Key) ([]byte, error) {
	hash := crypto.SHA256.New()
	hash.Write(k.certificate.Raw)
	attributes, err := asn1.MarshalWithParams([]attribute{
		{oidContentType, []asn1.RawValue{raw(oidData)}},
		{oidMessageDigest, []asn1.RawValue{raw(digest)}},
		{oidSigningCertificate, []asn1.RawValue{raw(signingCertificate{[]certificateID{{Hash: hash.Sum(nil)}}})}},
	}, "set")
	if err != nil {
		return nil, err
	}
	signature, err := k.signer.Sign(rand.Reader, parts{attributes}.sum(crypto.SHA256), crypto.SHA256)
	if err != nil {
		return nil, err
	}
	algorithm := pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}
	if _, curve := k.signer.Public().(*ecdsa.PublicKey); curve {
		algorithm = pkix.AlgorithmIdentifier{Algorithm: oidECDSASHA256}
	}
	var bag bytes.Buffer
	for _, c := range k.bag() {
		bag.Write(c.Raw)
	}
	sha256 := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	return asn1.Marshal(envelope{oidSignedData, signedData{
		Version:      1,
		Digests:      []pkix.AlgorithmIdentifier{sha256},
		Content:      asn1.RawValue{FullBytes: detached()},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: bag.Bytes()},
		Signers: []signerInfo{{
			Version:    1,
			ID:         issuerAndSerial{asn1.RawValue{FullBytes: k.certificate.RawIssuer}, k.certificate.SerialNumber},
			Digest:     sha256,
			Attributes: retagged(attributes),
			Algorithm:  algorithm,
			Signature:  signature,
		}},
	}})
}

// retagged puts the tag of the message on attributes that were signed as a set (RFC 5652, 5.4).
func retagged(set []byte) asn1.RawValue {
	b := bytes.Clone(set)
	b[0] = 0xa0
	return asn1.RawValue{FullBytes: b}
}

func raw(v any) asn1.RawValue { return asn1.RawValue{FullBytes: encoded(v)} }

// encoded is for values of our own, which cannot fail.
func encoded(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
