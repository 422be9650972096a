-- Callbacks that callers were promised. What is still to be told of one is told through the call that it came of.
CREATE TABLE callbacks (
    hotline     TEXT    NOT NULL,
    id          BIGINT  NOT NULL,         -- counts a hotline's callbacks, from 1
    call        TEXT    NOT NULL UNIQUE REFERENCES calls (id),
    number      TEXT    NOT NULL,
    asked_at    BIGINT  NOT NULL,
    remind_at   BIGINT  NOT NULL,         -- from then on people are reminded, once
    reminded_at BIGINT,
    done_at     BIGINT,
    done_by     TEXT,
    PRIMARY KEY (hotline, id)
);

CREATE INDEX callbacks_to_remind_of ON callbacks (remind_at) WHERE done_at IS NULL AND reminded_at IS NULL;
