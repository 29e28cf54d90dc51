// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hoctap/internal/fault"
	"hoctap/internal/identity"
	"hoctap/internal/store"
)

// verb says who may call an exported verb that takes an actor: who may do one of acts at the place, in an office of the very place with seat,
// anywhere at all with any. A verb that is about the actor's own account has own; within is why it is called only by verbs that have checked.
type verb struct {
	acts   []identity.Act
	and    identity.Act // is asked for besides
	at     string       // leaf | commune | province | root
	seat   bool
	any    bool
	own    bool
	self   bool // the program alone: no person may
	within string
	late   bool // looks at what was typed before it asks whose it is: a refused call may be told so, and changes nothing
}

// parseVerb reads "act|act place flags…".
func parseVerb(line string) (v verb) {
	words := strings.Fields(line)
	switch words[0] {
	case "own":
		return verb{own: true}
	case "self":
		return verb{self: true, at: "root"}
	}
	if both := strings.Split(words[0], "&"); len(both) > 1 {
		words[0], v.and = both[0], identity.Act(both[1])
	}
	for _, a := range strings.Split(words[0], "|") {
		v.acts = append(v.acts, identity.Act(a))
	}
	for _, w := range words[1:] {
		switch w {
		case "seat":
			v.seat = true
		case "any":
			v.any = true
		case "late":
			v.late = true
		default:
			v.at = w
		}
	}
	return v
}

func (v verb) lets(a identity.Actor, path string) bool {
	return slices.ContainsFunc(v.acts, func(act identity.Act) bool {
		if v.any {
			return a.Anywhere(act)
		}
		return a.May(act, path) && (v.and == "" || a.May(v.and, path))
	})
}

// method is an exported method as the source has it: names of parameters are what its arguments are found by.
type method struct {
	pkg, name string
	params    []string
	actor     bool
}

