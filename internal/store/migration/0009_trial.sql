-- What a version of a criteria set would make of the sheets of a round, worked out on request: nothing else follows from it.
CREATE TABLE set_trial (
  set_id   text NOT NULL,              -- criteria_set.id
  edit     bigint NOT NULL,            -- criteria_set.edit it was worked out with
  place_id text NOT NULL,
  round_id text NOT NULL,
  result   jsonb NOT NULL,             -- assessment.Trial
  at       bigint NOT NULL,
  PRIMARY KEY (set_id, place_id, round_id)
) /* WITHOUT ROWID */;
