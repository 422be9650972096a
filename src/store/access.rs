//! Who may sign in, who is signed in, and what they have done: rows and instants. What a role may do, and what a word must
//! be like, is not known here; of words that open something there are only digests.

use super::story::{from_ms, to_json};
use super::{Connection, Store, StoreError};
use chrono::{DateTime, Utc};

/// Somebody may be signed in in so many browsers; the one that was idle for the longest is signed out for another one.
const MOST_SESSIONS: i64 = 20;
/// More are never listed.
const LONGEST_LIST: i64 = 1_000;

/// What somebody may do, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRights {
    /// The name of a role.
    pub role: String,
    /// The names of hotlines; none, all.
    pub hotlines: Option<Vec<String>>,
}

/// Somebody who may sign in. Does not print the password's hash.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptUser {
    /// The name as it is compared.
    pub key: String,
    /// The name for people.
    pub name: String,
    /// The hash of the password; none until one is chosen.
    pub password: Option<String>,
    /// Who he is at the identity provider, where that is noted.
    pub identity: Option<String>,
    /// What he may do.
    pub rights: KeptRights,
}

/// A word by which a program is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptToken {
    /// What it is called.
    pub name: String,
    /// The word's digest.
    pub digest: String,
    /// What it may do.
    pub rights: KeptRights,
}

type UserRow = (String, String, Option<String>, Option<String>, String, Option<String>);

fn user((key, name, password, identity, role, hotlines): UserRow) -> Result<KeptUser, StoreError> {
    let rights = rights(role, hotlines.as_deref())?;
    Ok(KeptUser {
        key,
        name,
        password,
        identity,
        rights,
    })
}

fn rights(role: String, hotlines: Option<&str>) -> Result<KeptRights, StoreError> {
    let hotlines = hotlines.map(serde_json::from_str).transpose();
    Ok(KeptRights {
        role,
        hotlines: hotlines.map_err(|fault| StoreError::unreadable("somebody's hotlines", &fault))?,
    })
}

