//! A signal as a message: the Kafka binding of CloudEvents 1.0.2, section 3.

use enact_signal_core::http::carried;
use enact_signal_core::{Envelope, Limits, SignalError, json};
use rdkafka::message::{Header, OwnedHeaders};

use super::Mode;
use crate::dispatch::{DispatchError, Kind};

/// A message, without its topic.
pub(super) struct Message {
    pub(super) headers: OwnedHeaders,
    pub(super) key: Option<String>,
    pub(super) body: Option<Vec<u8>>,
}

/// Why a signal can't be written.
pub(super) enum Unwritable {
    Signal(SignalError),
    TooLarge(usize, usize),
}

impl Unwritable {
    pub(super) fn into_dispatch(self, target: &str) -> DispatchError {
        match self {
            Self::Signal(error) => DispatchError::unwritable(target, error),
            Self::TooLarge(found, most) => {
                let what = format!(
                    "the signal has {found} bytes, and {most} are allowed; raise the limits"
                );
                DispatchError::new(Kind::Unwritable, target, what)
            }
        }
    }
}

impl From<SignalError> for Unwritable {
    fn from(error: SignalError) -> Self {
        Self::Signal(error)
    }
}

pub(super) fn write(signal: &Envelope, mode: Mode, limits: &Limits) -> Result<Message, Unwritable> {
    // Section 3.1: as it is.
    let key = signal.extension("partitionkey").map(ToString::to_string);
    let (headers, body) = match mode {
        Mode::Structured => {
            let media_type = ("content-type".to_owned(), json::MEDIA_TYPE.to_owned());
            (vec![media_type], Some(json::write(signal, limits)?))
        }
        Mode::Binary => binary(signal, limits)?,
    };
    let none = OwnedHeaders::new_with_capacity(headers.len());
    let headers = headers.iter().fold(none, |headers, (key, value)| {
        let value = Some(value);
        headers.insert(Header { key, value })
    });
    Ok(Message { headers, key, body })
}

type Parts = (Vec<(String, String)>, Option<Vec<u8>>);

/// Section 3.2. Values of headers are text in UTF-8, as it is.
fn binary(signal: &Envelope, limits: &Limits) -> Result<Parts, Unwritable> {
    carried(signal)?;
    let mut headers = vec![("ce_specversion".to_owned(), "1.0".to_owned())];
    let time = signal.time().map(ToString::to_string);
    let attributes = [
        ("id", Some(signal.id())),
        ("source", Some(signal.source())),
        ("type", Some(signal.ty().as_str())),
        ("time", time.as_deref()),
        ("subject", signal.subject()),
        ("dataschema", signal.dataschema()),
    ];
    for (name, value) in attributes {
        headers.extend(value.map(|value| (format!("ce_{name}"), value.to_owned())));
    }
    let extensions = signal.extensions();
    headers.extend(extensions.map(|(name, value)| (format!("ce_{name}"), value.to_string())));
    let mut implied = None;
    let mut body = None;
    if let Some(data) = signal.data() {
        implied = data.as_json()?.map(|_| "application/json");
        body = Some(data.content()?.to_vec());
    }
    if let Some(media_type) = signal.datacontenttype().or(implied) {
        headers.push(("content-type".to_owned(), media_type.to_owned()));
    }
    let bytes = headers.iter().map(|(name, value)| name.len() + value.len());
    let found = bytes.sum::<usize>() + body.as_ref().map_or(0, Vec::len);
    if found > limits.event {
        return Err(Unwritable::TooLarge(found, limits.event));
    }
    Ok((headers, body))
}
