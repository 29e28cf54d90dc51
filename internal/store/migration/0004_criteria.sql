-- A version of a criteria set. Published text never changes; assessments keep the id of the version they were scored with.
CREATE TABLE criteria_set (
  id           text PRIMARY KEY,       -- <set_id>@<version>
  set_id       text NOT NULL,
  version      integer NOT NULL,
  model        text NOT NULL,
  title        text NOT NULL,
  verified     text NOT NULL,          -- true | partial | reconstructed | false
  from_year    integer NOT NULL,
  to_year      integer NOT NULL,       -- 9999 = open
  state        text NOT NULL,          -- draft | published | superseded
  body         text NOT NULL,          -- the YAML text
  based_on     text NOT NULL DEFAULT '',
  by_id        text NOT NULL,
  edit         bigint NOT NULL DEFAULT 1,
  updated_at   bigint NOT NULL,
  published_at bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX criteria_set_version ON criteria_set (set_id, version);
