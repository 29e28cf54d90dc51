-- Personal data: the law's register, requests, erasures, keeping times and incidents. Law 91/2025/QH15, Decree 356/2025/NĐ-CP.

-- Versions of the register of processing that differ from the shipped one. Every save is a row; the highest version is in force.
CREATE TABLE privacy_register (
  version  integer PRIMARY KEY,        -- from 2: 1 is what the program ships
  content  text NOT NULL,              -- JSON, privacy.Register
  sha      text NOT NULL,              -- of content
  remark   text NOT NULL,
  by_id    text NOT NULL,
  by_name  text NOT NULL,
  at       bigint NOT NULL
) /* WITHOUT ROWID */;

-- What a person asks of the body that holds their data. name, contact and words are emptied when the data are erased.
CREATE TABLE privacy_request (
  id          text PRIMARY KEY,
  code        text NOT NULL,           -- what the person keeps: 8 characters
  place_id    text NOT NULL,           -- commune or province that answers
  kind        text NOT NULL,           -- view | correct | provide | withdraw | restrict | object | erase
  way         text NOT NULL,           -- paper | counter | form
  state       text NOT NULL,           -- received | working | done | refused | dropped
  name        text NOT NULL,
  contact     text NOT NULL,
  relation    text NOT NULL,           -- self | parent | representative
  words       text NOT NULL,           -- what is asked, as told
  processors  boolean NOT NULL,        -- data of it lie with a processor too: a longer time
  subject_place text NOT NULL DEFAULT '',
  subject_id  text NOT NULL DEFAULT '', -- whose data, once the office found them
  checked     text NOT NULL DEFAULT '', -- how the identity was checked, by whom
  checked_by  text NOT NULL DEFAULT '',
  received_on text NOT NULL,           -- days, YYYY-MM-DD
  acknowledge_by text NOT NULL,
  acknowledged_on text NOT NULL DEFAULT '',
  due         text NOT NULL,
  extended    text NOT NULL DEFAULT '', -- reason of the longer time
  answer      text NOT NULL DEFAULT '', -- result, or why not
  basis       text NOT NULL DEFAULT '', -- legal basis of a refusal
  change_id   text NOT NULL DEFAULT '', -- what it led to: a restriction, a consent, an erasure
  ended_on    text NOT NULL DEFAULT '',
  ended_by    text NOT NULL DEFAULT '',
  by_id       text NOT NULL,           -- who wrote it down; '' for the public form
  version     bigint NOT NULL DEFAULT 1,
  created_at  bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX privacy_request_code ON privacy_request (code);
CREATE INDEX privacy_request_place ON privacy_request (place_id, state, due);
CREATE INDEX privacy_request_subject ON privacy_request (subject_id) WHERE subject_id <> '';

-- Subjects whose data are only kept: no change, no score, no decision, no export.
CREATE TABLE restriction (
  subject_id text PRIMARY KEY,
  place_id   text NOT NULL,            -- leaf when it began
  reason     text NOT NULL,
  by_id      text NOT NULL,
  at         bigint NOT NULL
) /* WITHOUT ROWID */;

-- What was erased, without a word of it: replayed over a copy that is put back.
CREATE TABLE erased (
  subject_id text PRIMARY KEY,
  request_id text NOT NULL,            -- '' when a keeping time ended
  kept       text NOT NULL,            -- what the archives law keeps: '' | decisions
  by_id      text NOT NULL,
  at         bigint NOT NULL
) /* WITHOUT ROWID */;

-- Runs of the keeping times. counts is JSON: rule → rows.
CREATE TABLE retention_run (
  id     text PRIMARY KEY,
  counts text NOT NULL,
  by_id  text NOT NULL,
  at     bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX retention_run_at ON retention_run (at);

-- The breach book. steps is JSON: what was done, when, by whom.
CREATE TABLE breach (
  id           text PRIMARY KEY,
  place_id     text NOT NULL,          -- where it was seen
  title        text NOT NULL,
  story        text NOT NULL,          -- what happened
  kind         text NOT NULL,          -- leak | loss | change | access | outage
  severity     text NOT NULL,          -- suspected | personal | serious | urgent
  state        text NOT NULL,          -- suspected | open | closed | dismissed
  found_at     bigint NOT NULL,        -- when it was known: clocks run from here
  happened_at  bigint NOT NULL DEFAULT 0,
  account_id   text NOT NULL DEFAULT '', -- whose account was misused, for counting
  subjects     bigint NOT NULL DEFAULT 0,
  sensitive    bigint NOT NULL DEFAULT 0,
  fields       text NOT NULL DEFAULT '', -- which data
  effects      text NOT NULL DEFAULT '',
  measures     text NOT NULL DEFAULT '',
  first_at     bigint NOT NULL DEFAULT 0, -- first notice given
  authority_at bigint NOT NULL DEFAULT 0, -- form 08 sent
  report_at    bigint NOT NULL DEFAULT 0, -- report on the incident
  persons_at   bigint NOT NULL DEFAULT 0, -- those concerned were told
  closed_at    bigint NOT NULL DEFAULT 0,
  outcome      text NOT NULL DEFAULT '',
  by_id        text NOT NULL,
  version      bigint NOT NULL DEFAULT 1
) /* WITHOUT ROWID */;
CREATE INDEX breach_state ON breach (state, found_at);

CREATE TABLE breach_step (
  breach_id text NOT NULL,
  id        text NOT NULL,
  at        bigint NOT NULL,           -- when it was done
  what      text NOT NULL,
  by_id     text NOT NULL,
  by_name   text NOT NULL,
  PRIMARY KEY (breach_id, id)
) /* WITHOUT ROWID */;

-- The text that a consent was given to, by its hash; who of the representatives agreed beside a child.
ALTER TABLE consent ADD COLUMN words_sha text NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN words_version integer NOT NULL DEFAULT 0;
ALTER TABLE consent ADD COLUMN by_person text NOT NULL DEFAULT 'self';  -- self | both | representative
ALTER TABLE consent ADD COLUMN representative text NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN ask_again_on text NOT NULL DEFAULT '';   -- day, when a child turns 7 or 18

-- The raw rows of one subject are found when it is erased.
CREATE INDEX import_row_subject ON import_row (subject_id) WHERE subject_id <> '';
