-- A worker takes the oldest due job of a kind: from the index alone, however many wait.
DROP INDEX job_due;
CREATE INDEX job_due ON job (kind, state, run_at, id);
