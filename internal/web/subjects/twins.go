// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package subjects

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/place"
	"hoctap/internal/registry"
	"hoctap/internal/web/site"
	"hoctap/internal/web/ui"
)

const (
	pagePairs = 10
	maxMerges = 30
)

type pairRow struct {
	Label, Keep, Gone string
	Differs           bool
}

type pairView struct {
	Title      string
	Keep, Gone registry.Subject
	KeepHref   string
	GoneHref   string
	Reasons    string
	Rows       []pairRow
	May        bool
	Apart      string // why the two cannot be merged as they stand
}

type mergeLine struct {
	ID, Place, Says, At string
	May, Undone         bool
}

type twinsView struct {
	Frame  ui.Office
	Title  string
	Path   string
	Model  string
	Models []ui.Tab
	Pairs  []pairView
	Pages  ui.Pages
	Merges []mergeLine
	Last   string // id of the merge just made
	Done   string
}

// twins shows the pairs that may be one, side by side with what speaks for it, and the merges made, which can be taken back.
func twins(v *site.Visit) error {
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	model, err := modelOf(v)
	if err != nil {
		return err
	}
	if wide(p) || model == registry.Community {
		return v.Go(site.With(pathOf(p.ID), "mo-hinh", model))
	}
	pairs, err := v.Registry.Duplicates(v.Ctx(), v.Actor, p.ID, model)
	if err != nil {
		return err
	}
	where, err := longName(v, p)
	if err != nil {
		return err
	}
	view := twinsView{Title: v.T("subjects.twins.title", "count", len(pairs), "place", where), Path: pathOf(p.ID, "trung"), Model: model, Last: v.Query("gop")}
	switch v.Query("xong") {
	case "gop":
		view.Done = v.T("subjects.twins.merged")
	case "hai":
		view.Done = v.T("subjects.twins.kept")
	case "tach":
		view.Done = v.T("subjects.done.unmerged")
	}
	for _, m := range models[:len(models)-1] {
		view.Models = append(view.Models, ui.Tab{Label: v.T("model." + m), Href: site.With(view.Path, "mo-hinh", m), Current: m == model})
	}
	from, _ := strconv.Atoi(v.Query("tu"))
	from = min(max(from, 0), len(pairs))
	to := min(from+pagePairs, len(pairs))
	for i, pair := range pairs[from:to] {
		one, err := pairOf(v, pair, from+i+1)
		if err != nil {
			return err
		}
		view.Pairs = append(view.Pairs, one)
	}
	view.Pages = ui.Pages{Text: v.T("subjects.page", "count", to-from, "all", len(pairs))}
	if from > 0 {
		view.Pages.Prev = site.With(view.Path, "mo-hinh", model, "tu", strconv.Itoa(max(0, from-pagePairs)))
	}
	if to < len(pairs) {
		view.Pages.Next = site.With(view.Path, "mo-hinh", model, "tu", strconv.Itoa(to))
	}
	if view.Merges, err = mergesOf(v, p); err != nil {
		return err
	}
	trail, err := crumbs(v, p, model, ui.Crumb{Label: v.T("subjects.twins")})
	if err != nil {
		return err
	}
	view.Frame = v.Frame(view.Title, site.Subjects, p, trail...)
	return v.Show(twinsPage(view))
}

func pairOf(v *site.Visit, pair registry.Pair, no int) (one pairView, err error) {
	keep, gone := pair.Keep, pair.Gone
	one = pairView{Title: v.T("subjects.twins.pair", "number", no, "name", keep.Name), Keep: keep, Gone: gone, KeepHref: hrefOf(keep), GoneHref: hrefOf(gone)}
	words := make([]string, len(pair.Reasons))
	for i, r := range pair.Reasons {
		words[i] = v.T("registry.same." + r)
	}
	one.Reasons = strings.Join(words, ", ")
	where, err := names(v, keep.PlaceID, gone.PlaceID)
	if err != nil {
		return one, err
	}
	one.Rows = append(one.Rows, pairRow{v.T("registry.field.area"), where[keep.PlaceID], where[gone.PlaceID], keep.PlaceID != gone.PlaceID})
	for _, f := range fieldsOf(keep.Model) {
		a, b := inWords(v, keep, f, typedOf(keep)[f]), inWords(v, gone, f, typedOf(gone)[f])
		if f != "name" && a+b != "" {
			one.Rows = append(one.Rows, pairRow{label(v, keep.Model, f), dash(a), dash(b), a != "" && b != "" && a != b})
		}
	}
	one.May = true
	for _, id := range []string{keep.PlaceID, gone.PlaceID} {
		p, err := v.Places.Get(v.Ctx(), id)
		if err != nil {
			return one, err
		}
		one.May = one.May && editor(v, p)
	}
	if keep.PlaceID != gone.PlaceID {
		one.Apart = v.T("subjects.twins.apart")
	}
	return one, nil
}

