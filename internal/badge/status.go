// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"strconv"
	"time"

	"hoctap/internal/fault"
	"hoctap/internal/store"
)

// listBits is how many badges a status list has room for. W3C Bitstring Status List 1.0 asks for as many at least, so that one who fetches a list does not tell
// whom he asks about.
const listBits = 131_072

const revocation = "revocation"

// statusLink is where the status of a badge is.
type statusLink struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Index   string `json:"statusListIndex"`
	List    string `json:"statusListCredential"`
}

type statusSubject struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Purpose string `json:"statusPurpose"`
	Bits    string `json:"encodedList"`
}

const (
	selectListBegin = `SELECT coalesce(min(at), 0) FROM badge WHERE list = $1`
	selectEnded     = `SELECT b.idx, t.ended_by FROM badge b JOIN title t ON t.place_id = b.place_id AND t.id = b.title_id WHERE b.list = $1 AND t.state <> 'valid'`
)

// Statuses is a status list, signed: a bit for each badge, set once its title was revoked or replaced by a decision that counts. It is worked out from the titles each time, so it cannot
// say anything else than they do; bits of no badge look like those of good ones. It fails with fault.NotFound for a list without badges.
func (s *Service) Statuses(ctx context.Context, list int, at Address, issuer string) (jwt string, err error) {
	defer fault.Wrap(&err, "badge.Statuses(%d)", list)
	var began int64
	var over []endedBadge
	err = s.db.Snapshot(ctx, func(tx *store.Tx) error {
		if began, _, err = store.One(ctx, tx, store.Value[int64], selectListBegin, list); err != nil {
			return err
		}
		over, err = store.Collect(ctx, tx, func(sc store.Scanner) (e endedBadge, err error) {
			err = sc.Scan(&e.bit, &e.by)
			return e, err
		}, selectEnded, list)
		return err
	})
	if err != nil {
		return "", err
	}
	if began == 0 {
		return "", fault.NotFound("badge", strconv.Itoa(list))
	}
	ended, err := s.settled(ctx, over)
	if err != nil {
		return "", err
	}
	bits, err := encoded(ended)
	if err != nil {
		return "", err
	}
	from := store.Time(began).Truncate(24 * time.Hour) // of the day: nobody reads from it when the first one got a badge
	by := ProfileOf(at, issuer)
	by.Context = nil
	id := at.Statuses(list)
	payload, err := plainJSON(credential{
		Context: []string{credentialsContext}, ID: id, Type: []string{"VerifiableCredential", "BitstringStatusListCredential"}, Issuer: by, ValidFrom: stamp(from),
		Subject: statusSubject{id + "#list", "BitstringStatusList", revocation, bits}, Iss: at.Issuer(), Jti: id, Nbf: from.Unix(),
	})
	if err != nil {
		return "", err
	}
	k, err := s.signing(ctx)
	if err != nil {
		return "", err
	}
	return k.sign(at, "vc+jwt", payload)
}

// endedBadge is the bit of a badge whose title ended, and the decision that ended it.
type endedBadge struct {
	bit int
	by  string
}

// settled are the bits whose decision does not wait for its signature: until then it ends nothing, as the certificate's page says too.
func (s *Service) settled(ctx context.Context, over []endedBadge) (bits []int, err error) {
	waits := map[string]bool{}
	for _, e := range over {
		if _, asked := waits[e.by]; !asked && s.Waits != nil {
			if waits[e.by], err = s.Waits(ctx, e.by); err != nil {
				return nil, err
			}
		}
		if !waits[e.by] {
			bits = append(bits, e.bit)
		}
	}
	return bits, nil
}

// encoded sets bits in an empty list, the first being the leftmost of the first byte, and writes it as gzip in base64url behind a "u", as multibase names that.
func encoded(set []int) (string, error) {
	list := make([]byte, listBits/8)
	for _, i := range set {
		list[i/8] |= 0x80 >> (i % 8)
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(list); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes()), nil
}
