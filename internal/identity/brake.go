// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"hoctap/internal/audit"
	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// The brakes on guessing. Each counts on its own and lets some tries pass before it makes wait, longer each time:
//
//   - a browser that has opened this account before counts alone: no stranger's failures hold its owner up;
//   - strangers count by account and address. When many addresses guess at one account, each address is left fewer tries, but always some: whoever
//     has lost his browser still comes in from a new one;
//   - strangers count by address over all accounts, so that one password is not tried on each.
//
// The second step has the same brakes of its own, but there strangers wait together: who guesses codes knows the password, so no address may have its own
// tries; the owner's browser still passes.
//
// An address is an IPv4 address or an IPv6 network of 64 bits. Nothing is kept of a login but a keyed hash, so that failures on accounts
// that do not exist count like the others.
const (
	freeTries     = 5 // of a browser, and of an address on one account
	fewTries      = 2 // of an address on an account that many guess at
	manyFailures  = 40
	addressTries  = 60
	secondTries   = 20        // of all strangers on the second step of one account
	failureWindow = time.Hour // without a failure for so long, all is forgotten
	firstWait     = 30 * time.Second
	longestWait   = 15 * time.Minute
	addressWait   = time.Minute // many people share an address, so it never waits long
)

const (
	upsertFailure = `INSERT INTO sign_in_failure (key, count, at, until) VALUES ($1, 1, $2, 0)
		ON CONFLICT (key) DO UPDATE SET count = CASE WHEN sign_in_failure.at > $3 THEN sign_in_failure.count + 1 ELSE 1 END, at = excluded.at`
	selectFailure = `SELECT count, until FROM sign_in_failure WHERE key = $1`
	selectCount   = `SELECT count FROM sign_in_failure WHERE key = $1`
	holdFailure   = `UPDATE sign_in_failure SET until = $1 WHERE key = $2`
	deleteFailure = `DELETE FROM sign_in_failure WHERE key = $1`
	refundFailure = `UPDATE sign_in_failure SET count = count - 1, until = 0 WHERE key = $1 AND count > 0`
)

// step is which of the two a brake holds.
type step string

const (
	firstStep  step = ""
	secondStep step = "second "
)

// attempt takes one try before the password is looked at, so that guesses that come together are counted each; forgive gives it back. It fails with
// fault.TooMuch while a brake holds.
func (s *Service) attempt(ctx context.Context, at step, login, accountID string, from Client) (err error) {
	device, network := s.deviceOf(from.Device, accountID), networkOf(from.Address)
	var held time.Duration
	first := false
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		held, first = 0, false
		if device != "" {
			held, first, err = s.count(ctx, tx, s.brake(at, "device", device, accountID), freeTries, longestWait)
			return refuse(err, held)
		}
		free := freeTries
		if at == secondStep {
			if held, first, err = s.count(ctx, tx, s.brake(at, "account", login), secondTries, longestWait); err != nil || held > 0 {
				return refuse(err, held)
			}
		} else if all, err := s.countOnly(ctx, tx, s.brake(at, "account", login)); err != nil {
			return err
		} else if all > manyFailures {
			free = fewTries
		}
		held, begins, err := s.count(ctx, tx, s.brake(at, "stranger", login, network), free, longestWait)
		if first = first || begins; err != nil || held > 0 {
			return refuse(err, held)
		}
		held, _, err = s.count(ctx, tx, s.brake(at, "address", network), addressTries, addressWait)
		return refuse(err, held)
	})
	if first && err == nil && accountID != "" {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			return audit.Write(ctx, tx, audit.Who{ID: "public", Address: from.Address, Device: audit.Device(from.Agent)}, s.now(), audit.Entry{Thing: "account", ThingID: accountID, Act: "sign_in_brake"})
		})
	}
	return err
}

func refuse(err error, held time.Duration) error {
	if err != nil || held <= 0 {
		return err
	}
	return fault.TooMuch("sign_in.brake", "minutes", int((held+time.Minute-1)/time.Minute))
}

// count counts a try on one brake. held is how long it still holds; first says that it begins to hold with this try.
func (s *Service) count(ctx context.Context, tx *store.Tx, key string, free int, longest time.Duration) (held time.Duration, first bool, err error) {
	now := s.now()
	if _, err := tx.Exec(ctx, upsertFailure, key, store.Micros(now), store.Micros(now.Add(-failureWindow))); err != nil {
		return 0, false, err
	}
	type row struct {
		count int
		until int64
	}
	r, _, err := store.One(ctx, tx, func(sc store.Scanner) (r row, err error) {
		err = sc.Scan(&r.count, &r.until)
		return r, err
	}, selectFailure, key)
	if err != nil {
		return 0, false, err
	}
	if until := store.Time(r.until); r.until > 0 && until.After(now) {
		return until.Sub(now), false, nil
	}
	if over := r.count - free; over >= 0 {
		wait := longest
		if over < 8 {
			wait = min(longest, firstWait<<over)
		}
		_, err = tx.Exec(ctx, holdFailure, store.Micros(now.Add(wait)), key)
		first = over == 0
	}
	return 0, first, err
}

