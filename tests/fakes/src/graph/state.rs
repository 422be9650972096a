//! What the fake tenant holds: sites with lists and files, users with files, tokens, subscriptions. How any of it is shown is not said here.

use super::address::{DriveAddress, FileAddress, SiteAddress};
use super::list::{Column, Kind, List, Value};
use super::reply::{Failure, guid};
use super::subscriptions::Subscription;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, VecDeque};

/// Everything.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) sites: Vec<Site>,
    pub(super) users: Vec<User>,
    /// Access tokens given out, with the instants at which they end.
    pub(super) tokens: Vec<(String, DateTime<Utc>)>,
    pub(super) secret_has_expired: bool,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) subscriptions_are_forbidden: bool,
    pub(super) deliveries: Vec<super::Delivery>,
    /// Items on a page unless the client asks for fewer.
    pub(super) page_size: Option<usize>,
    pub(super) mischief: Option<super::Mischief>,
    /// What happens after each page that is not a list's last.
    pub(super) between_pages: VecDeque<(super::ListKey, super::Change)>,
    /// Delta tokens of an earlier epoch are too old.
    pub(super) epoch: u64,
    /// Passes for downloads, each for one file of one drive, by its id.
    pub(super) passes: BTreeMap<String, String>,
    /// Bearer tokens that came to the other host.
    pub(super) leaked: Vec<String>,
}

/// A site.
#[derive(Debug)]
pub(super) struct Site {
    /// `host,guid,guid`.
    pub(super) id: String,
    pub(super) host: String,
    /// Without a slash in front.
    pub(super) path: String,
    pub(super) display_name: String,
    pub(super) granted: bool,
    pub(super) lists: Vec<ListState>,
    pub(super) drive: Drive,
    pub(super) made: DateTime<Utc>,
}

/// A user who has files.
#[derive(Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) granted: bool,
    pub(super) drive: Drive,
}

/// A list of a site.
#[derive(Debug)]
pub(super) struct ListState {
    pub(super) id: String,
    pub(super) display_name: String,
    /// The part of its address, which stays as it was made.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// How many of the columns in front are the list's own and not the test's.
    own_columns: usize,
    pub(super) items: BTreeMap<u32, Item>,
    /// The highest number given out.
    pub(super) last_id: u32,
    /// Changed items in order; what happened as number `n` stands at place `n - 1`.
    pub(super) changes: Vec<u32>,
    pub(super) made: DateTime<Utc>,
    pub(super) modified: DateTime<Utc>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) guid: String,
    /// By internal names. What is empty is not there.
    pub(super) values: BTreeMap<String, Value>,
    pub(super) version: u32,
    pub(super) made: DateTime<Utc>,
    pub(super) modified: DateTime<Utc>,
}

/// A document library.
#[derive(Debug)]
pub(super) struct Drive {
    pub(super) id: String,
    /// Where a browser shows it, without a slash at the end.
    pub(super) address: String,
    /// By paths without a slash in front.
    pub(super) files: Vec<File>,
    /// Counts the files that were ever there.
    files_ever: u32,
    pub(super) made: DateTime<Utc>,
}

/// A file of a drive.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) id: String,
    pub(super) guid: String,
    pub(super) bytes: Vec<u8>,
    /// Counts what happened to the file.
    pub(super) version: u32,
    /// Counts what happened to its bytes.
    pub(super) content_version: u32,
    pub(super) made: DateTime<Utc>,
    pub(super) modified: DateTime<Utc>,
}

impl State {
    /// The site of an address. Panics for an address that is none, and for one that is there already.
    pub(super) fn add_site(&mut self, address: &str, now: DateTime<Utc>) -> String {
        let url = url::Url::parse(address).expect("the address of a site");
        let host = url.host_str().expect("the address of a site has a host").to_owned();
        let path = url.path().trim_matches('/').to_owned();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let id = format!("{host},{},{}", guid(&format!("site {address}")), guid(&format!("web {address}")));
        assert!(self.sites.iter().all(|site| site.id != id), "{address} is there already");
        let drive = Drive::new(&format!("https://{host}/{path}/Shared%20Documents"), now);
        self.sites.push(Site {
            id: id.clone(),
            host,
            path,
            display_name: name,
            granted: true,
            lists: Vec::new(),
            drive,
            made: now,
        });
        id
    }

    /// The site with an id; panics when there is none, for it is a test that asks.
    pub(super) fn site_mut(&mut self, id: &str) -> &mut Site {
        let site = self.sites.iter_mut().find(|site| site.id == id);
        site.expect("a site that was added before")
    }

