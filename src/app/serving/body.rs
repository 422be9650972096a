//! Bodies: a request's must come within a time, and an answer's end is the end of our turn. Knows nothing of what is in them.

use super::seats::Sitter;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// For a whole body. Doors that are in a hurry say so earlier, in their own words.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// What a client is saying.
pub(super) struct Coming {
    body: Incoming,
    sitter: Arc<Sitter>,
    patience: Pin<Box<Sleep>>,
}

/// What is said to a client.
pub(super) struct Going {
    body: Body,
    sitter: Arc<Sitter>,
}

impl Coming {
    pub(super) fn new(body: Incoming, sitter: Arc<Sitter>) -> Self {
        Self {
            body,
            sitter,
            patience: Box::pin(sleep(PATIENCE)),
        }
    }
}

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.patience.as_mut().poll(cx).is_ready() {
            let slow = io::Error::new(io::ErrorKind::TimedOut, "the body takes too long");
            return Poll::Ready(Some(Err(slow.into())));
        }
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        match &frame {
            Poll::Ready(_) => self.sitter.has_asked(),
            Poll::Pending => self.sitter.is_awaited(),
        }
        frame.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Going {
    pub(super) fn new(body: Body, sitter: Arc<Sitter>) -> Self {
        Self { body, sitter }
    }
}

impl HttpBody for Going {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        self.sitter.is_answered();
    }
}
