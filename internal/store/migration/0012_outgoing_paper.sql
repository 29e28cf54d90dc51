-- Outgoing papers other than decisions: numbered within body, year and kind, and frozen. The content is what its hash was worked out from.
CREATE TABLE outgoing_paper (
  id          text PRIMARY KEY,
  body_id     text NOT NULL,
  body_name   text NOT NULL,           -- as of signing
  place_id    text NOT NULL,           -- the commune or province it is about
  decision_id text NOT NULL,           -- that it goes with
  kind        text NOT NULL,           -- notice | dispatch
  year        integer NOT NULL,        -- of the number
  number      bigint NOT NULL,
  symbol      text NOT NULL,
  date        text NOT NULL,
  about       text NOT NULL,
  signer      text NOT NULL,
  content     text NOT NULL,
  sha         text NOT NULL,
  by_id       text NOT NULL,
  issued_at   bigint NOT NULL
) /* WITHOUT ROWID */;
CREATE UNIQUE INDEX outgoing_paper_number ON outgoing_paper (body_id, year, kind, number);
CREATE INDEX outgoing_paper_decision ON outgoing_paper (decision_id);
