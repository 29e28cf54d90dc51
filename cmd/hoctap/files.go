// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"maps"
	"slices"

	"hoctap/internal/blob"
	"hoctap/internal/web/site"
)

// namedFiles are the hashes of all files that records name, each with such a record.
func namedFiles(ctx context.Context, s *site.Site) (map[string]string, error) {
	all := map[string]string{}
	for _, files := range []func(context.Context) (map[string]string, error){s.Evidence.Files, s.Signature.Files, s.Archive.Files, s.Recognition.Files} {
		named, err := files(ctx)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, named)
	}
	return all, nil
}

// missing is a file that a record names and that is not there.
type missing struct{ sha, record string }

// missingOf are the files among named that there does not have, in the order of their records.
func missingOf(named map[string]string, there map[string]bool) (list []missing) {
	for sha, record := range named {
		if !there[sha] {
			list = append(list, missing{sha, record})
		}
	}
	slices.SortFunc(list, func(a, b missing) int {
		if a.record != b.record {
			if a.record < b.record {
				return -1
			}
			return 1
		}
		return 0
	})
	return list
}

// stored are the hashes of all files of a store.
func stored(ctx context.Context, files blob.Store) (map[string]bool, error) {
	there := map[string]bool{}
	err := files.Walk(ctx, func(i blob.Info) error { there[i.SHA256] = true; return nil })
	return there, err
}
