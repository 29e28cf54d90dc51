-- One text for SQLite and PostgreSQL. "/* WITHOUT ROWID */" becomes a clause on SQLite and stays a comment elsewhere.
-- Times are UTC microseconds, dates are 'YYYY-MM-DD' with '0001-01-01' for "always" and '9999-12-31' for "still".

CREATE TABLE setting (
  key   text PRIMARY KEY,
  value text NOT NULL
) /* WITHOUT ROWID */;

-- Append-only. Clustered by place and thing, so that the history of one record is one range.
CREATE TABLE journal (
  place_id   text NOT NULL,
  thing_id   text NOT NULL,
  id         text NOT NULL,
  at         bigint NOT NULL,
  actor_id   text NOT NULL,
  address    text NOT NULL,
  act        text NOT NULL,
  thing      text NOT NULL,
  before     jsonb NOT NULL,
  after      jsonb NOT NULL,
  reason     text NOT NULL,
  PRIMARY KEY (place_id, thing_id, id)
) /* WITHOUT ROWID */;

CREATE TABLE job (
  id         text PRIMARY KEY,
  kind       text NOT NULL,
  unique_key text NOT NULL,
  payload    jsonb NOT NULL,
  state      text NOT NULL,           -- waiting | running | done | failed
  run_at     bigint NOT NULL,
  lease_until bigint NOT NULL DEFAULT 0,
  attempts   integer NOT NULL DEFAULT 0,
  done_steps bigint NOT NULL DEFAULT 0,
  all_steps  bigint NOT NULL DEFAULT 0,
  error      text NOT NULL DEFAULT '',
  by_id      text NOT NULL DEFAULT '',
  created_at bigint NOT NULL,
  ended_at   bigint NOT NULL DEFAULT 0
) /* WITHOUT ROWID */;
CREATE INDEX job_due ON job (state, run_at);
CREATE INDEX job_unique ON job (kind, unique_key, state);
