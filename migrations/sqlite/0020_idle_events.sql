-- What was told of a live call and changed nothing: a part of the call's log, beside events. seq is the version of the call that it
-- left as it was. It has no index by call: that would cost more to write than all the rest; who looks for a call's rows knows
-- when it was live.
CREATE TABLE idle_events (
    number INTEGER NOT NULL PRIMARY KEY,
    call   TEXT    NOT NULL,              -- no reference: the deletion of each call would look through all rows
    seq    INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL               -- JSON
) STRICT;

CREATE INDEX idle_events_by_time ON idle_events (at);

CREATE TRIGGER idle_events_are_not_changed BEFORE UPDATE ON idle_events BEGIN SELECT RAISE(ABORT, 'idle_events are append-only'); END;
CREATE TRIGGER idle_events_are_not_deleted BEFORE DELETE ON idle_events WHEN EXISTS (SELECT 1 FROM calls WHERE id = OLD.call AND live = 1)
BEGIN SELECT RAISE(ABORT, 'idle_events are append-only'); END;
