-- Who may sign for a body, by certificate. One that was ended stays: so do the signatures it made.
CREATE TABLE signer (
  id          text PRIMARY KEY,
  body_id     text NOT NULL,
  place_id    text NOT NULL,            -- of the body
  kind        text NOT NULL,            -- person | seal
  certificate text NOT NULL,            -- DER, base64
  key_sha     text NOT NULL,            -- SHA-256 of its public key: what signatures are matched by
  name        text NOT NULL,            -- common name
  subject     text NOT NULL,
  issuer      text NOT NULL,
  serial      text NOT NULL,
  valid_from  bigint NOT NULL,
  valid_to    bigint NOT NULL,
  picture     text NOT NULL DEFAULT '', -- SHA-256 of a PNG in the file store
  by_id       text NOT NULL,
  added_at    bigint NOT NULL,
  ended_at    bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX signer_body ON signer (body_id, added_at);
CREATE UNIQUE INDEX signer_key ON signer (body_id, key_sha) WHERE ended_at = 0;
CREATE INDEX signer_picture ON signer (picture) WHERE picture <> '';

-- Bodies that sign electronically: what they issued from since on waits for its signature.
CREATE TABLE body_signing (
  body_id  text PRIMARY KEY,
  since    bigint NOT NULL,             -- 0: by hand, on paper
  version  bigint NOT NULL DEFAULT 1
) /* WITHOUT ROWID */;

-- The PDF that is signed, as it was printed once when signing began.
CREATE TABLE signing (
  thing_id    text PRIMARY KEY,         -- decision.id or outgoing_paper.id
  thing       text NOT NULL,            -- decision | paper
  decision_id text NOT NULL,
  body_id     text NOT NULL,
  place_id    text NOT NULL,
  source_sha  text NOT NULL,
  source_size bigint NOT NULL,
  spot        text NOT NULL,            -- JSON, pdf.Spot: the room for the signature
  steps       integer NOT NULL DEFAULT 0,   -- signatures accepted
  complete    boolean NOT NULL DEFAULT false,
  by_id       text NOT NULL,
  begun_at    bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX signing_decision ON signing (decision_id);
CREATE INDEX signing_place ON signing (place_id);
CREATE INDEX signing_body ON signing (body_id);
CREATE INDEX signing_source ON signing (source_sha);

-- Each accepted file is the one before it with one signature behind it.
CREATE TABLE signed_file (
  thing_id    text NOT NULL,
  step        integer NOT NULL,         -- from 1
  kind        text NOT NULL,            -- person | seal
  sha         text NOT NULL,
  size        bigint NOT NULL,
  signer_id   text NOT NULL,
  name        text NOT NULL,            -- as the certificate of the signature has them
  subject     text NOT NULL,
  serial      text NOT NULL,
  signed_at   bigint NOT NULL,          -- by the signer's own word
  by_id       text NOT NULL,            -- who brought it
  accepted_at bigint NOT NULL,
  PRIMARY KEY (thing_id, step)
) /* WITHOUT ROWID */;
CREATE INDEX signed_file_sha ON signed_file (sha);

-- One-time addresses for desktop tools, which have no session. Only the hash is kept.
CREATE TABLE signing_token (
  hash       text PRIMARY KEY,
  use        text NOT NULL,             -- source | upload
  thing_id   text NOT NULL,
  step       integer NOT NULL,
  by_id      text NOT NULL,
  expires_at bigint NOT NULL,
  used_at    bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX signing_token_thing ON signing_token (thing_id, by_id);
CREATE INDEX signing_token_end ON signing_token (expires_at);
