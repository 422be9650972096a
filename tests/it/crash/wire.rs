//! HTTP as far as a gateway needs it: one request and one answer on a connection, as bytes that are passed on.

use rotaline::clock::Clock;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Longer messages than any that is sent here.
const LONGEST: usize = 256 * 1024;

/// A whole message: its head up to the blank line, and its body.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// Reads one whole message; none where the connection ends before.
    pub(super) async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        loop {
            if let Some(message) = Self::parse(&bytes) {
                return Some(message);
            }
            let mut piece = vec![0; 16 * 1024];
            let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
            bytes.extend_from_slice(&piece[..length]);
            assert!(bytes.len() < LONGEST, "a message too long for any of ours");
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        let body = bytes.get(end..end + length)?.to_vec();
        Some(Self { head, body })
    }

    /// As it is passed on: the other side closes the connection after it.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut lines = self.head.trim_end().split("\r\n");
        let first = lines.next().unwrap_or_default();
        let others = lines.filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        let head: Vec<&str> = [first, "connection: close"].into_iter().chain(others).collect();
        [head.join("\r\n").as_bytes(), b"\r\n\r\n", &self.body].concat()
    }

    /// The first words of the head: of a request method and path, of an answer the version and the status.
    pub(super) fn begins_with(&self) -> (&str, &str) {
        let mut words = self.head.split_whitespace();
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// The same for all attempts of one request.
    pub(super) fn key(&self) -> (String, Vec<u8>) {
        (self.begins_with().1.to_owned(), self.body.clone())
    }

    pub(super) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(super) fn is_success(&self) -> bool {
        self.begins_with().1.starts_with('2')
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// A connection, for which is waited so long.
pub(super) async fn connect(to: SocketAddr, patience: Duration) -> Option<TcpStream> {
    let begun = Clock::monotonic();
    loop {
        if let Ok(stream) = TcpStream::connect(to).await {
            return Some(stream);
        }
        if begun.elapsed() >= patience {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Sends these bytes; what is answered in whole.
pub(super) async fn ask(stream: &mut TcpStream, bytes: &[u8]) -> Option<Message> {
    stream.write_all(bytes).await.ok()?;
    Message::read(stream).await
}
