-- A place is never overwritten: a new name, kind or level is a new row. The official key is (level, code, valid_from).
CREATE TABLE place (
  id         text PRIMARY KEY,         -- official units: code@valid_from; areas: an id of ours
  level      text NOT NULL,            -- country | province | district | commune | area | own (the leaf of what belongs to no area)
  code       text NOT NULL,
  name       text NOT NULL,
  kind       text NOT NULL,            -- Tỉnh, Thành phố, Huyện, Xã, Phường, Thị trấn, Đặc khu, Khu, Thôn, Bản, Tổ dân phố …
  fold       text NOT NULL,            -- folded name, alternative spelling and kind, for search
  alt        text NOT NULL DEFAULT '',
  valid_from text NOT NULL,
  valid_to   text NOT NULL,
  region     text NOT NULL DEFAULT '', -- '' = as the commune | default | mountainous | especially_difficult
  population bigint NOT NULL DEFAULT 0,
  attrs      jsonb NOT NULL,           -- what only a screen shows: area_km2, centre, lat, lon, clause
  version    bigint NOT NULL DEFAULT 1
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX place_code ON place (level, code, valid_from);

-- Which place lies in which, from when to when. path is the chain of ids from the top, "/<id>/<id>/", so that "all below"
-- is one range; commune_id and province_id repeat two of its parts for joins.
CREATE TABLE place_parent (
  place_id    text NOT NULL,
  valid_from  text NOT NULL,
  valid_to    text NOT NULL,
  parent_id   text NOT NULL,
  path        text NOT NULL,
  commune_id  text NOT NULL DEFAULT '',
  province_id text NOT NULL DEFAULT '',
  PRIMARY KEY (place_id, valid_from)
) /* WITHOUT ROWID */;
CREATE INDEX place_parent_path ON place_parent (path);
CREATE INDEX place_parent_parent ON place_parent (parent_id);

CREATE TABLE place_succession (
  old_id     text NOT NULL,
  new_id     text NOT NULL,
  date       text NOT NULL,            -- first day of the new state
  relation   text NOT NULL,            -- full | partial | unchanged | renamed | kind_changed
  instrument text NOT NULL,
  note       text NOT NULL,
  PRIMARY KEY (old_id, new_id, date)
) /* WITHOUT ROWID */;
CREATE INDEX place_succession_new ON place_succession (new_id);

CREATE TABLE target (
  programme  text NOT NULL,
  year       integer NOT NULL,
  model      text NOT NULL,
  region     text NOT NULL,
  whom       text NOT NULL,            -- of whom, where a decision divides a model ("người lao động trong …"); '' = all
  percent    integer,                  -- hundredths of a percent; NULL = set by nobody yet
  verified   boolean NOT NULL,
  note       text NOT NULL,
  PRIMARY KEY (programme, year, model, region, whom)
) /* WITHOUT ROWID */;
