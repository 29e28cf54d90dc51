// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package recognition

import (
	"context"
	"encoding/json"
	"slices"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
	"hoctap/internal/wording"
)

// Wordings are what a decision and its certificates say; the field names stand in frozen texts.
type Wordings struct {
	Paper       Wording  `json:"paper"`
	Certificate *Wording `json:"certificate,omitempty"`
}

// paperOf is the template of a decision; an amendment that only gives back has another, see Later.
var paperOf = map[Kind]wording.Kind{KindRecognise: wording.Recognise, KindExemplary: wording.Exemplary, KindAmend: wording.Amend, KindRevoke: wording.Revoke}

// outgoingKind is the template of an outgoing paper.
var outgoingKind = map[PaperKind]wording.Kind{PaperRequest: wording.Request, PaperNotice: wording.Notice, PaperDispatch: wording.Dispatch}

// Later is the kind of paper that an amendment is which does these acts: one that only gives back what was revoked corrects nothing.
func Later(acts ...Act) wording.Kind {
	if len(acts) == 0 || slices.ContainsFunc(acts, func(a Act) bool { return a != ActRestore }) {
		return wording.Amend
	}
	return wording.Restore
}

const selectActs = `SELECT DISTINCT i.act FROM decision_item i WHERE i.decision_id = $1`

// wordingKind is the kind of paper that a decision is by its list.
func wordingKind(ctx context.Context, tx *store.Tx, d *Decision) (wording.Kind, error) {
	if d.Kind != KindAmend {
		return paperOf[d.Kind], nil
	}
	acts, err := store.Collect(ctx, tx, store.Value[Act], selectActs, d.ID)
	return Later(acts...), err
}

// WordingKind is the kind of paper that a decision of the kind is.
func (k Kind) WordingKind() wording.Kind { return paperOf[k] }

// WordingKind is the kind of paper that an outgoing paper of the kind is.
func (k PaperKind) WordingKind() wording.Kind { return outgoingKind[k] }

const (
	insertFrozen = `INSERT INTO frozen_wording (sha, content) VALUES ($1, $2) ON CONFLICT (sha) DO NOTHING`
	selectFrozen = `SELECT content FROM frozen_wording WHERE sha = $1`
)

// freeze keeps a text for ever under its hash. It fails with fault.Conflict for a text that would not say what such a paper has to say, whoever put it there.
func freeze(ctx context.Context, tx *store.Tx, w Wordings) (sha string, err error) {
	for _, x := range []*Wording{&w.Paper, w.Certificate} {
		if x != nil && x.Text.Check(x.Kind) != nil {
			return "", fault.Conflict("recognition.template_broken", "paper", string(x.Kind))
		}
	}
	content, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	sha = shaOf(string(content))
	_, err = tx.Exec(ctx, insertFrozen, sha, string(content))
	return sha, err
}

// KeepShipped keeps the text that a decision of a kind by a body of a kind is issued with where nobody wrote another, and returns its hash. It is for whoever
// writes decisions past Issue.
func (s *Service) KeepShipped(ctx context.Context, k Kind, bodyKind string) (sha string, err error) {
	c := committee(bodyKind)
	w := Wordings{Wording{Kind: paperOf[k], Text: wording.Standard(paperOf[k], c)}, &Wording{Kind: wording.Certificate, Text: wording.Standard(wording.Certificate, c)}}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		sha, err = freeze(ctx, tx, w)
		return err
	})
	return sha, err
}

// decisionWordings are what a decision of a body and its certificates say now. A nil tx reads outside a transaction.
func (s *Service) decisionWordings(ctx context.Context, tx *store.Tx, b Body, d *Decision) (w Wordings, err error) {
	if tx == nil {
		tx = s.db.Read()
	}
	k, err := wordingKind(ctx, tx, d)
	if err != nil {
		return w, err
	}
	list, err := s.wordings(ctx, tx, b.Kind, b.PlaceID, k, wording.Certificate)
	if err != nil {
		return w, err
	}
	return Wordings{list[0], &list[1]}, nil
}

func (s *Service) frozen(ctx context.Context, sha string) (w Wordings, err error) {
	content, found, err := store.One(ctx, s.db.Read(), store.Value[string], selectFrozen, sha)
	if err == nil && !found {
		err = fault.NotFound("template", sha)
	}
	if err != nil {
		return w, err
	}
	err = json.Unmarshal([]byte(content), &w)
	return w, err
}

// Wordings returns what a decision and its certificates say: of one that is issued what it was issued with, of a draft what is in force. Those issued
// before there were templates were made from the first text that was shipped.
func (s *Service) Wordings(ctx context.Context, by identity.Actor, d *Decision) (w Wordings, err error) {
	defer fault.Wrap(&err, "recognition.Wordings(%s)", d.ID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, d.PlaceID); err != nil {
		return w, err
	}
	if d.Wording != "" {
		return s.frozen(ctx, d.Wording)
	}
	b, err := s.body(ctx, s.db.Read(), d.BodyID)
	if err != nil {
		return w, err
	}
	if d.State == StateIssued {
		k := paperOf[d.Kind]
		return Wordings{Wording{Kind: k, Text: wording.First(k, committee(b.Kind))},
			&Wording{Kind: wording.Certificate, Text: wording.First(wording.Certificate, committee(b.Kind))}}, nil
	}
	return s.decisionWordings(ctx, nil, b, d)
}

// PaperWording returns what an issued notice or dispatch note was made from; ok is false for those issued before there were templates.
func (s *Service) PaperWording(ctx context.Context, by identity.Actor, p *Paper) (w Wording, ok bool, err error) {
	defer fault.Wrap(&err, "recognition.PaperWording(%s)", p.ID)
	if err := s.may(ctx, nil, by, identity.SeeRecords, p.PlaceID); err != nil || p.Wording == "" {
		return w, false, err
	}
	all, err := s.frozen(ctx, p.Wording)
	return all.Paper, err == nil, err
}

const selectWordingUse = `
	SELECT d.place_id, d.id, d.wording, COALESCE(f.content, '') FROM decision d LEFT JOIN frozen_wording f ON f.sha = d.wording WHERE d.wording <> ''
	UNION ALL
	SELECT p.place_id, p.id, p.wording, COALESCE(f.content, '') FROM outgoing_paper p LEFT JOIN frozen_wording f ON f.sha = p.wording WHERE p.wording <> ''`

const selectTemplateGaps = `
	SELECT t.place_id, t.body_id, 'its template ' || t.kind || ' lacks versions' FROM paper_template t
	GROUP BY t.place_id, t.body_id, t.kind HAVING count(*) <> max(t.version) OR min(t.version) <> 1`

// texts demands that every issued paper finds the text it was made from, unchanged, and that no version of a template is lost.
func (c *checker) texts(ctx context.Context) error {
	err := store.Each(ctx, c.tx, func(sc store.Scanner) error {
		var placeID, id, sha, content string
		if err := sc.Scan(&placeID, &id, &sha, &content); err != nil {
			return err
		}
		if shaOf(content) != sha {
			c.differ(placeID, id, "the text it was made from is lost or changed")
		}
		return nil
	}, selectWordingUse)
	if err != nil {
		return err
	}
	return c.report(ctx, selectTemplateGaps)
}
