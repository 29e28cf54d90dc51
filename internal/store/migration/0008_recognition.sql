CREATE TABLE body (
  id       text PRIMARY KEY,
  place_id text NOT NULL,
  kind     text NOT NULL,              -- hoi_kh_xa | ubnd_xa | hoi_kh_tinh | ubnd_tinh …
  name     text NOT NULL,
  symbol   text NOT NULL,              -- QĐ-HKH, QĐ-UBND
  signer   text NOT NULL DEFAULT '',
  post     text NOT NULL DEFAULT ''    -- the signer's title
) /* WITHOUT ROWID */;
CREATE INDEX body_place ON body (place_id);

-- The last number given. Read and raised inside the issuing transaction, so that a failure burns none.
CREATE TABLE number_series (
  body_id text NOT NULL,
  year    integer NOT NULL,
  kind    text NOT NULL,
  last    bigint NOT NULL,
  PRIMARY KEY (body_id, year, kind)
) /* WITHOUT ROWID */;

CREATE TABLE decision (
  id        text PRIMARY KEY,
  body_id   text NOT NULL,
  place_id  text NOT NULL,             -- the commune or province it decides for
  round_id  text NOT NULL,
  model     text NOT NULL,
  kind      text NOT NULL,             -- recognise | exemplary | amend | revoke
  year      integer NOT NULL,          -- year of the number
  number    bigint NOT NULL DEFAULT 0, -- 0 until issued
  symbol    text NOT NULL DEFAULT '',
  date      text NOT NULL DEFAULT '',
  signer    text NOT NULL DEFAULT '',
  post      text NOT NULL DEFAULT '',
  reason    text NOT NULL DEFAULT '',
  amends_id text NOT NULL DEFAULT '',
  state     text NOT NULL,             -- draft | issued
  items     integer NOT NULL DEFAULT 0,
  by_id     text NOT NULL,
  version   bigint NOT NULL DEFAULT 1,
  created_at bigint NOT NULL,
  issued_at bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX decision_place ON decision (place_id, round_id, model);
CREATE INDEX decision_number ON decision (body_id, year, number);

CREATE TABLE decision_item (
  place_id      text NOT NULL,         -- leaf of the subject
  decision_id   text NOT NULL,
  assessment_id text NOT NULL,
  subject_id    text NOT NULL,
  name          text NOT NULL,
  area_name     text NOT NULL,
  total         integer,
  act           text NOT NULL,         -- grant | correct | revoke
  PRIMARY KEY (place_id, decision_id, assessment_id)
) /* WITHOUT ROWID */;
CREATE INDEX decision_item_decision ON decision_item (decision_id);

-- What a subject holds. A title granted for year Y counts for Y … until_year.
CREATE TABLE title (
  place_id    text NOT NULL,           -- leaf where it was granted
  id          text NOT NULL,
  subject_id  text NOT NULL,
  assessment_id text NOT NULL,
  model       text NOT NULL,
  year        integer NOT NULL,
  until_year  integer NOT NULL,
  level       text NOT NULL,
  exemplary   boolean NOT NULL,
  name        text NOT NULL,
  area_name   text NOT NULL,
  decision_id text NOT NULL,
  decided_on  text NOT NULL,
  code        text NOT NULL,           -- of the certificate
  state       text NOT NULL,           -- valid | revoked | replaced
  ended_by    text NOT NULL DEFAULT '',
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX title_subject ON title (subject_id, model, year);
CREATE INDEX title_decision ON title (decision_id);

CREATE TABLE certificate_code (
  code     text PRIMARY KEY,           -- 12 Crockford characters, 60 random bits
  place_id text NOT NULL,
  title_id text NOT NULL
) /* WITHOUT ROWID */;
