//! What stands before the protocol: the path, the token, and whose request it is.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Method, Request, Response, StatusCode};
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use sha2::{Digest as _, Sha256};

use super::late::Late;
use super::sessions::Sessions;
use super::standing::{self, Place, Standing};
use super::{Hook, Http, body};
use crate::TARGET;
use crate::handler::Handler;
use crate::held::{Held, Past};
use crate::server::Server;
use crate::session::{Grant, Session};

/// The endpoint.
const PATH: &str = "/mcp";

/// The header that names a session.
pub(crate) const SESSION: &str = "mcp-session-id";

/// The header that names the method, since 2026-07-28.
pub(super) const METHOD: &str = "mcp-method";

/// The method that begins a session, and the one that listens without.
const INITIALIZE: &str = "initialize";
pub(super) const LISTEN: &str = "subscriptions/listen";

pub(super) type Answer = Response<BoxBody<Bytes, Infallible>>;

pub(super) struct Door {
    token: Option<Secret>,
    sessions: Option<Hook>,
    known: Arc<Sessions>,
    held: Arc<Held>,
    standing: Standing,
    /// The longest body of a request.
    message: usize,
    protocol: StreamableHttpService<Handler, Sessions>,
}

/// A token as its digest, so that comparing takes as long for any other.
#[derive(Clone)]
pub(super) struct Secret {
    digest: [u8; 32],
    is_empty: bool,
}

