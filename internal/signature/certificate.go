// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package signature

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"time"
	"unicode"

	"hoctap/internal/fault"
	"hoctap/internal/paper/sign"
)

// MaxCertificate is how many bytes a certificate's file may have.
const MaxCertificate = 64 << 10

// readCertificate reads the first certificate of a .cer, .crt or .pem file. It fails with fault.Invalid, field "certificate":
// "signature.cert_private" for a file with a private key in it, "signature.cert_file" for what is none, "signature.cert_use" for one
// that is not made for signing, "signature.cert_weak" and "signature.cert_expired".
func readCertificate(b []byte, now time.Time) (*x509.Certificate, error) {
	wrong := func(key string, pairs ...any) error {
		return fault.Invalid(fault.Field("certificate", key, pairs...))
	}
	if len(b) == 0 || len(b) > MaxCertificate {
		return nil, wrong("signature.cert_file")
	}
	der := b
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.Contains(block.Type, "PRIVATE KEY") {
			return nil, wrong("signature.cert_private")
		}
		if block.Type == "CERTIFICATE" {
			der = block.Bytes
			break
		}
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, wrong("signature.cert_file")
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	switch {
	case c.IsCA, c.KeyUsage != 0 && c.KeyUsage&signs == 0:
		return nil, wrong("signature.cert_use", "name", nameOf(c))
	case !sign.Strong(c.PublicKey):
		return nil, wrong("signature.cert_weak")
	case now.After(c.NotAfter):
		return nil, wrong("signature.cert_expired", "name", nameOf(c), "to", c.NotAfter)
	}
	return c, nil
}

// keyOf is what a signer is known by: two people may bear one name, and a renewed certificate keeps its key.
func keyOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// nameOf is how people call the holder of a certificate.
func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return clean(c.Subject.CommonName)
	}
	return subjectOf(c.Subject)
}

func subjectOf(n pkix.Name) string { return clean(n.String()) }

// maxName keeps a certificate from filling pages and rows.
const maxName = 300

// clean makes a certificate's text one that databases and pages can hold: letters may be anything there.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) && r != ' ' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if runes := []rune(s); len(runes) > maxName {
		s = string(runes[:maxName])
	}
	return s
}
