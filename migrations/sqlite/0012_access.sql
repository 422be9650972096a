-- Who may sign in, beside those of the configuration. Of words that open something only digests are kept.
CREATE TABLE users (
    key      TEXT    NOT NULL PRIMARY KEY, -- the name as it is compared
    name     TEXT    NOT NULL,
    password TEXT,                         -- Argon2id, as a PHC string; null until one is chosen
    role     TEXT    NOT NULL CHECK (role IN ('viewer', 'responder', 'admin', 'operator')),
    hotlines TEXT,                         -- JSON: their names; null: all
    made_at  INTEGER NOT NULL
) STRICT;

-- Words by which programs are known.
CREATE TABLE tokens (
    name     TEXT    NOT NULL PRIMARY KEY,
    digest   TEXT    NOT NULL UNIQUE,
    role     TEXT    NOT NULL CHECK (role IN ('viewer', 'responder', 'admin', 'operator')),
    hotlines TEXT,
    made_at  INTEGER NOT NULL
) STRICT;

-- Links that sign somebody in once. Also users of the configuration have them.
CREATE TABLE sign_in_links (
    digest   TEXT    NOT NULL PRIMARY KEY,
    user_key TEXT    NOT NULL,
    until    INTEGER NOT NULL
) STRICT;

-- Who is signed in, in which browser.
CREATE TABLE sessions (
    digest   TEXT    NOT NULL PRIMARY KEY,
    user_key TEXT    NOT NULL,
    data     TEXT    NOT NULL,             -- JSON
    begun_at INTEGER NOT NULL,
    seen_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_key, seen_at);

-- Who has changed what, and who has looked at what is private.
CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    kind    TEXT    NOT NULL CHECK (kind IN ('user', 'token', 'command')),
    client  TEXT,                          -- the address from which it was done
    what    TEXT    NOT NULL,
    hotline TEXT,
    about   TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_by_time ON audit (at);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
