-- How many orders to dial and to text, and answers to texts, each hotline gave in each minute since 1970. No more than a day
-- is kept.
CREATE TABLE spent (
    hotline TEXT    NOT NULL,
    minute  BIGINT  NOT NULL,
    orders  BIGINT  NOT NULL,
    PRIMARY KEY (hotline, minute)
);

CREATE INDEX spent_by_minute ON spent (minute);

-- Numbers of which nothing is kept any more, whose records at the carrier are still to be looked up. Then the row is gone.
CREATE TABLE forgotten (
    number     TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    asked_at   BIGINT  NOT NULL,
    not_before BIGINT  NOT NULL DEFAULT 0,
    failures   BIGINT  NOT NULL DEFAULT 0
);

-- Records of calls and texts that the carrier is to delete, by its names. Then the row is gone.
CREATE TABLE unwanted (
    record     TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    not_before BIGINT  NOT NULL DEFAULT 0,
    failures   BIGINT  NOT NULL DEFAULT 0
);

CREATE INDEX unwanted_waiting ON unwanted (not_before);
CREATE INDEX calls_by_number ON calls (from_number) WHERE from_number IS NOT NULL;
