-- The yearly package of a body for the archive: one file in the file store, replaced by the next. sha is '' until the first is whole.
CREATE TABLE archive_package (
  body_id  text NOT NULL,
  year     integer NOT NULL,           -- of the numbers it holds
  place_id text NOT NULL,              -- of the body
  job_id   text NOT NULL,              -- that makes it, or made it last
  sha      text NOT NULL DEFAULT '',
  size     bigint NOT NULL DEFAULT 0,
  files    integer NOT NULL DEFAULT 0,
  by_id    text NOT NULL DEFAULT '',   -- who asked for the file that is there
  made_at  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (body_id, year)
) /* WITHOUT ROWID */;
CREATE INDEX archive_package_place ON archive_package (place_id);
CREATE INDEX archive_package_sha ON archive_package (sha) WHERE sha <> '';
