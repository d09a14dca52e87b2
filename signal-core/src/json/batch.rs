//! Batches of events: one that is bad costs no other.

use std::error::Error;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::write;
use crate::envelope::{Envelope, Limits};
use crate::error::{Kind, SignalError};

/// What a batch holds: the events that could be read, and why the others could not.
///
/// ```
/// use enact_signal_core::{Limits, json};
///
/// let batch = br#"[
///     { "specversion": "1.0", "id": "1", "source": "/a", "type": "a.b" },
///     { "specversion": "1.0", "id": "2", "source": "/a" },
///     { "specversion": "1.0", "id": "3", "source": "/a", "type": "a.b" }
/// ]"#;
/// let batch = json::read_batch(batch, &Limits::default())?;
/// assert_eq!(batch.events.len(), 2);
/// assert_eq!(
///     batch.refused[0].to_string(),
///     "event 1 of the batch: this is no CloudEvent: `type` is missing; give it a type, such as \
///      \"order.created\"",
/// );
/// # Ok::<(), enact_signal_core::SignalError>(())
/// ```
#[derive(Debug, Default)]
pub struct Batch {
    /// The events that could be read, each with its index in the batch.
    pub events: Vec<(usize, Envelope)>,
    /// The others, in their order.
    pub refused: Vec<Refused>,
}

/// Why one event of a batch could not be read or written.
#[derive(Debug)]
pub struct Refused {
    /// Its index in the batch, from 0.
    pub index: usize,
    /// Why.
    pub error: SignalError,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} of the batch: {}", self.index, self.error)
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Reads a batch.
///
/// # Errors
/// [`Kind::TooLarge`] where the whole is; [`Kind::Malformed`] where it is no JSON array. What is
/// wrong with one event is in [`Batch::refused`].
pub fn read_batch(json: &[u8], limits: &Limits) -> Result<Batch, SignalError> {
    limits.batch(json.len())?;
    let Elements { kept: all, count } = elements(json, limits.events).map_err(|error| {
        SignalError::new(Kind::Malformed, "the batch is no JSON array").because(error)
    })?;
    limits.events(count)?;
    let mut batch = Batch::default();
    for (index, json) in all.into_iter().enumerate() {
        match one(json, limits) {
            Ok(envelope) => batch.events.push((index, envelope)),
            Err(error) => batch.refused.push(Refused { index, error }),
        }
    }
    Ok(batch)
}

fn one(json: &RawValue, limits: &Limits) -> Result<Envelope, SignalError> {
    super::read(json.get().as_bytes(), limits)
}

/// The elements of a JSON array: the first ones as they were written, and how many there are.
struct Elements<'a> {
    kept: Vec<&'a RawValue>,
    count: usize,
}

fn elements(json: &[u8], most: usize) -> serde_json::Result<Elements<'_>> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let elements = reader.deserialize_seq(First(most))?;
    reader.end()?;
    Ok(elements)
}

/// Keeps so many, and counts the others without room for them.
struct First(usize);

impl<'de> Visitor<'de> for First {
    type Value = Elements<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Elements<'de>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < self.0 {
            let Some(element) = seq.next_element()? else {
                break;
            };
            kept.push(element);
        }
        let mut count = kept.len();
        while seq.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Elements { kept, count })
    }
}

/// Writes a batch, all of it or nothing.
///
/// # Errors
/// [`Kind::TooLarge`] where the whole or one event is; [`Kind::Unwritable`] where a payload's own
/// serialization fails. The text says which event it was.
pub fn write_batch<'a>(
    envelopes: impl IntoIterator<Item = &'a Envelope>,
    limits: &Limits,
) -> Result<Vec<u8>, SignalError> {
    let mut json = vec![b'['];
    let mut count = 0;
    for envelope in envelopes {
        if count > 0 {
            json.push(b',');
        }
        let start = json.len();
        write::append(envelope, &mut json)
            .and_then(|()| limits.event(json.len() - start))
            .map_err(|error| {
                let kind = error.kind();
                let index = count;
                SignalError::new(kind, Refused { index, error }.to_string())
            })?;
        count += 1;
        limits.events(count)?;
        limits.batch(json.len() + 1)?;
    }
    json.push(b']');
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::elements;

    #[test]
    fn what_is_beyond_the_limit_is_counted_and_not_kept() {
        for most in [0, 2, 3, 10] {
            let elements = elements(b"[1, {}, \"a\"]", most).expect("it is an array");
            assert_eq!((elements.kept.len(), elements.count), (most.min(3), 3));
        }
        for json in ["[1", "[1] 2", "{}", "[1,]"] {
            assert!(elements(json.as_bytes(), 1).is_err(), "{json}");
        }
    }
}
