CREATE TABLE evidence (
  place_id   text NOT NULL,
  id         text NOT NULL,            -- unique everywhere; a family that moves takes a copy of its items to the other leaf
  kind       text NOT NULL,            -- picture | document | link | register
  title      text NOT NULL,
  name       text NOT NULL DEFAULT '', -- the file's own name
  state      text NOT NULL,            -- received | ready | refused
  reason     text NOT NULL DEFAULT '', -- {"key": fault key, "args": {}}, when refused
  source_sha text NOT NULL DEFAULT '', -- of the bytes as sent
  pixel_sha  text NOT NULL DEFAULT '',
  look       bigint NOT NULL DEFAULT 0,  -- difference hash of the picture
  file_sha   text NOT NULL DEFAULT '', -- what may be served
  thumb_sha  text NOT NULL DEFAULT '',
  media_type text NOT NULL DEFAULT '', -- evidence.Kind as decided by content: jpeg, pdf, docx …
  size       bigint NOT NULL DEFAULT 0,
  width      integer NOT NULL DEFAULT 0,
  height     integer NOT NULL DEFAULT 0,
  link       text NOT NULL DEFAULT '', -- address of a link, entry of a register
  taken_at   bigint NOT NULL DEFAULT 0, -- by the camera's clock
  by_id      text NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX evidence_source ON evidence (source_sha) WHERE source_sha <> '';
CREATE INDEX evidence_pixels ON evidence (pixel_sha) WHERE pixel_sha <> '';
CREATE INDEX evidence_file ON evidence (file_sha) WHERE file_sha <> '';
CREATE INDEX evidence_thumb ON evidence (thumb_sha) WHERE thumb_sha <> '';
CREATE INDEX evidence_state ON evidence (state) WHERE state = 'received';

-- One item may back several criteria and several subjects of the same leaf.
CREATE TABLE evidence_use (
  place_id      text NOT NULL,
  assessment_id text NOT NULL,
  criterion     text NOT NULL,         -- '' = the file as a whole
  evidence_id   text NOT NULL,
  by_id         text NOT NULL,
  at            bigint NOT NULL,
  PRIMARY KEY (place_id, assessment_id, criterion, evidence_id)
) /* WITHOUT ROWID */;
CREATE INDEX evidence_use_item ON evidence_use (evidence_id, place_id);

-- The four parts of each picture's look, within a commune: pictures that are nearly the same share at least one.
CREATE TABLE look_band (
  parent_id   text NOT NULL,           -- of the leaf, when the picture was accepted
  band        integer NOT NULL,
  evidence_id text NOT NULL,
  look        bigint NOT NULL,
  PRIMARY KEY (parent_id, band, evidence_id)
) /* WITHOUT ROWID */;

-- Items that are the same file or picture, kept in both directions.
CREATE TABLE evidence_match (
  evidence_id text NOT NULL,
  other_id    text NOT NULL,
  how         text NOT NULL,           -- source | pixels | look
  PRIMARY KEY (evidence_id, other_id)
) /* WITHOUT ROWID */;
