-- Bodies that issue decisions. Signer and post change with elections; a decision keeps those it was signed with.
CREATE TABLE body (
  id       text PRIMARY KEY,
  place_id text NOT NULL,
  kind     text NOT NULL,              -- hoi_kh_xa | ubnd_xa | hoi_kh_tinh | ubnd_tinh …
  name     text NOT NULL,
  symbol   text NOT NULL,              -- QĐ-HKH, QĐ-UBND
  signer   text NOT NULL DEFAULT '',
  post     text NOT NULL DEFAULT '',   -- the signer's title
  version  bigint NOT NULL DEFAULT 1
) /* WITHOUT ROWID */;
CREATE INDEX body_place ON body (place_id);

-- The last number given. Raised inside the issuing transaction, so that a failure burns none.
CREATE TABLE number_series (
  body_id text NOT NULL,
  year    integer NOT NULL,
  kind    text NOT NULL,               -- of paper: all decisions of a body share one series
  first   bigint NOT NULL DEFAULT 1,   -- where the program took the register over
  last    bigint NOT NULL,
  date    text NOT NULL DEFAULT '',    -- of the last one
  PRIMARY KEY (body_id, year, kind)
) /* WITHOUT ROWID */;

-- Who names exemplary subjects of several years: data, because the district level that did so is gone.
CREATE TABLE period_rule (
  place_id text NOT NULL,
  model    text NOT NULL,
  body     text NOT NULL,              -- kind of body
  years    integer NOT NULL,           -- length of the period
  minimum  integer NOT NULL,           -- years of it in which the subject was recognised
  version  bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (place_id, model)
) /* WITHOUT ROWID */;

CREATE TABLE decision (
  id        text PRIMARY KEY,
  body_id   text NOT NULL,
  body_name text NOT NULL,             -- as of signing
  place_id  text NOT NULL,             -- the commune or province it decides for
  round_id  text NOT NULL,
  model     text NOT NULL,
  kind      text NOT NULL,             -- recognise | exemplary | amend | revoke
  from_year integer NOT NULL,          -- years it speaks of: one, or the period of an exemplary title
  for_year  integer NOT NULL,
  year      integer NOT NULL,          -- year of the number
  number    bigint NOT NULL DEFAULT 0, -- 0 until issued
  symbol    text NOT NULL DEFAULT '',
  date      text NOT NULL DEFAULT '',
  signer    text NOT NULL DEFAULT '',
  post      text NOT NULL DEFAULT '',
  reason    text NOT NULL DEFAULT '',
  grounds   text NOT NULL DEFAULT '',  -- căn cứ, one a line
  amends_id text NOT NULL DEFAULT '',
  verified  text NOT NULL DEFAULT '',  -- how far the criteria behind it were read in an official source
  state     text NOT NULL,             -- draft | issued
  items     integer NOT NULL DEFAULT 0,
  sha       text NOT NULL DEFAULT '',  -- SHA-256 of the issued text, its list and its titles
  by_id     text NOT NULL,
  version   bigint NOT NULL DEFAULT 1,
  created_at bigint NOT NULL,
  issued_at bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX decision_place ON decision (place_id, round_id, model);
CREATE UNIQUE INDEX decision_number ON decision (body_id, year, number) WHERE number > 0;
CREATE INDEX decision_amends ON decision (amends_id) WHERE amends_id <> '';

CREATE TABLE decision_item (
  place_id      text NOT NULL,         -- leaf of the subject when it was listed
  decision_id   text NOT NULL,
  assessment_id text NOT NULL,
  no            integer NOT NULL,      -- in the annexed list, from 1
  subject_id    text NOT NULL,
  name          text NOT NULL,
  was           text NOT NULL DEFAULT '', -- the name that a correction replaces
  area_name     text NOT NULL,
  total         integer,
  act           text NOT NULL,         -- grant | correct | revoke | restore
  PRIMARY KEY (place_id, decision_id, assessment_id)
) /* WITHOUT ROWID */;
CREATE INDEX decision_item_decision ON decision_item (decision_id, no);

-- What a subject holds. A title granted for year Y counts for Y … until_year.
CREATE TABLE title (
  place_id    text NOT NULL,           -- leaf where it was granted
  id          text NOT NULL,
  subject_id  text NOT NULL,
  assessment_id text NOT NULL,
  model       text NOT NULL,
  from_year   integer NOT NULL,        -- first year of the period of an exemplary title, else year
  year        integer NOT NULL,
  until_year  integer NOT NULL,
  level       text NOT NULL,
  exemplary   boolean NOT NULL,
  name        text NOT NULL,
  area_name   text NOT NULL,
  no          integer NOT NULL,        -- in the decision's list
  decision_id text NOT NULL,           -- the one its certificate names
  origin_id   text NOT NULL,           -- the one that first granted it
  decided_on  text NOT NULL,
  code        text NOT NULL,           -- of the certificate
  state       text NOT NULL,           -- valid | revoked | replaced
  ended_by    text NOT NULL DEFAULT '',
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX title_subject ON title (subject_id, model, year);
CREATE INDEX title_decision ON title (decision_id, no);
CREATE INDEX title_origin ON title (origin_id);

CREATE TABLE certificate_code (
  code     text PRIMARY KEY,           -- 12 Crockford characters, 60 random bits
  place_id text NOT NULL,
  title_id text NOT NULL
) /* WITHOUT ROWID */;