    /// The list of a test's key.
    pub(super) fn list_mut(&mut self, key: &super::ListKey) -> &mut ListState {
        let list = self.site_mut(&key.site).lists.iter_mut().find(|list| list.id == key.list);
        list.expect("a list that was added before")
    }

    /// The site that a client means, if the app may see it.
    pub(super) fn site(&self, address: &SiteAddress) -> Result<&Site, Failure> {
        let site = self.sites.iter().find(|site| match address {
            SiteAddress::Id(id) => site.id.eq_ignore_ascii_case(id) || (site.path.is_empty() && site.host.eq_ignore_ascii_case(id)),
            SiteAddress::Path(host, path) => site.host.eq_ignore_ascii_case(host) && site.path.eq_ignore_ascii_case(path),
        });
        let site = site.ok_or_else(|| Failure::new(404, "itemNotFound", "Requested site could not be found"))?;
        if site.granted { Ok(site) } else { Err(Failure::denied()) }
    }

    /// The list that a client means by its id or its title, and its site.
    pub(super) fn list(&self, address: &SiteAddress, list: &str) -> Result<(&Site, &ListState), Failure> {
        let site = self.site(address)?;
        let found = site
            .lists
            .iter()
            .find(|known| known.id.eq_ignore_ascii_case(list) || known.display_name.eq_ignore_ascii_case(list));
        let list = found.ok_or_else(|| Failure::new(404, "itemNotFound", "The specified list was not found"))?;
        Ok((site, list))
    }

    /// The drive that a client means.
    pub(super) fn drive(&self, address: &DriveAddress) -> Result<&Drive, Failure> {
        match address {
            DriveAddress::OfSite(site) => Ok(&self.site(site)?.drive),
            DriveAddress::OfUser(name) => {
                let user = self.users.iter().find(|user| user.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
                    let message =
                        format!("Resource '{name}' does not exist or one of its queried reference-property objects are not present.");
                    Failure::new(404, "Request_ResourceNotFound", message)
                })?;
                if user.granted { Ok(&user.drive) } else { Err(Failure::denied()) }
            }
            DriveAddress::Id(id) => {
                let of_sites = self.sites.iter().map(|site| (&site.drive, site.granted));
                let of_users = self.users.iter().map(|user| (&user.drive, user.granted));
                match of_sites.chain(of_users).find(|(drive, _)| drive.id == *id) {
                    Some((drive, true)) => Ok(drive),
                    Some((_, false)) => Err(Failure::denied()),
                    None => Err(Failure::not_found()),
                }
            }
        }
    }

    /// Any drive by its id, whether the app may see it or not.
    pub(super) fn any_drive(&self, id: &str) -> Option<&Drive> {
        let of_sites = self.sites.iter().map(|site| &site.drive);
        let drives = of_sites.chain(self.users.iter().map(|user| &user.drive));
        drives.into_iter().find(|drive| drive.id == id)
    }

    /// The drive of a test's key; a user's is made when it is first used.
    pub(super) fn drive_mut(&mut self, key: &super::DriveKey, now: DateTime<Utc>) -> &mut Drive {
        let name = match key {
            super::DriveKey::Site(site) => return &mut self.site_mut(&site.0).drive,
            super::DriveKey::User(name) => name,
        };
        let place = self.users.iter().position(|user| user.name == *name).unwrap_or_else(|| {
            let part = name.replace(['@', '.'], "_");
            let host = name.rsplit('@').next().unwrap_or_default().split('.').next().unwrap_or_default();
            let address = format!("https://{host}-my.sharepoint.com/personal/{part}/Documents");
            self.users.push(User {
                name: name.clone(),
                granted: true,
                drive: Drive::new(&address, now),
            });
            self.users.len() - 1
        });
        &mut self.users[place].drive
    }

    /// Carries a change out; gives back the number of an item that was added.
    pub(super) fn change(&mut self, list: &super::ListKey, change: super::Change, now: DateTime<Utc>) -> Option<u32> {
        let state = self.list_mut(list);
        match change {
            super::Change::Edit { item, column, value } => state.edit(item, &column, value, now),
            super::Change::Add(values) => return Some(state.add(values, now)),
            super::Change::Remove(item) => state.remove(item, now),
        }
        None
    }
}