// methods reads every exported method and function of the house that stands right of identity, or is identity.
func methods(t *testing.T) (all []method) {
	t.Helper()
	for _, pkg := range slices.Sorted(func(yield func(string) bool) {
		for p := range services(nil) {
			if !yield(p) {
				return
			}
		}
	}) {
		files := token.NewFileSet()
		err := filepath.WalkDir(filepath.Join("..", filepath.FromSlash(pkg)), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				if d != nil && d.IsDir() && filepath.Clean(path) != filepath.Join("..", filepath.FromSlash(pkg)) {
					return fs.SkipDir
				}
				return err
			}
			if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			for _, decl := range f.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || !fn.Name.IsExported() {
					continue
				}
				m := method{pkg: pkg, name: fn.Name.Name}
				for _, p := range fn.Type.Params.List {
					text := typeText(p.Type)
					for _, n := range p.Names {
						m.params = append(m.params, n.Name)
						m.actor = m.actor || text == "identity.Actor" || pkg == "identity" && text == "Actor"
					}
				}
				on := ""
				if fn.Recv != nil {
					on = strings.TrimPrefix(typeText(fn.Recv.List[0].Type), "*")
				}
				switch {
				case on == "Service" || on == "Figures" && pkg == "rollup":
					all = append(all, m)
				case m.actor && on == "":
					all = append(all, method{pkg: pkg, name: "func " + m.name, params: m.params, actor: true})
				case m.actor && on != "Actor":
					t.Errorf("%s: (%s).%s takes an actor and belongs to no service that this test knows", pkg, on, m.name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return "*" + typeText(e.X)
	case *ast.SelectorExpr:
		return typeText(e.X) + "." + e.Sel.Name
	}
	return fmt.Sprintf("%T", e)
}

// Whatever package exports a function that takes an actor is walked: none is passed over because nobody listed it.
func TestEveryPackageOfVerbsIsWalked(t *testing.T) {
	known, files := services(nil), token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && (d.Name() == "web" || strings.HasSuffix(d.Name(), "test") || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return err
		}
		pkg, _ := filepath.Rel("..", filepath.Dir(path))
		pkg = filepath.ToSlash(pkg)
		if _, ok := known[pkg]; ok || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			for _, p := range fn.Type.Params.List {
				if typeText(p.Type) == "identity.Actor" {
					t.Errorf("%s.%s takes an actor: list its package in services", pkg, fn.Name.Name)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// services are the values whose methods are walked, by package.
func services(h *house) map[string]any {
	if h == nil {
		h = &house{}
	}
	if h.s == nil {
		return map[string]any{"identity": nil, "place": nil, "criteria/version": nil, "registry": nil, "evidence": nil, "rollup": nil, "assessment": nil, "recognition": nil,
			"report": nil, "badge": nil, "signature": nil, "archive": nil, "identity/passkey": nil, "identity/oidc": nil, "privacy": nil, "scan": nil, "operation": nil, "selfsheet": nil}
	}
	return map[string]any{"identity": h.s.Identity, "place": h.s.Places, "criteria/version": h.s.Sets, "registry": h.s.Registry, "evidence": h.s.Evidence, "rollup": h.s.Figures,
		"assessment": h.s.Assessment, "recognition": h.s.Recognition, "report": h.s.Reports, "badge": h.s.Badges, "signature": h.s.Signature, "archive": h.s.Archive,
		"identity/passkey": h.s.Passkeys, "identity/oidc": h.s.OIDC, "privacy": h.s.Privacy, "scan": h.s.Scan, "operation": h.s.Operation, "selfsheet": h.s.SelfSheets}
}

// walker fills in arguments by the names of parameters and fields.
type walker struct {
	*house
	places map[string]string
	known  map[string]map[string]any // package → name → value; "" is for all, "package.Verb" for one
}

func (w *walker) value(key, name string, t reflect.Type, at string) (reflect.Value, bool) {
	pkg, _, _ := strings.Cut(key, ".")
	for _, of := range []string{key, pkg, ""} {
		if v, ok := w.known[of][name]; ok {
			if r := reflect.ValueOf(v); r.Type().ConvertibleTo(t) && (r.Kind() == t.Kind() || t.Kind() != reflect.String) {
				return r.Convert(t), true
			}
		}
	}
	switch strings.ToLower(name) {
	case "placeid", "leafid", "at":
		if t.Kind() == reflect.String {
			return reflect.ValueOf(w.places[at]).Convert(t), true
		}
	}
	return reflect.Zero(t), false
}

// fill makes an argument: known by its name, or a struct whose fields are.
func (w *walker) fill(key, name string, t reflect.Type, at string) reflect.Value {
	if v, ok := w.value(key, name, t, at); ok {
		return v
	}
	v := reflect.New(t).Elem()
	if t == readerType {
		return reflect.ValueOf(strings.NewReader("%PDF-"))
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				continue
			}
			if x, ok := w.value(key, f.Name, f.Type, at); ok {
				v.Field(i).Set(x)
			} else if f.Type.Kind() == reflect.Struct {
				v.Field(i).Set(w.fill(key, "", f.Type, at))
			}
		}
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct && name != "queue" {
			v.Set(reflect.New(t.Elem()))
			v.Elem().Set(w.fill(key, "", t.Elem(), at))
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			v.Set(reflect.Append(v, w.fill(key, "", t.Elem(), at)))
		}
	}
	return v
}

var (
	contextType = reflect.TypeFor[context.Context]()
	actorType   = reflect.TypeFor[identity.Actor]()
	txType      = reflect.TypeFor[*store.Tx]()
	readerType  = reflect.TypeFor[io.Reader]()
	errorType   = reflect.TypeFor[error]()
)

// errRolledBack ends a transaction that was only asked.
var errRolledBack = errors.New("rolled back")

// call calls a verb as an actor; an inner transaction is always taken back.
func (w *walker) call(service any, m method, by identity.Actor, at string) (err error) {
	key := m.pkg + "." + m.name
	fn := reflect.ValueOf(service).MethodByName(m.name)
	do := func(tx *store.Tx) (_ error) {
		defer func() { // past every check an argument that this test cannot make is missed
			if r := recover(); r != nil {
				err = fmt.Errorf("past the checks: %v", r)
			}
		}()
		args := make([]reflect.Value, fn.Type().NumIn())
		acted := false
		for i := range args {
			t := fn.Type().In(i)
			name := ""
			if i < len(m.params) {
				name = m.params[i]
			}
			switch {
			case t == contextType:
				args[i] = reflect.ValueOf(w.ctx)
			case t == actorType && !acted:
				args[i], acted = reflect.ValueOf(by), true
			case t == txType:
				args[i] = reflect.ValueOf(tx)
			default:
				args[i] = w.fill(key, name, t, at)
			}
		}
		var out []reflect.Value
		if fn.Type().IsVariadic() {
			out = fn.CallSlice(args)
		} else {
			out = fn.Call(args)
		}
		for _, o := range out {
			if o.Type() == errorType && !o.IsNil() {
				err = o.Interface().(error)
			}
			if list, ok := o.Interface().([]error); ok && err == nil { // answer by answer: the first stands for all
				err = errors.Join(list...)
			}
		}
		return err
	}
	if !slices.ContainsFunc(slices.Collect(func(yield func(reflect.Type) bool) {
		for i := range fn.Type().NumIn() {
			if !yield(fn.Type().In(i)) {
				return
			}
		}
	}), func(t reflect.Type) bool { return t == txType }) {
		return do(nil)
	}
	_ = w.s.DB.Write(w.ctx, func(tx *store.Tx) error {
		if err = do(tx); err != nil {
			return err
		}
		return errRolledBack
	})
	return err
}

// cast is every role at every kind of place, one's own and lent, beside nobody and those whose time is over.
func (w *walker) cast() map[string]identity.Actor {
	all := map[string]identity.Actor{"nobody": {}, "no role": {ID: "walker"}, "expired": w.actors[expired], "a reader whose loan is over": w.actors[expired]}
	for _, role := range identity.Roles {
		for name, id := range w.places {
			g := identity.Grant{Role: role, PlaceID: id}
			all[string(role)+" at "+name] = identity.Actor{ID: "walker", Name: "Người đi", Grants: []identity.Grant{g}}
			g.Giver = w.actors[officer].ID
			all[string(role)+" lent at "+name] = identity.Actor{ID: "walker", Name: "Người đi", Grants: []identity.Grant{g}}
			g.Below = true
			all[string(role)+" lent below at "+name] = identity.Actor{ID: "walker", Name: "Người đi", Grants: []identity.Grant{g}}
		}
	}
	return all
}

// Every verb that takes an actor, as every role at the right place, a neighbour place and a parent place: who may not is refused and changes
// nothing; who may is not. A verb without a line fails, and so does a method without an actor that nobody has looked at.
func TestEveryVerbAsEveryone(t *testing.T) {
	h := open(t)
	w := h.walker()
	all, people := methods(t), w.cast()
	listed := map[string]bool{}
	services := services(h)
	walked, within, own, refused, let := 0, 0, 0, 0, 0
	type job struct {
		m method
		v verb
	}
	var jobs []job
	for _, m := range all {
		key := m.pkg + "." + m.name
		listed[key] = true
		if !m.actor {
			if actorless[key] == "" {
				t.Errorf("%s takes no actor: give it one, or say in actorless why it needs none", key)
			}
			continue
		}
		v, ok := verbs[key]
		switch {
		case !ok:
			t.Errorf("%s has no line in verbs: say who may call it", key)
		case v.within != "":
			within++
		case v.own:
			own++
		default:
			walked++
			jobs = append(jobs, job{m, v})
		}
	}
	for key := range verbs {
		if !listed[key] {
			t.Errorf("%s is no verb any more", key)
		}
	}
	for key := range actorless {
		if !listed[key] {
			t.Errorf("%s is no method any more", key)
		}
	}
	if t.Failed() {
		return
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range people {
			if !yield(n) {
				return
			}
		}
	})
	for _, allowed := range []bool{false, true} {
		for _, j := range jobs {
			key, path := j.m.pkg+"."+j.m.name, ""
			if !j.v.any {
				path = h.path(w.places[j.v.at])
			}
			before := h.count(`SELECT count(*) FROM journal`)
			faults := map[string]bool{}
			for _, name := range names {
				by := people[name]
				may := j.v.lets(by, path) && (!j.v.seat || slices.ContainsFunc(j.v.acts, func(a identity.Act) bool { return by.Sits(a, w.places[j.v.at]) }))
				if may != allowed {
					continue
				}
				err := w.call(services[j.m.pkg], j.m, by, j.v.at)
				kind := fault.KindOf(err)
				if allowed {
					let++
					if kind == fault.KindDenied && !faults["let"] {
						faults["let"] = true
						t.Errorf("%s may not %s: %v", name, key, err)
					}
					continue
				}
				refused++
				fine := err != nil && (kind == fault.KindDenied || kind == fault.KindNotFound || j.v.late && (kind == fault.KindInvalid || kind == fault.KindConflict || kind == fault.KindStale))
				if !fine && !faults["refused"] {
					faults["refused"] = true
					t.Errorf("%s calls %s: %v", name, key, err)
				}
			}
			if !allowed && h.count(`SELECT count(*) FROM journal`) != before {
				t.Errorf("somebody changed something through %s", key)
			}
		}
	}
	t.Logf("%d verbs walked as %d kinds of people (%d calls refused, %d let in), %d of one's own account, %d within checked ones, %d methods without an actor looked at",
		walked, len(people), refused, let, own, within, len(actorless))
}