// mergesOf lists the merges made at or below a place, newest first.
func mergesOf(v *site.Visit, p place.Place) (list []mergeLine, err error) {
	leaves, err := v.Places.Leaves(v.Ctx(), p.ID, "")
	if err != nil {
		return nil, err
	}
	var all []registry.MergeRecord
	may := map[string]bool{}
	for _, l := range leaves {
		may[l.ID] = editor(v, l)
		some, err := v.Registry.Merges(v.Ctx(), v.Actor, l.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b registry.MergeRecord) int { return cmp.Compare(b.ID, a.ID) })
	for _, m := range all[:min(len(all), maxMerges)] {
		keep, gone := v.T("subjects.gone"), v.T("subjects.gone")
		if r, err := v.Registry.Load(v.Ctx(), v.DB.Read(), m.PlaceID, m.KeptID); err == nil {
			keep = r.Name
		}
		if r, err := v.Registry.Load(v.Ctx(), v.DB.Read(), m.PlaceID, m.GoneID); err == nil {
			gone = r.Name
		}
		l := mergeLine{ID: m.ID, Place: m.PlaceID, At: moment(v, m.At), Says: v.T("subjects.twins.merge_line", "gone", gone, "keep", keep), Undone: !m.UndoneAt.IsZero()}
		l.May = may[m.PlaceID] && !l.Undone
		list = append(list, l)
	}
	return list, nil
}

// settleTwins merges a pair or remembers that they are two.
func settleTwins(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	one, err := sent(v, "a")
	if err != nil {
		return err
	}
	two, err := sent(v, "b")
	if err != nil {
		return err
	}
	next := []string{"mo-hinh", one.Model}
	switch v.Form("lam") {
	case "hai":
		if err := v.Registry.KeepBoth(v.Ctx(), v.Actor, one, two); err != nil {
			return err
		}
		next = append(next, "xong", "hai")
	case "a", "b":
		keep, gone := one, two
		if v.Form("lam") == "b" {
			keep, gone = two, one
		}
		if keep.PlaceID != gone.PlaceID {
			return fault.Conflict("registry.cannot_merge", "name", keep.Name, "other", gone.Name)
		}
		_, id, err := v.Registry.Merge(v.Ctx(), v.Actor, keep.PlaceID, keep.ID, keep.Version, gone.ID, gone.Version)
		if err != nil {
			return err
		}
		next = append(next, "xong", "gop", "gop", id)
	default:
		return fault.Invalid(fault.Field("lam", "registry.unknown_value", "value", v.Form("lam")))
	}
	return v.Go(site.With(pathOf(p.ID, "trung"), next...))
}

// sent is one of the pair that a form names, in the version the person saw.
func sent(v *site.Visit, name string) (registry.Subject, error) {
	placeID, id, _ := strings.Cut(v.Form(name), "/")
	r, err := v.Registry.Get(v.Ctx(), v.Actor, placeID, id)
	if err != nil {
		return r, err
	}
	r.Version, _ = strconv.ParseInt(v.Form(name+"-version"), 10, 64)
	return r, nil
}

func undoMerge(v *site.Visit) error {
	if err := v.ReadForm(); err != nil {
		return err
	}
	p, err := v.Here(identity.SeeRecords)
	if err != nil {
		return err
	}
	r, err := v.Registry.UndoMerge(v.Ctx(), v.Actor, v.Form("noi-gop"), v.Form("lan-gop"))
	if err != nil {
		return err
	}
	return v.Go(site.With(pathOf(p.ID, "trung"), "mo-hinh", r.Model, "xong", "tach"))
}
