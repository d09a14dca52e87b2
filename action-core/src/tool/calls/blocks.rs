//! Content as each vendor takes it in the answer to a call; what a vendor has no form for is told in a line of text.

use serde_json::{Value, json};

use crate::content::{Block, Body, Bytes, Content};
use crate::tool::Dialect;

/// Images that the vendors take; Anthropic's and `OpenAI`'s documentation name these four.
const IMAGES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// The one document that they take as a file.
const PDF: &str = "application/pdf";

/// What goes back: text for all, and what stands beside it.
pub(super) struct Written {
    /// What is to be said.
    pub(super) said: Value,
    /// Gemini's parts beside the response.
    pub(super) parts: Vec<Value>,
}

impl From<Value> for Written {
    fn from(said: Value) -> Self {
        Self {
            said,
            parts: Vec::new(),
        }
    }
}

/// A block, as far as vendors tell blocks apart.
enum Plain {
    Text(String),
    Image(String, String),
    Pdf(String, String),
}

/// The content in the vendor's form, with so many bytes of text and Base64 at most.
pub(super) fn written(dialect: Dialect, content: Content, most: usize) -> Written {
    let mut left = most;
    let blocks = content.into_blocks().into_iter();
    let plain = blocks.map(|block| plain(dialect, block, &mut left));
    let mut parts = Vec::new();
    let said = match dialect {
        Dialect::Anthropic => plain.map(anthropic).collect(),
        Dialect::OpenAiResponses => plain.map(responses).collect(),
        Dialect::OpenAi | Dialect::Mcp | Dialect::Gemini | Dialect::GeminiOpenApi => {
            let mut texts = Vec::new();
            for block in plain {
                match block {
                    Plain::Text(text) => texts.push(text),
                    Plain::Image(mime, data) | Plain::Pdf(mime, data) => {
                        parts.push(json!({"inlineData": {"mimeType": mime, "data": data}}));
                    }
                }
            }
            Value::String(texts.join("\n\n"))
        }
    };
    Written { said, parts }
}

fn anthropic(block: Plain) -> Value {
    let source = |mime, data| json!({"type": "base64", "media_type": mime, "data": data});
    match block {
        Plain::Text(text) => json!({"type": "text", "text": text}),
        Plain::Image(mime, data) => json!({"type": "image", "source": source(mime, data)}),
        Plain::Pdf(mime, data) => json!({"type": "document", "source": source(mime, data)}),
    }
}

fn responses(block: Plain) -> Value {
    let url = |mime: &str, data: &str| format!("data:{mime};base64,{data}");
    match block {
        Plain::Text(text) => json!({"type": "input_text", "text": text}),
        Plain::Image(mime, data) => {
            json!({"type": "input_image", "detail": "auto", "image_url": url(&mime, &data)})
        }
        Plain::Pdf(mime, data) => {
            json!({"type": "input_file", "filename": "document.pdf", "file_data": url(&mime, &data)})
        }
    }
}

fn plain(dialect: Dialect, block: Block, left: &mut usize) -> Plain {
    match block {
        Block::Text { text } => Plain::Text(within(text, left)),
        Block::Image { data, mime } => file("image", dialect, mime, &data, left),
        Block::Audio { data, mime } => file("audio", dialect, mime, &data, left),
        Block::Resource { resource } => match resource.body {
            Body::Text(text) => Plain::Text(within(format!("{}\n{text}", resource.uri), left)),
            Body::Blob(data) => {
                let mime = resource.mime.unwrap_or_default();
                file(&resource.uri, dialect, mime, &data, left)
            }
        },
    }
}

/// A file, where the vendor takes it and there is room; else a line that says what it was.
fn file(what: &str, dialect: Dialect, mime: String, data: &Bytes, left: &mut usize) -> Plain {
    let takes_files = !matches!(dialect, Dialect::OpenAi | Dialect::Mcp);
    let is_image = IMAGES.contains(&mime.as_str());
    let why = if !takes_files || !(is_image || mime == PDF) {
        "which this model's tools can't answer with"
    } else if data.len().div_ceil(3) * 4 > *left {
        "which is more than an answer may have"
    } else {
        let data = data.base64();
        *left -= data.len();
        return if is_image {
            Plain::Image(mime, data)
        } else {
            Plain::Pdf(mime, data)
        };
    };
    Plain::Text(format!(
        "[left out: {what}, {mime}, {} bytes, {why}]",
        data.len()
    ))
}

fn within(text: String, left: &mut usize) -> String {
    let text = super::answer::cut(text, *left);
    *left = left.saturating_sub(text.len());
    text
}
