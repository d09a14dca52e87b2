//! A server, and what it is made of.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use enact_action_core::approval::Gate;
use enact_action_core::{Context, Registry};
use hyper::http::request::Parts;
use rmcp::model::Extensions;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::allow::{Allow, Changes};
use crate::confirm::Tokens;
use crate::error::{Inner, McpError};
use crate::limits::Limits;
use crate::logs::Logs;
use crate::once::Once;
use crate::session::Grant;
use crate::stdio::{self, Stdio};
use crate::told::Told;
use crate::tools::Tools;

/// A server of the actions of a registry; cheap to clone, one for all clients.
///
/// It serves the revisions 2024-11-05 to 2025-11-25 of the protocol, which begin with `initialize`, and 2026-07-28,
/// where each request stands for itself. Batches, which 2025-03-26 has and none after it, are read from lines of JSON, and each of
/// their messages is answered on its own; over HTTP they are refused with 400.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

struct Shared {
    said: Said,
    registry: Registry,
    tools: Tools,
    told: Told,
    grant: Grant,
    limits: Limits,
    gate: Gate,
    logs: Option<Logs>,
    tokens: Tokens,
    /// Places for questions that are open.
    asking: Semaphore,
    /// How many connections of lines of JSON there have been.
    connections: AtomicU64,
    running: Arc<Semaphore>,
    /// Places for calls that wait for the answer of another.
    waiting: Semaphore,
    tasks: TaskTracker,
    once: Once,
    stop: CancellationToken,
}

/// What a server says of itself.
#[derive(Clone)]
struct Said {
    name: String,
    version: String,
    instructions: Option<String>,
}

/// Makes a [`Server`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    said: Said,
    registry: Registry,
    grant: Grant,
    limits: Limits,
    gate: Gate,
    logs: Option<Logs>,
    told: Told,
}

impl Builder {
    /// Sets the version that clients are told; 0.0.0, where nobody says.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.said.version = version.into();
        self
    }

    /// Sets what clients may tell the model about the tools as a whole.
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.said.instructions = Some(text.into());
        self
    }

    /// Sets what actions run with; without it, an empty context.
    pub fn context(mut self, context: Context) -> Self {
        self.grant.context = context;
        self
    }

    /// Sets which actions are tools; all, where nobody says.
    pub fn allow(mut self, allow: Allow) -> Self {
        self.grant.allow = allow;
        self
    }

    /// Sets how much the server takes on.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the policy that decides about calls of actions marked `confirm`, before anybody is asked; it has as long as a
    /// [call](Limits::timeout).
    ///
    /// ```
    /// # use enact_action_core::Registry;
    /// use enact_action_core::approval::{Decision, Gate};
    /// use enact_mcp::Server;
    ///
    /// let by_tenant = Gate::new(async |proposal| match proposal.context().tenant() {
    ///     Some("staging") => Decision::Allow,
    ///     Some(_) => Decision::Ask,
    ///     None => Decision::deny("whose call is this?"),
    /// });
    /// let server = Server::builder("shop", &Registry::open()?).approve(by_tenant).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn approve(mut self, gate: Gate) -> Self {
        self.gate = gate;
        self
    }

    /// Tells clients what actions log, where they ask for it: see [`Logs`].
    pub fn logs(mut self, logs: &Logs) -> Self {
        self.logs = Some(logs.clone());
        self
    }

    /// Lists that JSON Schema for a tool, word for word, in the place of the one that its params are read by.
    ///
    /// For a tool that passes calls on to something with a schema of its own. What the action reads stays what its params say, so
    /// they should be `open`; whoever gets the call in the end judges it.
    pub fn schema(mut self, tool: impl Into<String>, schema: Value) -> Self {
        self.told.list(tool.into(), schema);
        self
    }

    /// Refuses calls of a tool from clients that lack these capabilities, with -32021; as `{"sampling": {}}`.
    ///
    /// For a tool whose action asks something of the client, by whatever way the program has.
    pub fn needs(mut self, tool: impl Into<String>, capabilities: Value) -> Self {
        self.told.ask(tool.into(), capabilities);
        self
    }

    /// Makes the tools, and the server.
    ///
    /// # Errors
    /// Every action that can't be a tool; every name that no action has; a schema or capabilities that are none;
    /// [logs](Self::logs) that no subscriber has the layer of.
    pub fn build(self) -> Result<Server, McpError> {
        if self.logs.as_ref().is_some_and(|logs| !logs.is_installed()) {
            return Err(Inner::Unheard.into());
        }
        self.grant.allow.check(&self.registry)?;
        let mut tools = Tools::build(&self.registry)?;
        let told = self.told.checked(&mut tools)?;
        let calls = self.limits.calls.clamp(1, Semaphore::MAX_PERMITS);
        Ok(Server(Arc::new(Shared {
            running: Arc::new(Semaphore::new(calls)),
            waiting: Semaphore::new(calls),
            once: Once::new(&self.limits),
            tokens: Tokens::new(&self.limits),
            asking: Semaphore::new(self.limits.approvals.clamp(1, Semaphore::MAX_PERMITS)),
            connections: AtomicU64::new(0),
            gate: self.gate,
            logs: self.logs,
            said: self.said,
            registry: self.registry,
            tools,
            told,
            grant: self.grant,
            limits: self.limits,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        })))
    }
}

