//! Puts an envelope together and notes everything that is wrong with it.

use serde_json::Value;

use super::scalar::shown;
use super::{Data, Envelope, Parts, SPECVERSION, Scalar, Text};
use crate::error::{Defect, Kind, SignalError};
use crate::id::id;
use crate::pattern::SignalType;
use crate::time::Timestamp;

/// How many extensions an envelope has at most. CloudEvents knows no limit; a few are usual, and each is looked for by its
/// name among all others.
pub(super) const MOST_EXTENSIONS: usize = 256;
/// How many defects of one envelope are told.
pub(super) const MOST_DEFECTS: usize = 64;

/// Puts an envelope together; [`build`](Self::build) tells everything that is wrong with it.
///
/// An id and the time are made where none are given, unless it began as
/// [another envelope](Envelope::to_builder).
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Builder {
    pub(crate) id: Option<String>,
    pub(crate) source: Option<Text>,
    pub(crate) ty: Option<SignalType>,
    pub(crate) subject: Option<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) datacontenttype: Option<Text>,
    pub(crate) dataschema: Option<Text>,
    pub(crate) extensions: Vec<(Text, Scalar)>,
    pub(crate) data: Option<Data>,
    /// The version that an event from elsewhere says it is of.
    pub(super) specversion: Option<String>,
    pub(super) defects: Vec<Defect>,
    /// Whether it has all that an envelope has, so that what is not there is not to be.
    complete: bool,
    /// Whether an extension had no room.
    pub(super) full: bool,
}

impl Builder {
    pub(super) fn new(ty: &str, source: impl Into<String>) -> Self {
        let mut builder = Self::default();
        builder.set("type", Scalar::from(ty));
        builder.source(source)
    }

    pub(super) fn of(parts: &Parts) -> Self {
        let Parts {
            id,
            source,
            ty,
            subject,
            time,
            datacontenttype,
            dataschema,
            extensions,
            data,
        } = parts;
        Self {
            id: Some(id.clone()),
            source: Some(source.clone()),
            ty: Some(ty.clone()),
            subject: subject.clone(),
            time: time.clone(),
            datacontenttype: datacontenttype.clone(),
            dataschema: dataschema.clone(),
            extensions: extensions.clone(),
            data: data.clone(),
            specversion: None,
            defects: Vec::new(),
            complete: true,
            full: false,
        }
    }

    /// The id, instead of a new one.
    pub fn id(self, id: impl Into<String>) -> Self {
        self.say("id", id.into())
    }

    /// The type, instead of the one that it began with.
    pub fn ty(self, ty: &str) -> Self {
        self.say("type", ty)
    }

    /// Where it comes from: a URI-reference.
    pub fn source(self, source: impl Into<String>) -> Self {
        self.say("source", source.into())
    }

    /// What it is about.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.say("subject", subject.into())
    }

    /// When it happened, instead of now.
    pub fn time(mut self, time: Timestamp) -> Self {
        self.forget("time");
        self.time = Some(time);
        self
    }

    /// The media type of the data.
    pub fn datacontenttype(self, media_type: impl Into<String>) -> Self {
        self.say("datacontenttype", media_type.into())
    }

    /// The URI of the schema that the data keeps to.
    pub fn dataschema(self, uri: impl Into<String>) -> Self {
        self.say("dataschema", uri.into())
    }

    /// One more attribute: its name in lower-case letters and digits.
    pub fn extension(mut self, name: &str, value: impl Into<Scalar>) -> Self {
        self.forget(name);
        self.extend(name, value.into());
        self
    }

    /// What it carries.
    pub fn data(mut self, data: Data) -> Self {
        self.data = Some(data);
        self
    }

    /// JSON as what it carries.
    pub fn json(self, value: &Value) -> Self {
        self.data(Data::json(value))
    }

    /// The envelope.
    ///
    /// # Errors
    /// [`Kind::Malformed`] with every attribute that is not as CloudEvents asks.
    pub fn build(mut self) -> Result<Envelope, SignalError> {
        if self.id.is_none() && !self.has_defect("id") {
            self.id = Some(id());
        }
        if self.time.is_none() && !self.complete && !self.has_defect("time") {
            self.time = Some(Timestamp::now());
        }
        self.finish()
    }

    /// The envelope of an event that came from elsewhere: nothing is made up.
    pub(crate) fn finish_read(mut self) -> Result<Envelope, SignalError> {
        match self.specversion.take() {
            Some(version) if version == SPECVERSION => self.finish(),
            Some(version) => Err(SignalError::new(
                Kind::Unsupported,
                format!(
                    "the event is of CloudEvents {}, and {SPECVERSION:?} is read",
                    shown(&version)
                ),
            )),
            None => {
                if !self.has_defect("specversion") {
                    self.miss("specversion", "\"1.0\"");
                }
                self.finish()
            }
        }
    }

    fn finish(mut self) -> Result<Envelope, SignalError> {
        for (missing, name, example) in [
            (
                self.id.is_none(),
                "id",
                "text that its source never repeats",
            ),
            (
                self.source.is_none(),
                "source",
                "a URI-reference, such as \"/orders\"",
            ),
            (
                self.ty.is_none(),
                "type",
                "a type, such as \"order.created\"",
            ),
        ] {
            if missing && !self.has_defect(name) {
                self.miss(name, example);
            }
        }
        if self.full {
            let what = format!("are more than {MOST_EXTENSIONS}; put what is more into the data");
            self.note("extensions", what);
        }
        match (self.id, self.source, self.ty) {
            (Some(id), Some(source), Some(ty)) if self.defects.is_empty() => {
                Ok(Envelope::of(Parts {
                    id,
                    source,
                    ty,
                    subject: self.subject,
                    time: self.time,
                    datacontenttype: self.datacontenttype,
                    dataschema: self.dataschema,
                    extensions: self.extensions,
                    data: self.data,
                }))
            }
            _ => Err(SignalError::malformed(self.defects)),
        }
    }

    /// Sets an attribute that the caller says, instead of what was said of it before.
    fn say(mut self, name: &str, text: impl Into<Scalar>) -> Self {
        self.forget(name);
        self.set(name, text.into());
        self
    }

    /// Takes back what was wrong with an attribute that is said again.
    pub(super) fn forget(&mut self, name: &str) {
        self.defects.retain(|defect| defect.attribute != name);
    }

    fn miss(&mut self, name: &str, example: &str) {
        self.note(name, format!("is missing; give it {example}"));
    }

    fn has_defect(&self, name: &str) -> bool {
        self.defects.iter().any(|defect| defect.attribute == name)
    }
}
