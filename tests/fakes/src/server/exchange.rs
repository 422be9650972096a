//! Answers one request: as the API says, or with the fault that it meets, byte by byte as that fault is on the wire.

use super::{Answer, Api, Core};
use crate::clock::stopwatch;
use crate::faults::{Fault, misshapen};
use crate::journal::Request;
use serde_json::{Value, json};
use std::future::pending;
use std::io;
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Whether the connection goes on.
pub(super) type After = ControlFlow<()>;

/// A request that is being answered.
pub(super) struct Exchange<'a, A: Api> {
    pub(super) core: &'a Core<A>,
    pub(super) request: &'a Request,
    pub(super) number: usize,
}

impl<A: Api> Exchange<'_, A> {
    /// What the API says.
    pub(super) async fn ordinary(&self) -> Answer {
        let watch = stopwatch();
        let answer = self.core.api.answer(self.request).await;
        self.core.journal.answered(self.number, answer.status, watch.elapsed());
        let delay = *self.core.delay.lock().unwrap();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        answer
    }

    pub(super) async fn send(&self, stream: &mut TcpStream, answer: &Answer) -> io::Result<After> {
        stream.write_all(&head(answer, Some(answer.body.len()))).await?;
        stream.write_all(&answer.body).await?;
        Ok(After::Continue(()))
    }

    /// Sends what the API had no part in.
    async fn send_instead(&self, stream: &mut TcpStream, answer: &Answer) -> io::Result<After> {
        self.core.journal.answered(self.number, answer.status, Duration::ZERO);
        self.send(stream, answer).await
    }

    pub(super) async fn fail(&self, stream: &mut TcpStream, route: A::Route, fault: Fault) -> io::Result<After> {
        match fault {
            Fault::Status { code, retry_after, body } => {
                let body = body.unwrap_or_else(|| self.core.api.error(route, code));
                let mut answer = Answer::json(code, &body);
                if let Some(when) = retry_after {
                    answer = answer.header("retry-after", &when);
                }
                self.send_instead(stream, &answer).await
            }
            Fault::Html { code } => {
                let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Welcome to this network</h1></body></html>";
                let answer = Answer::bytes(code, "text/html; charset=utf-8", page.into());
                self.send_instead(stream, &answer).await
            }
            Fault::Empty => self.send_instead(stream, &Answer::json(200, &json!({}))).await,
            Fault::SlowHeaders(pause) => {
                let answer = self.ordinary().await;
                tokio::time::sleep(pause).await;
                self.send(stream, &answer).await
            }
            Fault::Drip(pause) => drip(stream, &self.ordinary().await, pause).await,
            Fault::CutBody => cut(stream, &self.ordinary().await).await,
            Fault::WrongShape => {
                let answer = self.ordinary().await;
                let shape: Option<Value> = serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == 200);
                let answer = shape.map_or(answer, |shape| Answer::json(200, &misshapen(&shape)));
                self.send(stream, &answer).await
            }
            Fault::Huge { bytes } => huge(stream, &self.ordinary().await, bytes).await,
            Fault::Reset => {
                // Closing with a linger of zero throws away what is unsent and sends RST.
                stream.set_zero_linger()?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
            Fault::Hang => pending().await,
        }
    }
}

/// Status line and headers. Without a length the body comes in chunks.
fn head(answer: &Answer, length: Option<usize>) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    match length {
        // These have no body, and so no length either (RFC 9110, 8.6).
        Some(_) if [204, 304].contains(&answer.status) => {}
        Some(length) => text += &format!("content-length: {length}\r\n"),
        None => text += "transfer-encoding: chunked\r\n",
    }
    (text + "\r\n").into_bytes()
}

/// The words after a status. Clients do not read them; people who look at the wire do.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Other",
    }
}

async fn drip(stream: &mut TcpStream, answer: &Answer, pause: Duration) -> io::Result<After> {
    stream.write_all(&head(answer, Some(answer.body.len()))).await?;
    for byte in answer.body.iter() {
        tokio::time::sleep(pause).await;
        stream.write_all(&[*byte]).await?;
    }
    Ok(After::Continue(()))
}

async fn cut(stream: &mut TcpStream, answer: &Answer) -> io::Result<After> {
    // An answer without a body is promised one, so that there is something to cut off.
    let promised = answer.body.len().max(2);
    stream.write_all(&head(answer, Some(promised))).await?;
    stream.write_all(&answer.body[..answer.body.len() / 2]).await?;
    stream.flush().await?;
    Ok(After::Break(()))
}

async fn huge(stream: &mut TcpStream, answer: &Answer, bytes: u64) -> io::Result<After> {
    const PIECE: usize = 64 * 1024;
    let blanks = vec![b' '; PIECE];
    stream.write_all(&head(answer, None)).await?;
    let mut left = bytes;
    while left > 0 {
        let piece = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        chunk(stream, &blanks[..piece]).await?;
        left -= piece as u64;
    }
    if !answer.body.is_empty() {
        chunk(stream, &answer.body).await?;
    }
    stream.write_all(b"0\r\n\r\n").await?;
    Ok(After::Continue(()))
}

async fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(format!("{:x}\r\n", bytes.len()).as_bytes()).await?;
    stream.write_all(bytes).await?;
    stream.write_all(b"\r\n").await
}
