// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// What every page does with a script; without one each of these still works, with a page load more.
import { askBeforeActs } from "./lib/ask";
import { keepForms } from "./lib/keep";
import { pageKeys } from "./lib/keys";
import { pickFiles, sendOnce, showErrors } from "./lib/form";
import { readerSettings } from "./lib/settings";

readerSettings();
askBeforeActs();
showErrors();
sendOnce();
pickFiles();
keepForms();
pageKeys();
