-- What a request asks for: the titles of the year, or exemplary ones. Requests of before asked for the titles of the year unless they said otherwise in their text.
ALTER TABLE outgoing_paper ADD COLUMN exemplary boolean NOT NULL DEFAULT false;
