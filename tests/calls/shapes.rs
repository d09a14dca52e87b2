//! The exact JSON of each vendor, calls in and answers out.

use enact::prelude::*;
use enact::tool::Dialect;
use serde_json::{Value, json};

const BOOKED: &str =
    r#"{"at":"Some((48, 10))","avoid":"{\"Bo\": \"nuts\"}","guests":"2","name":"Ada"}"#;

async fn next(dialect: Dialect, message: Value) -> Vec<Value> {
    let answers = enact::tools()
        .dispatch(dialect, &message, &Context::new())
        .await;
    answers.expect("it is a message").into_messages()
}

#[tokio::test]
async fn openai_chat_gets_a_tool_message_for_each_call() {
    let arguments = r#"{"name":"Ada","guests":2,"at":{"item0":48,"item1":10},"avoid":[{"key":"Bo","value":"nuts"}]}"#;
    let message = json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": [
        {"id": "call_1", "type": "function",
            "function": {"name": "book_table", "arguments": arguments}},
        {"id": "call_2", "type": "function",
            "function": {"name": "break", "arguments": "{\"politely\":true}"}},
    ]});
    let expected = [
        json!({"role": "tool", "tool_call_id": "call_1", "content": BOOKED}),
        json!({"role": "tool", "tool_call_id": "call_2",
            "content": "The call failed (kitchen.closed): the kitchen is closed."}),
    ];
    assert_eq!(next(Dialect::OpenAi, message).await, expected);
}

#[tokio::test]
async fn openai_responses_gets_an_output_for_each_call() {
    let arguments = r#"{"name":"Ada","guests":2,"at":null,"avoid":null}"#;
    let message = json!({"object": "response", "error": null, "output": [
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "status": "completed",
            "name": "book_table", "arguments": arguments},
        {"type": "function_call", "id": "fc_2", "call_id": "call_2", "status": "completed",
            "name": "break", "arguments": "{\"politely\":true}"},
    ]});
    let booked = r#"{"at":"None","avoid":"{}","guests":"2","name":"Ada"}"#;
    let expected = [
        json!({"type": "function_call_output", "call_id": "call_1", "output": booked}),
        json!({"type": "function_call_output", "call_id": "call_2",
            "output": "The call failed (kitchen.closed): the kitchen is closed."}),
    ];
    assert_eq!(next(Dialect::OpenAiResponses, message).await, expected);
}

#[tokio::test]
async fn anthropic_gets_one_message_of_results_that_says_which_are_errors() {
    let message = json!({"type": "message", "role": "assistant", "stop_reason": "tool_use",
    "content": [
        {"type": "text", "text": "Let me see."},
        {"type": "tool_use", "id": "toolu_1", "name": "book_table", "input": {"name": "Ada",
            "guests": 2, "at": {"item0": 48, "item1": 10},
            "avoid": [{"key": "Bo", "value": "nuts"}]}},
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "tool_use", "id": "toolu_2", "name": "break", "input": {"politely": true}},
    ]});
    let expected = [json!({"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": BOOKED},
        {"type": "tool_result", "tool_use_id": "toolu_2", "is_error": true,
            "content": "The call failed (kitchen.closed): the kitchen is closed."},
    ]})];
    assert_eq!(next(Dialect::Anthropic, message).await, expected);
}

#[tokio::test]
async fn gemini_gets_one_message_of_responses_with_output_or_error() {
    let message = json!({"candidates": [{"finishReason": "STOP", "content": {"role": "model",
    "parts": [
        {"thoughtSignature": "c2ln", "functionCall": {"id": "f1", "name": "book_table",
            "args": {"name": "Ada", "guests": 2.0}}},
        {"functionCall": {"name": "break", "args": {"politely": true}}},
    ]}}]});
    let booked = json!({"at": "None", "avoid": "{}", "guests": "2", "name": "Ada"});
    let expected = [json!({"role": "user", "parts": [
        {"functionResponse": {"id": "f1", "name": "book_table", "response": {"output": booked}}},
        // The call had no id, so its answer has none.
        {"functionResponse": {"name": "break", "response":
            {"error": "The call failed (kitchen.closed): the kitchen is closed."}}},
    ]})];
    for dialect in [Dialect::Gemini, Dialect::GeminiOpenApi] {
        assert_eq!(next(dialect, message.clone()).await, expected);
    }
}

#[tokio::test]
async fn text_goes_back_as_it_is() {
    let call = json!({"type": "tool_use", "id": "t", "name": "talk", "input": {"letters": 2}});
    let next = next(Dialect::Anthropic, call).await;
    assert_eq!(next[0]["content"][0]["content"], "éé");
}
