//! What an envelope carries: JSON, text or bytes.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use enact_grammar::attribute::is_json;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Kind, SignalError};

/// What an envelope carries.
///
/// JSON that came from elsewhere is kept as it was written, to the digit. A signal of this process
/// is kept as the value that it is, and written when somebody first asks for its JSON: whoever
/// opens it here gets a clone.
#[derive(Clone)]
pub struct Data(Form);

#[derive(Clone)]
pub(crate) enum Form {
    Json(Arc<RawValue>),
    Live(Arc<Live<dyn Payload>>),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
}

/// A value of this process, and its JSON once it was asked for.
pub(crate) struct Live<T: ?Sized> {
    json: OnceLock<Result<Arc<RawValue>, String>>,
    value: T,
}

/// What a live value can do with its type forgotten.
pub(crate) trait Payload: Any + Send + Sync {
    fn write(&self) -> serde_json::Result<Box<RawValue>>;
}

impl<T: Serialize + Any + Send + Sync> Payload for T {
    fn write(&self) -> serde_json::Result<Box<RawValue>> {
        serde_json::value::to_raw_value(self)
    }
}

impl Data {
    /// JSON.
    pub fn json(value: &Value) -> Self {
        // A value of JSON is always written.
        let raw = serde_json::value::to_raw_value(value).unwrap_or_default();
        Self(Form::Json(raw.into()))
    }

    /// JSON as it was written.
    pub fn raw(json: Box<RawValue>) -> Self {
        Self(Form::Json(json.into()))
    }

    /// Text that is not JSON.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self(Form::Text(text.into()))
    }

    /// Bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(Form::Bytes(bytes.into()))
    }

    pub(crate) fn live<T: Serialize + Any + Send + Sync>(value: T) -> Self {
        Self(Form::Live(Arc::new(Live {
            json: OnceLock::new(),
            value,
        })))
    }

    pub(crate) fn form(&self) -> &Form {
        &self.0
    }

    /// The value of this process, where it is one of that type.
    pub(crate) fn downcast<T: 'static>(&self) -> Option<&T> {
        match &self.0 {
            Form::Live(live) => {
                let value: &dyn Any = &live.value;
                value.downcast_ref()
            }
            Form::Json(_) | Form::Text(_) | Form::Bytes(_) => None,
        }
    }

    /// The data as JSON, where it is JSON.
    ///
    /// # Errors
    /// [`Kind::Unwritable`] where a signal's own serialization fails.
    pub fn as_json(&self) -> Result<Option<&RawValue>, SignalError> {
        match &self.0 {
            Form::Json(json) => Ok(Some(json)),
            Form::Live(live) => live.json().map(Some),
            Form::Text(_) | Form::Bytes(_) => Ok(None),
        }
    }

    /// The bytes that a protocol carries: JSON as text, text in UTF-8, bytes as they are.
    ///
    /// # Errors
    /// [`Kind::Unwritable`] where a signal's own serialization fails.
    pub fn content(&self) -> Result<&[u8], SignalError> {
        match &self.0 {
            Form::Json(json) => Ok(json.get().as_bytes()),
            Form::Live(live) => Ok(live.json()?.get().as_bytes()),
            Form::Text(text) => Ok(text.as_bytes()),
            Form::Bytes(bytes) => Ok(bytes),
        }
    }

    /// The data as a value, for whoever reads JSON whatever it came as.
    pub(crate) fn value(&self, media_type: Option<&str>) -> Result<Value, SignalError> {
        let declared = media_type.is_none_or(is_json);
        if !declared && !matches!(self.0, Form::Live(_)) {
            let media_type = media_type.unwrap_or_default();
            let what = format!("the data is {media_type:?}, and a signal is read from JSON");
            return Err(SignalError::new(Kind::Unsupported, what));
        }
        serde_json::from_slice(self.content()?).map_err(|error| {
            SignalError::new(Kind::Malformed, "the data is no JSON").because(error)
        })
    }

    /// Whether it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        matches!(self.0, Form::Json(_) | Form::Live(_))
    }

    /// The data as people read it.
    fn shown(&self) -> Cow<'_, str> {
        match self.content() {
            Ok(content) => String::from_utf8_lossy(content),
            Err(error) => Cow::Owned(error.to_string()),
        }
    }
}

impl<T: Payload + ?Sized> Live<T> {
    fn json(&self) -> Result<&RawValue, SignalError> {
        let written = self.json.get_or_init(|| {
            let json = self.value.write().map_err(|error| error.to_string())?;
            Ok(json.into())
        });
        match written {
            Ok(json) => Ok(json),
            Err(why) => Err(SignalError::new(
                Kind::Unwritable,
                format!("the payload could not be written as JSON: {why}"),
            )),
        }
    }
}

/// By what a protocol carries.
impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        match (self.content(), other.content()) {
            (Ok(one), Ok(other_one)) => self.is_json() == other.is_json() && one == other_one,
            _ => false,
        }
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Data({:?})", self.shown())
    }
}
