// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"hoctap/internal/identity"
	"hoctap/internal/web/lang"
)

// adminCmd is `hoctap admin`: the way into an empty real database, and back into one whose administrators are locked out.
type adminCmd struct {
	Login string `arg:"" help:"Tên đăng nhập. Login."`
	Name  string `help:"Họ và tên. Full name."`
	Reset bool   `help:"Tài khoản đã có: đặt mật khẩu mới, gỡ xác thực hai bước, mở khoá. An account that is there: new password, no second factor, open."`
	Place string `default:"vn" help:"Mã nơi quản trị, mặc định cả nước. Place of the role."`
	Role  string `default:"admin" enum:"admin,province_officer" help:"Vai trò: admin, province_officer."`
}

// Run reads the first password from standard input, so that it stands in no process list or shell history.
func (c *adminCmd) Run(ctx context.Context, base *cli) error {
	if c.Name == "" && !c.Reset {
		return brokenError{lang.T(ctx, "cli.admin_name")}
	}
	s, err := base.open(ctx, time.Now)
	if err != nil {
		return err
	}
	defer s.DB.Close()
	fmt.Fprint(os.Stderr, lang.T(ctx, "cli.password"))
	password, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && password == "" {
		return err
	}
	password = strings.TrimRight(password, "\r\n")
	if c.Reset {
		if err := s.Identity.Rescue(ctx, identity.System, c.Login, password); err != nil {
			return inWords(ctx, err)
		}
		say(ctx, "cli.admin_reset", "login", c.Login)
		return nil
	}
	path, err := s.Places.Path(ctx, nil, c.Place)
	if err != nil {
		return err
	}
	_, err = s.Identity.Create(ctx, identity.System, identity.Draft{Login: c.Login, Name: c.Name, Password: password,
		Grant: identity.Grant{Role: identity.Role(c.Role), PlaceID: c.Place}, Path: path})
	return inWords(ctx, err)
}
