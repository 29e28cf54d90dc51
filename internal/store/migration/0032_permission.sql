-- Who had which part in a file, in the row itself, so that separation of duties costs no query: holder_id is who scored last at the area,
-- scored_by everyone else whose scores the file has had (ids, divided by spaces), closed_by who approved or refused it last.
ALTER TABLE assessment ADD COLUMN scored_by text NOT NULL DEFAULT '';
ALTER TABLE assessment ADD COLUMN closed_by text NOT NULL DEFAULT '';

UPDATE assessment SET
  scored_by = coalesce((SELECT string_agg(s.by_id, ' ') FROM sheet s
    WHERE s.place_id = assessment.place_id AND s.assessment_id = assessment.id AND s.by_id <> assessment.holder_id), ''),
  closed_by = coalesce((SELECT j.actor_id FROM journal j
    WHERE j.place_id = assessment.place_id AND j.thing_id = assessment.id AND j.act IN ('approve', 'reject') ORDER BY j.id DESC LIMIT 1), '')
WHERE stage <> '';

-- By whose hand an account has a role, and when it was given.
ALTER TABLE account_grant ADD COLUMN by_id text NOT NULL DEFAULT '';
ALTER TABLE account_grant ADD COLUMN at bigint NOT NULL DEFAULT 0;

-- A role that a system admin gives waits here until a second person confirms it.
CREATE TABLE grant_request (
  account_id text NOT NULL,
  place_id   text NOT NULL,
  role       text NOT NULL,
  valid_from text NOT NULL,
  valid_to   text NOT NULL,
  reason     text NOT NULL,
  by_id      text NOT NULL,
  at         bigint NOT NULL,
  PRIMARY KEY (account_id, place_id, role)
) /* WITHOUT ROWID */;
CREATE INDEX grant_request_place ON grant_request (place_id);

-- What an officer who is away lends to another account. It holds only while the grant it stems from (basis) holds.
CREATE TABLE delegation (
  id             text PRIMARY KEY,
  giver_id       text NOT NULL,
  taker_id       text NOT NULL,
  role           text NOT NULL,
  place_id       text NOT NULL,
  basis_role     text NOT NULL,
  basis_place_id text NOT NULL,
  valid_from     text NOT NULL,
  valid_to       text NOT NULL,
  reason         text NOT NULL,
  at             bigint NOT NULL,
  ended_at       bigint NOT NULL DEFAULT 0,
  ended_by       text NOT NULL DEFAULT ''
) /* WITHOUT ROWID */;
CREATE INDEX delegation_taker ON delegation (taker_id, valid_to);
CREATE INDEX delegation_giver ON delegation (giver_id);
