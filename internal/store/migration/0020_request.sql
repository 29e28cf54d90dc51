-- A form that takes a number or makes a draft carries a token of its page: the same form sent again leads to what it made the first time.
CREATE TABLE form_token (
  token    text PRIMARY KEY,
  thing_id text NOT NULL,              -- outgoing_paper.id or decision.id
  by_id    text NOT NULL,
  at       bigint NOT NULL
) /* WITHOUT ROWID */;

-- The files that a request asks for.
CREATE TABLE request_item (
  paper_id      text NOT NULL,         -- outgoing_paper.id
  place_id      text NOT NULL,         -- leaf when it was asked for
  assessment_id text NOT NULL,
  PRIMARY KEY (paper_id, assessment_id)
) /* WITHOUT ROWID */;
ALTER TABLE outgoing_paper ADD COLUMN asks text NOT NULL DEFAULT ''; -- of a request: recognise | exemplary; older ones do not say

-- A paper that was issued by mistake keeps its number and says so.
ALTER TABLE outgoing_paper ADD COLUMN void_at bigint NOT NULL DEFAULT 0;
ALTER TABLE outgoing_paper ADD COLUMN void_by text NOT NULL DEFAULT '';
ALTER TABLE outgoing_paper ADD COLUMN void_reason text NOT NULL DEFAULT '';
