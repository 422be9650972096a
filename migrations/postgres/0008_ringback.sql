-- The calls in which somebody calls back. While one of them is live, its callback is not begun again.
CREATE TABLE callback_calls (
    call    TEXT    NOT NULL PRIMARY KEY REFERENCES calls (id),
    hotline TEXT    NOT NULL,
    id      BIGINT  NOT NULL,         -- the callback's, among its hotline's
    name    TEXT    NOT NULL          -- who calls back
);

CREATE INDEX callback_calls_by_callback ON callback_calls (hotline, id);
