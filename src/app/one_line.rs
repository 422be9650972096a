//! The log's last door: an event is one line, and nothing in it moves what stands beside it on a screen, whoever's words it
//! quotes. It must not know what is logged.

use std::io::{self, Write};
use tracing_subscriber::fmt::MakeWriter;

/// Writes each event as one line.
#[derive(Clone, Copy, Debug)]
pub struct OneLine<M> {
    /// Where it goes.
    inner: M,
    /// Whether the beginning of a colour is ours; what is quoted has none by then.
    colour: bool,
}

impl<M> OneLine<M> {
    /// The same writer, with whose lines nobody else can begin one.
    pub const fn new(inner: M, colour: bool) -> Self {
        Self { inner, colour }
    }

    fn is_harmless(&self, c: char) -> bool {
        match c {
            '\x1b' => self.colour,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => false,
            c => !c.is_control(),
        }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for OneLine<M> {
    type Writer = OneLine<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine::new(self.inner.make_writer(), self.colour)
    }
}

impl<W: Write> Write for OneLine<W> {
    /// An event comes as a whole, with the end of its line.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        if line.chars().all(|c| self.is_harmless(c)) {
            self.inner.write_all(event)?;
            return Ok(event.len());
        }
        let mut shown = String::with_capacity(event.len());
        for c in line.chars() {
            if self.is_harmless(c) {
                shown.push(c);
            } else {
                shown.extend(c.escape_default());
            }
        }
        shown.push('\n');
        self.inner.write_all(shown.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(event: &str, colour: bool) -> String {
        let mut log = OneLine::new(Vec::new(), colour);
        log.write_all(event.as_bytes()).unwrap();
        String::from_utf8(log.inner).unwrap()
    }

    #[test]
    fn nobody_begins_a_line_or_turns_one_round() {
        assert_eq!(written("INFO Zoë \u{1f692} rings\n", false), "INFO Zoë \u{1f692} rings\n");
        let forged = "INFO Ana\r\n2026-11-21 ERROR forged\u{2028}x\u{202e}y\u{7}\0\u{9b}31m\n";
        let expected = "INFO Ana\\r\\n2026-11-21 ERROR forged\\u{2028}x\\u{202e}y\\u{7}\\u{0}\\u{9b}31m\n";
        assert_eq!(written(forged, false), expected);
        assert_eq!(written("\x1b[32mINFO\x1b[0m a\tb\n", true), "\x1b[32mINFO\x1b[0m a\\tb\n");
        assert_eq!(written("\x1b[2J\n", false), "\\u{1b}[2J\n");
    }
}
