// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Package identitytest signs people of tests in.
package identitytest

import (
	"context"
	"errors"

	"hoctap/internal/identity"
)

// Token opens a session with a password alone.
func Token(ctx context.Context, s *identity.Service, login, password string) (string, error) {
	o, err := s.SignIn(ctx, login, password, identity.Client{Address: "127.0.0.1:1", Agent: "test"})
	if err == nil && o.Token == "" {
		err = errors.New("a second factor is asked for")
	}
	return o.Token, err
}

// WithoutSecond takes the duty to have a second factor from every role, for tests whose days pass.
func WithoutSecond(ctx context.Context, s *identity.Service) error {
	all, err := s.Terms(ctx)
	if err != nil {
		return err
	}
	for r, t := range all {
		t.Second = identity.SecondOff
		all[r] = t
	}
	return s.SetTerms(ctx, identity.System, all)
}
