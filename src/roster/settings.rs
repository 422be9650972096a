//! The few lines that a rota needs beside it: from its Settings tab, a TOML file, or the command line.
//! Here they are only words: `conventions` says what they come to, `config` reads files of them.

use serde::{Deserialize, Serialize};

/// `Setting | Value` pairs in the words of the Settings tab ("Time zone", "Shift: Night"), in their order;
/// where a setting comes twice the later one counts. Those given here win over the sheet's own tab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings(pub Vec<(String, String)>);
