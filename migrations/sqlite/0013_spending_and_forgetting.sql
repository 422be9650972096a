-- How many orders to dial and to text, and answers to texts, each hotline gave in each minute since 1970. No more than a day
-- is kept.
CREATE TABLE spent (
    hotline TEXT    NOT NULL,
    minute  INTEGER NOT NULL,
    orders  INTEGER NOT NULL,
    PRIMARY KEY (hotline, minute)
) STRICT;

CREATE INDEX spent_by_minute ON spent (minute);

-- Numbers of which nothing is kept any more, whose records at the carrier are still to be looked up. Then the row is gone.
CREATE TABLE forgotten (
    number     TEXT    NOT NULL PRIMARY KEY,
    asked_at   INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Records of calls and texts that the carrier is to delete, by its names. Then the row is gone.
CREATE TABLE unwanted (
    record     TEXT    NOT NULL PRIMARY KEY,
    not_before INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX unwanted_waiting ON unwanted (not_before);
CREATE INDEX calls_by_number ON calls (from_number) WHERE from_number IS NOT NULL;