impl std::fmt::Debug for KeptUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptUser")
            .field("name", &self.name)
            .field("rights", &self.rights)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Everybody who may sign in, by name.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn users(&self) -> Result<Vec<KeptUser>, StoreError> {
        let rows: Vec<UserRow> = sqlx::query_as("SELECT key, name, password, identity, role, hotlines FROM users ORDER BY key LIMIT $1")
            .bind(LONGEST_LIST)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(user).collect()
    }

    /// Whether anybody may sign in.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        let first: Option<(String,)> = sqlx::query_as("SELECT key FROM users LIMIT 1")
            .fetch_optional(&self.readers)
            .await?;
        Ok(first.is_some())
    }

    /// The user with this key.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn user(&self, key: &str) -> Result<Option<KeptUser>, StoreError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT key, name, password, identity, role, hotlines FROM users WHERE key = $1")
            .bind(key)
            .fetch_optional(&self.readers)
            .await?;
        row.map(user).transpose()
    }

    /// The user who is this at the identity provider, whose capital letters (of ASCII) are the same.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn user_of_identity(&self, key: &str) -> Result<Option<KeptUser>, StoreError> {
        let row: Option<UserRow> =
            sqlx::query_as("SELECT key, name, password, identity, role, hotlines FROM users WHERE identity_key = $1")
                .bind(key)
                .fetch_optional(&self.readers)
                .await?;
        row.map(user).transpose()
    }

    /// Keeps a user; false where there is one of this key, or who is the same at the identity provider.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn add_user(&self, user: &KeptUser, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let kept = sqlx::query(
            "INSERT INTO users (key, name, password, role, hotlines, made_at, identity, identity_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(&user.key)
        .bind(&user.name)
        .bind(user.password.as_deref())
        .bind(&user.rights.role)
        .bind(user.rights.hotlines.as_ref().map(to_json).transpose()?)
        .bind(now.timestamp_millis())
        .bind(user.identity.as_deref())
        .bind(user.identity.as_ref().map(|identity| identity.to_ascii_lowercase()))
        .execute(&self.writer)
        .await?;
        Ok(kept.rows_affected() > 0)
    }

    /// Forgets a user, signs him out everywhere and makes his links worthless; false where there is none of this key.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing has changed.
    pub async fn remove_user(&self, key: &str) -> Result<bool, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let gone = sqlx::query("DELETE FROM users WHERE key = $1")
            .bind(key)
            .execute(&mut *transaction)
            .await?;
        sign_out(&mut transaction, key).await?;
        transaction.commit(&[]).await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Gives a user another password, which signs him out everywhere and makes his links worthless; false where there is none of
    /// this key.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing has changed.
    pub async fn set_password(&self, key: &str, hash: &str) -> Result<bool, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let changed = sqlx::query("UPDATE users SET password = $2 WHERE key = $1")
            .bind(key)
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        sign_out(&mut transaction, key).await?;
        transaction.commit(&[]).await?;
        Ok(changed.rows_affected() > 0)
    }

    /// All tokens, by name.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn tokens(&self) -> Result<Vec<KeptToken>, StoreError> {
        let rows: Vec<(String, String, String, Option<String>)> =
            sqlx::query_as("SELECT name, digest, role, hotlines FROM tokens ORDER BY name LIMIT $1")
                .bind(LONGEST_LIST)
                .fetch_all(&self.readers)
                .await?;
        rows.into_iter().map(token).collect()
    }

    /// The token with this digest.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn token(&self, digest: &str) -> Result<Option<KeptToken>, StoreError> {
        let row = sqlx::query_as("SELECT name, digest, role, hotlines FROM tokens WHERE digest = $1")
            .bind(digest)
            .fetch_optional(&self.readers)
            .await?;
        row.map(token).transpose()
    }

    /// Keeps a token; false where there is one of this name.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn add_token(&self, token: &KeptToken, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let kept = sqlx::query(
            "INSERT INTO tokens (name, digest, role, hotlines, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING",
        )
        .bind(&token.name)
        .bind(&token.digest)
        .bind(&token.rights.role)
        .bind(token.rights.hotlines.as_ref().map(to_json).transpose()?)
        .bind(now.timestamp_millis())
        .execute(&self.writer)
        .await?;
        Ok(kept.rows_affected() > 0)
    }

    /// Forgets a token; false where there is none of this name.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn remove_token(&self, name: &str) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM tokens WHERE name = $1")
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Keeps a link, by its word's digest, until an instant.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn keep_link(&self, digest: &str, user: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO sign_in_links (digest, user_key, until) VALUES ($1, $2, $3)")
            .bind(digest)
            .bind(user)
            .bind(until.timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whose link this is, and that it leads nowhere from now on; none where it did not lead anywhere. Of two who follow it at
    /// once one alone is let in.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn take_link(&self, digest: &str, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as("DELETE FROM sign_in_links WHERE digest = $1 RETURNING user_key, until")
            .bind(digest)
            .fetch_optional(&self.writer)
            .await?;
        Ok(row.filter(|(_, until)| now.timestamp_millis() < *until).map(|(user, _)| user))
    }

    /// Keeps what a browser's session holds.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn keep_session(&self, digest: &str, user: &str, data: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        sqlx::query(
            "INSERT INTO sessions (digest, user_key, data, begun_at, seen_at) VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (digest) DO UPDATE SET data = excluded.data, seen_at = excluded.seen_at",
        )
        .bind(digest)
        .bind(user)
        .bind(data)
        .bind(now.timestamp_millis())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM sessions WHERE user_key = $1 AND digest <> $2 AND digest NOT IN
             (SELECT digest FROM sessions WHERE user_key = $1 AND digest <> $2 ORDER BY seen_at DESC, digest LIMIT $3)",
        )
        .bind(user)
        .bind(digest)
        .bind(MOST_SESSIONS - 1)
        .execute(&mut *transaction)
        .await?;
        transaction.commit(&[]).await
    }

    /// What a session holds, and when it was seen last: of one that was seen and has begun after these instants.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn session(
        &self,
        digest: &str,
        seen_after: DateTime<Utc>,
        begun_after: DateTime<Utc>,
    ) -> Result<Option<(String, DateTime<Utc>)>, StoreError> {
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT data, seen_at FROM sessions WHERE digest = $1 AND seen_at > $2 AND begun_at > $3")
                .bind(digest)
                .bind(seen_after.timestamp_millis())
                .bind(begun_after.timestamp_millis())
                .fetch_optional(&self.readers)
                .await?;
        row.map(|(data, seen)| Ok((data, from_ms(seen)?))).transpose()
    }

    /// Notes that a session is used.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn session_seen(&self, digest: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET seen_at = $2 WHERE digest = $1 AND seen_at < $2")
            .bind(digest)
            .bind(now.timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn end_session(&self, digest: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE digest = $1")
            .bind(digest)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Forgets links that have run out, and sessions that were not seen or have begun before these instants.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn sweep_access(
        &self,
        now: DateTime<Utc>,
        seen_before: DateTime<Utc>,
        begun_before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sign_in_links WHERE until <= $1")
            .bind(now.timestamp_millis())
            .execute(&self.writer)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE seen_at <= $1 OR begun_at <= $2")
            .bind(seen_before.timestamp_millis())
            .bind(begun_before.timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Ends all sessions of a user, and his links.
async fn sign_out(connection: &mut Connection, key: &str) -> Result<(), StoreError> {
    for ended in [
        "DELETE FROM sessions WHERE user_key = $1",
        "DELETE FROM sign_in_links WHERE user_key = $1",
    ] {
        sqlx::query(ended).bind(key).execute(&mut *connection).await?;
    }
    Ok(())
}

fn token((name, digest, role, hotlines): (String, String, String, Option<String>)) -> Result<KeptToken, StoreError> {
    let rights = rights(role, hotlines.as_deref())?;
    Ok(KeptToken { name, digest, rights })
}
