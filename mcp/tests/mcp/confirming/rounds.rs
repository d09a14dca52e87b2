//! The revision 2026-07-28, where an answer asks and the call is sent again; and the official client.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact_mcp::{Http, Limits};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ClientConfig, ElicitRequestParams,
    ElicitResult, ElicitationAction, ErrorData, Implementation, InputRequiredResult,
};
use rmcp::service::{RequestContext, RunningService};
use rmcp::{ClientHandler, ClientServiceExt as _, RoleClient};
use serde_json::{Value, json};

use super::{account, check_refused, closed};
use crate::http::{Place, discovering};
use crate::world::{Client, Ledger, builder, text};

/// A user who always says the same.
#[derive(Clone)]
pub(crate) struct User {
    says: Value,
    asked: Arc<AtomicU32>,
}

impl User {
    fn new(says: Value) -> Self {
        let asked = Arc::default();
        Self { says, asked }
    }

    pub(crate) fn yes() -> Self {
        Self::new(json!({"action": "accept", "content": {"approve": true}}))
    }

    pub(crate) fn no() -> Self {
        Self::new(json!({"action": "decline"}))
    }
}

impl ClientHandler for User {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation().build();
        ClientConfig::new(capabilities, Implementation::new("user", "1"))
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _cx: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let ElicitRequestParams::FormElicitationParams { message, .. } = request else {
            return Ok(ElicitResult::new(ElicitationAction::Cancel));
        };
        assert!(
            message.contains("3 orders that would be cancelled"),
            "{message}"
        );
        Ok(serde_json::from_value(self.says.clone()).unwrap())
    }
}

pub(crate) fn close() -> CallToolRequestParams {
    CallToolRequestParams::new("close_account")
        .with_arguments(account().as_object().unwrap().clone())
}

async fn once(
    client: &RunningService<RoleClient, User>,
    call: CallToolRequestParams,
) -> CallToolResponse {
    client.call_tool_once(call).await.unwrap()
}

#[track_caller]
fn required(response: CallToolResponse) -> InputRequiredResult {
    match response {
        CallToolResponse::InputRequired(required) => required,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn complete(response: CallToolResponse) -> Value {
    match response {
        CallToolResponse::Complete(result) => serde_json::to_value(result).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_official_client_asks_its_user_in_a_round() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    for (user, says) in [
        (User::yes(), "closed acc-1 as number 1"),
        (User::no(), "[confirm.declined]"),
    ] {
        let asked = Arc::clone(&user.asked);
        let client = user
            .serve_with_lifecycle(place.transport(None), discovering())
            .await
            .unwrap();
        let result = serde_json::to_value(client.call_tool(close()).await.unwrap()).unwrap();
        assert!(text(&result).contains(says), "{result}");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        client.cancel().await.unwrap();
    }
    assert_eq!(closed(&ledger), 1);
    place.stop().await;
}

#[tokio::test]
async fn a_state_is_for_one_call_and_once_and_needs_a_yes() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    let client = User::yes()
        .serve_with_lifecycle(place.transport(None), discovering())
        .await
        .unwrap();
    let asks = required(once(&client, close()).await);
    let state = asks.request_state.unwrap();
    let name = asks.input_requests.unwrap().into_keys().next().unwrap();
    let says = |says: Value| [(name.clone(), says)].into_iter().collect();
    let yes = json!({"action": "accept", "content": {"approve": true}});
    let again = |state: &str| {
        close()
            .with_request_state(state)
            .with_input_responses(says(yes.clone()))
    };
    // A yes without a state, or with another call's or nobody's, approves of nothing.
    required(once(&client, close().with_input_responses(says(yes.clone()))).await);
    let mut other = again(&state);
    other.arguments = json!({"account": "acc-2"}).as_object().cloned();
    for call in [other, again("00")] {
        let answer = complete(once(&client, call).await);
        assert!(text(&answer).contains("[confirm.refused]"), "{answer}");
    }
    // A state without an answer, or with nonsense, asks again.
    required(once(&client, close().with_request_state(&*state)).await);
    let nonsense = close()
        .with_request_state(&*state)
        .with_input_responses(says(json!(7)));
    required(once(&client, nonsense).await);
    assert_eq!(closed(&ledger), 0);
    let answer = complete(once(&client, again(&state)).await);
    assert_eq!(text(&answer), "closed acc-1 as number 1");
    let answer = complete(once(&client, again(&state)).await);
    assert!(text(&answer).contains("[confirm.refused]"), "{answer}");
    // A no uses the state up.
    let state = required(once(&client, close()).await)
        .request_state
        .unwrap();
    let no = close()
        .with_request_state(&*state)
        .with_input_responses(says(json!({"action": "decline"})));
    assert!(text(&complete(once(&client, no).await)).contains("[confirm.declined]"));
    let answer = complete(once(&client, again(&state)).await);
    assert!(text(&answer).contains("[confirm.refused]"), "{answer}");
    // And it is no token.
    let state = required(once(&client, close()).await)
        .request_state
        .unwrap();
    let mut call = close();
    call.meta = serde_json::from_value(json!({ enact_mcp::CONFIRM: state })).unwrap();
    let answer = complete(once(&client, call).await);
    assert!(text(&answer).contains("[confirm.refused]"), "{answer}");
    assert_eq!(closed(&ledger), 1);
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn a_no_is_heard_where_no_call_finds_a_place() {
    let ledger = Ledger::default();
    let limits = Limits {
        calls: 1,
        ..Limits::default()
    };
    let server = builder(&ledger).limits(limits).build().unwrap();
    let place = Place::of(server.clone(), Http::new()).await;
    let client = User::no()
        .serve_with_lifecycle(place.transport(None), discovering())
        .await
        .unwrap();
    let asks = required(once(&client, close()).await);
    let state = asks.request_state.unwrap();
    let name = asks.input_requests.unwrap().into_keys().next().unwrap();
    let mut other = Client::of(&server).await;
    let slow = json!({"name": "refund", "arguments": {"cents": 1, "slowly": true}});
    let slow = other.send("tools/call", slow).await;
    ledger.began.notified().await;
    let says = |says: Value| {
        let says = [(name.clone(), says)].into_iter().collect();
        close()
            .with_request_state(&*state)
            .with_input_responses(says)
    };
    let answer = complete(once(&client, says(json!({"action": "decline"}))).await);
    check_refused(&answer, "confirm.declined");
    ledger.go.notify_one();
    other.answer(slow).await;
    // The no has used the state up.
    let yes = json!({"action": "accept", "content": {"approve": true}});
    let answer = complete(once(&client, says(yes)).await);
    check_refused(&answer, "confirm.refused");
    client.cancel().await.unwrap();
    place.stop().await;
}
