-- Who has told us by text that he is away. Whoever is back has no row; a row that is over does not count.
CREATE TABLE presence (
    number  TEXT    NOT NULL PRIMARY KEY,
    until   BIGINT  NOT NULL,
    shown   TEXT    NOT NULL,         -- the same as clocks show it where the rota is kept
    told_at BIGINT  NOT NULL
);

-- Texts that came in lately, by the carrier's name of them: one that comes again gets the same answer, and nobody gets
-- too many. What they said is not kept.
CREATE TABLE texts (
    id      TEXT    NOT NULL PRIMARY KEY,
    hotline TEXT    NOT NULL,
    sender  TEXT    NOT NULL,
    at      BIGINT  NOT NULL,
    known   BIGINT  NOT NULL,         -- whether the rota knew the sender
    answer  TEXT                      -- none: nothing was answered
);

CREATE INDEX texts_by_sender ON texts (sender, at);
CREATE INDEX texts_by_hotline ON texts (hotline, at);
CREATE INDEX texts_by_time ON texts (at);
