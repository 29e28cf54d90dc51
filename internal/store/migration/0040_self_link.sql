-- Slips by which a household, a clan, a unit or a citizen fills in its own sheet without an account. The secret in the link and the short code are
-- worked out from id and serial with the installation's key; here are only their keyed hashes, so that a stolen table opens nothing.
CREATE TABLE self_link (
  id            text PRIMARY KEY,
  place_id      text NOT NULL,
  assessment_id text NOT NULL,
  round_id      text NOT NULL,
  model         text NOT NULL,
  serial        integer NOT NULL,            -- a slip that is renewed has another secret
  secret_hash   text NOT NULL,
  code_hash     text NOT NULL,
  pin           text NOT NULL DEFAULT '',    -- sealed; the house number that another phone is asked for, from the first sending on
  tries         integer NOT NULL DEFAULT 0,  -- wrong house numbers since the last right one
  sends         integer NOT NULL DEFAULT 0,
  uploads       integer NOT NULL DEFAULT 0,
  made_by       text NOT NULL,
  made_at       bigint NOT NULL,
  used_at       bigint NOT NULL DEFAULT 0,   -- when it was first opened
  expires_at    bigint NOT NULL,
  revoked_at    bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX self_link_file ON self_link (place_id, assessment_id);
CREATE UNIQUE INDEX self_link_secret ON self_link (secret_hash);
CREATE UNIQUE INDEX self_link_code ON self_link (code_hash);
