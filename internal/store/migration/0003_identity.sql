CREATE TABLE account (
  id            text PRIMARY KEY,
  login         text NOT NULL,
  name          text NOT NULL,
  post          text NOT NULL,         -- what is shown under the name: "Hội Khuyến học xã"
  password_hash text NOT NULL,
  must_change   boolean NOT NULL DEFAULT false,
  disabled_at   bigint NOT NULL DEFAULT 0,
  demo          boolean NOT NULL DEFAULT false,
  version       bigint NOT NULL DEFAULT 1,
  created_at    bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX account_login ON account (login);

CREATE TABLE account_grant (
  account_id text NOT NULL,
  place_id   text NOT NULL,
  role       text NOT NULL,            -- admin | province_officer | commune_officer | reviewer | area_volunteer | viewer
  valid_from text NOT NULL,
  valid_to   text NOT NULL,
  PRIMARY KEY (account_id, place_id, role)
) /* WITHOUT ROWID */;

CREATE TABLE session (
  token_hash text PRIMARY KEY,         -- SHA-256 of the cookie's token: a stolen table opens nothing
  account_id text NOT NULL,
  address    text NOT NULL,
  agent      text NOT NULL,
  created_at bigint NOT NULL,
  seen_at    bigint NOT NULL,
  expires_at bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE sign_in_failure (
  key   text PRIMARY KEY,              -- folded login + address
  count integer NOT NULL,
  until bigint NOT NULL
) /* WITHOUT ROWID */;
