-- How somebody has told that he is away.
ALTER TABLE presence ADD COLUMN told_by TEXT NOT NULL DEFAULT 'text' CHECK (told_by IN ('text', 'page'));

-- Who is away by the sheet of a hotline's rota, as of the version in use.
CREATE TABLE sheet_presence (
    hotline TEXT    NOT NULL,
    number  TEXT    NOT NULL,
    words   TEXT    NOT NULL,         -- as written
    cell    TEXT    NOT NULL,
    until   BIGINT  NOT NULL,         -- the largest number: nobody has said until when
    shown   TEXT    NOT NULL,
    since   BIGINT  NOT NULL,         -- when the first version was read that says these words of this number
    PRIMARY KEY (hotline, number)
);

-- When people have last told that they are back: what a sheet said before that does not count.
CREATE TABLE returns (
    number  TEXT    NOT NULL PRIMARY KEY,
    told_at BIGINT  NOT NULL
);
