//! What the client's user is asked, and what they answer.

use std::collections::BTreeMap;

use enact_action_core::Failure;
use enact_action_core::approval::{Preview, refusal};
use rmcp::RoleServer;
use rmcp::model::{
    ClientResult, ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction,
    ElicitationSchema, InputRequest, InputRequiredResult, InputResponses, ProtocolVersion,
    ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use serde_json::Value;
use tokio::time::sleep;

use crate::TARGET;
use crate::server::Server;

/// The field of the form that approves.
const APPROVE: &str = "approve";

/// The name of the question among those of a round.
const QUESTION: &str = "approval";

/// How the client's user can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// By a request of the server's.
    Request,
    /// By an answer that wants input: there are no requests of servers since 2026-07-28.
    Round,
    /// Not at all: whoever wrote the client has to see to it.
    Token,
}

impl Means {
    pub(super) fn of(asked: &RequestContext<RoleServer>) -> Self {
        let capabilities = asked.client_capabilities().unwrap_or_default();
        // One that does not say which, has forms.
        let has_forms = capabilities
            .elicitation
            .is_some_and(|can| can.form.is_some() || can.url.is_none());
        let version = asked.protocol_version();
        let has_rounds = version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        match (has_forms, has_rounds) {
            (false, _) => Self::Token,
            (true, false) => Self::Request,
            (true, true) => Self::Round,
        }
    }
}

/// Asks, and waits for the answer.
///
/// It must be called in the task of the request that it belongs to: the answer's stream goes by that.
///
/// # Errors
/// Where the call is not approved of.
pub(super) async fn ask(
    server: &Server,
    asked: &RequestContext<RoleServer>,
    preview: &Preview,
) -> Result<(), Failure> {
    let request = ServerRequest::ElicitRequest(form(preview)?);
    let options = PeerRequestOptions::no_options();
    let sent = asked.peer.send_cancellable_request(request, options).await;
    let mut handle = sent.map_err(|error| {
        tracing::info!(target: TARGET, %error, "could not ask for approval");
        refusal::unanswered()
    })?;
    let (reason, failure) = tokio::select! {
        biased;
        () = asked.ct.cancelled() => ("the call was cancelled", Failure::cancelled()),
        () = sleep(server.limits().approval) => ("there was no answer", refusal::unanswered()),
        answer = &mut handle.rx => return match answer {
            Ok(Ok(ClientResult::ElicitResult(answer))) => read(&answer),
            _ => Err(refusal::unanswered()),
        },
    };
    // Where it can't be told, it has gone.
    handle
        .cancel(Some(reason.to_owned()))
        .await
        .unwrap_or_default();
    Err(failure)
}

/// The answer that wants the user's, with the state that comes back with it.
///
/// # Errors
/// Where the question can't be written.
pub(super) fn round(preview: &Preview, state: String) -> Result<InputRequiredResult, Failure> {
    let question = InputRequest::Elicitation(form(preview)?);
    let questions = BTreeMap::from([(QUESTION.to_owned(), question)]);
    Ok(InputRequiredResult::new(Some(questions), Some(state)))
}

/// What has come back in a round; none, where there is no answer to the question.
pub(super) fn answered(responses: Option<&InputResponses>) -> Option<Result<(), Failure>> {
    let answer = Value::clone(responses?.get(QUESTION)?);
    let answer: ElicitResult = serde_json::from_value(answer).ok()?;
    Some(read(&answer))
}

/// Only who accepts and says yes has approved.
fn read(answer: &ElicitResult) -> Result<(), Failure> {
    let content = answer.content.as_ref();
    let says = content.and_then(|content| content.get(APPROVE));
    match answer.action {
        ElicitationAction::Accept if says == Some(&Value::Bool(true)) => Ok(()),
        _ => Err(refusal::declined()),
    }
}

fn form(preview: &Preview) -> Result<ElicitRequest, Failure> {
    let question = preview.question.unwrap_or_default();
    let schema = ElicitationSchema::builder()
        .required_bool_property(APPROVE, |approve| {
            approve.title("Approve").description(question)
        })
        .build()
        .map_err(|error| Failure::terminal("confirm.no_form", error))?;
    Ok(ElicitRequest::new(
        ElicitRequestParams::FormElicitationParams {
            meta: None,
            message: format!("{question}\n\n{preview}"),
            requested_schema: schema,
        },
    ))
}
