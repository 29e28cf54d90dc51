-- Templates of papers (mẫu văn bản). Every save is a row and none is changed or deleted: the one with the highest version is in force.
CREATE TABLE paper_template (
  body_id   text NOT NULL,             -- a body, or <kind>-<province> for all bodies of that kind in the communes
  kind      text NOT NULL,             -- of paper, see package wording
  version   integer NOT NULL,          -- from 1
  place_id  text NOT NULL,
  content   text NOT NULL DEFAULT '',  -- JSON of the text; '' follows the level above, else the text as shipped
  file      text NOT NULL DEFAULT '',  -- SHA-256 of the office's own DOCX; '' follows the level above, else there is none
  file_name text NOT NULL DEFAULT '',
  remark    text NOT NULL DEFAULT '',
  by_id     text NOT NULL,
  by_name   text NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (body_id, kind, version)
) /* WITHOUT ROWID */;
CREATE INDEX paper_template_file ON paper_template (file) WHERE file <> '';

-- What issued papers say: texts by their hash, kept for ever.
CREATE TABLE frozen_wording (
  sha     text PRIMARY KEY,
  content text NOT NULL
) /* WITHOUT ROWID */;

-- The text an issued paper was made from; '' for those issued before there were templates.
ALTER TABLE decision ADD COLUMN
  wording text NOT NULL DEFAULT '';
ALTER TABLE outgoing_paper ADD COLUMN
  wording text NOT NULL DEFAULT '';
