-- Ways in beside the password. Nothing here is a secret: public keys, and keyed hashes of what identity providers call a person.
CREATE TABLE passkey (
  account_id    text NOT NULL,
  id            text NOT NULL,
  credential_id text NOT NULL,          -- base64url, as the device names it
  name          text NOT NULL,          -- as its owner calls it
  record        text NOT NULL,          -- JSON: public key, flags, transports, sign counter
  counter       bigint NOT NULL,        -- the sign counter again: it changes only from what was read
  synced        boolean NOT NULL,       -- kept by a service that copies it to other devices
  created_at    bigint NOT NULL,
  used_at       bigint NOT NULL DEFAULT 0,
  cloned_at     bigint NOT NULL DEFAULT 0, -- the counter went back: the key exists twice, and opens nothing any more
  PRIMARY KEY (account_id, id)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);

-- An account at an identity provider that opens an account here.
CREATE TABLE identity_link (
  provider     text NOT NULL,
  subject_hash text NOT NULL,           -- keyed hash of the stable subject
  account_id   text NOT NULL,
  by_id        text NOT NULL,           -- the owner, or the officer who expected the id number
  created_at   bigint NOT NULL,
  used_at      bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, subject_hash)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX identity_link_account ON identity_link (account_id, provider);

-- Whom an officer expects: the first who comes with this id number from the provider is linked to the account.
CREATE TABLE identity_expected (
  provider    text NOT NULL,
  number_hash text NOT NULL,            -- keyed hash of the id number
  account_id  text NOT NULL,
  by_id       text NOT NULL,
  created_at  bigint NOT NULL,
  PRIMARY KEY (provider, number_hash)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX identity_expected_account ON identity_expected (account_id, provider);

-- Challenges that were answered, until they would have run out: none is taken twice. Those never answered are not kept anywhere.
CREATE TABLE spent_challenge (
  id    text PRIMARY KEY,
  until bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX spent_challenge_until ON spent_challenge (until);
