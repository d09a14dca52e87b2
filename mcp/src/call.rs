//! One call of a tool: its context, its bounds, and that it is answered whatever happens.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use enact_action_core::context::{Inside, Trace};
use enact_action_core::{Context, Failure};
use hyper::header::AUTHORIZATION;
use hyper::http::request::Parts;
use rmcp::RoleServer;
use rmcp::model::{CallToolRequestParams, CallToolResponse, CallToolResult, ErrorData};
use rmcp::service::RequestContext;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::confirm::{Asking, Brought, Stopped};
use crate::handler::Handler;
use crate::held::{self, Past};
use crate::logs::{Least, Listener};
use crate::news::{News, Teller, UNTOLD};
use crate::once::{Answers, Key, Lead, Turn};
use crate::server::Server;
use crate::session::Grant;
use crate::tools::Known;
use crate::{IDEMPOTENCY_KEY, TARGET, answer};

/// Longer than any server serves.
const FAR: Duration = Duration::from_hours(24 * 365 * 30);

/// One call that may be made.
struct Call<'a> {
    server: &'a Server,
    grant: Grant,
    tool: &'a Known,
    arguments: Value,
    key: Option<String>,
    brought: Brought,
    /// Which connection of lines of JSON it came by.
    connection: u64,
    /// What of its log the client wants.
    least: Least,
    asked: &'a RequestContext<RoleServer>,
    /// When the client is answered at the latest.
    end: Instant,
}

/// Calls a tool.
///
/// # Errors
/// What is wrong with the request itself; all else is an answer.
pub(crate) async fn call(
    handler: &Handler,
    mut request: CallToolRequestParams,
    asked: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let server = &handler.server;
    let grant = server.grant(&asked.extensions);
    let Some(tool) = server.tools().get(&request.name, &grant.allow) else {
        return Err(unknown(server, &request.name, &grant));
    };
    server.told().admit(tool.entry.name(), &asked)?;
    let key = key(&asked)?;
    let brought = Brought::take(&mut request, &asked)?;
    let now = Instant::now();
    // Who follows another call waits for its approval too.
    let asking = tool.entry.spec().confirm.map(|_| server.limits().approval);
    let mut call = Call {
        server,
        grant,
        tool,
        arguments: Value::Object(request.arguments.unwrap_or_default()),
        key,
        brought,
        connection: handler.connection,
        least: handler.least(&asked),
        asked: &asked,
        end: end(server, asking.unwrap_or_default()),
    };
    let result = call.answer().await;
    let error = match &result {
        CallToolResponse::Complete(result) => result.is_error.unwrap_or_default(),
        _ => false,
    };
    tracing::info!(
        target: TARGET,
        tool = tool.entry.name(),
        error,
        elapsed = ?now.elapsed(),
        "called"
    );
    Ok(result)
}

/// When a call that begins now is answered at the latest.
pub(crate) fn end(server: &Server, asking: Duration) -> Instant {
    let limits = server.limits();
    after(
        limits
            .timeout
            .saturating_add(limits.grace)
            .saturating_add(asking),
    )
}

/// So long from now, or in years where no clock goes so far.
fn after(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + FAR)
}

fn unknown(server: &Server, name: &str, grant: &Grant) -> ErrorData {
    let seen = server
        .registry()
        .filter(|entry| grant.allow.admits(entry.name()));
    let nearest = seen.allow([name]).err();
    let nearest = nearest.as_ref().and_then(|error| match error.defects() {
        [enact_action_core::registry::Defect::NotThere { nearest, .. }] => nearest.as_deref(),
        _ => None,
    });
    let text = match nearest {
        Some(near) => format!("unknown tool {name:?}; did you mean {near:?}?"),
        None => format!("unknown tool {name:?}; `tools/list` tells which there are"),
    };
    ErrorData::invalid_params(text, None)
}

fn key(asked: &RequestContext<RoleServer>) -> Result<Option<String>, ErrorData> {
    match asked.meta.get(IDEMPOTENCY_KEY) {
        None => Ok(None),
        Some(Value::String(key)) if (1..=255).contains(&key.len()) => Ok(Some(key.clone())),
        Some(_) => {
            let text =
                format!("`_meta` holds a bad {IDEMPOTENCY_KEY:?}; send text of 1 to 255 bytes");
            Err(ErrorData::invalid_params(text, None))
        }
    }
}

