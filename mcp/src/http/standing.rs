//! Streams that stand open for as long as their clients like, and leave room for requests.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};

use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{ALLOW, HeaderValue};
use hyper::{Method, Request, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::door::{Answer, LISTEN, METHOD, SESSION, refusal};

/// The header by which a client comes back for what it has missed.
const LAST: &str = "last-event-id";

/// How many places one session has: that of a stream, and that of one whose client has lost it and comes back.
const EACH: usize = 2;

/// The places of streams that stand open.
pub(super) struct Standing {
    places: Arc<Semaphore>,
    most: usize,
    /// Those of sessions, the oldest first.
    taken: Mutex<VecDeque<Taken>>,
}

struct Taken {
    session: HeaderValue,
    place: Weak<Place>,
}

/// The place of one stream.
#[derive(Debug)]
pub(super) struct Place {
    permit: Mutex<Option<OwnedSemaphorePermit>>,
    /// Whether it has gone to a younger stream of the same session.
    gone: CancellationToken,
}

impl Place {
    /// Ends its stream; what it had.
    fn give(&self) -> Option<OwnedSemaphorePermit> {
        self.gone.cancel();
        let mut permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner);
        permit.take()
    }
}

impl Standing {
    /// Half of the connections, so that the others are for requests.
    pub(super) fn new(connections: usize) -> Self {
        let most = (connections / 2).min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(most)),
            most,
            taken: Mutex::default(),
        }
    }

    /// The place of a stream, where the request asks for one that will stand.
    ///
    /// # Errors
    /// The refusal, where there is none left.
    pub(super) fn place<B>(&self, request: &Request<B>) -> Result<Option<Arc<Place>>, Box<Answer>> {
        if !stands(request) {
            return Ok(None);
        }
        let session = request.headers().get(SESSION);
        let mut taken = self.taken();
        taken.retain(|one| one.place.strong_count() > 0);
        let own = |one: &Taken| Some(&one.session) == session;
        let has_all = taken.iter().filter(|one| own(one)).count() >= EACH;
        let free = || Arc::clone(&self.places).try_acquire_owned().ok();
        let permit = (!has_all).then(free).flatten().or_else(|| {
            let oldest = taken.iter().position(own)?;
            taken.remove(oldest)?.place.upgrade()?.give()
        });
        // The oldest may have gone of itself by now.
        let Some(permit) = permit.or_else(free) else {
            return Err(Box::new(self.refuse(request.method())));
        };
        let place = Arc::new(Place {
            permit: Mutex::new(Some(permit)),
            gone: CancellationToken::new(),
        });
        if let Some(session) = session.cloned() {
            let place = Arc::downgrade(&place);
            taken.push_back(Taken { session, place });
        }
        Ok(Some(place))
    }

    fn taken(&self) -> MutexGuard<'_, VecDeque<Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The body, which has that place until it is let go, and ends where the place has gone to another.
pub(super) fn held(
    body: BoxBody<Bytes, Infallible>,
    place: Arc<Place>,
) -> BoxBody<Bytes, Infallible> {
    let gone = Box::pin(place.gone.clone().cancelled_owned());
    Held { body, gone, place }.boxed()
}

struct Held {
    body: BoxBody<Bytes, Infallible>,
    gone: Pin<Box<WaitForCancellationFutureOwned>>,
    #[expect(dead_code, reason = "it is let go with the body")]
    place: Arc<Place>,
}

impl Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.gone.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // A stream that may end before has no length.
        SizeHint::default()
    }
}
