//! Streams that stand open for as long as their clients like, and leave room for requests.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::Bytes;
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::door::{Answer, LISTEN, METHOD, refusal};

/// The header by which a client comes back for what it has missed.
const LAST: &str = "last-event-id";

/// The places of streams that stand open.
pub(super) struct Standing {
    places: Arc<Semaphore>,
    most: usize,
}

impl Standing {
    /// Half of the connections, so that the others are for requests.
    pub(super) fn new(connections: usize) -> Self {
        let most = (connections / 2).min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
        }
    }

    /// The place of a stream, where the request asks for one that will stand.
    ///
    /// # Errors
    /// The refusal, where there is none left.
    pub(super) fn place<B>(
        &self,
        request: &Request<B>,
    ) -> Result<Option<OwnedSemaphorePermit>, Box<Answer>> {
        if !stands(request) {
            return Ok(None);
        }
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => Ok(Some(place)),
            Err(_) => Err(Box::new(self.refuse(request.method()))),
        }
    }

    fn refuse(&self, method: &Method) -> Answer {
        let text = format!(
            "{} streams stand open, which is the most beside requests that this server takes; requests are answered without one",
            self.most
        );
        if method != Method::GET {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, &text);
        }
        // By the protocol, that there is no stream to be had: clients go on without.
        let mut answer = refusal(StatusCode::METHOD_NOT_ALLOWED, &text);
        let allowed = HeaderValue::from_static("POST, DELETE");
        answer.headers_mut().insert(ALLOW, allowed);
        answer
    }
}

/// Whether a request asks for a stream that belongs to no request, or listens; who comes back for an answer does not.
fn stands<B>(request: &Request<B>) -> bool {
    let header = |name| request.headers().get(name);
    if request.method() == Method::GET {
        return header(LAST).is_none_or(|last| !last.as_bytes().contains(&b'/'));
    }
    header(METHOD).is_some_and(|method| method == LISTEN)
}

/// The body, which has that place until it is let go.
pub(super) fn held(
    body: BoxBody<Bytes, Infallible>,
    place: OwnedSemaphorePermit,
) -> BoxBody<Bytes, Infallible> {
    let held = body.map_frame(move |frame| {
        let _ = &place;
        frame
    });
    held.boxed()
}
