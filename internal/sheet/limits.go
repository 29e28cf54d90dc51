// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"errors"

	"hoctap/internal/fault"
)

// The limits that keep a stranger's file within bounds. Each breach is a fault.KindTooMuch that names the limit.
const (
	MaxFile        = 128 << 20 // bytes of the file as sent; 200,000 rows of 12 columns are about 15 MB as XLSX
	MaxUnzipped    = 1 << 30   // bytes of all parts together, unpacked; they are streamed, so this bounds time
	MaxRatio       = 200       // unpacked to packed; sheets of equal rows reach about 100, a bomb about 1,000
	MaxParts       = 2000      // entries of the archive; an ordinary workbook has 10 to 100
	MaxSheets      = 255       // what Excel itself puts into a new workbook at most
	MaxStringBytes = 96 << 20  // bytes of all shared strings
	MaxStrings     = 4 << 20   // number of shared strings
	MaxRows        = 1_048_576 // Excel's own limit
	MaxColumns     = 512       // columns with something in them; Excel allows 16,384
	MaxCell        = 32_767    // characters in a cell, Excel's own limit
	MaxRowText     = 1 << 20   // bytes of all texts in one row
	MaxMerges      = 100_000   // merged ranges in one sheet
	MaxStyles      = 65_536    // cell formats, fonts and number formats; Excel stops at 65,490

	ratioFrom      = 1 << 20 // parts smaller than this when unpacked are not judged by ratio
	directoryBytes = 4 << 20 // what may be read of an archive to list its entries
	maxTag         = 64 << 10
	maxDepth       = 64
)

// refuse is a file that is not read, whatever is in it; its sentence says how to save it instead.
func refuse(key string, pairs ...any) *fault.Fault {
	f := fault.Conflict("sheet."+key, pairs...)
	f.Kind = fault.KindInvalid
	return f
}

// tooMuch is a limit passed.
func tooMuch(key string, limit any, pairs ...any) *fault.Fault {
	return fault.TooMuch("sheet."+key, append(pairs, "limit", limit)...)
}

// damaged is a file that breaks its own format; part says where, for the log.
func damaged(part string) *fault.Fault { return refuse("damaged", "part", part) }

// named puts the file's name into a fault's arguments, for the sentence.
func named(err error, name string) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	if f.Args == nil {
		f.Args = fault.Args{}
	}
	f.Args["name"] = name
	return err
}
