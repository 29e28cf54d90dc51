// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"

	"hoctap/internal/store/migration"
)

// Table is one of the schema, as the database itself knows it.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // columns of the primary key, in its order
}

// Column is a column with its type as migrations write it: text, integer, bigint, double precision, boolean, jsonb.
type Column struct{ Name, Type string }

const (
	sqliteColumns = `
		SELECT t.name, c.name, lower(c.type), c.pk FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'goose_db_version' ORDER BY t.name, c.cid`
	postgresColumns = `
		SELECT c.table_name, c.column_name, c.data_type, coalesce(k.ordinal_position, 0)
		FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
		LEFT JOIN (SELECT u.table_name, u.column_name, u.ordinal_position FROM information_schema.table_constraints x
			JOIN information_schema.key_column_usage u ON u.constraint_schema = x.constraint_schema AND u.constraint_name = x.constraint_name
			WHERE x.constraint_type = 'PRIMARY KEY' AND x.table_schema = current_schema()) k ON k.table_name = c.table_name AND k.column_name = c.column_name
		WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.table_name <> 'goose_db_version'
		ORDER BY c.table_name COLLATE "C", c.ordinal_position`
)

// Tables returns every table of the schema by name, for copies of the whole database.
func (db *DB) Tables(ctx context.Context, tx *Tx) (list []Table, err error) {
	query := sqliteColumns
	if db.Engine == Postgres {
		query = postgresColumns
	}
	keys := map[string]map[int]string{}
	err = Each(ctx, tx, func(s Scanner) error {
		var table string
		var c Column
		var at int
		if err := s.Scan(&table, &c.Name, &c.Type, &at); err != nil {
			return err
		}
		if n := len(list); n == 0 || list[n-1].Name != table {
			list = append(list, Table{Name: table})
			keys[table] = map[int]string{}
		}
		t := &list[len(list)-1]
		t.Columns = append(t.Columns, c)
		if at > 0 {
			keys[table][at] = c.Name
		}
		return nil
	}, query)
	for i := range list {
		for at := range len(keys[list[i].Name]) {
			list[i].Key = append(list[i].Key, keys[list[i].Name][at+1])
		}
	}
	return list, err
}

const selectSchema = `SELECT max(version_id) FROM goose_db_version WHERE is_applied`

// Schema is the number of the newest migration that the database has seen.
func (db *DB) Schema(ctx context.Context, tx *Tx) (int64, error) {
	n, _, err := One(ctx, tx, Value[int64], selectSchema)
	return n, err
}

// OpenAt is Open with a database brought to an older schema and left there: a copy of that time is put back into it before it is opened again. It fails
// for a schema newer than the program's.
func OpenAt(ctx context.Context, address string, schema int64) (*DB, error) {
	return openWith(ctx, address, migration.To(schema))
}