impl Call<'_> {
    async fn answer(&mut self) -> CallToolResponse {
        // What few calls need takes its room when they need it.
        match self.key.clone() {
            None => self.begin(None).await,
            Some(key) => Box::pin(self.answer_once(key)).await,
        }
    }

    async fn answer_once(&mut self, key: String) -> CallToolResponse {
        let tenant = self.grant.context.tenant().map(str::to_owned);
        let key = Key {
            // Tokens of one tenant are made anew, between a call and the same call again.
            authorization: self.authorization().filter(|_| tenant.is_none()),
            tenant,
            tool: self.tool.entry.name(),
            key,
        };
        loop {
            match self.server.once().turn(key.clone(), &self.arguments) {
                Turn::Lead(lead) => return self.begin(Some(lead)).await,
                Turn::Follow(answers) => {
                    if let Some(answer) = self.follow(answers).await {
                        return answer.into();
                    }
                }
                Turn::Conflict => {
                    let text = "this idempotency key was sent with other arguments; make a new key for a new call";
                    return answer::failure(&Failure::terminal("mcp.key_taken", text)).into();
                }
                Turn::Full => {
                    return answer::failure(&answer::busy(self.server.limits().kept)).into();
                }
            }
        }
    }

    /// The digest of what the sender is authorized by, so that no key holds a token.
    fn authorization(&self) -> Option<[u8; 32]> {
        let headers = &self.asked.extensions.get::<Parts>()?.headers;
        let sent = headers.get(AUTHORIZATION)?;
        Some(Sha256::digest(sent).into())
    }

    /// Runs it once it may; its time begins then.
    async fn begin(&mut self, lead: Option<Lead>) -> CallToolResponse {
        if self.tool.entry.spec().confirm.is_none() {
            let Some(permit) = self.server.permit() else {
                return answer::failure(&answer::busy(self.server.limits().calls)).into();
            };
            self.end = end(self.server, Duration::ZERO);
            return self.run(lead, permit).await.into();
        }
        let asking = Asking {
            server: self.server,
            context: &self.grant.context,
            tool: self.tool,
            arguments: &self.arguments,
            brought: &self.brought,
            asked: self.asked,
            connection: self.connection,
        };
        match Box::pin(asking.settle()).await {
            Ok(permit) => {
                self.end = end(self.server, Duration::ZERO);
                self.run(lead, permit).await.into()
            }
            Err(Stopped::Alone(answer)) => *answer,
            Err(Stopped::Refused(answer)) => {
                if let Some(lead) = lead {
                    lead.share(CallToolResult::clone(&answer));
                }
                (*answer).into()
            }
        }
    }

    /// Waits for the answer of the call that runs; none, where that one ended without one to keep.
    async fn follow(&self, mut answers: Answers) -> Option<CallToolResult> {
        if let Some(answer) = &*answers.borrow() {
            return Some(answer.clone());
        }
        let Some(_place) = self.server.may_wait() else {
            let most = self.server.limits().calls;
            return Some(answer::failure(&answer::crowded(most)));
        };
        tokio::select! {
            biased;
            answer = answers.wait_for(Option::is_some) => answer.ok()?.clone(),
            () = self.asked.ct.cancelled() => Some(answer::failure(&Failure::cancelled())),
            () = sleep_until(self.end) => Some(answer::failure(&answer::late())),
        }
    }

    /// Runs the action so that a client that goes or an action that blocks keeps nobody from an answer: in a task of its own,
    /// unless it ends at once and there is a way past it.
    async fn run(&mut self, lead: Option<Lead>, permit: OwnedSemaphorePermit) -> CallToolResult {
        let longest = self.server.limits().message;
        // Most clients want no news, and a channel is dear beside a small action.
        let wanted = self.asked.meta.get_progress_token().is_some() || !self.least.is_none();
        let (tell, told) = wanted.then(|| mpsc::channel(UNTOLD)).unzip();
        let (cx, token) = self.context(tell.clone());
        let listener = tell.filter(|_| !self.least.is_none());
        let listener = listener.map(|tell| Listener::new(self.least, tell));
        let (entry, described) = (self.tool.entry, self.tool.described());
        let params = self.tool.params(self.arguments.take());
        let work = async move {
            let call = Box::pin(entry.call(params, &cx));
            let outcome = match listener {
                Some(listener) => Box::pin(listener.hear(call)).await,
                None => call.await,
            };
            let is_final = answer::is_final(&outcome);
            if let Err(failure) = &outcome {
                tracing::debug!(target: TARGET, tool = entry.name(), ?failure, "failed");
            }
            let result = match outcome {
                Ok(output) if entry.answers_with_content() => answer::content(output, longest),
                Ok(output) => answer::output(output, described, longest),
                Err(failure) => answer::failure(&failure),
            };
            if let Some(lead) = lead.filter(|_| is_final) {
                lead.keep(result.clone());
            }
            drop(permit);
            result
        };
        // A trace of its own, and none of the connection's, which may go on for long.
        let span = tracing::info_span!(target: TARGET, parent: None, "call", tool = entry.name());
        let mut work = Box::pin(work.instrument(span));
        let _running = self.server.tasks().token();
        // Whoever drops this call has no use for the action either.
        let _guard = token.clone().drop_guard();
        // News are told while the action runs.
        if told.is_none()
            && let Some(past) = self.past()
            && let Poll::Ready(result) = self.first(past, work.as_mut(), &token)
        {
            return result;
        }
        let task = self.server.tasks().spawn(work);
        self.watch(task, told, &token).await
    }

    /// The work's first moment, after which most have ended.
    fn first(
        &self,
        past: &Past,
        work: Pin<&mut impl Future<Output = CallToolResult>>,
        token: &CancellationToken,
    ) -> Poll<CallToolResult> {
        let call = held::Call {
            tool: self.tool.entry.name(),
            id: self.asked.id.clone(),
            end: self.end,
            asked: self.asked.ct.clone(),
            token: token.clone(),
        };
        past.first(call, work)
            .unwrap_or_else(|_| Poll::Ready(panicked()))
    }

    /// How to answer though the action holds its thread, where the transport has a way.
    fn past(&self) -> Option<&Past> {
        self.asked.extensions.get::<Parts>()?.extensions.get()
    }

    /// Tells news, hears of cancellation, and answers when it has to.
    async fn watch(
        &self,
        task: tokio::task::JoinHandle<CallToolResult>,
        mut told: Option<mpsc::Receiver<News>>,
        token: &CancellationToken,
    ) -> CallToolResult {
        let mut task = pin!(task);
        let mut teller = Teller::new(self.asked);
        loop {
            tokio::select! {
                biased;
                () = self.asked.ct.cancelled(), if !token.is_cancelled() => token.cancel(),
                () = sleep_until(self.end) => return answer::failure(&answer::late()),
                ended = task.as_mut() => {
                    if let Some(told) = &mut told {
                        // What the action has left running may go on for ever.
                        told.close();
                        while let Some(news) = told.recv().await {
                            Box::pin(teller.tell(news)).await;
                        }
                    }
                    return ended.unwrap_or_else(|_| panicked());
                }
                Some(news) = next(&mut told) => Box::pin(teller.tell(news)).await,
            }
        }
    }

    fn context(&self, tell: Option<mpsc::Sender<News>>) -> (Context, CancellationToken) {
        let (cx, token) = self.grant.context.child();
        let trace = self.asked.meta.get("traceparent").and_then(Value::as_str);
        let trace = trace.and_then(|trace| trace.parse::<Trace>().ok());
        let cx = cx.inside(Inside {
            idempotency_key: self.key.as_deref().map(Box::from),
            trace: trace.map(|trace| trace.child()),
            carried: None,
        });
        let cx = match tell {
            // Full: the client reads too slowly for all of it.
            Some(tell) => cx.watched_by(Arc::new(move |progress| {
                drop(tell.try_send(News::Progress(progress)));
            })),
            None => cx.watched_by(Arc::new(drop)),
        };
        (cx.until(after(self.server.limits().timeout)), token)
    }
}

/// The answer where the work itself has broken off.
fn panicked() -> CallToolResult {
    answer::failure(&Failure::panicked(String::new()))
}

/// The next news; none where none are wanted, or none will come.
async fn next(told: &mut Option<mpsc::Receiver<News>>) -> Option<News> {
    told.as_mut()?.recv().await
}
