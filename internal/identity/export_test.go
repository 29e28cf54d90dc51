// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"encoding/base64"
	"fmt"
	"time"

	"golang.org/x/crypto/argon2"
)

// CodeAt is the code that an authenticator app with this secret shows.
func CodeAt(secret string, at time.Time) string {
	raw, err := base32Plain.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	return codeAt(raw, at.Unix()/totpPeriod, totpDigits)
}

// Hashed counts how many hashes are worked out during do.
func Hashed(do func()) (n int) {
	plain := work
	defer func() { work = plain }()
	work = func(password, salt []byte, memory, time uint32, lanes uint8) []byte {
		n++
		return plain(password, salt, memory, time, lanes)
	}
	do()
	return n
}

// The tests check hundreds of passwords: their hashes cost next to nothing.
func init() {
	work = func(password, salt []byte, _, _ uint32, lanes uint8) []byte {
		return argon2.IDKey(password, salt, 1, 8, lanes, argonKey)
	}
}

// WeakHash is a hash at half the cost of today.
func WeakHash(password string) string {
	salt := []byte("0123456789abcdef")
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=1,p=1$%s$%s", argon2.Version, argonMemory/2, base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(argon(password, salt, argonMemory/2, 1, 1)))
}
