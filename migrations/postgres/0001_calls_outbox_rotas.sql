-- The same tables, columns and indices as of SQLite, under the same numbers of migrations.
-- Times are milliseconds since 1970-01-01T00:00Z. JSON is text. Yes and no are 1 and 0.

CREATE TABLE calls (
    id          TEXT    COLLATE "C" NOT NULL PRIMARY KEY, -- sorted as bytes are, wherever the server lives
    hotline     TEXT    NOT NULL,
    from_number TEXT,                     -- null where withheld
    state       TEXT    NOT NULL,         -- the whole call, JSON
    version     BIGINT  NOT NULL,         -- how many events it has taken in; guards against lost updates
    deadline    BIGINT,                   -- when a tick is due
    live        BIGINT  NOT NULL,
    arrived_at  BIGINT  NOT NULL,
    ended_at    BIGINT,
    outcome     TEXT
);

CREATE INDEX calls_by_arrival ON calls (arrived_at);
CREATE INDEX calls_by_deadline ON calls (deadline) WHERE deadline IS NOT NULL;

-- The carrier's names of connections, and whose each is, for ever: a line is never two legs'.
CREATE TABLE lines (
    line TEXT    NOT NULL PRIMARY KEY,
    call TEXT    NOT NULL REFERENCES calls (id),
    leg  BIGINT  NOT NULL,                -- 0 is the caller
    UNIQUE (call, leg)
);

-- What happened to each call, for ever. seq is the version that the event made.
CREATE TABLE events (
    number BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call   TEXT    NOT NULL REFERENCES calls (id),
    seq    BIGINT  NOT NULL,
    at     BIGINT  NOT NULL,
    event  TEXT    NOT NULL,              -- JSON
    UNIQUE (call, seq)
);

-- What each call decided on it, for ever: the story.
CREATE TABLE facts (
    number BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call   TEXT    NOT NULL REFERENCES calls (id),
    seq    BIGINT  NOT NULL,              -- of the event
    at     BIGINT  NOT NULL,
    fact   TEXT    NOT NULL               -- JSON
);

CREATE INDEX facts_by_call ON facts (call, number);

CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER facts_are_not_changed BEFORE UPDATE ON facts FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER facts_are_not_deleted BEFORE DELETE ON facts FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER facts_are_not_truncated BEFORE TRUNCATE ON facts FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

-- Other processes on this database hear at once that the story goes on, when it is committed.
CREATE FUNCTION tell_of_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rotaline_facts', '');
    RETURN NULL;
END $$;

CREATE TRIGGER facts_are_told AFTER INSERT ON facts FOR EACH STATEMENT EXECUTE FUNCTION tell_of_facts();

-- What the carrier is still to do, and has done.
CREATE TABLE outbox (
    id           BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key          TEXT    NOT NULL UNIQUE, -- computed from the call, the leg and the verb
    call         TEXT    NOT NULL REFERENCES calls (id),
    verb         TEXT    NOT NULL,
    ordered_leg  BIGINT,                  -- commands with the same leg here are done one after another
    command      TEXT    NOT NULL,        -- JSON
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'withdrawn', 'failed')),
    owner        TEXT,                    -- the worker that has it in hand
    leased_until BIGINT,                  -- from then on others may take it
    failures     BIGINT  NOT NULL DEFAULT 0,
    abandoned    BIGINT  NOT NULL DEFAULT 0,
    withdrawn    BIGINT  NOT NULL DEFAULT 0,
    not_before   BIGINT  NOT NULL,
    ordered_at   BIGINT  NOT NULL
);

CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
CREATE INDEX outbox_waiting_by_leg ON outbox (call, ordered_leg) WHERE state = 'waiting';

-- Numbers that live calls are ringing or talking with.
CREATE TABLE engaged (
    call   TEXT    NOT NULL REFERENCES calls (id),
    leg    BIGINT  NOT NULL,
    number TEXT    NOT NULL,
    PRIMARY KEY (call, leg)
);

-- The last good version of each hotline's rota, and how its source fares.
CREATE TABLE rotas (
    hotline    TEXT NOT NULL PRIMARY KEY,
    sheet      TEXT,                      -- JSON; null until the first good version
    given      TEXT,                      -- JSON: the settings that were given beside it
    read_at    BIGINT,
    checked_at BIGINT,
    trouble    TEXT                       -- JSON
);

-- And which hotline has another rota.
CREATE FUNCTION tell_of_rotas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rotaline_rotas', NEW.hotline);
    RETURN NULL;
END $$;

CREATE TRIGGER rotas_are_told AFTER INSERT OR UPDATE ON rotas FOR EACH ROW EXECUTE FUNCTION tell_of_rotas();

-- Which of several processes does what one alone must do. Nobody shares a file of SQLite, so there is no such table there.
CREATE TABLE leases (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL                -- by the clock of this server
);

-- Small facts such as the public address.
CREATE TABLE remembered (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
