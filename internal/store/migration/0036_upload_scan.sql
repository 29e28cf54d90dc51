-- Files that were taken in while the virus scanner did not answer. A row goes when the file was found clean or was not kept; one that was found
-- infected stays, and no page serves the file.
CREATE TABLE upload_scan (
    sha256     TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    actor_id   TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    found      TEXT   NOT NULL DEFAULT '' -- what the scanner calls it; '' while it waits
);