impl Server {
    /// A server of that name over these actions.
    pub fn builder(name: impl Into<String>, registry: &Registry) -> Builder {
        Builder {
            said: Said {
                name: name.into(),
                version: "0.0.0".to_owned(),
                instructions: None,
            },
            registry: registry.clone(),
            grant: Grant::new(Context::new()),
            limits: Limits::default(),
            gate: Gate::default(),
            logs: None,
            told: Told::default(),
        }
    }

    /// How many tools there are.
    pub fn len(&self) -> usize {
        self.0.tools.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Serves the client that started this process, until it closes the standard input.
    ///
    /// The standard output is the protocol's from here on, and what else writes to it comes out at the standard error. Where
    /// something may write before, as what makes the [context](Builder::context), [take](crate::Stdio::take) the streams
    /// first and [`serve`](Self::serve) on them.
    ///
    /// # Errors
    /// Where the client does not begin as the protocol says; where the streams are another server's.
    pub async fn stdio(&self) -> Result<(), McpError> {
        let Stdio { input, output } = Stdio::take()?;
        self.serve(input, output).await
    }

    /// Serves one client that writes lines of JSON here and reads them there, until it ends what it writes.
    ///
    /// # Errors
    /// Where the client does not begin as the protocol says.
    pub async fn serve(
        &self,
        input: impl AsyncRead + Send + Unpin + 'static,
        output: impl AsyncWrite + Send + Unpin + 'static,
    ) -> Result<(), McpError> {
        stdio::serve(self, input, output).await
    }

    /// Stops serving; calls that run are cancelled.
    ///
    /// Whoever serves waits for them until they have ended, as long as [`Limits::grace`].
    pub fn stop(&self) {
        self.0.stop.cancel();
    }

    /// Waits for the actions that still run, but not for ever.
    pub(crate) async fn drain(&self) {
        self.0.tasks.close();
        let waited = tokio::time::timeout(self.0.limits.grace, self.0.tasks.wait()).await;
        // Other clients may be served yet.
        self.0.tasks.reopen();
        if waited.is_err() {
            tracing::warn!(target: crate::TARGET, running = self.0.tasks.len(), "left while actions run");
        }
    }

    /// What whoever sent this may have: as the transport says, else as the server does.
    pub(crate) fn grant(&self, extensions: &Extensions) -> Grant {
        let parts = extensions.get::<Parts>();
        let granted = parts.and_then(|parts| parts.extensions.get::<Grant>());
        granted.unwrap_or(&self.0.grant).clone()
    }

    /// Changes of its own list of tools from now on.
    pub(crate) fn changes(&self) -> Changes {
        self.0.grant.allow.changes()
    }

    pub(crate) fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.running).try_acquire_owned().ok()
    }

    /// A place for one more call that runs, once there is one.
    pub(crate) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.running).acquire_owned().await.ok()
    }

    /// A place for one more call that waits for the answer of another.
    pub(crate) fn may_wait(&self) -> Option<SemaphorePermit<'_>> {
        self.0.waiting.try_acquire().ok()
    }

    /// A place for one more open question.
    pub(crate) fn may_ask(&self) -> Option<SemaphorePermit<'_>> {
        self.0.asking.try_acquire().ok()
    }

    /// The number of one more connection of lines of JSON, counted from 1.
    pub(crate) fn connection(&self) -> u64 {
        self.0.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(crate) fn logs(&self) -> Option<&Logs> {
        self.0.logs.as_ref()
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    pub(crate) fn tools(&self) -> &Tools {
        &self.0.tools
    }

    pub(crate) fn told(&self) -> &Told {
        &self.0.told
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(crate) fn once(&self) -> &Once {
        &self.0.once
    }

    pub(crate) fn stopped(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.said.name
    }

    pub(crate) fn version(&self) -> &str {
        &self.0.said.version
    }

    pub(crate) fn instructions(&self) -> Option<&str> {
        self.0.said.instructions.as_deref()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.0.said.name)
            .field("tools", &self.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("name", &self.said.name)
            .finish_non_exhaustive()
    }
}
