CREATE TABLE round (
  id         text PRIMARY KEY,
  year       integer NOT NULL,
  title      text NOT NULL,
  place_id   text NOT NULL,            -- the place whose areas take part
  plan       jsonb NOT NULL,           -- stages with dates, criteria set per model, deciding bodies
  state      text NOT NULL,            -- draft | open | closed
  version    bigint NOT NULL DEFAULT 1,
  created_at bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX round_year ON round (year);

-- Models close in order; a closed model at a place lets figures feed upward.
CREATE TABLE round_close (
  place_id  text NOT NULL,             -- commune
  round_id  text NOT NULL,
  model     text NOT NULL,
  closed_at bigint NOT NULL,
  by_id     text NOT NULL,
  PRIMARY KEY (place_id, round_id, model)
) /* WITHOUT ROWID */;

CREATE TABLE extension (
  id        text PRIMARY KEY,
  round_id  text NOT NULL,
  place_id  text NOT NULL,
  model     text NOT NULL,             -- '' = all
  stage     text NOT NULL,
  until     text NOT NULL,
  reason    text NOT NULL,
  by_id     text NOT NULL,
  at        bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX extension_round ON extension (round_id, place_id);

-- One subject in one round. Every subject that is there when the round opens has a row, so all figures are counts of rows.
-- Points are hundredths; NULL = not known. self/area/commune totals repeat the sheets' for sorting and comparing.
CREATE TABLE assessment (
  place_id      text NOT NULL,
  id            text NOT NULL,
  round_id      text NOT NULL,
  model         text NOT NULL,
  subject_id    text NOT NULL,
  name          text NOT NULL,         -- as of this round
  fold          text NOT NULL,
  sort          text NOT NULL,
  number        text NOT NULL,
  set_id        text NOT NULL,         -- criteria_set.id it is scored with
  state         text NOT NULL,         -- listed | registered | scored | sent | returned | approved | rejected | recognised | revoked
  stage         text NOT NULL,         -- last stage that has a sheet: '' | self | area | appraisal | paper
  total         integer,
  outcome       text NOT NULL DEFAULT '',  -- '' | recognised | not_recognised | undecided, by the last sheet
  class         text NOT NULL DEFAULT '',
  level         text NOT NULL DEFAULT '',
  missing       integer NOT NULL DEFAULT 0, -- criteria still unknown
  self_total    integer,
  area_total    integer,
  commune_total integer,
  gap           integer NOT NULL DEFAULT 0, -- largest difference between two stages, hundredths
  flags         integer NOT NULL DEFAULT 0, -- bits, see assessment.Flag
  evidence      integer NOT NULL DEFAULT 0,
  prev_id       text NOT NULL DEFAULT '',   -- last year's assessment of the subject, in prev_place_id
  prev_place_id text NOT NULL DEFAULT '',
  prev_total    integer,
  prev_outcome  text NOT NULL DEFAULT '',
  votes_for     integer NOT NULL DEFAULT 0,
  votes_against integer NOT NULL DEFAULT 0,
  exemplary     boolean NOT NULL DEFAULT false,
  holder_id     text NOT NULL DEFAULT '',   -- who scored last: may not approve
  registered_at bigint NOT NULL DEFAULT 0,
  sent_at       bigint NOT NULL DEFAULT 0,
  version       bigint NOT NULL DEFAULT 1,
  updated_at    bigint NOT NULL,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX assessment_subject ON assessment (place_id, round_id, model, subject_id);
-- Covers the review queue: counting and choosing a page read the index alone.
CREATE INDEX assessment_queue ON assessment (place_id, round_id, model, state, flags, gap, sort, id, outcome);

-- What one stage said. No stage overwrites another. input is a criteria.Input as JSON (facts, scores, gates, member counts),
-- kept whole so that the result can be worked out again at any time.
CREATE TABLE sheet (
  place_id      text NOT NULL,
  assessment_id text NOT NULL,
  stage         text NOT NULL,
  input         jsonb NOT NULL,
  points        jsonb NOT NULL,        -- criterion code → hundredths, as scored then
  total         integer,
  outcome       text NOT NULL,
  by_id         text NOT NULL,
  at            bigint NOT NULL,
  PRIMARY KEY (place_id, assessment_id, stage)
) /* WITHOUT ROWID */;

-- Reasons given with a return, a changed score, an opinion.
CREATE TABLE remark (
  place_id      text NOT NULL,
  assessment_id text NOT NULL,
  id            text NOT NULL,
  stage         text NOT NULL,
  kind          text NOT NULL,         -- return | reason | note
  criterion     text NOT NULL,         -- '' = the whole file
  body          text NOT NULL,
  by_id         text NOT NULL,
  by_name       text NOT NULL,
  at            bigint NOT NULL,
  settled_at    bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, assessment_id, id)
) /* WITHOUT ROWID */;

CREATE TABLE minutes (
  place_id  text NOT NULL,
  id        text NOT NULL,
  round_id  text NOT NULL,
  model     text NOT NULL,
  held_on   text NOT NULL,
  venue     text NOT NULL,
  chair     text NOT NULL,
  secretary text NOT NULL,
  present   integer NOT NULL,
  signed    jsonb NOT NULL,            -- {"branch": true, "front": true, "head": true}
  opinion   text NOT NULL,
  evidence_id text NOT NULL DEFAULT '',
  state     text NOT NULL,             -- draft | final
  by_id     text NOT NULL,
  version   bigint NOT NULL DEFAULT 1,
  at        bigint NOT NULL,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX minutes_round ON minutes (place_id, round_id, model);

CREATE TABLE appeal (
  place_id      text NOT NULL,
  id            text NOT NULL,
  assessment_id text NOT NULL,
  body          text NOT NULL,
  by_name       text NOT NULL,
  state         text NOT NULL,         -- open | upheld | dismissed
  answer        text NOT NULL DEFAULT '',
  by_id         text NOT NULL,
  at            bigint NOT NULL,
  answered_by   text NOT NULL DEFAULT '',
  answered_at   bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX appeal_assessment ON appeal (place_id, assessment_id);

-- Random re-check: the seed is kept, so that anyone can draw the same list again.
CREATE TABLE recheck (
  id        text PRIMARY KEY,
  place_id  text NOT NULL,
  round_id  text NOT NULL,
  model     text NOT NULL,
  seed      bigint NOT NULL,
  size      integer NOT NULL,
  drawn_from integer NOT NULL,
  by_id     text NOT NULL,
  at        bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE TABLE recheck_item (
  place_id      text NOT NULL,
  recheck_id    text NOT NULL,
  assessment_id text NOT NULL,
  finding       text NOT NULL DEFAULT '', -- '' | kept | doubtful | wrong
  body          text NOT NULL DEFAULT '',
  by_id         text NOT NULL DEFAULT '',
  at            bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (place_id, recheck_id, assessment_id)
) /* WITHOUT ROWID */;

-- Counters, kept in the transaction of the change they count. A row is the sum over the assessments of one leaf, round and model;
-- the figure of any place is the sum over its leaves.
CREATE TABLE cell (
  place_id   text NOT NULL,
  round_id   text NOT NULL,
  model      text NOT NULL,
  total      bigint NOT NULL,          -- all subjects
  registered bigint NOT NULL,
  scored     bigint NOT NULL,          -- with a complete sheet, not yet sent
  sent       bigint NOT NULL,          -- waiting for the commune
  returned   bigint NOT NULL,
  approved   bigint NOT NULL,
  rejected   bigint NOT NULL,
  recognised bigint NOT NULL,
  exemplary  bigint NOT NULL,
  passing    bigint NOT NULL,          -- recognised by the last sheet's points, whatever the state
  revoked    bigint NOT NULL DEFAULT 0, -- were recognised, and are no more
  PRIMARY KEY (place_id, round_id, model)
) /* WITHOUT ROWID */;
