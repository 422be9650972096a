//! Who else on this machine may read or replace what is kept of people: said at each start, with what takes that away.
//! Files that we make are their owner's alone; what was there before, or was copied back, may be anybody's.

use crate::config::Database;
use std::path::{Path, PathBuf};

/// What the database puts beside its file, and what we do.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-serving"];
#[cfg(unix)]
const OTHERS_WRITE: u32 = 0o022;

/// One sentence for each place that is open to others.
#[cfg(unix)]
pub(super) fn open_places(configuration: &Path, database: &Database) -> Vec<String> {
    let said = of_configuration(configuration).into_iter();
    said.chain(places_of(database)).collect()
}

/// Whoever may write there says who signs in, and who is rung last.
#[cfg(unix)]
fn of_configuration(file: &Path) -> Option<String> {
    let shown = file.display();
    (mode(file)? & OTHERS_WRITE != 0)
        .then(|| format!("{shown} says who may sign in, and others on this machine may change it. Take that away: chmod go-w {shown}"))
}

#[cfg(unix)]
fn places_of(database: &Database) -> Vec<String> {
    let path = match database {
        Database::File(path) => path,
        Database::Postgres { .. } => return Vec::new(),
    };
    let files = std::iter::once(path.clone()).chain(BESIDE.map(|end| beside(path, end)));
    let mut said: Vec<String> = files.filter_map(|file| of_file(&file)).collect();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    said.extend(of_folder(folder.unwrap_or(Path::new("."))));
    said
}

#[cfg(not(unix))]
pub(super) const fn open_places(_: &Path, _: &Database) -> Vec<String> {
    Vec::new()
}

#[cfg(unix)]
fn of_file(file: &Path) -> Option<String> {
    const OTHERS: u32 = 0o077;
    let shown = file.display();
    (mode(file)? & OTHERS != 0)
        .then(|| format!("{shown} holds phone numbers and may be used by others on this machine. Take that away: chmod 600 {shown}"))
}

/// Whoever may write there can put another file in its place, unless each may replace his own alone.
#[cfg(unix)]
fn of_folder(folder: &Path) -> Option<String> {
    const STICKY: u32 = 0o1000;
    let mode = mode(folder)?;
    let shown = folder.display();
    (mode & OTHERS_WRITE != 0 && mode & STICKY == 0)
        .then(|| format!("others on this machine may put another database into {shown}. Take that away: chmod go-w {shown}"))
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::metadata(path).ok()?.permissions().mode())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn what_is_open_to_others_is_said_and_what_we_make_is_not() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("kept");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("rotaline.sqlite");
        let store = crate::store::Store::open(&path).await.unwrap();
        let alone = store.alone(&path, chrono::DateTime::UNIX_EPOCH).await.unwrap();
        assert!(alone.is_some());
        let database = Database::File(path.clone());
        let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        let written = above.path().join("rotaline.toml");
        std::fs::write(&written, "").unwrap();
        let open_places = |database: &Database| super::open_places(&written, database);
        set(&folder, 0o755);
        set(&written, 0o644);
        assert_eq!(open_places(&database), Vec::<String>::new(), "the file, its journal and its lock");
        set(&written, 0o664);
        let shown = written.display();
        assert_eq!(
            open_places(&database),
            [format!(
                "{shown} says who may sign in, and others on this machine may change it. Take that away: chmod go-w {shown}"
            )]
        );
        set(&written, 0o600);
        set(&path, 0o640);
        set(&folder, 0o775);
        let (file, folder_shown) = (path.display(), folder.display());
        assert_eq!(
            open_places(&database),
            [
                format!("{file} holds phone numbers and may be used by others on this machine. Take that away: chmod 600 {file}"),
                format!("others on this machine may put another database into {folder_shown}. Take that away: chmod go-w {folder_shown}"),
            ]
        );
        set(&folder, 0o1777);
        assert_eq!(open_places(&database).len(), 1, "as in /tmp");
        store.close().await;
    }
}
