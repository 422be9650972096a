-- Who has talked with whom through a hotline, and until when their texts are passed on. One row for each two.
CREATE TABLE relays (
    hotline   TEXT    NOT NULL,
    responder TEXT    NOT NULL,
    caller    TEXT    NOT NULL,
    name      TEXT    NOT NULL,         -- the responder's, as the sheet had it
    call      TEXT    NOT NULL REFERENCES calls (id),
    talked_at BIGINT  NOT NULL,
    until     BIGINT  NOT NULL,
    PRIMARY KEY (hotline, responder, caller)
);

CREATE INDEX relays_by_caller ON relays (caller);
CREATE INDEX relays_by_responder ON relays (responder);
CREATE INDEX relays_by_call ON relays (call);

-- What became of a text: answered, refused, passed_on, rings, added; and the call that it belongs to, whose log has its
-- words.
ALTER TABLE texts ADD COLUMN became TEXT NOT NULL DEFAULT 'answered';
ALTER TABLE texts ADD COLUMN call TEXT REFERENCES calls (id);

CREATE INDEX texts_by_call ON texts (call) WHERE call IS NOT NULL;
