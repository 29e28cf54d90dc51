// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package badge_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/recognition"
	"hoctap/internal/registry"
	"hoctap/internal/store"
)

// opened checks a signature with the published keys alone and reads what is signed.
func (w *world) opened(jwt string, into any) (kid string) {
	w.Helper()
	signed, err := jose.ParseSigned(jwt, []jose.SignatureAlgorithm{jose.EdDSA})
	w.ok(err)
	set, err := w.badges.Keys(w.Context(), at)
	w.ok(err)
	kid = signed.Signatures[0].Header.KeyID
	keys := set.Key(kid)
	if len(keys) != 1 || !keys[0].IsPublic() {
		w.Fatalf("%d published keys are called %s", len(keys), kid)
	}
	payload, err := signed.Verify(keys[0])
	w.ok(err)
	w.ok(json.Unmarshal(payload, into))
	return kid
}

type link struct {
	ID, Type, StatusPurpose, StatusListIndex, StatusListCredential string
}

// bit reads the status of a badge as a reader of badges does, from its file and the list that it names.
func (w *world) bit(jwt string) bool {
	w.Helper()
	var c struct{ CredentialStatus link }
	w.opened(jwt, &c)
	number, ok := strings.CutPrefix(c.CredentialStatus.StatusListCredential, string(at)+"/huy-hieu/trang-thai/")
	if !ok {
		w.Fatalf("status at %s", c.CredentialStatus.StatusListCredential)
	}
	list, err := strconv.Atoi(number)
	w.ok(err)
	i, err := strconv.Atoi(c.CredentialStatus.StatusListIndex)
	w.ok(err)
	return w.bits(list)[i/8]>>(7-i%8)&1 == 1
}

func (w *world) bits(list int) []byte {
	w.Helper()
	signed, err := w.badges.Statuses(w.Context(), list, at, words.Issuer)
	w.ok(err)
	var s struct {
		ID                string
		Type              []string
		CredentialSubject struct{ Type, StatusPurpose, EncodedList string }
	}
	w.opened(signed, &s)
	if s.ID != at.Statuses(list) || len(s.Type) != 2 || s.Type[1] != "BitstringStatusListCredential" || s.CredentialSubject.Type != "BitstringStatusList" || s.CredentialSubject.StatusPurpose != "revocation" {
		w.Fatalf("%+v", s)
	}
	packed, ok := strings.CutPrefix(s.CredentialSubject.EncodedList, "u")
	if !ok {
		w.Fatal("not base64url in multibase")
	}
	raw, err := base64.RawURLEncoding.DecodeString(packed)
	w.ok(err)
	z, err := gzip.NewReader(bytes.NewReader(raw))
	w.ok(err)
	all, err := io.ReadAll(z)
	w.ok(err)
	if len(all) < 131072/8 {
		w.Fatalf("%d bytes in a list", len(all))
	}
	return all
}

