CREATE TABLE evidence (
  place_id   text NOT NULL,
  id         text NOT NULL,
  kind       text NOT NULL,            -- picture | pdf | office | link | register
  title      text NOT NULL,
  name       text NOT NULL DEFAULT '', -- the file's own name
  state      text NOT NULL,            -- received | ready | refused
  reason     text NOT NULL DEFAULT '', -- fault key, when refused
  source_sha text NOT NULL DEFAULT '', -- of the bytes as sent
  pixel_sha  text NOT NULL DEFAULT '',
  look       bigint NOT NULL DEFAULT 0,  -- difference hash of the picture
  file_sha   text NOT NULL DEFAULT '', -- what may be served
  thumb_sha  text NOT NULL DEFAULT '',
  media_type text NOT NULL DEFAULT '',
  size       bigint NOT NULL DEFAULT 0,
  width      integer NOT NULL DEFAULT 0,
  height     integer NOT NULL DEFAULT 0,
  link       text NOT NULL DEFAULT '', -- address of a link, entry of a register
  by_id      text NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX evidence_source ON evidence (source_sha) WHERE source_sha <> '';
CREATE INDEX evidence_pixels ON evidence (pixel_sha) WHERE pixel_sha <> '';
CREATE INDEX evidence_state ON evidence (state) WHERE state = 'received';

-- One item may back several criteria and several subjects of the same leaf.
CREATE TABLE evidence_use (
  place_id      text NOT NULL,
  assessment_id text NOT NULL,
  criterion     text NOT NULL,
  evidence_id   text NOT NULL,
  by_id         text NOT NULL,
  at            bigint NOT NULL,
  PRIMARY KEY (place_id, assessment_id, criterion, evidence_id)
) /* WITHOUT ROWID */;
CREATE INDEX evidence_use_item ON evidence_use (place_id, evidence_id);
