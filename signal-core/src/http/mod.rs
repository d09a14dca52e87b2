//! The HTTP binding of CloudEvents 1.0.2: headers and a body, for whichever HTTP library.
//!
//! In binary mode attributes are headers, `ce-id: 7`, and the body is the data; in structured and
//! batched mode the body is JSON. [`read`] tells the three apart by the content type, as section 3
//! asks.
//!
//! ```
//! use enact_signal_core::{Envelope, Limits, http};
//! use serde_json::json;
//!
//! let limits = Limits::default();
//! let event = Envelope::builder("order.created", "/orders").subject("Euro €").json(&json!([1]));
//! let message = http::binary(&event.build()?, &limits)?;
//! assert_eq!(message.header("ce-subject"), Some("Euro%20%E2%82%AC"));
//! assert_eq!(message.body, b"[1]");
//!
//! let headers = message.headers.iter().map(|(name, value)| (name, value));
//! let http::Content::One(read) = http::read(headers, message.body.clone(), &limits)? else {
//!     unreachable!("it was one event");
//! };
//! assert_eq!(read.subject(), Some("Euro €"));
//! # Ok::<(), enact_signal_core::SignalError>(())
//! ```

mod media;
mod read;
mod value;

use enact_grammar::attribute::is_json;

use self::media::{declares_events, essence, wrong_charset};
pub use self::read::read;
use crate::envelope::{Envelope, Limits, SPECVERSION, shown};
use crate::error::{Kind, SignalError};
use crate::json::{self, Batch};

/// Headers and a body, of a request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a message carries.
#[derive(Debug)]
pub enum Content {
    /// One event, in binary or structured mode.
    One(Envelope),
    /// A batch of events.
    Batch(Batch),
}

impl Message {
    /// The header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(other, _)| other == name);
        named.next().map(|(_, value)| value.as_str())
    }

    fn json(media_type: &str, body: Vec<u8>) -> Self {
        // Without a charset, which JSON has no need of and some readers stumble over.
        Self {
            headers: vec![("content-type".to_owned(), media_type.to_owned())],
            body,
        }
    }
}

/// One event in binary mode, section 3.1.
///
/// # Errors
/// [`Kind::Unsupported`] where the data's media type is one of CloudEvents
/// itself, which tells another mode, or names a charset that its text is not in;
/// [`Kind::TooLarge`], headers and body together;
/// [`Kind::Unwritable`] where the payload's own serialization fails.
pub fn binary(envelope: &Envelope, limits: &Limits) -> Result<Message, SignalError> {
    let parts = envelope.parts();
    carried(envelope)?;
    let mut headers = Vec::with_capacity(8 + parts.extensions.len());
    let mut put = |name: &str, value: &str| {
        headers.push((format!("ce-{name}"), value::encode(value)));
    };
    put("specversion", SPECVERSION);
    put("id", &parts.id);
    put("source", &parts.source);
    put("type", parts.ty.as_str());
    if let Some(time) = &parts.time {
        put("time", &time.to_string());
    }
    if let Some(subject) = &parts.subject {
        put("subject", subject);
    }
    if let Some(dataschema) = &parts.dataschema {
        put("dataschema", dataschema);
    }
    for (name, value) in &parts.extensions {
        put(name, &value.to_string());
    }
    let implied = parts.data.as_ref().filter(|data| data.is_json());
    let implied = implied.map(|_| "application/json");
    if let Some(media_type) = parts.datacontenttype.as_deref().or(implied) {
        headers.push(("content-type".to_owned(), media_type.to_owned()));
    }
    let body = match &parts.data {
        Some(data) => data.content()?.to_vec(),
        None => Vec::new(),
    };
    let bytes = headers.iter().map(|(name, value)| name.len() + value.len());
    limits.event(bytes.sum::<usize>() + body.len())?;
    Ok(Message { headers, body })
}

/// Refuses data that whoever reads the header of its media type would take for something else.
///
/// # Errors
/// [`Kind::Unsupported`].
#[doc(hidden)]
pub fn carried(envelope: &Envelope) -> Result<(), SignalError> {
    let Some(media_type) = envelope.datacontenttype() else {
        return Ok(());
    };
    let what = if declares_events(&essence(media_type)) {
        "which says in a header that the whole message is events in structured mode".to_owned()
    } else {
        let data = envelope.data().filter(|_| !is_json(media_type));
        match data.and_then(|data| wrong_charset(media_type, data)) {
            Some(charset) => format!("and text is sent in UTF-8, and not in {}", shown(&charset)),
            None => return Ok(()),
        }
    };
    let media_type = shown(media_type);
    let what = format!("the data is of {media_type}, {what}; send it in structured mode");
    Err(SignalError::new(Kind::Unsupported, what))
}

/// One event in structured mode, section 3.2.
///
/// # Errors
/// As those of [`json::write`].
pub fn structured(envelope: &Envelope, limits: &Limits) -> Result<Message, SignalError> {
    let body = json::write(envelope, limits)?;
    Ok(Message::json(json::MEDIA_TYPE, body))
}

/// Events in batched mode, section 3.3.
///
/// # Errors
/// As those of [`json::write_batch`].
pub fn batch<'a>(
    envelopes: impl IntoIterator<Item = &'a Envelope>,
    limits: &Limits,
) -> Result<Message, SignalError> {
    let body = json::write_batch(envelopes, limits)?;
    Ok(Message::json(json::BATCH_MEDIA_TYPE, body))
}
