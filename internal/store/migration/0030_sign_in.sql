-- Sign-in: sessions that know how they were opened, second factors, brakes, slips and reviews of accounts. Everybody signs in again after this.

ALTER TABLE account ADD COLUMN password_at bigint NOT NULL DEFAULT 0;  -- when the password was set
ALTER TABLE account ADD COLUMN slip_until bigint NOT NULL DEFAULT 0;   -- until when a password on paper opens; 0 for one that its owner chose
ALTER TABLE account ADD COLUMN seen_at bigint NOT NULL DEFAULT 0;      -- last at work
ALTER TABLE account ADD COLUMN opened_at bigint NOT NULL DEFAULT 0;    -- when it was opened again after it had been closed
ALTER TABLE account ADD COLUMN closed_why text NOT NULL DEFAULT '';    -- '' | idle | review
ALTER TABLE account ADD COLUMN grace_until bigint NOT NULL DEFAULT 0;  -- until when it may work without the second factor that it owes
ALTER TABLE account ADD COLUMN factor_reset_at bigint NOT NULL DEFAULT 0;  -- somebody took its second factor away: told at the next sign-in
ALTER TABLE account ADD COLUMN factor_reset_by text NOT NULL DEFAULT '';

DROP TABLE session;
CREATE TABLE session (
  token_hash text PRIMARY KEY,         -- SHA-256 of the cookie's token: a stolen table opens nothing
  id         text NOT NULL,            -- what pages call it by; it stays when the token is changed
  account_id text NOT NULL,
  method     text NOT NULL,            -- password | code | recovery | passkey | oidc …
  level      integer NOT NULL,         -- how many factors were shown
  address    text NOT NULL,
  agent      text NOT NULL,
  created_at bigint NOT NULL,
  seen_at    bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX session_account ON session (account_id);

-- Between the first proof and the second: bound to the browser by a cookie.
CREATE TABLE sign_in_pending (
  token_hash text PRIMARY KEY,
  account_id text NOT NULL,
  method     text NOT NULL,            -- of the first proof
  tries      integer NOT NULL,
  expires_at bigint NOT NULL
) /* WITHOUT ROWID */;

DROP TABLE sign_in_failure;
CREATE TABLE sign_in_failure (
  key   text PRIMARY KEY,              -- keyed hash of whom the brake holds: an address, a browser, an account
  count integer NOT NULL,
  at    bigint NOT NULL,               -- the last one
  until bigint NOT NULL                -- nothing is tried before
) /* WITHOUT ROWID */;

CREATE TABLE password_past (
  account_id text NOT NULL,
  at         bigint NOT NULL,
  hash       text NOT NULL,
  PRIMARY KEY (account_id, at)
) /* WITHOUT ROWID */;

CREATE TABLE totp (
  account_id   text PRIMARY KEY,
  secret       text NOT NULL,          -- sealed
  confirmed_at bigint NOT NULL,        -- 0: shown, and no code of it was seen yet
  last_step    bigint NOT NULL         -- no code of this step or an earlier one opens again
) /* WITHOUT ROWID */;

CREATE TABLE recovery_code (
  account_id text NOT NULL,
  hash       text NOT NULL,            -- keyed
  used_at    bigint NOT NULL,
  PRIMARY KEY (account_id, hash)
) /* WITHOUT ROWID */;

-- Who looked through the accounts of a place, when, and what became of each.
CREATE TABLE access_review (
  place_id text NOT NULL,
  at       bigint NOT NULL,
  by_id    text NOT NULL,
  kept     integer NOT NULL,
  closed   integer NOT NULL,
  verdicts jsonb NOT NULL,
  PRIMARY KEY (place_id, at)
) /* WITHOUT ROWID */;
