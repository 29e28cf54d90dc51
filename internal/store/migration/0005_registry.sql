-- What is assessed: family, clan, community (= an area), unit, citizen. A subject keeps its id when it moves;
-- place_id is the leaf where it is now, stay tells where it was.
CREATE TABLE subject (
  place_id   text NOT NULL,
  id         text NOT NULL,
  model      text NOT NULL,
  name       text NOT NULL,            -- head of the family, clan, area, unit, person
  fold       text NOT NULL,
  sort       text NOT NULL,
  number     text NOT NULL DEFAULT '', -- its number on the area's list
  family_id  text NOT NULL DEFAULT '', -- a citizen's family
  kind       text NOT NULL DEFAULT '', -- unit_type of a unit, citizen_group of a citizen
  address    text NOT NULL DEFAULT '',
  phone      text NOT NULL DEFAULT '',
  body       text NOT NULL DEFAULT '', -- managing body of a unit
  birth_year integer NOT NULL DEFAULT 0,
  sex        text NOT NULL DEFAULT '',
  ethnic     text NOT NULL DEFAULT '',
  members    integer NOT NULL DEFAULT 0,
  adults     integer NOT NULL DEFAULT 0,
  children   integer NOT NULL DEFAULT 0, -- of school age; children are counts only
  state      text NOT NULL DEFAULT 'active', -- active | left | merged
  merged_into text NOT NULL DEFAULT '',
  batch_id   text NOT NULL DEFAULT '',
  version    bigint NOT NULL DEFAULT 1,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX subject_list ON subject (place_id, model, state, sort, id);
CREATE INDEX subject_family ON subject (place_id, family_id) WHERE family_id <> '';
CREATE INDEX subject_merged ON subject (merged_into) WHERE merged_into <> '';
CREATE INDEX subject_batch ON subject (batch_id) WHERE batch_id <> '';

-- Where a subject was, from when to when (inclusive). One that never moved has no row: it has always been at its place.
CREATE TABLE stay (
  place_id   text NOT NULL,
  subject_id text NOT NULL,
  valid_from text NOT NULL,
  valid_to   text NOT NULL,
  other_id   text NOT NULL,            -- the place it came from or went to
  PRIMARY KEY (place_id, subject_id, valid_from)
) /* WITHOUT ROWID */;

-- A move that the receiving commune has yet to accept.
CREATE TABLE move_request (
  id         text PRIMARY KEY,
  place_id   text NOT NULL,            -- where the subject is
  subject_id text NOT NULL,
  to_id      text NOT NULL,
  date       text NOT NULL,            -- first day at the new place
  state      text NOT NULL,            -- open | accepted | declined
  reason     text NOT NULL DEFAULT '',
  by_id      text NOT NULL,
  at         bigint NOT NULL,
  settled_by text NOT NULL DEFAULT '',
  settled_at bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX move_request_to ON move_request (to_id, state);
CREATE INDEX move_request_subject ON move_request (subject_id, state);

-- Families of a clan, members of a unit. Adults of a family need no row: subject.family_id.
CREATE TABLE membership (
  place_id        text NOT NULL,       -- leaf of the group
  group_id        text NOT NULL,
  member_id       text NOT NULL,
  member_place_id text NOT NULL,
  member          text NOT NULL,       -- family | unit_member | learner | adult
  PRIMARY KEY (place_id, group_id, member_id)
) /* WITHOUT ROWID */;
CREATE INDEX membership_member ON membership (member_id);

-- What another register says of a subject in a year (poverty list, Gia đình văn hóa …): facts that are not typed here.
CREATE TABLE register_entry (
  place_id   text NOT NULL,
  subject_id text NOT NULL,
  year       integer NOT NULL,
  key        text NOT NULL,            -- the fact's key
  value      text NOT NULL,
  source     text NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (place_id, subject_id, year, key)
) /* WITHOUT ROWID */;

CREATE TABLE import_batch (
  id         text PRIMARY KEY,
  place_id   text NOT NULL,            -- where the file is to be imported: an area, a commune or above
  model      text NOT NULL,
  file_name  text NOT NULL,
  file_sha   text NOT NULL,
  sheet      text NOT NULL DEFAULT '',
  mapping    jsonb NOT NULL,
  state      text NOT NULL,            -- uploaded | checked | importing | done | undone
  counts     jsonb NOT NULL,
  by_id      text NOT NULL,
  version    bigint NOT NULL DEFAULT 1,
  created_at bigint NOT NULL,
  done_at    bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX import_batch_place ON import_batch (place_id, created_at);

CREATE TABLE import_row (
  batch_id   text NOT NULL,
  row_no     integer NOT NULL,
  cells      jsonb NOT NULL,           -- wanted column → text as typed or mended
  issues     jsonb NOT NULL,           -- [{field, level, key, args, fix}]
  state      text NOT NULL,            -- ready | error | doubt | duplicate | skipped | imported | undone
  key        text NOT NULL DEFAULT '', -- what another row of the same subject would have, too; '' = too little known
  choice     text NOT NULL DEFAULT '', -- what to do with a duplicate: '' | keep | update | both
  place_id   text NOT NULL DEFAULT '',
  subject_id text NOT NULL DEFAULT '',
  before     jsonb NOT NULL,           -- the subject as it was, when the row changed one
  PRIMARY KEY (batch_id, row_no)
) /* WITHOUT ROWID */;
CREATE INDEX import_row_state ON import_row (batch_id, state, row_no);
CREATE INDEX import_row_key ON import_row (batch_id, key) WHERE key <> '';

CREATE TABLE import_memory (
  header_key text PRIMARY KEY,         -- model + folded header row
  mapping    jsonb NOT NULL,
  at         bigint NOT NULL
) /* WITHOUT ROWID */;

CREATE TABLE subject_merge (
  place_id  text NOT NULL,
  id        text NOT NULL,
  kept_id   text NOT NULL,
  gone_id   text NOT NULL,
  before    jsonb NOT NULL,
  by_id     text NOT NULL,
  at        bigint NOT NULL,
  undone_at bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;

-- Pairs that look alike and are two: a person said so once, and they are not proposed again.
CREATE TABLE subject_distinct (
  place_id text NOT NULL,              -- leaf of one_id
  one_id   text NOT NULL,              -- the smaller of the two ids
  other_id text NOT NULL,
  by_id    text NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (place_id, one_id, other_id)
) /* WITHOUT ROWID */;