// A badge is given once the holder agreed, says what the title says and nothing of the person, and turns bad with the title.
func TestBadge(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		holder := w.holders(registry.Citizen)[0]
		w.refused(w.state(holder).Why, "badge.no_consent")
		_, err := w.badges.Give(ctx, officer, holder.PlaceID, holder.ID)
		w.refused(err, "badge.no_consent")
		if _, err := w.badges.Statuses(ctx, 1, at, ""); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("a list before the first badge: %v", err)
		}
		w.agree(holder)
		_, err = w.badges.File(ctx, w.state(holder), at, words)
		w.refused(err, "badge.not_given")
		given := w.give(holder)
		if again := w.give(holder); again.UUID != given.UUID || again.Index != given.Index {
			w.Errorf("a second badge: %+v, %+v", given, again)
		}

		f := w.file(holder)
		var c struct {
			Context                              []string `json:"@context"`
			ID, Name                             string
			Type                                 []string
			Issuer                               struct{ ID, Name string }
			ValidFrom, ValidUntil, Iss, Jti, Sub string
			Nbf, Exp                             int64
			CredentialStatus                     link
			CredentialSubject                    struct {
				ID         string
				Type       []string
				Identifier []struct {
					Type, IdentityHash, IdentityType, Salt string
					Hashed                                 bool
				}
				Achievement struct {
					ID, Name, Description string
					Type                  []string
					Criteria              struct{ Narrative string }
					Creator               struct{ Name string }
				}
			}
		}
		w.opened(f.JWT, &c)
		who := c.CredentialSubject.Identifier[0]
		sum := sha256.Sum256([]byte(holder.Name + who.Salt))
		for name, ok := range map[string]bool{
			"contexts":    strings.Join(c.Context, " ") == "https://www.w3.org/ns/credentials/v2 https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
			"types":       strings.Join(c.Type, " ") == "VerifiableCredential OpenBadgeCredential" && c.CredentialSubject.Type[0] == "AchievementSubject" && c.CredentialSubject.Achievement.Type[0] == "Achievement",
			"issuer":      c.Iss == "https://hoctap.example/huy-hieu" && c.Issuer.ID == c.Iss && c.Issuer.Name == "Học Tập",
			"name":        c.Jti == c.ID && c.ID == "urn:uuid:"+given.UUID && c.Sub == c.ID+"#holder" && c.CredentialSubject.ID == c.Sub,
			"from":        c.ValidFrom == holder.DecidedOn+"T00:00:00+07:00" && time.Unix(c.Nbf, 0).UTC().Format(time.RFC3339) == mustUTC(c.ValidFrom),
			"until":       c.ValidUntil == strconv.Itoa(holder.UntilYear)+"-12-31T23:59:59+07:00" && time.Unix(c.Exp, 0).UTC().Format(time.RFC3339) == mustUTC(c.ValidUntil),
			"holder":      who.Hashed && who.Type == "IdentityObject" && who.IdentityType == "name" && who.IdentityHash == "sha256$"+hex.EncodeToString(sum[:]) && len(who.Salt) == 32,
			"achievement": c.CredentialSubject.Achievement.Name == words.Name && c.CredentialSubject.Achievement.Description == words.Description && c.CredentialSubject.Achievement.Criteria.Narrative == words.Criteria,
			"status":      c.CredentialStatus.Type == "BitstringStatusListEntry" && c.CredentialStatus.StatusPurpose == "revocation" && c.CredentialStatus.StatusListIndex == strconv.Itoa(given.Index),
		} {
			if !ok {
				w.Errorf("%s: %s", name, f.Payload)
			}
		}
		r, err := w.registry.Get(ctx, officer, holder.PlaceID, holder.SubjectID)
		w.ok(err)
		for _, secret := range []string{holder.Name, strconv.Itoa(r.BirthYear), holder.SubjectID, holder.Code.String(), string(holder.Code)} {
			if bytes.Contains(f.Payload, []byte(secret)) {
				w.Errorf("the badge tells %s: %s", secret, f.Payload)
			}
		}

		if w.bit(f.JWT) {
			w.Error("the badge is bad from the start")
		}
		w.revoke(holder)
		if !w.bit(f.JWT) {
			w.Error("the title was revoked, and the badge does not know")
		}
		w.refused(w.state(holder).Why, "badge.not_valid")
		_, err = w.badges.File(ctx, w.state(holder), at, words)
		w.refused(err, "badge.not_valid")
		w.exact()
	})
}

func mustUTC(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return err.Error()
	}
	return t.UTC().Format(time.RFC3339)
}

// A title that another replaces, because the name was wrong, takes its badge with it; the new one wants a consent in the new name.
func TestReplaced(t *testing.T) {
	each(t, func(w *world) {
		holder := w.holders(registry.Citizen)[1]
		w.agree(holder)
		w.give(holder)
		f := w.file(holder)
		w.later(holder, recognition.Draft{Kind: recognition.KindAmend, Items: []recognition.Choice{{AssessmentID: holder.AssessmentID, Act: recognition.ActCorrect, Name: "Tên Đúng"}}})
		if !w.bit(f.JWT) {
			w.Error("replaced, and the badge is still good")
		}
		for _, h := range w.holders(registry.Citizen) {
			if h.AssessmentID == holder.AssessmentID {
				w.refused(w.state(h).Why, "badge.no_consent")
			}
		}
		w.exact()
	})
}

