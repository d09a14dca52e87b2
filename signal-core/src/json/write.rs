//! Writing one event.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact_grammar::attribute::is_json;
use serde::Serialize;

use crate::envelope::{Data, Envelope, Form, Limits, SPECVERSION};
use crate::error::{Kind, SignalError};

/// Writes one event.
///
/// # Errors
/// [`Kind::TooLarge`]; [`Kind::Unwritable`] where the payload's own serialization fails.
pub fn write(envelope: &Envelope, limits: &Limits) -> Result<Vec<u8>, SignalError> {
    let data = envelope.data().map(Data::content).transpose()?;
    let mut json = Vec::with_capacity(320 + data.map_or(0, <[u8]>::len));
    append(envelope, &mut json)?;
    limits.event(json.len())?;
    Ok(json)
}

/// Member by member, since `serde` would look for what to escape in each name again.
pub(super) fn append(envelope: &Envelope, json: &mut Vec<u8>) -> Result<(), SignalError> {
    let parts = envelope.parts();
    json.extend_from_slice(b"{\"specversion\":");
    text(json, SPECVERSION)?;
    json.extend_from_slice(b",\"id\":");
    text(json, &parts.id)?;
    json.extend_from_slice(b",\"source\":");
    text(json, &parts.source)?;
    json.extend_from_slice(b",\"type\":");
    text(json, parts.ty.as_str())?;
    if let Some(time) = &parts.time {
        json.extend_from_slice(b",\"time\":\"");
        time.append(json).map_err(unwritable)?;
        json.push(b'"');
    }
    let texts: [(&[u8], _); 3] = [
        (b",\"subject\":", parts.subject.as_deref()),
        (b",\"datacontenttype\":", parts.datacontenttype.as_deref()),
        (b",\"dataschema\":", parts.dataschema.as_deref()),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            json.extend_from_slice(name);
            text(json, value)?;
        }
    }
    for (name, value) in &parts.extensions {
        member(json, name);
        match value.text() {
            Some(value) => text(json, value)?,
            None => any(json, value)?,
        }
    }
    if let Some(data) = &parts.data {
        let declared = parts.datacontenttype.as_deref().is_none_or(is_json);
        append_data(json, data, declared)?;
    }
    json.push(b'}');
    Ok(())
}

fn append_data(json: &mut Vec<u8>, data: &Data, declared: bool) -> Result<(), SignalError> {
    match data.form() {
        Form::Text(value) if !declared => {
            member(json, "data");
            text(json, value)
        }
        Form::Text(_) | Form::Bytes(_) => {
            member(json, "data_base64");
            text(json, &STANDARD.encode(data.content()?))
        }
        Form::Json(_) | Form::Live(_) => {
            // A signal that can't be written says so in its own words.
            let Some(value) = data.as_json()? else {
                return Ok(());
            };
            member(json, "data");
            if declared {
                json.extend_from_slice(value.get().as_bytes());
                return Ok(());
            }
            text(json, value.get())
        }
    }
}

/// Begins a member; names are lower-case letters and digits.
fn member(json: &mut Vec<u8>, name: &str) {
    for part in [",\"", name, "\":"] {
        json.extend_from_slice(part.as_bytes());
    }
}

/// Text that has nothing to escape, as most has, is written as it is.
fn text(json: &mut Vec<u8>, text: &str) -> Result<(), SignalError> {
    // All are looked at, and not up to the first: so it is done for many at once.
    let odd = |byte: &u8| matches!(*byte, 0..=0x1f | b'"' | b'\\');
    let is_odd = text
        .as_bytes()
        .iter()
        .fold(false, |any, byte| any | odd(byte));
    if is_odd {
        return any(json, text);
    }
    json.push(b'"');
    json.extend_from_slice(text.as_bytes());
    json.push(b'"');
    Ok(())
}

fn any(json: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), SignalError> {
    serde_json::to_writer(json, value).map_err(unwritable)
}

fn unwritable(error: impl std::error::Error + Send + Sync + 'static) -> SignalError {
    SignalError::new(Kind::Unwritable, "the event could not be written as JSON").because(error)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_is_written_as_serde_json_writes_it() {
        let characters = (0..0x300).chain([0x2028, 0xfffd, 0x1f600]);
        for character in characters.filter_map(char::from_u32) {
            for read in [
                format!("{character}"),
                format!("0123456789abcdef{character}0123456789abcdef"),
            ] {
                let mut json = Vec::new();
                text(&mut json, &read).expect("text can be written");
                assert_eq!(
                    json,
                    serde_json::to_vec(&read).expect("text can be written")
                );
            }
        }
    }
}
