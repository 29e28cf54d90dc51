-- A request goes before a decision: it is of a round and a model instead.
ALTER TABLE outgoing_paper ADD COLUMN round_id text NOT NULL DEFAULT '';
ALTER TABLE outgoing_paper ADD COLUMN model text NOT NULL DEFAULT '';
CREATE INDEX outgoing_paper_round ON outgoing_paper (place_id, round_id, model);
