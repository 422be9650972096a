-- Calls whose search is on, in the order in which it began. Once somebody is with the caller the row is gone, and a further
-- search has a number of its own.
CREATE TABLE waiting (
    number BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    call   TEXT    NOT NULL UNIQUE REFERENCES calls (id),
    people TEXT    NOT NULL,              -- JSON: every phone that the search may yet ring
    wanted TEXT    NOT NULL               -- JSON: of each person who was passed over the phones; [] while phones ring
);

CREATE INDEX waiting_in_vain ON waiting (number) WHERE wanted <> '[]';
CREATE INDEX engaged_by_number ON engaged (number);
CREATE INDEX calls_live ON calls (hotline) WHERE live = 1;
