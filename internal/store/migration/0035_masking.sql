-- Numbers that name a person: phone is sealed (package sealed), its keyed hash finds it again. Of an id number only the keyed hash and its last
-- three digits are kept; id_sealed is the whole, where a duty needs it (setting id_number_duty).
ALTER TABLE subject ADD COLUMN
  phone_hash text NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN
  id_hash    text NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN
  id_tail    text NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN
  id_sealed  text NOT NULL DEFAULT '';
CREATE INDEX subject_id_hash ON subject (id_hash, model) WHERE id_hash <> '';
