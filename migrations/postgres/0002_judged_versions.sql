-- Duties of earlier versions that are kept because the current one has nobody for their time, as JSON.
ALTER TABLE rotas ADD COLUMN held TEXT;

-- What was thought of each version of a rota, and what it changed. Only the newest of each hotline are kept.
CREATE TABLE rota_versions (
    number      BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hotline     TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    title       TEXT    NOT NULL,
    revision    TEXT    NOT NULL,
    verdict     TEXT    NOT NULL,         -- JSON
    differences TEXT    NOT NULL,         -- JSON: sentences
    held_back   TEXT    NOT NULL          -- JSON: sentences
);

CREATE INDEX rota_versions_by_hotline ON rota_versions (hotline, number);

-- The version that the operator wants to be used as it is.
CREATE TABLE acceptances (
    hotline  TEXT    NOT NULL PRIMARY KEY,
    revision TEXT    NOT NULL,
    at       BIGINT  NOT NULL
);