impl Secret {
    pub(super) fn new(token: &str) -> Self {
        Self {
            digest: Sha256::digest(token).into(),
            is_empty: token.trim().is_empty(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    fn is(&self, token: &str) -> bool {
        let other: [u8; 32] = Sha256::digest(token).into();
        let pairs = self.digest.iter().zip(other);
        pairs.fold(0, |found, (a, b)| found | (a ^ b)) == 0
    }
}

impl Door {
    pub(super) fn new(server: &Server, http: Http, address: SocketAddr) -> Self {
        let own = ["localhost", "127.0.0.1", "[::1]"];
        let origins = own
            .iter()
            .flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:*")));
        let mut hosts = ["localhost", "127.0.0.1", "::1"]
            .map(str::to_owned)
            .to_vec();
        let ip = address.ip().to_string();
        if !hosts.contains(&ip) {
            hosts.push(ip);
        }
        let config = StreamableHttpServerConfig::default()
            .with_allowed_hosts(hosts.into_iter().chain(http.hosts))
            .with_allowed_origins(origins.chain(http.origins))
            .enforce_origin_validation()
            // An answer without anything before it is JSON and no stream, where there is no session.
            .with_json_response(true)
            .with_max_request_body_bytes(server.limits().message)
            .with_cancellation_token(server.stopped());
        let known = Arc::new(Sessions::new(
            server.limits().connections,
            server.limits().idle,
        ));
        let own = server.clone();
        let protocol = StreamableHttpService::new(
            move || Ok(Handler::new(&own, own.stopped(), 0)),
            Arc::clone(&known),
            config,
        );
        Self {
            token: http.token,
            sessions: http.sessions,
            known,
            held: Arc::default(),
            standing: Standing::new(server.limits().connections),
            message: server.limits().message,
            protocol,
        }
    }

    /// Ends the sessions whose clients have been away for too long, and answers what is held.
    pub(super) fn sweep(&self) {
        self.known.sweep();
        self.held.sweep();
    }

    /// Tells actions that hold their threads that nobody wants them any more.
    pub(super) fn stop(&self) {
        self.held.end();
    }

    /// Ends all sessions.
    pub(super) fn end(&self) {
        self.stop();
        self.known.end();
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Answer {
        let (request, place) = match self.admit(request, peer).await {
            Ok(admitted) => admitted,
            Err(refusal) => {
                tracing::info!(target: TARGET, %peer, status = refusal.status().as_u16(), "turned away");
                return *refusal;
            }
        };
        let answer = self.protocol(request, peer).await;
        match place {
            Some(place) => answer.map(|body| standing::held(body, place)),
            None => answer,
        }
    }

    /// A request that may go on, whole, with the place that its stream has where it will stand.
    async fn admit(
        &self,
        mut request: Request<Incoming>,
        peer: SocketAddr,
    ) -> Result<(Request<Full<Bytes>>, Option<Arc<Place>>), Box<Answer>> {
        if let Some(refusal) = self.refuse(&mut request, peer) {
            return Err(Box::new(refusal));
        }
        let place = self.standing.place(&request)?;
        let (head, body) = request.into_parts();
        let body = body::whole(&head.method, body, self.message).await?;
        Ok((Request::from_parts(head, body), place))
    }

    async fn protocol(&self, mut request: Request<Full<Bytes>>, peer: SocketAddr) -> Answer {
        let method = request.method().clone();
        // Who names a session has begun none.
        let begins = !request.headers().contains_key(SESSION);
        let grant = request.extensions().get::<Grant>();
        let grant = grant.filter(|_| begins).cloned();
        let late = Arc::<Late>::default();
        request.extensions_mut().insert(Past {
            held: Arc::clone(&self.held),
            out: Arc::<Late>::clone(&late),
        });
        // Its room would be moved with each request that a connection has.
        let answer = Box::pin(self.protocol.handle(request));
        let answer = tokio::select! {
            biased;
            answer = answer => answer,
            answer = late.came() => {
                // What a failure says can always be written.
                let json = serde_json::to_vec(&answer).unwrap_or_default();
                whole(StatusCode::OK, "application/json", json)
            }
        };
        if let (Some(grant), Some(name)) = (grant, answer.headers().get(SESSION)) {
            let name = name.to_str().unwrap_or_default();
            self.known.own(name, grant.context.tenant());
        }
        tracing::debug!(target: TARGET, %peer, %method, status = answer.status().as_u16(), "answered");
        answer
    }

    /// Why a request goes no further; else what its sender may have goes with it.
    fn refuse(&self, request: &mut Request<Incoming>, peer: SocketAddr) -> Option<Answer> {
        if request.uri().path() != PATH {
            return Some(refusal(
                StatusCode::NOT_FOUND,
                "there is nothing here; the endpoint is /mcp",
            ));
        }
        let session = Session::new(request.headers(), peer);
        if let Some(secret) = &self.token
            && !session.bearer().is_some_and(|token| secret.is(token))
        {
            let mut answer = refusal(
                StatusCode::UNAUTHORIZED,
                "send the bearer token of this server",
            );
            let scheme = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(WWW_AUTHENTICATE, scheme);
            return Some(answer);
        }
        let grant = match self
            .sessions
            .as_ref()
            .map(|hook| hook(&session))
            .transpose()
        {
            Ok(grant) => grant,
            Err(denied) => return Some(refusal(StatusCode::FORBIDDEN, &denied.to_string())),
        };
        if let Some(refusal) = self.refuse_session(request.method(), &session, grant.as_ref()) {
            return Some(refusal);
        }
        if let Some(grant) = grant {
            // What changes from here on, a request that listens is to hear of.
            if session.header(METHOD) == Some(LISTEN) {
                request.extensions_mut().insert(grant.allow.changes());
            }
            request.extensions_mut().insert(grant);
        }
        None
    }

    /// Why there is no session for a request, where it is to have one.
    fn refuse_session(
        &self,
        method: &Method,
        session: &Session<'_>,
        grant: Option<&Grant>,
    ) -> Option<Answer> {
        let Some(name) = session.header(SESSION) else {
            // Since 2026-07-28 requests name their method, and need no session.
            let called = session.header(METHOD).unwrap_or(INITIALIZE);
            let is_new = method == Method::POST && called == INITIALIZE;
            let text = "there are too many sessions; try again later";
            return (is_new && !self.known.has_room())
                .then(|| refusal(StatusCode::SERVICE_UNAVAILABLE, text));
        };
        // Where nobody says whose requests are, they are all of one.
        let tenant = grant?.context.tenant();
        (!self.known.is_of(name, tenant))
            .then(|| refusal(StatusCode::NOT_FOUND, "there is no such session"))
    }
}

pub(super) fn refusal(status: StatusCode, text: &str) -> Answer {
    whole(status, "text/plain; charset=utf-8", text.to_owned())
}

/// An answer in one piece.
fn whole(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()).boxed());
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static(kind);
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}
