-- What the carrier keeps for us of talks and messages, by the carrier's names.
CREATE TABLE recordings (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    recording  TEXT    NOT NULL UNIQUE,
    call       TEXT    NOT NULL REFERENCES calls (id),
    hotline    TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('talk', 'message')),
    began_at   INTEGER NOT NULL,
    ended_at   INTEGER,                   -- null while it runs, or as long as nobody has said so
    seconds    INTEGER,
    channels   INTEGER,
    transcript TEXT
) STRICT;

CREATE INDEX recordings_by_hotline ON recordings (hotline, began_at);
CREATE INDEX recordings_by_call ON recordings (call);

-- What the carrier is not to keep any more. A row stays for a while after it is deleted there, so that a late notice does
-- not bring it back.
CREATE TABLE discarded (
    recording  TEXT    NOT NULL PRIMARY KEY,
    hotline    TEXT    NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER                    -- null until the carrier has deleted it
) STRICT;

CREATE INDEX discarded_waiting ON discarded (not_before) WHERE deleted_at IS NULL;

-- Whatever deletes a row here, by age, by request or with its call: the carrier is to delete the recording.
CREATE TRIGGER recordings_are_discarded AFTER DELETE ON recordings
BEGIN INSERT INTO discarded (recording, hotline) VALUES (OLD.recording, OLD.hotline) ON CONFLICT (recording) DO NOTHING; END;