// Who gets no badge.
func TestRefusals(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		family := w.holdersIn(registry.Family, 2025)[0]
		_, err := w.badges.Give(ctx, officer, family.PlaceID, family.ID)
		w.refused(err, "badge.citizens_only")

		list := w.holders(registry.Citizen)
		holder := list[0]
		w.agree(holder)
		for _, by := range []identity.Actor{neighbour, {}} {
			if _, err := w.badges.Give(ctx, by, holder.PlaceID, holder.ID); fault.KindOf(err) != fault.KindDenied {
				w.Errorf("%s gives: %v", by.ID, err)
			}
			if _, err := w.badges.Of(ctx, by, holder.PlaceID, holder.ID); fault.KindOf(err) != fault.KindDenied {
				w.Errorf("%s looks: %v", by.ID, err)
			}
		}
		if _, err := w.badges.Give(ctx, viewer, holder.PlaceID, holder.ID); fault.KindOf(err) != fault.KindDenied {
			w.Errorf("who only reads gives: %v", err)
		}
		if _, err := w.badges.Give(ctx, officer, holder.PlaceID, "x"); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("no title: %v", err)
		}
		year, err := strconv.Atoi(holder.DecidedOn[:4])
		w.ok(err)
		for born, key := range map[int]string{0: "badge.birth_unknown", year - 10: "badge.child", year - 18: "badge.child", year - 19: ""} {
			w.born(holder, born)
			if why := w.state(holder).Why; key == "" && why != nil {
				w.Errorf("born %d: %v", born, why)
			} else if key != "" {
				w.refused(why, key)
				_, err := w.badges.Give(ctx, officer, holder.PlaceID, holder.ID)
				w.refused(err, key)
			}
		}
		w.born(holder, year-40)
		w.titles.Gate = func(context.Context, *store.Tx, *recognition.Decision) error { return fault.Conflict("test.unsigned") }
		w.refused(w.state(holder).Why, "test.unsigned")
		_, err = w.badges.Give(ctx, officer, holder.PlaceID, holder.ID)
		w.refused(err, "test.unsigned")
		w.titles.Gate = nil
		w.now = time.Date(holder.UntilYear+1, 1, 1, 0, 0, 0, 0, w.now.Location())
		w.refused(w.state(holder).Why, "badge.not_valid")
	})
}

// born sets a year of birth past the register's own checks, as an import of long ago may have left it.
func (w *world) born(t recognition.Title, year int) {
	w.Helper()
	w.write(`UPDATE subject SET birth_year = $1 WHERE place_id = $2 AND id = $3`, year, t.PlaceID, t.SubjectID)
}

// The holder gets the badge by the printed code with its seal, as long as the consent holds; everybody else gets one and the same answer.
func TestByCode(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		list := w.holders(registry.Citizen)
		holder, silent, asked := list[0], list[1], list[2]
		consent := w.agree(holder)
		w.give(holder)
		w.agree(asked)
		seal := func(t recognition.Title) string {
			s, err := w.titles.Seal(ctx, t.Code)
			w.ok(err)
			return s
		}
		st, err := w.badges.ByCode(ctx, holder.Code, seal(holder))
		w.ok(err)
		if f, err := w.badges.File(ctx, st, at, words); err != nil || f.JWT != w.file(holder).JWT {
			w.Errorf("the holder's file is another: %v", err)
		}
		none := func(name string, code recognition.Code, seal string) {
			w.Helper()
			st, err := w.badges.ByCode(ctx, code, seal)
			if w.refused(err, "not_found.badge"); st.Title.ID != "" || st.Given {
				w.Errorf("%s: %+v", name, st)
			}
		}
		none("without a seal", holder.Code, "")
		none("with another's seal", holder.Code, seal(silent))
		none("who did not agree", silent.Code, seal(silent))
		none("who agreed and has none", asked.Code, seal(asked))
		none("a code of nobody", "000000000000", "AAAAAAAA")
		w.ok(w.registry.Withdraw(ctx, officer, holder.PlaceID, holder.SubjectID, consent.ID))
		none("after withdrawal", holder.Code, seal(holder))
		w.refused(w.state(holder).Why, "badge.no_consent")
	})
}

// The status list tells nothing of people without a badge: whatever becomes of their titles, it stays as it is.
func TestListTellsOfBadgesOnly(t *testing.T) {
	each(t, func(w *world) {
		list := w.holders(registry.Citizen)
		w.agree(list[0])
		w.agree(list[1])
		w.give(list[0])
		before := w.bits(1)
		w.revoke(list[1])
		w.revoke(list[2])
		if after := w.bits(1); !bytes.Equal(before, after) || bytes.ContainsFunc(after, func(r rune) bool { return r != 0 }) {
			w.Error("the list tells of people without a badge")
		}
		w.revoke(list[0])
		ones := 0
		for _, b := range w.bits(1) {
			for ; b != 0; b &= b - 1 {
				ones++
			}
		}
		if ones != 1 {
			w.Errorf("%d bits are set", ones)
		}
		if _, err := w.badges.Statuses(w.Context(), 2, at, ""); fault.KindOf(err) != fault.KindNotFound {
			w.Errorf("a list of nobody: %v", err)
		}
	})
}

