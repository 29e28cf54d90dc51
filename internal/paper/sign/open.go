// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sign

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"time"
)

const maxCertificates = 16

// opened is a message whose signature holds over some parts of a file.
type opened struct {
	signer *x509.Certificate
	others []*x509.Certificate
	at     time.Time // zero when the message has no time
}

// open checks a message over parts: that the signer's certificate is the one that was signed with
// ("sign.certificate"), the parts are those that were signed ("sign.altered"), and the signature is by its
// key ("sign.damaged"), by methods that hold today ("sign.weak").
func open(message []byte, over parts) (o opened, err error) {
	damaged := refuse("sign.damaged")
	var e envelope
	rest, err := asn1.Unmarshal(message, &e)
	d := &e.Data
	if err != nil || len(bytes.Trim(rest, "\x00")) > 0 || !e.Type.Equal(oidSignedData) || !bytes.Equal(d.Content.FullBytes, detached()) || len(d.Signers) != 1 {
		return o, damaged
	}
	by := &d.Signers[0]
	// Written again it must be the same bytes: what no signature covers has one spelling only.
	if again, err := asn1.Marshal(e); err != nil || !bytes.Equal(again, message[:len(message)-len(rest)]) || d.Version != 1 || by.Version != 1 ||
		len(d.Digests) != 1 || !d.Digests[0].Algorithm.Equal(by.Digest.Algorithm) {
		return o, damaged
	}
	hash, ok := hashOf(by.Digest.Algorithm)
	if !ok {
		return o, refuse("sign.weak")
	}
	var attributes []attribute
	if len(by.Attributes.FullBytes) == 0 {
		return o, damaged
	}
	set := bytes.Clone(by.Attributes.FullBytes)
	set[0] = 0x31 // the tag they are signed with (RFC 5652, 5.4)
	if rest, err = asn1.UnmarshalWithParams(set, &attributes, "set"); err != nil || len(rest) > 0 {
		return o, damaged
	}
	if o.signer, o.others = pick(d.Certificates.Bytes, by.ID); o.signer == nil {
		return o, refuse("sign.certificate")
	}
	if !Strong(o.signer.PublicKey) {
		return o, refuse("sign.weak")
	}
	var kind asn1.ObjectIdentifier
	var sum []byte
	if !only(attributes, oidContentType, &kind) || !kind.Equal(oidData) || !only(attributes, oidMessageDigest, &sum) {
		return o, damaged
	}
	if !boundTo(attributes, o.signer) {
		return o, refuse("sign.certificate")
	}
	if !bytes.Equal(sum, over.sum(hash)) {
		return o, refuse("sign.altered")
	}
	method, ok := methodOf(by.Algorithm, hash, o.signer.PublicKeyAlgorithm)
	if !ok {
		return o, refuse("sign.weak")
	}
	if o.signer.CheckSignature(method, set, by.Signature) != nil {
		return o, damaged
	}
	only(attributes, oidSigningTime, &o.at)
	return o, nil
}

// pick parses the certificates of a message and takes the signer's out.
func pick(der []byte, id issuerAndSerial) (signer *x509.Certificate, others []*x509.Certificate) {
	for n := 0; len(der) > 0 && n < maxCertificates; n++ {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(der, &v)
		if err != nil {
			return nil, nil
		}
		der = rest
		c, err := x509.ParseCertificate(v.FullBytes)
		switch {
		case err != nil: // another kind of certificate; the chain decides whether one is missing
		case signer == nil && bytes.Equal(c.RawIssuer, id.Issuer.FullBytes) && id.Serial != nil && c.SerialNumber.Cmp(id.Serial) == 0:
			signer = c
		default:
			others = append(others, c)
		}
	}
	return signer, others
}

// only reads the single value of the single attribute of a type.
func only(attributes []attribute, kind asn1.ObjectIdentifier, to any) bool {
	var found *attribute
	for i := range attributes {
		if attributes[i].Type.Equal(kind) {
			if found != nil {
				return false
			}
			found = &attributes[i]
		}
	}
	if found == nil || len(found.Values) != 1 {
		return false
	}
	rest, err := asn1.Unmarshal(found.Values[0].FullBytes, to)
	return err == nil && len(rest) == 0
}

// boundTo says that the signed attributes name this certificate: one with the same key, issuer and number
// but another subject is not the signer's.
func boundTo(attributes []attribute, c *x509.Certificate) bool {
	var s signingCertificate
	if !only(attributes, oidSigningCertificate, &s) || len(s.IDs) == 0 {
		return false
	}
	hash := crypto.SHA256
	if a := s.IDs[0].Algorithm.Algorithm; len(a) > 0 {
		var ok bool
		if hash, ok = hashOf(a); !ok {
			return false
		}
	}
	return bytes.Equal(s.IDs[0].Hash, parts{c.Raw}.sum(hash))
}

func hashOf(oid asn1.ObjectIdentifier) (crypto.Hash, bool) {
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, true
	case oid.Equal(oidSHA384):
		return crypto.SHA384, true
	case oid.Equal(oidSHA512):
		return crypto.SHA512, true
	}
	return 0, false
}

// methods by digest: RSA, RSA-PSS, ECDSA.
var methods = map[crypto.Hash][3]x509.SignatureAlgorithm{
	crypto.SHA256: {x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256},
	crypto.SHA384: {x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384},
	crypto.SHA512: {x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512},
}

// methodOf reads how a signature was made. What names a digest must name the message's.
func methodOf(a pkix.AlgorithmIdentifier, hash crypto.Hash, key x509.PublicKeyAlgorithm) (x509.SignatureAlgorithm, bool) {
	named, column := hash, 0
	switch oid := a.Algorithm; {
	case oid.Equal(oidRSA):
	case oid.Equal(oidRSAPSS):
		column = 1
	case oid.Equal(oidRSASHA256):
		named = crypto.SHA256
	case oid.Equal(oidRSASHA384):
		named = crypto.SHA384
	case oid.Equal(oidRSASHA512):
		named = crypto.SHA512
	case oid.Equal(oidECDSASHA256):
		named, column = crypto.SHA256, 2
	case oid.Equal(oidECDSASHA384):
		named, column = crypto.SHA384, 2
	case oid.Equal(oidECDSASHA512):
		named, column = crypto.SHA512, 2
	default:
		return 0, false
	}
	if named != hash || (column == 2) != (key == x509.ECDSA) {
		return 0, false
	}
	return methods[hash][column], true
}
