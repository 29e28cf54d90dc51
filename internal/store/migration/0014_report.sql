-- Reports up the levels. A period is opened by the level above for places below it, and by a province for its own report to the centre.
CREATE TABLE report_period (
  id         text PRIMARY KEY,
  place_id   text NOT NULL,            -- the province that opened it
  level      text NOT NULL,            -- commune | province: who reports
  kind       text NOT NULL,            -- year | half | five | ten
  title      text NOT NULL,
  from_year  integer NOT NULL,         -- years it speaks of, both inclusive
  to_year    integer NOT NULL,
  opens      text NOT NULL,            -- days, YYYY-MM-DD
  due        text NOT NULL,
  closes     text NOT NULL,            -- last day on which a report is taken
  by_id      text NOT NULL,
  created_at bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX report_period_once ON report_period (place_id, level, kind, to_year);

-- One place's report in a period: where it stands, and the draft. What was submitted is in report_version and never changes.
CREATE TABLE report (
  place_id     text NOT NULL,          -- who reports
  period_id    text NOT NULL,
  state        text NOT NULL,          -- open | submitted | returned | accepted | correcting
  due          text NOT NULL,          -- the period's, or later by an extension
  closes       text NOT NULL,
  extended     text NOT NULL DEFAULT '', -- why
  figures      text NOT NULL DEFAULT '', -- JSON as the system filled them in; '' before the draft is begun
  words        text NOT NULL DEFAULT '{}', -- JSON of what was typed
  reason       text NOT NULL DEFAULT '', -- why an accepted report is corrected
  last         integer NOT NULL DEFAULT 0, -- newest version, 0 for none
  accepted     integer NOT NULL DEFAULT 0, -- newest accepted version
  submitted_on text NOT NULL DEFAULT '', -- day of the newest version
  by_id        text NOT NULL DEFAULT '', -- who saved last
  by_name      text NOT NULL DEFAULT '',
  version      bigint NOT NULL DEFAULT 1,
  updated_at   bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, period_id)
) /* WITHOUT ROWID */;
CREATE INDEX report_of_period ON report (period_id);

-- A submitted report. Its content is that of the outgoing paper, frozen there by its hash.
CREATE TABLE report_version (
  place_id     text NOT NULL,
  period_id    text NOT NULL,
  no           integer NOT NULL,       -- from 1
  paper_id     text NOT NULL,
  sha          text NOT NULL,          -- of the content
  reason       text NOT NULL,          -- of a correction
  by_id        text NOT NULL,
  by_name      text NOT NULL,
  submitted_at bigint NOT NULL,
  state        text NOT NULL,          -- submitted | accepted | returned
  judged_by    text NOT NULL DEFAULT '',
  judged_name  text NOT NULL DEFAULT '',
  judged_at    bigint NOT NULL DEFAULT 0,
  judged_why   text NOT NULL DEFAULT '',
  PRIMARY KEY (place_id, period_id, no)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX report_version_paper ON report_version (paper_id);

-- Reminders by e-mail: each goes out once to each account.
CREATE TABLE report_reminder (
  place_id   text NOT NULL,
  period_id  text NOT NULL,
  kind       text NOT NULL,            -- before7 | before1 | late0, late1 … weeks after the due day
  account_id text NOT NULL,
  state      text NOT NULL,            -- waiting | sending | sent
  attempts   integer NOT NULL DEFAULT 0,
  next_at    bigint NOT NULL,          -- not tried before
  sent_at    bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, period_id, kind, account_id)
) /* WITHOUT ROWID */;
CREATE INDEX report_reminder_next ON report_reminder (state, next_at);

ALTER TABLE account ADD COLUMN email text NOT NULL DEFAULT '';
