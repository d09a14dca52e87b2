//! The JSON format of CloudEvents 1.0.2: one event, and batches of them.
//!
//! ```
//! use enact_signal_core::{Envelope, Limits, json};
//!
//! let limits = Limits::default();
//! let written = br#"{
//!     "specversion": "1.0", "id": "7", "source": "/meters", "type": "meter.read",
//!     "meter": "m-1", "data": 1234567890123456789012.50
//! }"#;
//! let envelope = json::read(written, &limits)?;
//! let data = envelope.data().map(|data| data.content()).transpose()?;
//! assert_eq!(data, Some("1234567890123456789012.50".as_bytes()));
//! assert_eq!(json::read(&json::write(&envelope, &limits)?, &limits)?, envelope);
//! # Ok::<(), enact_signal_core::SignalError>(())
//! ```

mod batch;
mod members;
mod write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact_grammar::attribute::is_json;
use serde_json::value::RawValue;

pub use self::batch::{Batch, Refused, read_batch, write_batch};
use self::members::Members;
pub use self::write::write;
use crate::envelope::{Builder, Data, Envelope, Limits, Scalar, shown};
use crate::error::{Kind, SignalError};

/// The media type of one event.
pub const MEDIA_TYPE: &str = "application/cloudevents+json";

/// The media type of a batch.
pub const BATCH_MEDIA_TYPE: &str = "application/cloudevents-batch+json";

/// Reads one event.
///
/// # Errors
/// [`Kind::TooLarge`]; [`Kind::Malformed`] with every attribute that is wrong; and
/// [`Kind::Unsupported`] where it is of another version of CloudEvents.
pub fn read(json: &[u8], limits: &Limits) -> Result<Envelope, SignalError> {
    limits.event(json.len())?;
    let members: Members<'_> = serde_json::from_slice(json).map_err(|error| {
        SignalError::new(Kind::Malformed, "the event is no JSON object").because(error)
    })?;
    event(members)
}

fn event(members: Members<'_>) -> Result<Envelope, SignalError> {
    let mut builder = Builder::default();
    let (mut data, mut encoded) = (None, None);
    for name in members.twice() {
        builder.note(&name, "is given twice; take one out");
    }
    for (name, json) in members.0 {
        match name.as_str() {
            "data" => data = Some(json),
            "data_base64" => encoded = Some(json),
            _ => attribute(&mut builder, &name, json),
        }
    }
    match (data, encoded.filter(|json| json.get() != "null")) {
        (Some(_), Some(_)) => {
            builder.note("data_base64", "stands beside `data`; take one of them out");
        }
        (Some(json), None) => carry(&mut builder, json),
        (None, Some(json)) => decode(&mut builder, json),
        (None, None) => {}
    }
    builder.finish_read()
}

fn attribute(builder: &mut Builder, name: &str, json: &RawValue) {
    match scalar(json.get()) {
        Ok(Some(value)) => builder.set(name, value),
        Ok(None) => {}
        Err(what) => builder.note(name, what),
    }
}

/// The value of an attribute, which is none for `null`: section 2.2.
fn scalar(json: &str) -> Result<Option<Scalar>, String> {
    match json.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b't') => Ok(Some(Scalar::Boolean(true))),
        Some(b'f') => Ok(Some(Scalar::Boolean(false))),
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => Ok(Some(Scalar::from(text))),
            Err(_) => Err("has a surrogate that stands alone in it".to_owned()),
        },
        Some(b'{' | b'[') => {
            Err("is an object or a list; an attribute is text, a number or a boolean".to_owned())
        }
        _ => match json.parse() {
            Ok(value) => Ok(Some(Scalar::Integer(value))),
            Err(_) => Err(format!(
                "is {}, and no whole number of 32 bits; write it as text",
                shown(json)
            )),
        },
    }
}

/// Section 3.1.2.
fn carry(builder: &mut Builder, json: &RawValue) {
    let media_type = builder.datacontenttype.as_deref();
    if media_type.is_none_or(is_json) {
        builder.data = Some(Data::raw(json.to_owned()));
        return;
    }
    match serde_json::from_str::<String>(json.get()) {
        Ok(text) => builder.data = Some(Data::text(text)),
        Err(_) => builder.note(
            "data",
            "must be a JSON string, since its `datacontenttype` is not JSON",
        ),
    }
}

fn decode(builder: &mut Builder, json: &RawValue) {
    let text = serde_json::from_str::<String>(json.get()).ok();
    match text.and_then(|text| STANDARD.decode(text).ok()) {
        Some(bytes) => builder.data = Some(Data::bytes(bytes)),
        None => builder.note("data_base64", "must be a JSON string of Base64, RFC 4648"),
    }
}
