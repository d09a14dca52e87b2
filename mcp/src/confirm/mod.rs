//! Calls that somebody has to approve of: the policy decides first, then the client's user or the client's program.

mod ask;
mod tokens;

use enact_action_core::approval::{Decision, Preview, Proposal, refusal};
use enact_action_core::{Context, Failure};
use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    InputResponses, MetaObject,
};
use rmcp::service::RequestContext;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use self::ask::Means;
pub(crate) use self::tokens::Tokens;
use self::tokens::{Bound, Sender, Way};
use crate::call::end;
use crate::server::Server;
use crate::tools::Known;
use crate::{CONFIRM, FAILURE, PREVIEW, TARGET, answer};

/// What a call brings for its own approval.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    token: Option<String>,
    state: Option<String>,
    responses: Option<InputResponses>,
}

impl Brought {
    /// Takes it out of the request.
    ///
    /// # Errors
    /// Where the token is no text.
    pub(crate) fn take(
        request: &mut CallToolRequestParams,
        asked: &RequestContext<RoleServer>,
    ) -> Result<Self, ErrorData> {
        let token = match asked.meta.get(CONFIRM) {
            None => None,
            Some(Value::String(token)) => Some(token.clone()),
            Some(_) => {
                let text = format!("`_meta` holds a bad {CONFIRM:?}; send the token of the answer");
                return Err(ErrorData::invalid_params(text, None));
            }
        };
        Ok(Self {
            token,
            state: request.request_state.take(),
            responses: request.input_responses.take(),
        })
    }
}

/// Why a call is not run.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Somebody has said no: to this call and to all that came with its key.
    Refused(Box<CallToolResult>),
    /// It is not run; the answer is this caller's alone.
    Alone(Box<CallToolResponse>),
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        let answer = answer::failure(&failure);
        match failure.code() {
            "confirm.denied" | "confirm.declined" => Self::Refused(Box::new(answer)),
            _ => Self::Alone(Box::new(answer.into())),
        }
    }
}

/// One call that may need approval.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) server: &'a Server,
    pub(crate) context: &'a Context,
    pub(crate) tool: &'a Known,
    pub(crate) arguments: &'a Value,
    pub(crate) brought: &'a Brought,
    pub(crate) asked: &'a RequestContext<RoleServer>,
    pub(crate) connection: u64,
}

impl Asking<'_> {
    /// Comes back once the call may run, with its place among those that do: an approval is not used up by a call that has none.
    ///
    /// # Errors
    /// The answer to a call that may not.
    pub(crate) async fn settle(self) -> Result<OwnedSemaphorePermit, Stopped> {
        // Whoever drops this call has no use for a dry run either.
        let (cx, token) = self.context.child();
        let _guard = token.drop_guard();
        let params = self.tool.params(self.arguments.clone());
        let proposal = self.tool.entry.propose(params, &cx)?;
        if proposal.question().is_none() {
            return self.permit();
        }
        let (gate, proposed) = (self.server.gate().clone(), proposal.clone());
        let decided = async move { Ok(gate.decide(&proposed).await) };
        let decision = self.bounded(decided).await?;
        match decision {
            Decision::Allow => {
                self.approved("the policy");
                self.permit()
            }
            Decision::Deny(reason) => Err(refusal::denied(&reason).into()),
            Decision::Ask => self.ask(proposal).await,
        }
    }

    async fn ask(self, proposal: Proposal) -> Result<OwnedSemaphorePermit, Stopped> {
        let tokens = self.server.tokens();
        if let Some(token) = &self.brought.token {
            let permit = self.permit()?;
            self.redeem(token, Way::Meta)?;
            self.approved("a token");
            return Ok(permit);
        }
        let answered = ask::answered(self.brought.responses.as_ref());
        if let (Some(state), Some(answer)) = (&self.brought.state, answered) {
            // A refusal uses it up too, and needs no place.
            let permit = match answer {
                Ok(()) => Ok(self.permit()?),
                Err(refused) => Err(refused.into()),
            };
            self.redeem(state, Way::Round)?;
            return permit;
        }
        let preview = self
            .bounded(async move { proposal.preview().await })
            .await?;
        let answer = match Means::of(self.asked) {
            Means::Request => {
                let Some(_place) = self.server.may_ask() else {
                    return Err(answer::busy(self.server.limits().approvals).into());
                };
                // Neither the policy nor the dry run takes of the user's time.
                let end = end(self.server, self.server.limits().approval);
                ask::ask(self.server, self.asked, &preview).await?;
                self.approved("the client's user");
                return self.place(end).await;
            }
            Means::Round => {
                let state = tokens.issue(self.bound(Way::Round))?;
                ask::round(&preview, state)?.into()
            }
            Means::Token => needed(&preview, tokens.issue(self.bound(Way::Meta))?).into(),
        };
        Err(Stopped::Alone(Box::new(answer)))
    }

    fn redeem(self, token: &str, way: Way) -> Result<(), Failure> {
        if self.server.tokens().redeem(token, self.bound(way)) {
            return Ok(());
        }
        let text =
            "not run, since the token approves of another call, has been used, or is too old";
        Err(Failure::terminal("confirm.refused", text))
    }

    fn permit(self) -> Result<OwnedSemaphorePermit, Stopped> {
        self.server.permit().ok_or_else(|| self.busy())
    }

    /// The place of a call that the user has approved of, who is not to be asked again because others run.
    async fn place(self, end: Instant) -> Result<OwnedSemaphorePermit, Stopped> {
        tokio::select! {
            biased;
            place = timeout_at(end, self.server.place()) => place.ok().flatten().ok_or_else(|| self.busy()),
            () = self.asked.ct.cancelled() => Err(Failure::cancelled().into()),
        }
    }

    fn busy(self) -> Stopped {
        answer::busy(self.server.limits().calls).into()
    }

    fn bound(self, way: Way) -> Bound {
        let sender = Sender {
            connection: self.connection,
            tenant: self.context.tenant(),
            extensions: &self.asked.extensions,
        };
        Bound::new(way, sender, self.tool.entry.name(), self.arguments)
    }

    fn approved(self, by: &str) {
        tracing::info!(target: TARGET, tool = self.tool.entry.name(), by, "approved");
    }

    /// The program's own code in a task of its own: it may panic, block or never end, and the call is answered.
    async fn bounded<T: Send + 'static>(
        self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        let work = AbortOnDropHandle::new(self.server.tasks().spawn(work));
        tokio::select! {
            biased;
            done = timeout(self.server.limits().timeout, work) => match done {
                Ok(Ok(done)) => done,
                Ok(Err(_)) => Err(Failure::panicked(String::new())),
                Err(_) => Err(refusal::unanswered()),
            },
            () = self.asked.ct.cancelled() => Err(Failure::cancelled()),
        }
    }
}

/// The answer to a call whose client has to see to its approval.
fn needed(preview: &Preview, token: String) -> CallToolResult {
    let question = preview.question.unwrap_or_default();
    let text = format!(
        "{question}\n{preview}\nNot run yet [confirm.needed]: somebody has to approve first. The program that you run in \
         can ask its user and send this very call again with the token that it was given; you can't approve yourself."
    );
    let mut meta = MetaObject::default();
    meta.insert(CONFIRM.to_owned(), token.into());
    let failure = refusal::needed(preview);
    for (key, json) in [
        (PREVIEW, serde_json::to_value(preview)),
        (FAILURE, serde_json::to_value(failure)),
    ] {
        meta.insert(key.to_owned(), json.unwrap_or_default());
    }
    let mut result = CallToolResult::error(vec![ContentBlock::text(text)]);
    result.meta = Some(meta);
    result
}
