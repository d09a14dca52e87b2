//! Writing one event.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact_grammar::attribute::is_json;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::envelope::{Envelope, Form, Limits, SPECVERSION};
use crate::error::{Kind, SignalError};

/// Writes one event.
///
/// # Errors
/// [`Kind::TooLarge`]; [`Kind::Unwritable`] where the payload's own serialization fails.
pub fn write(envelope: &Envelope, limits: &Limits) -> Result<Vec<u8>, SignalError> {
    let mut json = Vec::with_capacity(512);
    append(envelope, &mut json)?;
    limits.event(json.len())?;
    Ok(json)
}

pub(super) fn append(envelope: &Envelope, json: &mut Vec<u8>) -> Result<(), SignalError> {
    // A signal that can't be written says so in its own words.
    if let Some(data) = envelope.data() {
        data.content()?;
    }
    serde_json::to_writer(json, &Written(envelope)).map_err(|error| {
        SignalError::new(Kind::Unwritable, "the event could not be written as JSON").because(error)
    })
}

struct Written<'a>(&'a Envelope);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = self.0.parts();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("specversion", SPECVERSION)?;
        map.serialize_entry("id", &parts.id)?;
        map.serialize_entry("source", &parts.source)?;
        map.serialize_entry("type", parts.ty.as_str())?;
        if let Some(time) = &parts.time {
            map.serialize_entry("time", &Shown(time))?;
        }
        let texts = [
            ("subject", parts.subject.as_deref()),
            ("datacontenttype", parts.datacontenttype.as_deref()),
            ("dataschema", parts.dataschema.as_deref()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        for (name, value) in &parts.extensions {
            map.serialize_entry(name, value)?;
        }
        let declared = parts.datacontenttype.as_deref().is_none_or(is_json);
        match parts.data.as_ref().map(|data| (data, data.form())) {
            None => {}
            Some((_, Form::Text(text))) if !declared => map.serialize_entry("data", &**text)?,
            Some((_, Form::Text(text))) => {
                map.serialize_entry("data_base64", &Base64(text.as_bytes()))?;
            }
            Some((_, Form::Bytes(bytes))) => map.serialize_entry("data_base64", &Base64(bytes))?,
            Some((data, Form::Json(_) | Form::Live(_))) => {
                let json = data.as_json().map_err(serde::ser::Error::custom)?;
                match json {
                    Some(json) if declared => map.serialize_entry("data", json)?,
                    Some(json) => map.serialize_entry("data", json.get())?,
                    None => {}
                }
            }
        }
        map.end()
    }
}

struct Shown<'a, T>(&'a T);

impl<T: std::fmt::Display> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.0))
    }
}