// A new key signs, old badges stay good, and nobody but administrators draws one; secrets of old keys are gone.
func TestRotate(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.Context()
		holder := w.holders(registry.Citizen)[0]
		w.agree(holder)
		w.give(holder)
		old := w.file(holder)
		for _, by := range []identity.Actor{officer, actor(identity.Admin, commune), {}} {
			if _, err := w.badges.Rotate(ctx, by); fault.KindOf(err) != fault.KindDenied {
				w.Errorf("%s draws a key: %v", by.ID, err)
			}
		}
		id, err := w.badges.Rotate(ctx, actor(identity.Admin, place.Root))
		w.ok(err)
		var first, second struct{ Jti string }
		k1, k2 := w.opened(old.JWT, &first), w.opened(w.file(holder).JWT, &second)
		if k1 == k2 || k2 != at.Key(id) || first != second {
			w.Errorf("signed by %s, then %s", k1, k2)
		}
		if w.bit(old.JWT) {
			w.Error("a new key makes old badges bad")
		}
		secrets := w.count(`SELECT count(*) FROM badge_key WHERE secret <> ''`)
		journal := w.count(`SELECT count(*) FROM journal WHERE thing = 'badge_key' AND after <> '{}'`)
		if secrets != 1 || journal != 0 {
			w.Errorf("%d secrets, %d entries that tell something", secrets, journal)
		}
		w.exact()
	})
}

// Many at once: nobody gets two badges, and no two badges one bit.
func TestGiveAtOnce(t *testing.T) {
	each(t, func(w *world) {
		list := w.holders(registry.Citizen)[:4]
		for _, h := range list {
			w.agree(h)
		}
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				h := list[i%len(list)]
				if _, err := w.badges.Give(w.Context(), officer, h.PlaceID, h.ID); err != nil {
					w.Error(err)
				}
			})
		}
		all.Wait()
		n, _, err := w.badges.Verify(w.Context())
		w.ok(err)
		keys := w.count(`SELECT count(*) FROM badge_key WHERE secret <> ''`)
		entries := w.count(`SELECT count(*) FROM journal WHERE thing = 'badge'`)
		if n != len(list) || keys != 1 || entries != len(list) {
			w.Errorf("%d badges, %d keys, %d entries for %d people", n, keys, entries, len(list))
		}
		w.exact()
	})
}

// Verify finds what does not belong together.
func TestVerify(t *testing.T) {
	each(t, func(w *world) {
		holder, family := w.holders(registry.Citizen)[0], w.holdersIn(registry.Family, 2025)[0]
		w.agree(holder)
		b := w.give(holder)
		w.exact()
		for _, c := range []struct {
			change, back string
			args, undo   []any
			want         string
		}{
			{`UPDATE badge SET title_id = $1`, `UPDATE badge SET title_id = $1`, []any{"x"}, []any{holder.ID}, "the badge has no title"},
			{`UPDATE badge SET place_id = $1, title_id = $2`, `UPDATE badge SET place_id = $1, title_id = $2`, []any{family.PlaceID, family.ID}, []any{holder.PlaceID, holder.ID}, "the badge is of no citizen"},
			{`UPDATE badge SET idx = $1`, `UPDATE badge SET idx = $1`, []any{131072}, []any{b.Index}, "the badge has no bit in its list"},
			{`UPDATE badge SET salt = $1`, `UPDATE badge SET salt = $1`, []any{""}, []any{b.Salt}, "the badge has no name or salt of its own"},
			{`UPDATE badge_key SET secret = $1`, "", []any{""}, nil, "one key should sign badges"},
		} {
			w.write(c.change, c.args...)
			_, list, err := w.badges.Verify(w.Context())
			w.ok(err)
			if len(list) != 1 || list[0].What != c.want {
				w.Errorf("%s: %+v", c.change, list)
			}
			if c.back != "" {
				w.write(c.back, c.undo...)
				w.exact()
			}
		}
		w.write(`UPDATE badge_key SET public = $1`, "not a key")
		if _, list, err := w.badges.Verify(w.Context()); err != nil || len(list) != 1 {
			w.Errorf("%+v, %v", list, err)
		}
		if _, err := w.badges.File(w.Context(), w.state(holder), at, words); err == nil {
			w.Error("signed with a broken key")
		}
	})
}
