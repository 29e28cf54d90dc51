// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/sealed"
	"hoctap/internal/store"
)

// Codes of an authenticator app: RFC 6238 with what every app takes, SHA-1, six digits, thirty seconds. The known Go library is not used because it
// tells only that a code fits and not which step it is of, without which a code cannot be kept from opening twice, and because it
// brings a second writer of QR codes (decision 18).
const (
	totpPeriod = 30
	totpDigits = 6
	totpDrift  = 1 // steps that a clock may go wrong
	totpIssuer = "Hoc Tap"
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// codeAt is the code of a step, of so many digits.
func codeAt(secret []byte, step int64, digits int) string {
	m := hmac.New(sha1.New, secret)
	_ = binary.Write(m, binary.BigEndian, step) // a hash takes all
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	modulus := uint32(1)
	for range digits {
		modulus *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%modulus)
}

// stepOf finds the step near now whose code this is. All steps are compared, so that time tells nothing.
func stepOf(secret []byte, code string, now time.Time) (step int64, ok bool) {
	middle := now.Unix() / totpPeriod
	for s := middle - totpDrift; s <= middle+totpDrift; s++ {
		if hmac.Equal([]byte(codeAt(secret, s, totpDigits)), []byte(code)) {
			step, ok = s, true
		}
	}
	return step, ok
}

const (
	selectConfirmed = `SELECT count(*) FROM totp WHERE account_id = $1 AND confirmed_at > 0`
	deleteTOTP      = `DELETE FROM totp WHERE account_id = $1`
	deleteRecovery  = `DELETE FROM recovery_code WHERE account_id = $1`
)

// hasTOTP says whether an account has an authenticator app.
func hasTOTP(ctx context.Context, tx *store.Tx, accountID string) (bool, error) {
	n, _, err := store.One(ctx, tx, store.Value[int], selectConfirmed, accountID)
	return n > 0, err
}

func dropTOTP(ctx context.Context, tx *store.Tx, accountID string) error {
	for _, query := range []string{deleteTOTP, deleteRecovery} {
		if _, err := tx.Exec(ctx, query, accountID); err != nil {
			return err
		}
	}
	return nil
}

// SecondFactor is how far an account is with its authenticator app. Secret and Address are for the app, and only known until the first code was seen.
type SecondFactor struct {
	Since   time.Time // zero while none is set up
	Secret  string
	Address string // otpauth://…, for a QR code
	Codes   int    // printed codes that are left
}

const (
	selectTOTP = `SELECT secret, confirmed_at, (SELECT count(*) FROM recovery_code r WHERE r.account_id = t.account_id AND r.used_at = 0)
		FROM totp t WHERE t.account_id = $1`
	insertTOTP = `INSERT INTO totp (account_id, secret, confirmed_at, last_step) VALUES ($1, $2, 0, 0)
		ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, last_step = 0 WHERE totp.confirmed_at = 0`
)

// SecondFactor returns how far the actor is with an authenticator app.
func (s *Service) SecondFactor(ctx context.Context, by Actor) (f SecondFactor, err error) {
	defer fault.Wrap(&err, "identity.SecondFactor(%s)", by.ID)
	secret, confirmed := "", int64(0)
	_, found, err := store.One(ctx, s.db.Read(), func(sc store.Scanner) (struct{}, error) {
		return struct{}{}, sc.Scan(&secret, &confirmed, &f.Codes)
	}, selectTOTP, by.ID)
	if err != nil || !found {
		return f, err
	}
	if confirmed > 0 {
		f.Since = store.Time(confirmed)
		return f, nil
	}
	f.Secret, err = sealed.TOTPSecret.Open(s.Keys, by.ID, secret)
	f.Address = "otpauth://totp/" + url.PathEscape(totpIssuer+":"+by.Login) + "?" + url.Values{"secret": {f.Secret}, "issuer": {totpIssuer}}.Encode()
	return f, err
}

// BeginTOTP makes a fresh secret for the actor's authenticator app; it counts only after ConfirmTOTP. It fails with fault.Conflict when there is an app.
func (s *Service) BeginTOTP(ctx context.Context, by Actor) (err error) {
	defer fault.Wrap(&err, "identity.BeginTOTP(%s)", by.ID)
	secret := make([]byte, 20)
	_, _ = rand.Read(secret)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(ctx, insertTOTP, by.ID, sealed.TOTPSecret.Seal(s.Keys, by.ID, base32Plain.EncodeToString(secret)))
		if err == nil && n == 0 {
			err = fault.Conflict("totp.there")
		}
		return err
	})
}

const (
	selectSecret = `SELECT secret, confirmed_at FROM totp WHERE account_id = $1`
	updateStep   = `UPDATE totp SET last_step = $1 WHERE account_id = $2 AND last_step < $3`
	confirmTOTP  = `UPDATE totp SET confirmed_at = $1 WHERE account_id = $2 AND confirmed_at = 0`
)

// useCode takes a code of an account's app. Each opens once, and none older than one that was used.
func (s *Service) useCode(ctx context.Context, tx *store.Tx, accountID, code string, confirmed bool) (ok bool, err error) {
	kept, at := "", int64(0)
	_, found, err := store.One(ctx, tx, func(sc store.Scanner) (struct{}, error) { return struct{}{}, sc.Scan(&kept, &at) }, selectSecret, accountID)
	if err != nil || !found || confirmed != (at > 0) {
		return false, err
	}
	text, err := sealed.TOTPSecret.Open(s.Keys, accountID, kept)
	if err != nil {
		return false, err
	}
	secret, err := base32Plain.DecodeString(text)
	if err != nil {
		return false, err
	}
	step, fits := stepOf(secret, code, s.now())
	if !fits {
		return false, nil
	}
	n, err := tx.Exec(ctx, updateStep, step, accountID, step)
	return n > 0, err
}

