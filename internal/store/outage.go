// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"hoctap/internal/fault"
)

// outage makes a fault.KindUnavailable of an error that nobody's input caused and that passes: the server of the database is gone, the disk is full or may not
// be written. Whether a write that ended so is on disk is not known: its answer may have been lost on the way.
func outage(err error) error {
	if err == nil {
		return nil
	}
	if _, known := fault.As(err); known {
		return err
	}
	key := ""
	if own, ok := errors.AsType[*sqlite.Error](err); ok {
		switch own.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			key = "unavailable.disk_full"
		case sqlite3.SQLITE_READONLY:
			key = "unavailable.read_only"
		case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY:
			key = "unavailable.database"
		}
	} else if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case pg.Code == "53100":
			key = "unavailable.disk_full"
		case pg.Code == "25006":
			key = "unavailable.read_only"
		case strings.HasPrefix(pg.Code, "57P0"), strings.HasPrefix(pg.Code, "08"), pg.Code == "53300":
			key = "unavailable.database"
		}
	} else if gone(err) {
		key = "unavailable.database"
	}
	if key == "" {
		return err
	}
	return fmt.Errorf("%w: %w", &fault.Fault{Kind: fault.KindUnavailable, Key: key}, err)
}

// unwritable says why a database of SQLite could not be opened where its folder is the reason: the engine has one and the same word for all of them.
func unwritable(path string, err error) error {
	if err = outage(err); fault.KindOf(err) != fault.KindUnavailable {
		return err
	}
	f, cannot := os.CreateTemp(filepath.Dir(path), ".hoctap-*")
	if cannot == nil {
		_ = os.Remove(f.Name())
		return errors.Join(err, f.Close())
	}
	key := "unavailable.database"
	switch {
	case errors.Is(cannot, syscall.EROFS):
		key = "unavailable.read_only"
	case errors.Is(cannot, syscall.ENOSPC):
		key = "unavailable.disk_full"
	case errors.Is(cannot, fs.ErrPermission):
		key = "unavailable.folder"
	}
	return fmt.Errorf("%w: %w: %w", &fault.Fault{Kind: fault.KindUnavailable, Key: key, Args: fault.Args{"folder": filepath.Dir(path)}}, cannot, err)
}

// gone reports that the connection to PostgreSQL could not be made or broke.
func gone(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok || errors.Is(err, driver.ErrBadConn) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}
