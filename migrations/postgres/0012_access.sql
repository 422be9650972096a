-- Who may sign in, beside those of the configuration. Of words that open something only digests are kept.
CREATE TABLE users (
    key      TEXT    NOT NULL PRIMARY KEY, -- the name as it is compared
    name     TEXT    NOT NULL,
    password TEXT,                         -- Argon2id, as a PHC string; null until one is chosen
    role     TEXT    NOT NULL CHECK (role IN ('viewer', 'responder', 'admin', 'operator')),
    hotlines TEXT,                         -- JSON: their names; null: all
    made_at  BIGINT  NOT NULL
);

-- Words by which programs are known.
CREATE TABLE tokens (
    name     TEXT    NOT NULL PRIMARY KEY,
    digest   TEXT    NOT NULL UNIQUE,
    role     TEXT    NOT NULL CHECK (role IN ('viewer', 'responder', 'admin', 'operator')),
    hotlines TEXT,
    made_at  BIGINT  NOT NULL
);

-- Links that sign somebody in once. Also users of the configuration have them.
CREATE TABLE sign_in_links (
    digest   TEXT    NOT NULL PRIMARY KEY,
    user_key TEXT    NOT NULL,
    until    BIGINT  NOT NULL
);

-- Who is signed in, in which browser.
CREATE TABLE sessions (
    digest   TEXT    NOT NULL PRIMARY KEY,
    user_key TEXT    NOT NULL,
    data     TEXT    NOT NULL,             -- JSON
    begun_at BIGINT  NOT NULL,
    seen_at  BIGINT  NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_key, seen_at);

-- Who has changed what, and who has looked at what is private.
CREATE TABLE audit (
    number  BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT  NOT NULL,
    who     TEXT    NOT NULL,
    kind    TEXT    NOT NULL CHECK (kind IN ('user', 'token', 'command')),
    client  TEXT,                          -- the address from which it was done
    what    TEXT    NOT NULL,
    hotline TEXT,
    about   TEXT    NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION is_append_only();
