//! Reading a message, in whichever of the three modes it is.

use std::collections::HashSet;

use enact_grammar::attribute::is_json;
use serde_json::value::RawValue;

use super::media::{declares_events, essence, is_text};
use super::{Content, value};
use crate::envelope::{Builder, Data, Envelope, Limits, Scalar, shown};
use crate::error::{Defect, Kind, SignalError};
use crate::json;

/// Reads a message, in whichever of the three modes it is.
///
/// Headers that are none of CloudEvents' are passed over.
///
/// # Errors
/// [`Kind::Unsupported`] where it is of another format, of another version, or no event at all;
/// [`Kind::Malformed`] with every attribute that is wrong; [`Kind::TooLarge`]. What is wrong with
/// one event of a batch is in [`Batch::refused`](json::Batch::refused).
pub fn read<N: AsRef<str>, V: AsRef<[u8]>>(
    headers: impl IntoIterator<Item = (N, V)>,
    body: impl Into<Vec<u8>>,
    limits: &Limits,
) -> Result<Content, SignalError> {
    let mut kept = Kept::default();
    for (name, value) in headers {
        kept.header(name.as_ref(), value.as_ref());
    }
    message(&kept, body.into(), limits)
}

/// The headers that matter.
#[derive(Default)]
struct Kept {
    content_types: Vec<Vec<u8>>,
    attributes: Vec<(String, Vec<u8>)>,
    bytes: usize,
}

impl Kept {
    fn header(&mut self, name: &str, value: &[u8]) {
        let name = name.to_ascii_lowercase();
        if name == "content-type" {
            self.content_types.push(value.to_vec());
        } else if let Some(attribute) = name.strip_prefix("ce-") {
            self.attributes.push((attribute.to_owned(), value.to_vec()));
        } else {
            return;
        }
        self.bytes += name.len() + value.len();
    }

    /// The content type, which tells the mode and so must be one.
    fn content_type(&self) -> Result<Option<&str>, SignalError> {
        let what = match self.content_types.as_slice() {
            [] => return Ok(None),
            [one] => match str::from_utf8(one) {
                Ok(content_type) => return Ok(Some(content_type)),
                Err(_) => "is not of UTF-8",
            },
            _ => "is given twice, by headers `content-type`; take one out",
        };
        Err(SignalError::malformed(vec![Defect {
            attribute: "datacontenttype".to_owned(),
            what: what.to_owned(),
        }]))
    }
}

fn message(kept: &Kept, body: Vec<u8>, limits: &Limits) -> Result<Content, SignalError> {
    let content_type = kept.content_type()?;
    let essence = essence(content_type.unwrap_or_default());
    if essence == json::MEDIA_TYPE {
        return json::read(&body, limits).map(Content::One);
    }
    if essence == json::BATCH_MEDIA_TYPE {
        return json::read_batch(&body, limits).map(Content::Batch);
    }
    if declares_events(&essence) {
        let what = format!(
            "events are not read from {essence:?}; send {:?} or {:?}",
            json::MEDIA_TYPE,
            json::BATCH_MEDIA_TYPE
        );
        return Err(SignalError::new(Kind::Unsupported, what));
    }
    if !kept
        .attributes
        .iter()
        .any(|(name, _)| name == "specversion")
    {
        let what = format!(
            "this is no CloudEvent: it has no header `ce-specversion`, and its content type is not {:?}",
            json::MEDIA_TYPE
        );
        return Err(SignalError::new(Kind::Unsupported, what));
    }
    limits.event(kept.bytes + body.len())?;
    binary(kept, content_type, body).map(Content::One)
}

fn binary(kept: &Kept, content_type: Option<&str>, body: Vec<u8>) -> Result<Envelope, SignalError> {
    let mut builder = Builder::default();
    let mut seen = HashSet::new();
    for (name, value) in &kept.attributes {
        if !seen.insert(name) {
            builder.note(name, "is given twice; take one out");
            continue;
        }
        if name == "datacontenttype" {
            builder.note(name, "is the header `content-type`, and not one of its own");
            continue;
        }
        let text = str::from_utf8(value).map_err(|_| "is not of UTF-8");
        match text.and_then(value::decode) {
            Ok(text) => builder.set(name, Scalar::from(text)),
            Err(what) => builder.note(name, what),
        }
    }
    if let Some(media_type) = content_type {
        builder.set("datacontenttype", Scalar::from(media_type));
    }
    if !body.is_empty() {
        carry(&mut builder, body, content_type);
    }
    builder.finish_read()
}

fn carry(builder: &mut Builder, body: Vec<u8>, media_type: Option<&str>) {
    let data = match media_type {
        Some(media_type) if is_json(media_type) => {
            match serde_json::from_slice::<Box<RawValue>>(&body) {
                Ok(json) => Data::raw(json),
                Err(error) => {
                    let what = format!("is no JSON, as {} says: {error}", shown(media_type));
                    return builder.note("data", what);
                }
            }
        }
        Some(media_type) if is_text(media_type) => match String::from_utf8(body) {
            Ok(text) => Data::text(text),
            Err(error) => Data::bytes(error.into_bytes()),
        },
        _ => Data::bytes(body),
    };
    builder.data = Some(data);
}
