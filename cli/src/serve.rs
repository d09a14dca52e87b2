//! What an application says of the server that the verb `mcp` starts.

use enact_mcp::{Builder, Logs};
use tracing_subscriber::{Layer, Registry};

use crate::app::App;

/// Says more of a server before it is made.
type Tune = Box<dyn FnOnce(Builder) -> Builder + Send>;

/// What the application says of its server.
#[derive(Default)]
pub(crate) struct Serve {
    logs: Option<Logs>,
    tune: Option<Tune>,
}

impl Serve {
    /// What hears the log for clients.
    pub(crate) fn layer(&self) -> Option<impl Layer<Registry> + Send + Sync + 'static> {
        self.logs.as_ref().map(Logs::layer)
    }

    /// The same server, with what the application says of it.
    pub(crate) fn tune(self, builder: Builder) -> Builder {
        let builder = match &self.logs {
            Some(logs) => builder.logs(logs),
            None => builder,
        };
        match self.tune {
            Some(tune) => tune(builder),
            None => builder,
        }
    }
}

impl App {
    /// Says more of the server that the verb `mcp` starts: the policy of what needs approval, limits, instructions.
    ///
    /// What the verb sees to itself, it sets after that: the version, the context, and which actions are tools.
    ///
    /// ```
    /// use enact_action_core::approval::{Decision, Gate};
    /// use enact_cli::{App, Exit, Io};
    ///
    /// let app = App::new("shop").mcp(|server| {
    ///     let small = Gate::new(async |proposal| match proposal.params()["cents"].as_u64() {
    ///         Some(0..=1000) => Decision::Allow,
    ///         _ => Decision::Ask,
    ///     });
    ///     server.instructions("Look an order up before you refund it.").approve(small)
    /// });
    /// # assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
    /// ```
    pub fn mcp(mut self, tune: impl FnOnce(Builder) -> Builder + Send + 'static) -> Self {
        self.serve.tune = Some(Box::new(tune));
        self
    }

    /// Tells clients of the verb `mcp` what actions log with these targets, where they ask for it: see [`Logs`].
    ///
    /// An application that has set a subscriber of its own adds the layer there, and gives its [`Logs`] to the server by
    /// [`mcp`](Self::mcp).
    ///
    /// ```
    /// use enact_cli::{App, Exit, Io};
    ///
    /// let app = App::new("shop").logs(["shop"]);
    /// # assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
    /// ```
    pub fn logs(mut self, targets: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.serve.logs = Some(Logs::of(targets));
        self
    }
}
