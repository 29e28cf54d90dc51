// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"time"

	"hoctap/internal/paper/sign"
)

// paperCmd is `hoctap paper`: signatures on papers, for small bodies that keep a key in a file. Tokens sign with their own tool.
type paperCmd struct {
	Sign  signCmd  `cmd:"" help:"Ký số một tệp PDF của chương trình. Sign a PDF of this program."`
	Check checkCmd `cmd:"" help:"Kiểm tra chữ ký số của tệp PDF. Check the signatures of a PDF."`
}

type signCmd struct {
	File     string `arg:"" type:"existingfile" help:"Tệp PDF. The paper."`
	Key      string `required:"" type:"existingfile" help:"Tệp khóa .p12. The PKCS#12 file."`
	Password string `required:"" type:"existingfile" help:"Tệp chứa mật khẩu của khóa. A file with the key's password."`
	Out      string `required:"" help:"Tệp đã ký. The signed file."`
}

// Run signs: the password comes from a file, because a command line is read by everybody on the machine.
func (c *signCmd) Run(ctx context.Context) error {
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	password, err := os.ReadFile(c.Password)
	if err != nil {
		return err
	}
	k, err := sign.ReadPKCS12(key, strings.TrimRight(string(password), "\r\n"))
	if err != nil {
		return err
	}
	pdf, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var signed bytes.Buffer
	if err := sign.Sign(&signed, pdf, k, time.Now(), sign.Place{}); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, signed.Bytes(), 0o600); err != nil {
		return err
	}
	say(ctx, "cli.signed", "file", c.Out, "signer", k.String())
	return nil
}

type checkCmd struct {
	File     string `arg:"" type:"existingfile" help:"Tệp PDF. The paper."`
	Roots    string `required:"" type:"existingfile" help:"Chứng thư gốc được tin, dạng PEM. Trusted roots, PEM."`
	Original string `type:"existingfile" help:"Bản chưa ký, để so. The unsigned file, to compare."`
}

// Run prints every signature that holds, and fails with why when one does not.
func (c *checkCmd) Run(ctx context.Context) error {
	pem, err := os.ReadFile(c.Roots)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return errors.New(c.Roots + ": PEM?")
	}
	pdf, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var original []byte
	if c.Original != "" {
		if original, err = os.ReadFile(c.Original); err != nil {
			return err
		}
	}
	list, err := sign.Verify(pdf, original, roots, time.Now())
	if err != nil {
		return err
	}
	for _, s := range list {
		say(ctx, "cli.signature", "signer", s.Subject, "at", s.At.Format(time.RFC3339), "serial", s.Serial)
	}
	return nil
}
