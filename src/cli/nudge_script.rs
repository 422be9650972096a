//! The answer of `nudge-script`: what is pasted into a Google spreadsheet so that an edit is seen at once. It needs the
//! address and the password of the hotline's door; where these come from is not known here.

use secrecy::{ExposeSecret as _, SecretString};

/// The script with places for address and password; the README shows the same.
const SCRIPT: &str = include_str!("nudge.gs");

/// The script for one hotline's door, with how to use it in its comments. It holds the password: whoever has it can make
/// us look at the rota, and nothing else.
#[must_use]
pub fn nudge_script(address: &str, password: &SecretString) -> String {
    let reachable = if address.starts_with("https://") {
        ""
    } else {
        "// Google cannot reach this address: it must be https, and known to the whole Internet (server.public_url).\n"
    };
    format!(
        "// 1. In the spreadsheet choose Extensions > Apps Script, paste all of this in place of what is there, and save.\n\
         // 2. Beside \"Debug\" choose the function install, press Run, and allow what Google asks: it runs in your name.\n\
         // 3. Edit a cell of the rota: the page of rotaline shows the change within two seconds.\n{reachable}{}",
        SCRIPT.replace("{address}", address).replace("{password}", password.expose_secret())
    )
}
