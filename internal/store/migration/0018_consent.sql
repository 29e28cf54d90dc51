-- What holders agreed to beyond what the law allows without asking. A row is never changed but by its withdrawal.
CREATE TABLE consent (
  place_id     text NOT NULL,          -- leaf of the subject when it was given
  id           text NOT NULL,
  subject_id   text NOT NULL,
  name         text NOT NULL,          -- of the subject when it was given: another head of the family is another person
  purpose      text NOT NULL,          -- show_name | badge
  words        text NOT NULL,          -- what the person agreed to, in full
  way          text NOT NULL,          -- paper | spoken
  given_on     text NOT NULL,
  by_id        text NOT NULL,
  at           bigint NOT NULL,
  withdrawn_at bigint NOT NULL DEFAULT 0,
  withdrawn_by text NOT NULL DEFAULT '',
  PRIMARY KEY (place_id, id)
) /* WITHOUT ROWID */;
CREATE INDEX consent_subject ON consent (subject_id, purpose);