impl ListState {
    pub(super) fn new(site: &str, list: List, now: DateTime<Utc>) -> ListState {
        let mut columns = list.columns;
        let own_columns = usize::from(columns.iter().all(|column| column.name != "Title"));
        if own_columns > 0 {
            columns.insert(0, Column::new("Title", Kind::Text));
        }
        let mut state = ListState {
            id: guid(&format!("list {site} {}", list.display_name)),
            name: list.display_name.replace(' ', ""),
            display_name: list.display_name,
            columns,
            own_columns,
            items: BTreeMap::new(),
            last_id: 0,
            changes: Vec::new(),
            made: now,
            modified: now,
        };
        for values in list.items {
            state.add(values, now);
        }
        state
    }

    /// Adds an item with values in the order of the columns that the test gave; gives back its number.
    pub(super) fn add(&mut self, values: Vec<Value>, now: DateTime<Utc>) -> u32 {
        let given = &self.columns[self.own_columns..];
        assert!(values.len() <= given.len(), "more values than columns: {values:?}");
        let pairs = given.iter().zip(values);
        let values = pairs.filter(|(_, value)| *value != Value::Empty).map(|(column, value)| {
            value.must_fit(column);
            (column.name.clone(), value)
        });
        let values = values.collect();
        self.last_id += 1;
        let item = Item {
            guid: guid(&format!("item {} {}", self.id, self.last_id)),
            values,
            version: 1,
            made: now,
            modified: now,
        };
        self.items.insert(self.last_id, item);
        self.changed(self.last_id, now);
        self.last_id
    }

    /// Changes what stands in a column, by its display name.
    pub(super) fn edit(&mut self, item: u32, column: &str, value: Value, now: DateTime<Utc>) {
        let found = self.columns.iter().find(|known| known.display_name == column);
        let column = found.unwrap_or_else(|| panic!("no column {column:?}")).clone();
        value.must_fit(&column);
        let item_state = self.items.get_mut(&item).unwrap_or_else(|| panic!("no item {item}"));
        if value == Value::Empty {
            item_state.values.remove(&column.name);
        } else {
            item_state.values.insert(column.name, value);
        }
        item_state.version += 1;
        item_state.modified = now;
        self.changed(item, now);
    }

    pub(super) fn remove(&mut self, item: u32, now: DateTime<Utc>) {
        self.items.remove(&item).unwrap_or_else(|| panic!("no item {item}"));
        self.changed(item, now);
    }

    fn changed(&mut self, item: u32, now: DateTime<Utc>) {
        self.changes.push(item);
        self.modified = now;
    }
}

impl Drive {
    fn new(address: &str, now: DateTime<Utc>) -> Drive {
        let seed = format!("drive {address}");
        Drive {
            id: format!("b!{}", guid(&seed).replace('-', "")),
            address: address.to_owned(),
            files: Vec::new(),
            files_ever: 0,
            made: now,
        }
    }

    /// Puts bytes at a path: a new file, or the next version of the one that is there.
    pub(super) fn put(&mut self, path: &str, bytes: Vec<u8>, now: DateTime<Utc>) {
        let path = path.trim_matches('/');
        if let Some(file) = self.files.iter_mut().find(|file| file.path.eq_ignore_ascii_case(path)) {
            file.bytes = bytes;
            file.version += 1;
            file.content_version += 1;
            file.modified = now;
            return;
        }
        self.files_ever += 1;
        let guid = guid(&format!("file {} {}", self.id, self.files_ever));
        self.files.push(File {
            path: path.to_owned(),
            id: format!("01{}", guid.replace('-', "").to_uppercase()),
            guid,
            bytes,
            version: 1,
            content_version: 1,
            made: now,
            modified: now,
        });
    }

    /// A file as addressed by a client. SharePoint's paths do not mind the case.
    pub(super) fn file(&self, address: &FileAddress) -> Option<&File> {
        self.files.iter().find(|file| match address {
            FileAddress::Path(path) => file.path.eq_ignore_ascii_case(path),
            FileAddress::Id(id) => file.id == *id,
        })
    }

    pub(super) fn file_mut(&mut self, path: &str) -> &mut File {
        let file = self.files.iter_mut().find(|file| file.path.eq_ignore_ascii_case(path));
        file.unwrap_or_else(|| panic!("no file {path:?}"))
    }
}

impl File {
    /// Names one state of the file and what is known of it.
    pub(super) fn etag(&self) -> String {
        format!("\"{{{}}},{}\"", self.guid.to_uppercase(), self.version)
    }

    /// Names one state of its bytes.
    pub(super) fn ctag(&self) -> String {
        format!("\"c:{{{}}},{}\"", self.guid.to_uppercase(), self.content_version)
    }
}
