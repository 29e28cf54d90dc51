-- A province's desk lists what its bodies decide for communes.
CREATE INDEX decision_body ON decision (body_id, round_id);
