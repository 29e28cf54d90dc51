-- A period is ended by who opened it: until then a report that never came is asked for, also after the closing day.
ALTER TABLE report_period ADD COLUMN ended_on text NOT NULL DEFAULT '';  -- day, '' while it runs
ALTER TABLE report_period ADD COLUMN ended_why text NOT NULL DEFAULT '';

-- The day of the centre's answer, where the province wrote down what the centre, which has no account here, said of a version.
ALTER TABLE report_version ADD COLUMN answered_on text NOT NULL DEFAULT '';
