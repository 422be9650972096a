-- Alarms that monitors and sensors have raised: which call rings for each, and whether it is still open.
CREATE TABLE incidents (
    call        TEXT    NOT NULL PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
    hotline     TEXT    NOT NULL,
    key         TEXT    NOT NULL,         -- the same for all reports of the same thing
    title       TEXT    NOT NULL,
    reports     BIGINT  NOT NULL DEFAULT 1,
    opened_at   BIGINT  NOT NULL,
    resolved_at BIGINT                    -- from then on the same key is a new incident
);

CREATE UNIQUE INDEX incidents_open ON incidents (hotline, key) WHERE resolved_at IS NULL;
CREATE INDEX incidents_by_opening ON incidents (hotline, opened_at);