// plainCode drops what people put between the characters of a code.
func plainCode(code string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToLower(code))
}

// ConfirmTOTP sets the actor's app up by its first code and the password, and returns the printed codes, which are shown this once, and the token by
// which the session goes on; all others end.
func (s *Service) ConfirmTOTP(ctx context.Context, by Actor, password, code string) (codes []string, token string, err error) {
	defer fault.Wrap(&err, "identity.ConfirmTOTP(%s)", by.ID)
	if err := s.checkOwn(ctx, by, "old", password); err != nil {
		return nil, "", err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		ok, err := s.useCode(ctx, tx, by.ID, plainCode(code), false)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Invalid(fault.Field("code", "totp.code"))
		}
		if _, err := tx.Exec(ctx, confirmTOTP, store.Micros(s.now()), by.ID); err != nil {
			return err
		}
		if codes, err = s.freshRecovery(ctx, tx, by.ID); err != nil {
			return err
		}
		if token, err = s.proved(ctx, tx, by, Proof{Method: ByCode, Level: 2}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: by.ID, Act: "second_factor", After: map[string]any{"set": true}})
	})
	return codes, token, err
}

// proved changes the token of the actor's session, ends its others, and takes back the tries that were counted.
func (s *Service) proved(ctx context.Context, tx *store.Tx, by Actor, proof Proof) (token string, err error) {
	if _, err := tx.Exec(ctx, deleteOthers, by.ID, by.Session); err != nil {
		return "", err
	}
	if err := s.forgiveOwn(ctx, tx, by); err != nil {
		return "", err
	}
	return s.rotate(ctx, tx, by, proof)
}

// RemoveTOTP takes the actor's app away. It needs the password and a code, of the app or from the list.
func (s *Service) RemoveTOTP(ctx context.Context, by Actor, password, code string) (token string, err error) {
	defer fault.Wrap(&err, "identity.RemoveTOTP(%s)", by.ID)
	err = s.withBoth(ctx, by, password, code, func(tx *store.Tx) error {
		if err := dropTOTP(ctx, tx, by.ID); err != nil {
			return err
		}
		if token, err = s.proved(ctx, tx, by, Proof{Method: ByPassword, Level: 1}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: by.ID, Act: "second_factor", After: map[string]any{"set": false}})
	})
	return token, err
}

// NewRecovery makes a new list of printed codes; the old one is worth nothing any more. It needs the password and a code.
func (s *Service) NewRecovery(ctx context.Context, by Actor, password, code string) (codes []string, err error) {
	defer fault.Wrap(&err, "identity.NewRecovery(%s)", by.ID)
	err = s.withBoth(ctx, by, password, code, func(tx *store.Tx) error {
		if codes, err = s.freshRecovery(ctx, tx, by.ID); err != nil {
			return err
		}
		if err := s.forgiveOwn(ctx, tx, by); err != nil {
			return err
		}
		return audit.Write(ctx, tx, by.Who(), s.now(), audit.Entry{Thing: "account", ThingID: by.ID, Act: "recovery_codes"})
	})
	return codes, err
}

// withBoth runs a change after the password and a second proof.
func (s *Service) withBoth(ctx context.Context, by Actor, password, code string, change func(tx *store.Tx) error) error {
	if err := s.checkOwn(ctx, by, "old", password); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		method, err := s.useSecond(ctx, tx, by.ID, code)
		if err != nil {
			return err
		}
		if method == "" {
			return fault.Invalid(fault.Field("code", "totp.code"))
		}
		return change(tx)
	})
}

// useSecond takes a code of the app or from the list and says which it was; "" for neither.
func (s *Service) useSecond(ctx context.Context, tx *store.Tx, accountID, code string) (Method, error) {
	code = plainCode(code)
	if len(code) == totpDigits {
		ok, err := s.useCode(ctx, tx, accountID, code, true)
		if ok && err == nil {
			return ByCode, nil
		}
		return "", err
	}
	ok, err := s.useRecovery(ctx, tx, accountID, code)
	if ok && err == nil {
		return ByRecovery, nil
	}
	return "", err
}

// SecondStep ends a begun sign-in with a code of the app or from the printed list. It fails with fault.NotFound when the sign-in is over, fault.Invalid for a wrong
// or used code, and fault.TooMuch while a brake holds.
func (s *Service) SecondStep(ctx context.Context, token, code string, from Client) (o Opened, err error) {
	defer fault.Wrap(&err, "identity.SecondStep")
	p, err := s.Pending(ctx, token)
	if err != nil {
		return o, err
	}
	if err := s.attempt(ctx, secondStep, p.Login, p.AccountID, from); err != nil {
		return o, err
	}
	if p, err = s.TryPending(ctx, token); err != nil {
		return o, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		method, err := s.useSecond(ctx, tx, p.AccountID, code)
		if err != nil {
			return err
		}
		if method == "" {
			return fault.Invalid(fault.Field("code", "totp.code"))
		}
		o, err = s.OpenPending(ctx, tx, token, method, from)
		return err
	})
	return o, err
}
