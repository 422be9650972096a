-- Who a user is at the identity provider: as it says so, and as it is found, without capital letters of ASCII. Two are
-- never the same one.
ALTER TABLE users ADD COLUMN identity TEXT;
ALTER TABLE users ADD COLUMN identity_key TEXT;
CREATE UNIQUE INDEX users_by_identity ON users (identity_key);
