//! Reads one request after the other off a connection.

use crate::journal::Request;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More than any head and any body that a fake is sent.
const MOST_HEAD: usize = 64 * 1024;
const MOST_BODY: usize = 8 * 1024 * 1024;

/// The next request of a connection; `None` when the client has no more.
pub(super) async fn next_request(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        if let Some((request, head, length)) = parsed(read)? {
            if request
                .headers
                .get("expect")
                .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
            {
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
            }
            while read.len() < head + length {
                if stream.read_buf(read).await? == 0 {
                    return Ok(None);
                }
            }
            let body = read[head..head + length].to_vec();
            read.drain(..head + length);
            return Ok(Some(Request { body, ..request }));
        }
        if read.len() > MOST_HEAD || stream.read_buf(read).await? == 0 {
            return Ok(None);
        }
    }
}

/// The head of a request without its body, its length, and the body's length; `None` while it is incomplete.
fn parsed(read: &[u8]) -> io::Result<Option<(Request, usize, usize)>> {
    let invalid = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut fields);
    let httparse::Status::Complete(end) = head.parse(read).map_err(|error| invalid(error.to_string()))? else {
        return Ok(None);
    };
    let mut request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        ..Request::default()
    };
    let target = head.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (request.path, request.query) = (path.to_owned(), query.to_owned());
    for field in head.headers.iter() {
        let value = String::from_utf8_lossy(field.value).into_owned();
        let before = request.headers.entry(field.name.to_lowercase());
        before.and_modify(|all| *all = format!("{all}, {value}")).or_insert(value);
    }
    request.authorization = request.headers.get("authorization").cloned();
    if request.headers.contains_key("transfer-encoding") {
        return Err(invalid("a fake wants to know a body's length beforehand".to_owned()));
    }
    let length = request.headers.get("content-length").map_or(Ok(0), |length| length.parse());
    match length {
        Ok(length) if length <= MOST_BODY => Ok(Some((request, end, length))),
        Ok(_) | Err(_) => Err(invalid("a Content-Length that makes no sense".to_owned())),
    }
}
