-- Times are milliseconds since 1970-01-01T00:00Z. JSON is text. Yes and no are 1 and 0.

CREATE TABLE calls (
    id          TEXT    NOT NULL PRIMARY KEY,
    hotline     TEXT    NOT NULL,
    from_number TEXT,                     -- null where withheld
    state       TEXT    NOT NULL,         -- the whole call, JSON
    version     INTEGER NOT NULL,         -- how many events it has taken in; guards against lost updates
    deadline    INTEGER,                  -- when a tick is due
    live        INTEGER NOT NULL,
    arrived_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    outcome     TEXT
) STRICT;

CREATE INDEX calls_by_arrival ON calls (arrived_at);
CREATE INDEX calls_by_deadline ON calls (deadline) WHERE deadline IS NOT NULL;

-- The carrier's names of connections, and whose each is, for ever: a line is never two legs'.
CREATE TABLE lines (
    line TEXT    NOT NULL PRIMARY KEY,
    call TEXT    NOT NULL REFERENCES calls (id),
    leg  INTEGER NOT NULL,                -- 0 is the caller
    UNIQUE (call, leg)
) STRICT;

-- What happened to each call, for ever. seq is the version that the event made.
CREATE TABLE events (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    call   TEXT    NOT NULL REFERENCES calls (id),
    seq    INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL,              -- JSON
    UNIQUE (call, seq)
) STRICT;

-- What each call decided on it, for ever: the story.
CREATE TABLE facts (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    call   TEXT    NOT NULL REFERENCES calls (id),
    seq    INTEGER NOT NULL,              -- of the event
    at     INTEGER NOT NULL,
    fact   TEXT    NOT NULL               -- JSON
) STRICT;

CREATE INDEX facts_by_call ON facts (call, number);

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER facts_are_not_changed BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;
CREATE TRIGGER facts_are_not_deleted BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

-- What the carrier is still to do, and has done.
CREATE TABLE outbox (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key          TEXT    NOT NULL UNIQUE, -- computed from the call, the leg and the verb
    call         TEXT    NOT NULL REFERENCES calls (id),
    verb         TEXT    NOT NULL,
    ordered_leg  INTEGER,                 -- commands with the same leg here are done one after another
    command      TEXT    NOT NULL,        -- JSON
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'withdrawn', 'failed')),
    owner        TEXT,                    -- the worker that has it in hand
    leased_until INTEGER,                 -- from then on others may take it
    failures     INTEGER NOT NULL DEFAULT 0,
    abandoned    INTEGER NOT NULL DEFAULT 0,
    withdrawn    INTEGER NOT NULL DEFAULT 0,
    not_before   INTEGER NOT NULL,
    ordered_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
CREATE INDEX outbox_waiting_by_leg ON outbox (call, ordered_leg) WHERE state = 'waiting';

-- Numbers that live calls are ringing or talking with.
CREATE TABLE engaged (
    call   TEXT    NOT NULL REFERENCES calls (id),
    leg    INTEGER NOT NULL,
    number TEXT    NOT NULL,
    PRIMARY KEY (call, leg)
) STRICT;

-- The last good version of each hotline's rota, and how its source fares.
CREATE TABLE rotas (
    hotline    TEXT NOT NULL PRIMARY KEY,
    sheet      TEXT,                      -- JSON; null until the first good version
    given      TEXT,                      -- JSON: the settings that were given beside it
    read_at    INTEGER,
    checked_at INTEGER,
    trouble    TEXT                       -- JSON
) STRICT;

-- Small facts such as the public address.
CREATE TABLE remembered (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
