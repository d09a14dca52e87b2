//! Puts an envelope together and notes everything that is wrong with it.

use std::borrow::Cow;

use enact_action_core::context::Trace;
use enact_grammar::attribute::{check_name, is_media_type, is_uri, is_uri_reference};
use enact_grammar::signal::check_type;
use serde_json::Value;

use super::scalar::{shown, text_fault};
use super::{Data, Envelope, Parts, SPECVERSION, Scalar, Text};
use crate::error::{Defect, Kind, SignalError};
use crate::id::id;
use crate::pattern::SignalType;
use crate::spec::Constant;
use crate::time::Timestamp;

/// How many extensions an envelope has at most. CloudEvents knows no limit; a few are usual, and each is looked for by its
/// name among all others.
const MOST_EXTENSIONS: usize = 256;
/// How many defects of one envelope are told.
const MOST_DEFECTS: usize = 64;
const EXTENSIONS: &str = "extensions";

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
    specversion: Option<String>,
    defects: Vec<Defect>,
    /// Whether it has all that an envelope has, so that what is not there is not to be.
    complete: bool,
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
        }
    }

    /// The id, instead of a new one.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.set("id", Scalar::from(id.into()));
        self
    }

    /// The type, instead of the one that it began with.
    pub fn ty(mut self, ty: &str) -> Self {
        self.set("type", Scalar::from(ty.to_owned()));
        self
    }

    /// Where it comes from: a URI-reference.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.set("source", Scalar::from(source.into()));
        self
    }

    /// What it is about.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.set("subject", Scalar::from(subject.into()));
        self
    }

    /// When it happened, instead of now.
    pub fn time(mut self, time: Timestamp) -> Self {
        self.time = Some(time);
        self
    }

    /// The media type of the data.
    pub fn datacontenttype(mut self, media_type: impl Into<String>) -> Self {
        self.set("datacontenttype", Scalar::from(media_type.into()));
        self
    }

    /// The URI of the schema that the data keeps to.
    pub fn dataschema(mut self, uri: impl Into<String>) -> Self {
        self.set("dataschema", Scalar::from(uri.into()));
        self
    }

    /// One more attribute: its name in lower-case letters and digits.
    pub fn extension(mut self, name: &str, value: impl Into<Scalar>) -> Self {
        self.extend(name, value.into());
        self
    }

    /// What all signals of one business transaction share.
    pub fn correlation(self, id: impl Into<String>) -> Self {
        self.extension("correlationid", id.into())
    }

    /// The W3C trace that it belongs to; the state of another is left out.
    pub fn trace(mut self, trace: Trace) -> Self {
        self.extensions.retain(|(name, _)| name != "tracestate");
        self.extension("traceparent", trace.to_string())
    }

    /// The same, caused by that one too: it shares its correlation and its trace, unless it has
    /// some of its own.
    pub fn caused_by(mut self, cause: &Envelope) -> Self {
        self.add_cause(cause.id());
        let correlation = cause.correlation().unwrap_or_else(|| cause.id());
        self.inherit("correlationid", correlation);
        if let (None, Some(parent)) = (self.find("traceparent"), cause.text("traceparent")) {
            self.inherit("traceparent", parent);
            if let Some(state) = cause.text("tracestate") {
                self.inherit("tracestate", state);
            }
        }
        self
    }

    /// The same, caused by the event of that id too, of which no more is known.
    pub fn caused_by_id(mut self, id: &str) -> Self {
        self.add_cause(id);
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
                self.miss("specversion", "\"1.0\"");
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

    /// Sets the attribute of that name, whichever it is, and notes what is wrong with it.
    pub(crate) fn set(&mut self, name: &str, value: Scalar) {
        let text = match name {
            "time" => return self.set_time(value),
            "id" | "source" | "type" | "subject" | "datacontenttype" | "dataschema"
            | "specversion" => match value {
                Scalar::String(text) => text,
                other => return self.note(name, format!("is {other}, and must be text")),
            },
            _ => return self.extend(name, value),
        };
        if let Some(fault) = core_fault(name, &text) {
            return self.note(name, fault);
        }
        match name {
            "id" => self.id = Some(text.into_owned()),
            "source" => self.source = Some(text),
            "type" => self.ty = text.parse().ok(),
            "subject" => self.subject = Some(text.into_owned()),
            "datacontenttype" => self.datacontenttype = Some(text),
            "dataschema" => self.dataschema = Some(text),
            _ => self.specversion = Some(text.into_owned()),
        }
    }

    /// Notes a defect of an attribute.
    pub(crate) fn note(&mut self, attribute: &str, what: impl Into<String>) {
        // Whoever has so many to mend looks at what comes after them then.
        if self.defects.len() < MOST_DEFECTS {
            self.defects.push(Defect {
                attribute: attribute.to_owned(),
                what: what.into(),
            });
        }
    }

    fn set_time(&mut self, value: Scalar) {
        match value {
            Scalar::Timestamp(time) => self.time = Some(time),
            Scalar::String(text) => match text.parse() {
                Ok(time) => self.time = Some(time),
                Err(_) => {
                    let what = "and no time as RFC 3339 writes it: 2026-01-31T09:30:00Z";
                    self.note("time", format!("is {}, {what}", shown(&text)));
                }
            },
            other => self.note("time", format!("is {other}, and must be text")),
        }
    }

    fn extend(&mut self, name: &str, value: Scalar) {
        let fault = check_name(name)
            .err()
            .map(|fault| {
                format!("is no name for an extension: {fault}; write lower-case letters and digits")
            })
            .or_else(|| value.fault());
        match fault {
            Some(fault) => self.note(name, fault),
            None => match self.find(name) {
                Some(index) => self.extensions[index].1 = value,
                None => self.push(Cow::Owned(name.to_owned()), value),
            },
        }
    }

    fn push(&mut self, name: Text, value: Scalar) {
        if self.extensions.len() < MOST_EXTENSIONS {
            self.extensions.push((name, value));
        } else if !self.has_defect(EXTENSIONS) {
            let what = format!("are more than {MOST_EXTENSIONS}; put what is more into the data");
            self.note(EXTENSIONS, what);
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.extensions.iter().position(|(other, _)| other == name)
    }

    fn inherit(&mut self, name: &'static str, text: &str) {
        self.lend(name, Scalar::from(text));
    }

    /// An extension that every signal of the type carries, unless the draft says another.
    pub(crate) fn preset(&mut self, name: &'static str, value: Constant) {
        self.lend(name, Scalar::from(value));
    }

    fn lend(&mut self, name: &'static str, value: Scalar) {
        if self.find(name).is_some() {
            return;
        }
        // What is sealed can be read again.
        match value.fault() {
            Some(fault) => self.note(name, fault),
            None => self.push(Cow::Borrowed(name), value),
        }
    }

    fn add_cause(&mut self, id: &str) {
        if self.find("causationid").is_none() {
            return self.inherit("causationid", id);
        }
        let known = self
            .find("othercauses")
            .map(|index| &self.extensions[index].1);
        let mut others: Vec<String> = known
            .and_then(|known| serde_json::from_str(known.text()?).ok())
            .unwrap_or_default();
        others.push(id.to_owned());
        self.extend("othercauses", Scalar::from(Value::from(others).to_string()));
    }

    fn miss(&mut self, name: &str, example: &str) {
        self.note(name, format!("is missing; give it {example}"));
    }

    fn has_defect(&self, name: &str) -> bool {
        self.defects.iter().any(|defect| defect.attribute == name)
    }
}

/// What is wrong with the text of an attribute that CloudEvents defines.
fn core_fault(name: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        let instead = match name {
            "id" | "source" | "type" | "specversion" => "give it text",
            _ => "leave it out",
        };
        return Some(format!("is empty; {instead}"));
    }
    let is = |what: &str| Some(format!("is {}, and no {what}", shown(text)));
    match name {
        "type" => check_type(text)
            .err()
            .map(|mistake| format!("can't be routed: {}", mistake.explain(text))),
        "source" if !is_uri_reference(text) => is("URI-reference"),
        "dataschema" if !is_uri(text) => is("URI with a scheme"),
        "datacontenttype" if !is_media_type(text) => is("media type"),
        _ => text_fault(text),
    }
}
