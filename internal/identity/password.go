// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Argon2id cost: 19 MiB, 2 passes, 1 lane (OWASP's second recommendation), about 25 ms of one core.
const (
	argonMemory = 19 * 1024
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
)

// hashing bounds how many hashes are worked out at once: each takes 19 MiB.
var hashing = make(chan struct{}, 4)

func hashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(argon(password, salt, argonMemory, argonTime, argonLanes)))
}

// verifyPassword compares in constant time; a hash it cannot read matches nothing.
func verifyPassword(hash, password string) bool {
	var version, memory, time uint32
	var lanes uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(argon(password, salt, memory, time, lanes), want) == 1
}

// outdated says whether a hash was made at another cost than that of today.
func outdated(hash string) bool {
	return !strings.HasPrefix(hash, fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonLanes))
}

// argon hashes the composed form: phones and PCs type the same word in different ones.
func argon(password string, salt []byte, memory, time uint32, lanes uint8) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return work([]byte(norm.NFC.String(password)), salt, memory, time, lanes)
}

// work is the hash itself; tests count it.
var work = func(password, salt []byte, memory, time uint32, lanes uint8) []byte {
	return argon2.IDKey(password, salt, time, memory, lanes, argonKey)
}
