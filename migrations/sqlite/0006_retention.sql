-- Calls that are being deleted because their time is over. A row stands here only within the transaction that deletes
-- its call, and only of a call that has ended: the log of any other stays append-only.
CREATE TABLE expired (
    call TEXT NOT NULL PRIMARY KEY REFERENCES calls (id)
) STRICT;

CREATE TRIGGER live_calls_do_not_expire BEFORE INSERT ON expired
WHEN NOT EXISTS (SELECT 1 FROM calls WHERE id = NEW.call AND live = 0 AND ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only calls that have ended expire'); END;

DROP TRIGGER events_are_not_deleted;
DROP TRIGGER facts_are_not_deleted;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events WHEN NOT EXISTS (SELECT 1 FROM expired WHERE call = OLD.call)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER facts_are_not_deleted BEFORE DELETE ON facts WHEN NOT EXISTS (SELECT 1 FROM expired WHERE call = OLD.call)
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END;

CREATE INDEX calls_by_end ON calls (ended_at) WHERE live = 0;
-- Without it each deleted call would look through the whole outbox.
CREATE INDEX outbox_by_call ON outbox (call);
