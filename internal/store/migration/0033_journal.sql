-- The journal becomes a set of hash chains: one for each place, a few for what belongs to none. Rows lie in the order of their chain, so that
-- writing appends and checking reads straight on; decision 21. Texts of values are texts and not jsonb: PostgreSQL keeps jsonb in an order of
-- its own, and a hash is of bytes.

ALTER TABLE journal RENAME TO journal_unsealed;

CREATE TABLE journal (
  place_id   text NOT NULL,
  lane       integer NOT NULL,        -- which chain of the place: 0, and for place '' one of a few
  n          bigint NOT NULL,         -- number in the chain, from 1 without gaps
  thing_id   text NOT NULL,
  id         text NOT NULL,
  at         bigint NOT NULL,
  actor_id   text NOT NULL,
  address    text NOT NULL,
  device     text NOT NULL,
  act        text NOT NULL,
  thing      text NOT NULL,
  result     text NOT NULL,           -- done | refused
  before     text NOT NULL,
  after      text NOT NULL,
  reason     text NOT NULL,
  salt       text NOT NULL,           -- '' once the values were erased
  digest     text NOT NULL,           -- of the values, kept when they are erased; else ''
  hash       text NOT NULL,
  PRIMARY KEY (place_id, lane, n)
) /* WITHOUT ROWID */;
CREATE INDEX journal_thing ON journal (place_id, thing_id);
CREATE INDEX journal_actor ON journal (actor_id, at);

-- The newest entry of each chain.
CREATE TABLE journal_head (
  place_id   text NOT NULL,
  lane       integer NOT NULL,
  n          bigint NOT NULL,
  hash       text NOT NULL,
  PRIMARY KEY (place_id, lane)
) /* WITHOUT ROWID */;

-- Each day's root over the chains that grew, chained to the root of the day before.
CREATE TABLE journal_day (
  day        text PRIMARY KEY,
  chains     bigint NOT NULL,
  tree       text NOT NULL,
  prev       text NOT NULL,
  root       text NOT NULL,
  at         bigint NOT NULL
) /* WITHOUT ROWID */;

CREATE TABLE journal_day_head (
  place_id   text NOT NULL,
  lane       integer NOT NULL,
  n          bigint NOT NULL,
  hash       text NOT NULL,
  day        text NOT NULL,
  PRIMARY KEY (place_id, lane, n)
) /* WITHOUT ROWID */;
CREATE INDEX journal_day_head_day ON journal_day_head (day);

-- Who read what: pages of people, files, lists, and attempts that were refused. Chains of their own, whose heads stand in journal_head under
-- place '' and the lanes from 100 on.
CREATE TABLE access_log (
  lane       integer NOT NULL,
  n          bigint NOT NULL,
  id         text NOT NULL,
  at         bigint NOT NULL,
  actor_id   text NOT NULL,
  address    text NOT NULL,
  device     text NOT NULL,
  act        text NOT NULL,           -- read | export | refused | sign_in
  thing      text NOT NULL,
  place_id   text NOT NULL,
  thing_id   text NOT NULL,
  result     text NOT NULL,
  many       bigint NOT NULL,         -- rows of a list
  hash       text NOT NULL,
  PRIMARY KEY (lane, n)
) /* WITHOUT ROWID */;
CREATE INDEX access_log_actor ON access_log (actor_id, at);
CREATE INDEX access_log_place ON access_log (place_id, thing_id, at);

-- Where a chain begins whose older rows were dropped after their time.
CREATE TABLE journal_checkpoint (
  place_id   text NOT NULL,
  lane       integer NOT NULL,
  n          bigint NOT NULL,
  hash       text NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (place_id, lane)
) /* WITHOUT ROWID */;

-- How far each receiver of the journal has got.
CREATE TABLE journal_sent (
  receiver   text NOT NULL,
  place_id   text NOT NULL,
  lane       integer NOT NULL,
  n          bigint NOT NULL,
  PRIMARY KEY (receiver, place_id, lane)
) /* WITHOUT ROWID */;