// countOnly counts a try and holds nothing.
func (s *Service) countOnly(ctx context.Context, tx *store.Tx, key string) (n int, err error) {
	now := s.now()
	if _, err := tx.Exec(ctx, upsertFailure, key, store.Micros(now), store.Micros(now.Add(-failureWindow))); err != nil {
		return 0, err
	}
	n, _, err = store.One(ctx, tx, store.Value[int], selectCount, key)
	return n, err
}

// forgive takes back what a right sign-in has counted: its own brakes whole, the shared ones by one, or a guesser could clear them by an account of his own.
func (s *Service) forgive(ctx context.Context, tx *store.Tx, login, accountID string, from Client) error {
	network, device := networkOf(from.Address), s.deviceOf(from.Device, accountID)
	for _, at := range []step{firstStep, secondStep} {
		whole, shared := []string{s.brake(at, "device", device, accountID)}, []string(nil)
		if device == "" {
			whole = []string{s.brake(at, "stranger", login, network)}
			shared = []string{s.brake(at, "account", login), s.brake(at, "address", network)}
		}
		for _, key := range whole {
			if _, err := tx.Exec(ctx, deleteFailure, key); err != nil {
				return err
			}
		}
		for _, key := range shared {
			if _, err := tx.Exec(ctx, refundFailure, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// ownAttempt takes one try at the actor's own password inside a session: who found a browser open must not guess it there.
func (s *Service) ownAttempt(ctx context.Context, by Actor) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		held, _, err := s.count(ctx, tx, s.brake(firstStep, "own", by.ID), freeTries, longestWait)
		return refuse(err, held)
	})
}

// forgiveOwn takes back the tries of ownAttempt.
func (s *Service) forgiveOwn(ctx context.Context, tx *store.Tx, by Actor) error {
	_, err := tx.Exec(ctx, deleteFailure, s.brake(firstStep, "own", by.ID))
	return err
}

// brake is the key of a counter.
func (s *Service) brake(at step, kind string, of ...string) string {
	return s.Keys.Hash("brake "+string(at)+kind, strings.Join(of, "\x00"))
}

// networkOf is the host of "host:port", of IPv6 the network: one household has all of it. What is no address is one network.
func networkOf(address string) string {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	host := ap.Addr().Unmap().WithZone("")
	if host.Is6() {
		p, _ := host.Prefix(64)
		return p.String()
	}
	return host.String()
}

// A browser's mark says which accounts it has opened: a number of its own, then for each account the day and a seal of both and the account. It opens
// nothing; it only keeps its brake apart from that of strangers.
const (
	deviceAccounts = 6   // of one browser: a commune's PC has several people
	deviceDays     = 180 // that a mark is known
)

// deviceOf is the number of a browser that has opened the account, "" for a stranger.
func (s *Service) deviceOf(mark, accountID string) string {
	number, seals, _ := strings.Cut(mark, ".")
	if accountID == "" || number == "" || len(mark) > 1000 {
		return ""
	}
	today := s.now().Unix() / 86400
	for seal := range strings.SplitSeq(seals, ".") {
		text, _, _ := strings.Cut(seal, "-")
		day, err := strconv.ParseInt(text, 36, 64)
		if err == nil && day <= today && day > today-deviceDays && hmac.Equal([]byte(seal), []byte(s.deviceSeal(number, accountID, day))) {
			return number
		}
	}
	return ""
}

func (s *Service) deviceSeal(number, accountID string, day int64) string {
	text := strconv.FormatInt(day, 36)
	return text + "-" + s.Keys.Hash("device", number+" "+accountID+" "+text)[:24]
}

// knownTo is the browser's mark with the account added.
func (s *Service) knownTo(mark, accountID string) string {
	number, rest, _ := strings.Cut(mark, ".")
	if b, err := hex.DecodeString(number); err != nil || len(b) != 12 || len(mark) > 1000 {
		raw := make([]byte, 12)
		_, _ = rand.Read(raw)
		number, rest = hex.EncodeToString(raw), ""
	}
	today := s.now().Unix() / 86400
	marks := []string{number, s.deviceSeal(number, accountID, today)}
	for seal := range strings.SplitSeq(rest, ".") {
		text, _, _ := strings.Cut(seal, "-")
		day, err := strconv.ParseInt(text, 36, 64)
		if err != nil || day > today || day <= today-deviceDays || seal == s.deviceSeal(number, accountID, day) || len(marks) > deviceAccounts {
			continue
		}
		marks = append(marks, seal)
	}
	return strings.Join(marks, ".")
}
