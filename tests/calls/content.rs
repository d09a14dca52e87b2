//! Content in the answers to calls, as the vendors document it.

use enact::content::{Content, Resource};
use enact::prelude::*;
use enact::tool::{CallLimits, Dialect};
use serde_json::{Value, json};

use crate::vendor::call;

/// Answers with blocks of every kind.
#[derive(Action)]
#[action(effect = read)]
struct ShowAll;

impl Run for ShowAll {
    type Output = Content;
    async fn run(&self, _cx: &Context) -> Result<Content, Failure> {
        Ok(Content::new()
            .text("Three things:")
            .image("image/png", b"\x89PNG")
            .audio("audio/wav", b"RIFF")
            .resource(Resource::text("file:///a.csv", "1,2"))
            .resource(Resource::blob("file:///b.pdf", b"%PDF").mime("application/pdf")))
    }
}

async fn answer(dialect: Dialect, limits: CallLimits) -> Value {
    let tools = enact::tools().limits(limits);
    let call = call(dialect, "c1", "show_all", json!({}));
    let answers = tools.dispatch(dialect, &call, &Context::new()).await;
    let answers = answers.unwrap();
    answers.iter().next().unwrap().json().clone()
}

const SOUND: &str =
    "[left out: audio, audio/wav, 4 bytes, which this model's tools can't answer with]";
const TABLE: &str = "file:///a.csv\n1,2";

#[tokio::test]
async fn anthropic_gets_images_and_documents() {
    let source =
        |mime: &str, data: &str| json!({"type": "base64", "media_type": mime, "data": data});
    assert_eq!(
        answer(Dialect::Anthropic, CallLimits::default()).await,
        json!({"type": "tool_result", "tool_use_id": "c1", "content": [
            {"type": "text", "text": "Three things:"},
            {"type": "image", "source": source("image/png", "iVBORw==")},
            {"type": "text", "text": SOUND},
            {"type": "text", "text": TABLE},
            {"type": "document", "source": source("application/pdf", "JVBERg==")},
        ]})
    );
}

#[tokio::test]
async fn openai_s_responses_get_images_and_files_as_addresses_of_data() {
    assert_eq!(
        answer(Dialect::OpenAiResponses, CallLimits::default()).await,
        json!({"type": "function_call_output", "call_id": "c1", "output": [
            {"type": "input_text", "text": "Three things:"},
            {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,iVBORw=="},
            {"type": "input_text", "text": SOUND},
            {"type": "input_text", "text": TABLE},
            {"type": "input_file", "filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERg=="},
        ]})
    );
}

#[tokio::test]
async fn openai_s_chat_gets_text_that_says_what_is_left_out() {
    let answer = answer(Dialect::OpenAi, CallLimits::default()).await;
    let left_out = |what: &str| {
        format!("[left out: {what}, 4 bytes, which this model's tools can't answer with]")
    };
    let texts = [
        "Three things:".to_owned(),
        left_out("image, image/png"),
        SOUND.to_owned(),
        TABLE.to_owned(),
        left_out("file:///b.pdf, application/pdf"),
    ];
    assert_eq!(answer["content"], texts.join("\n\n"));
}

#[tokio::test]
async fn gemini_gets_parts_beside_the_response() {
    for dialect in [Dialect::Gemini, Dialect::GeminiOpenApi] {
        let answer = answer(dialect, CallLimits::default()).await;
        let told = &answer["functionResponse"];
        let text = ["Three things:", SOUND, TABLE].join("\n\n");
        assert_eq!(told["response"], json!({"output": text}));
        assert_eq!(
            told["parts"],
            json!([
                {"inlineData": {"mimeType": "image/png", "data": "iVBORw=="}},
                {"inlineData": {"mimeType": "application/pdf", "data": "JVBERg=="}},
            ])
        );
    }
}

#[tokio::test]
async fn what_is_more_than_an_answer_may_have_is_left_out_and_said() {
    let limits = CallLimits {
        answer: 20,
        ..CallLimits::default()
    };
    let answer = answer(Dialect::Anthropic, limits).await;
    // 13 bytes of text leave 7, and the image has 8 as Base64.
    let said = "[left out: image, image/png, 4 bytes, which is more than an answer may have]";
    assert_eq!(answer["content"][1], json!({"type": "text", "text": said}));
}

#[tokio::test]
async fn content_is_read_again_as_it_was_written() {
    let content = ShowAll::new().exec(&Context::new()).await.unwrap();
    let json = serde_json::to_value(&content).unwrap();
    assert_eq!(
        serde_json::from_value::<Content>(json.clone()).unwrap(),
        content
    );
    assert_eq!(
        json[4],
        json!({"type": "resource", "resource": {"uri": "file:///b.pdf", "mimeType": "application/pdf", "blob": "JVBERg=="}})
    );
}
