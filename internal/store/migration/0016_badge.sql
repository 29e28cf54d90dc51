-- Keys that sign badges. The newest signs; older ones have no secret any more and stay published, for badges that they signed.
CREATE TABLE badge_key (
  id         text PRIMARY KEY,
  public     text NOT NULL,            -- Ed25519, base64
  secret     text NOT NULL,            -- seed of 32 bytes, base64; "" once another key signs
  created_at bigint NOT NULL,
  retired_at bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;

-- One signs: two offices that give the first badges at once must not draw two.
CREATE UNIQUE INDEX badge_key_signs ON badge_key (retired_at) WHERE retired_at = 0;

-- Titles with an open badge. What a badge says follows from its title each time; only what is drawn by lot is kept.
CREATE TABLE badge (
  place_id text NOT NULL,              -- leaf of the title
  title_id text NOT NULL,
  uuid     text NOT NULL,              -- names the badge
  salt     text NOT NULL,              -- of the holder's hashed name, hex
  list     integer NOT NULL,           -- status list, from 1
  idx      integer NOT NULL,           -- its bit there, drawn by lot: neighbours have nothing in common
  by_id    text NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (place_id, title_id)
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX badge_bit ON badge (list, idx);
