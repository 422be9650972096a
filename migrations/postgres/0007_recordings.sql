-- What the carrier keeps for us of talks and messages, by the carrier's names.
CREATE TABLE recordings (
    id         BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recording  TEXT    NOT NULL UNIQUE,
    call       TEXT    NOT NULL REFERENCES calls (id),
    hotline    TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('talk', 'message')),
    began_at   BIGINT  NOT NULL,
    ended_at   BIGINT,                    -- null while it runs, or as long as nobody has said so
    seconds    BIGINT,
    channels   BIGINT,
    transcript TEXT
);

CREATE INDEX recordings_by_hotline ON recordings (hotline, began_at);
CREATE INDEX recordings_by_call ON recordings (call);

-- What the carrier is not to keep any more. A row stays for a while after it is deleted there, so that a late notice does
-- not bring it back.
CREATE TABLE discarded (
    recording  TEXT    COLLATE "C" NOT NULL PRIMARY KEY, -- sorted as bytes are
    hotline    TEXT    NOT NULL,
    not_before BIGINT  NOT NULL DEFAULT 0,
    failures   BIGINT  NOT NULL DEFAULT 0,
    deleted_at BIGINT                     -- null until the carrier has deleted it
);

CREATE INDEX discarded_waiting ON discarded (not_before) WHERE deleted_at IS NULL;

-- Whatever deletes a row here, by age, by request or with its call: the carrier is to delete the recording.
CREATE FUNCTION discard_recording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO discarded (recording, hotline) VALUES (OLD.recording, OLD.hotline) ON CONFLICT (recording) DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER recordings_are_discarded AFTER DELETE ON recordings FOR EACH ROW EXECUTE FUNCTION discard_recording();
