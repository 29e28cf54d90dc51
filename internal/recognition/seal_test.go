// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import "testing"

const wantSeal = "BJFQTX1Y"

// The seal is worked by hand with another program: printf 'certificate\0ABCDEFGH1234' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
func TestSealOf(t *testing.T) {
	key := make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	if got := sealOf(key, "ABCDEFGH1234"); got != wantSeal {
		t.Errorf("got %s, want %s", got, wantSeal)
	}
	key[0]++
	if sealOf(key, "ABCDEFGH1234") == wantSeal {
		t.Error("another key, the same seal")
	}
}
