// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"context"
	"strings"

	"hoctap/internal/criteria"
	"hoctap/internal/registry"
	"hoctap/internal/web/lang"
)

// named is the line that names a subject, "Chủ hộ: Hà Văn Chiến"; a name that says itself what it names stands alone.
func named(ctx context.Context, model, name string) string {
	label := lang.T(ctx, "paper.col.name."+model)
	if strings.HasPrefix(strings.ToLower(name), strings.ToLower(label)+" ") {
		return name
	}
	return label + ": " + name
}

// signer is who signs for a subject as far as the registry knows: a clan, an area or a unit is no person, and who signs for it writes the name.
func signer(model, name string) string {
	if model == registry.Family || model == registry.Citizen {
		return name
	}
	return ""
}

// size is how many a subject has, in what the registry counts for its model: families of a clan, households of an area, else persons. What is not
// known is not said.
func size(ctx context.Context, r *registry.Subject) string {
	var parts []string
	for _, x := range []struct {
		key string
		n   int
	}{{"paper.sheet.size.members." + r.Model, r.Members}, {"paper.sheet.size.adults", r.Adults}, {"paper.sheet.size.children", r.Children}} {
		if x.n > 0 && lang.Has(ctx, x.key) {
			parts = append(parts, lang.T(ctx, x.key, "count", x.n))
		}
	}
	return strings.Join(parts, "; ")
}

// words are a criterion's title and its answers with their points; what registers know is not asked.
func (s sheet) words(ctx context.Context, i int) string {
	k := s.board.Set.Criteria[i]
	t := func(key string, pairs ...any) string { return lang.T(ctx, "paper.sheet."+key, pairs...) }
	q, fact := askOf(ctx, s.board, s.row, i)
	switch n := len(q.Answers); {
	case locked(s.row, k):
		return k.Title + " (" + t("register") + ")"
	case s.row.Result.Criteria[i].State == criteria.StateFull:
		return k.Title + " (" + t("full") + ")"
	case n == 0:
		return k.Title
	case q.Kind == criteria.EntryCount.String():
		return k.Title + ". " + s.counted(ctx, &q, fact)
	case n > 2 && q.Answers[1].Small == "": // a plain scale
		return k.Title + ". " + t("scale", "from", q.Answers[0].Gives, "to", q.Answers[n-1].Gives)
	case n > 12:
		return k.Title
	}
	var parts []string
	for _, a := range q.Answers {
		parts = append(parts, s.gives(ctx, strings.TrimSpace(a.Small), &a))
	}
	return k.Title + ". " + strings.Join(parts, "; ")
}

// gives is an answer with its points; a set without points has none.
func (s sheet) gives(ctx context.Context, word string, a *Answer) string {
	switch {
	case a.Big == "":
		return word
	case word == "":
		return lang.T(ctx, "paper.sheet.points", "points", a.Big)
	}
	return word + ": " + lang.T(ctx, "paper.sheet.points", "points", a.Big)
}

// counted says what is counted, as the fact says it, and from which number on the points are given; where each number is listed it gives just its own.
func (s sheet) counted(ctx context.Context, q *Ask, fact int) string {
	each := true
	for n := range q.Answers {
		each = each && q.Answers[n].Fact == float64(n)
	}
	var parts []string
	for n := range q.Answers {
		a := &q.Answers[n]
		count, _ := a.Fact.(float64)
		word := lang.Number(ctx, int64(count))
		if !each {
			if count == 0 && a.Gives == 0 {
				continue // fewer than the least that counts
			}
			word = lang.T(ctx, "paper.sheet.from", "count", int64(count))
		}
		if a.Big != "" {
			word = lang.T(ctx, "paper.sheet.counted", "count", word, "points", a.Big)
		}
		parts = append(parts, word)
	}
	text := strings.Join(parts, "; ")
	if fact < 0 {
		return text
	}
	return s.board.Set.Facts[fact].Title + ": " + text
}
