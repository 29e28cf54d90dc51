// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/criteria"
	"hoctap/internal/fault"
	"hoctap/internal/web/lang"
)

// criteriaCmd is `hoctap criteria`: criteria sets without a database.
type criteriaCmd struct {
	Check criteriaCheckCmd `cmd:"" help:"Kiểm tra tệp bộ tiêu chí. Check criteria set files."`
	Try   criteriaTryCmd   `cmd:"" help:"Thử chấm một bộ tiêu chí. Score one input with a criteria set."`
}

// criteriaCheckCmd judges files together with the shipped sets, which they may overlay or include.
type criteriaCheckCmd struct {
	Files []string `arg:"" help:"Tệp YAML. YAML files."`
}

// criteriaTryCmd scores one input.
type criteriaTryCmd struct {
	Set   string `arg:"" help:"Mã bộ có sẵn, hoặc tệp YAML. Id of a shipped set, or a YAML file."`
	Input string `arg:"" help:"Tệp JSON, - là đọc từ bàn phím. JSON file, - for standard input."`
	JSON  bool   `name:"json" help:"In kết quả dạng JSON. Print the result as JSON."`
}

// brokenError ends a command whose findings are printed already.
type brokenError struct{ text string }

func (e brokenError) Error() string { return e.text }

// Run prints one line for each sound file and one for each broken rule. It fails when any rule is broken.
func (c *criteriaCheckCmd) Run(ctx context.Context, k *kong.Context) error {
	shipped, err := criteria.LoadLibrary(criteriadata.Files)
	if err != nil {
		return err
	}
	var sets []*criteria.Set
	names := map[string]string{}
	broken := 0
	for _, name := range c.Files {
		s, err := parseSet(name)
		if err != nil {
			n, err := printBroken(ctx, k.Stdout, err)
			if err != nil {
				return inWords(ctx, err)
			}
			broken += n
			continue
		}
		sets = append(sets, s)
		names[s.ID] = name
	}
	library := shipped.With(sets...)
	for _, s := range sets {
		compiled, err := library.Resolve(s.ID)
		if err != nil {
			n, err := printBroken(ctx, k.Stdout, err)
			if err != nil {
				return inWords(ctx, err)
			}
			broken += n
			continue
		}
		fmt.Fprintln(k.Stdout, lang.T(ctx, "criteria.cli.ok", "file", names[s.ID], "groups", len(compiled.Groups),
			"criteria", len(compiled.Criteria), "verified", verifiedText(ctx, compiled)))
	}
	if broken > 0 {
		return brokenError{lang.T(ctx, "criteria.cli.broken", "count", broken)}
	}
	return nil
}

func parseSet(name string) (*criteria.Set, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return criteria.Parse(name, f)
}

func verifiedText(ctx context.Context, c *criteria.Compiled) string {
	return lang.T(ctx, "criteria.verified."+string(c.Verified()))
}

// printBroken writes "file:line: field: sentence" for each broken rule and counts them. Other errors come back.
func printBroken(ctx context.Context, w io.Writer, err error) (int, error) {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || len(f.Fields) == 0 {
		return 0, err
	}
	for _, e := range f.Fields {
		fmt.Fprintf(w, "%v:%v: %s: %s\n", e.Args["file"], e.Args["line"], orDash(e.Field), sentence(ctx, "fault."+e.Key, e.Args))
	}
	return len(f.Fields), nil
}

func orDash(field string) string {
	if field == "" {
		return "-"
	}
	return field
}

func sentence(ctx context.Context, key string, args fault.Args) string {
	list := make([]any, 0, 2*len(args))
	for name, value := range args {
		list = append(list, name, value)
	}
	return lang.T(ctx, key, list...)
}

// Run scores the input and prints the result. It fails when the input is refused.
func (c *criteriaTryCmd) Run(ctx context.Context, k *kong.Context) error {
	set, err := c.set()
	if err != nil {
		n, rest := printBroken(ctx, k.Stderr, err)
		if rest != nil {
			return inWords(ctx, rest)
		}
		return brokenError{lang.T(ctx, "criteria.cli.broken", "count", n)}
	}
	in, res, err := c.score(set)
	if err != nil {
		return inWords(ctx, err)
	}
	if c.JSON {
		enc := json.NewEncoder(k.Stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(set.Explain(in, &res))
	} else {
		err = printTry(ctx, k.Stdout, set, in, &res)
	}
	if err == nil && res.Outcome == criteria.Refused {
		return brokenError{lang.T(ctx, "criteria.cli.broken", "count", len(res.Refusals))}
	}
	return err
}

// set gives a shipped set by id, or the set of a file, which may overlay or include shipped ones.
func (c *criteriaTryCmd) set() (*criteria.Compiled, error) {
	library, err := criteria.LoadLibrary(criteriadata.Files)
	if err != nil {
		return nil, err
	}
	if !strings.ContainsAny(c.Set, `./\`) {
		compiled, err := library.Resolve(c.Set)
		if fault.KindOf(err) != fault.KindNotFound {
			return compiled, err
		}
		if _, missing := os.Stat(c.Set); errors.Is(missing, fs.ErrNotExist) {
			return nil, err
		}
	}
	s, err := parseSet(c.Set)
	if err != nil {
		return nil, err
	}
	return library.With(s).Resolve(s.ID)
}

// score gives a refused result for an input that breaks a rule, and an error only for one that cannot be had.
func (c *criteriaTryCmd) score(set *criteria.Compiled) (*criteria.Input, criteria.Result, error) {
	r := io.Reader(os.Stdin)
	if c.Input != "-" {
		f, err := os.Open(c.Input)
		if err != nil {
			return nil, criteria.Result{}, err
		}
		defer f.Close()
		r = f
	}
	in, err := set.Read(r)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return nil, set.Refused(f), nil
	} else if err != nil {
		return nil, criteria.Result{}, err
	}
	res, err := set.Score(in)
	if err != nil && res.Outcome != criteria.Refused {
		return nil, res, err
	}
	return in, res, nil
}
