//! What is taken as a message, and what is not.

use enact::prelude::*;
use enact::tool::Dialect;
use serde_json::{Value, json};

use crate::vendor::{VENDORS, call, list, response};

async fn dispatch(dialect: Dialect, message: &Value) -> Result<Vec<Value>, String> {
    let answers = enact::tools()
        .dispatch(dialect, message, &Context::new())
        .await;
    match answers {
        Ok(answers) => Ok(answers.into_messages()),
        Err(error) => Err(format!("{}: {error}", error.code())),
    }
}

#[tokio::test]
async fn the_response_its_list_and_the_call_alone_come_to_the_same() {
    for dialect in VENDORS {
        let call = call(dialect, "c1", "talk", json!({"letters": 1}));
        let whole = response(dialect, std::slice::from_ref(&call));
        let expected = dispatch(dialect, &whole).await.unwrap();
        assert_eq!(expected.len(), 1);
        for part in [list(dialect, &whole), call] {
            assert_eq!(dispatch(dialect, &part).await.unwrap(), expected, "{part}");
        }
    }
}

#[tokio::test]
async fn a_message_without_calls_has_no_answers() {
    for dialect in VENDORS {
        let answers = dispatch(dialect, &response(dialect, &[])).await;
        assert_eq!(answers, Ok(vec![]), "{dialect}");
    }
    let plain = json!({"role": "assistant", "content": "Good day."});
    for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
        assert_eq!(dispatch(dialect, &plain).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn what_no_model_answers_is_an_error() {
    let strange = [
        json!(null),
        json!("call book_table"),
        json!(7),
        json!({}),
        json!({"foo": 1}),
        json!(["call"]),
        json!({"role": "user", "content": "Book a table."}),
        json!([{"role": "user", "content": "Book a table."}]),
    ];
    for dialect in VENDORS {
        for message in &strange {
            let error = dispatch(dialect, message).await.unwrap_err();
            assert!(error.starts_with("message.unknown: "), "{message} {error}");
            assert!(error.contains("hand over a"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_whole_conversation_is_not_run_again() {
    for dialect in VENDORS {
        let call = call(dialect, "c1", "talk", json!({"letters": 1}));
        let mut answers = dispatch(dialect, &call).await.unwrap();
        let mut conversation = match dialect {
            Dialect::OpenAi => vec![json!({"role": "assistant", "tool_calls": [call]})],
            Dialect::Anthropic => vec![json!({"role": "assistant", "content": [call]})],
            Dialect::OpenAiResponses => vec![call],
            _ => vec![json!({"role": "model", "parts": [call]})],
        };
        conversation.append(&mut answers);
        let refused = dispatch(dialect, &Value::from(conversation)).await;
        assert!(
            refused.unwrap_err().starts_with("message.unknown"),
            "{dialect}"
        );
    }
}

#[tokio::test]
async fn an_error_of_the_service_is_told() {
    let overloaded = json!({"type": "error", "error": {"message": "Overloaded"}});
    let error = dispatch(Dialect::Anthropic, &overloaded).await.unwrap_err();
    let expected = "message.error: the service of anthropic has answered with an error: Overloaded";
    assert_eq!(error, expected);
}

#[tokio::test]
async fn several_choices_are_for_the_program_to_choose_from() {
    let message = json!({"role": "assistant", "content": "Good day."});
    let two = json!({"choices": [{"message": message}, {"message": message}]});
    let error = dispatch(Dialect::OpenAi, &two).await.unwrap_err();
    assert!(error.contains("a response with one choice"), "{error}");
}

#[tokio::test]
async fn mcp_calls_are_not_read_from_messages() {
    let call = json!({"name": "talk", "arguments": {"letters": 1}});
    let error = dispatch(Dialect::Mcp, &call).await.unwrap_err();
    assert!(error.contains("hand over it to an MCP server"), "{error}");
}

#[tokio::test]
async fn calls_of_other_kinds_are_left_alone() {
    let calls = json!([
        {"type": "web_search_call", "id": "ws_1", "status": "completed"},
        {"type": "custom_tool_call", "call_id": "c", "name": "shell", "input": "ls"},
    ]);
    assert_eq!(dispatch(Dialect::OpenAiResponses, &calls).await, Ok(vec![]));
}
