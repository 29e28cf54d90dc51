// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	criteriadata "hoctap/data/criteria"
	"hoctap/internal/criteria"
)

// measureStart takes the time from exec to the first answer, on the large database.
func measureStart(ctx context.Context, o *options, t *table, large, _ *database) error {
	var list []time.Duration
	for range max(o.runs, 5) {
		s, err := serve(ctx, o, large)
		if err != nil {
			return err
		}
		list = append(list, s.starts)
		if err := s.stop(); err != nil {
			return err
		}
	}
	slices.Sort(list)
	t.atMost("start to first answer", float64(list[len(list)/2].Microseconds())/1000, 300, "ms")
	return nil
}

const sheet = `{"year": 2026, "region": "mountainous",
	"facts": {"children_school_age": 2, "children_attending": 2, "children_result_ok": 1, "adults": 5, "adults_literate": 5,
		"adults_learned": 4, "poverty_status": "near_poor", "culture_family": true},
	"scores": {"A3": 8, "C1": ["a", "b", "c"], "C2": ["a", "b"], "D3": 3}, "members": {"adult": {"members": 5, "holders": 3}}, "gates": {"G1": true, "G3": true}}`

// measureEngine scores one household's sheet on one core, over and over.
func measureEngine(ctx context.Context, o *options, t *table, _, _ *database) error {
	library, err := criteria.LoadLibrary(criteriadata.Files)
	if err != nil {
		return err
	}
	set, err := library.Resolve("family-2021-2030")
	if err != nil {
		return err
	}
	in, err := set.Read(strings.NewReader(sheet))
	if err != nil {
		return err
	}
	var result criteria.Result
	list := repeat(o, nil, 1, 1000, func(int, int) error {
		for range 1000 {
			if err := set.ScoreInto(in, &result); err != nil {
				return err
			}
		}
		return nil
	})
	m := median(list)
	t.atLeast("scoring engine, one core", m.rate, 200_000, "assessments/s")
	return ctx.Err()
}

// measureVerify recounts and scores everything again.
func measureVerify(ctx context.Context, o *options, t *table, large, _ *database) error {
	before := time.Now()
	cmd := exec.CommandContext(ctx, o.binary, "verify", "--db", large.address(), "--files", large.files())
	out, err := cmd.CombinedOutput()
	took := time.Since(before)
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	t.atMost("verify", took.Seconds(), 60, "s")
	t.rows[len(t.rows)-1].cpu = seconds(cmd)
	t.note("verify says: %s", strings.TrimSpace(string(out)))
	return nil
}

// importRows is how many households the import reads.
const importRows = 100_000

const selectAreaNames = `
	SELECT a.name FROM place_parent p JOIN place a ON a.id = p.place_id
	WHERE p.commune_id = ? AND p.valid_to = '9999-12-31' AND a.level = 'area' ORDER BY a.name`

var importSpeed = regexp.MustCompile(`\(([0-9.]+) `) // thousands are grouped

// measureImport reads a list of households into one commune of a copy of the small database, as "hoctap import" does: checked,
// without duplicates of each other, listed in the open round.
func measureImport(ctx context.Context, o *options, t *table, _, small *database) error {
	dir, err := os.MkdirTemp(o.dir, "import")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	who, err := officers(small)
	if err != nil {
		return err
	}
	commune := who[0].communeID
	areas, err := query(small, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) }, selectAreaNames, commune)
	if err != nil || len(areas) == 0 {
		return fmt.Errorf("no areas in %s: %w", commune, err)
	}
	list := filepath.Join(dir, "list.csv")
	if err := writeList(list, areas); err != nil {
		return err
	}
	var speeds []float64
	var used string
	for range min(o.runs, 3) {
		d := &database{families: small.families, dir: dir}
		if err := copyFile(small.path(), d.path()); err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, o.binary, "import", "--db", d.address(), "--files", d.files(), "--place", commune, "--model", "family", list)
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%w: %.400s", err, out)
		}
		last := string(out[strings.LastIndex(strings.TrimSpace(string(out)), "\n")+1:])
		m := importSpeed.FindStringSubmatch(last)
		if m == nil {
			return fmt.Errorf("import says: %.300s", last)
		}
		speed, _ := strconv.ParseFloat(strings.ReplaceAll(m[1], ".", ""), 64)
		speeds = append(speeds, speed)
		used = seconds(cmd)
		t.note("import says: %s", strings.TrimSpace(last))
	}
	slices.Sort(speeds)
	t.atLeast(fmt.Sprintf("import of %d rows from CSV: read, check, store, list in the round", importRows), speeds[len(speeds)/2], 20_000, "rows/s")
	t.rows[len(t.rows)-1].cpu = used
	return nil
}

// seconds is the processor time that a finished command took.
func seconds(cmd *exec.Cmd) string {
	return fmt.Sprintf("%.1f s", (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
}

// writeList invents a list in the order of areas, as communes keep theirs.
func writeList(name string, areas []string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	b := bufio.NewWriter(f)
	b.WriteString("STT,Họ và tên chủ hộ,Năm sinh,Thôn/Khu,Số nhân khẩu,Số điện thoại,Địa chỉ\n")
	family, middle := []string{"Nguyễn", "Bùi", "Hà", "Đinh", "Quách"}, []string{"Văn", "Thị", "Công", "Hữu"}
	for i := range importRows {
		fmt.Fprintf(b, "%d,%s %s %c%c %c%c,%d,%s,%d,09%08d,\"Ngõ %d\"\n", i+1, family[i%5], middle[i%4], 'A'+rune(i/676%26), 'a'+rune(i/26%26), 'A'+rune(i/17576%26),
			'a'+rune(i%26), 1940+i%60, areas[i*len(areas)/importRows], 1+i%7, i, i%90)
	}
	return b.Flush()
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
