//! Setting an attribute by its name, and noting what is wrong with it.

use std::borrow::Cow;

use enact_grammar::attribute::{WOVEN, check_name, is_media_type, is_uri, is_uri_reference};
use enact_grammar::signal::check_type;

use super::builder::{Builder, MOST_DEFECTS, MOST_EXTENSIONS};
use super::scalar::{shown, text_fault};
use super::{Scalar, Text};
use crate::error::Defect;
use crate::spec::Constant;

impl Builder {
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

    pub(super) fn extend(&mut self, name: &str, value: Scalar) {
        let value = as_woven(name, value);
        match name_fault(name).or_else(|| value.fault()) {
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
        } else {
            self.full = true;
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.extensions.iter().position(|(other, _)| other == name)
    }

    /// An extension that every signal of the type carries, unless the draft says another.
    pub(crate) fn preset(&mut self, name: &'static str, value: Constant) {
        match name_fault(name) {
            Some(fault) => self.note(name, fault),
            None => self.lend(name, as_woven(name, Scalar::from(value))),
        }
    }

    pub(super) fn lend(&mut self, name: &'static str, value: Scalar) {
        if self.find(name).is_some() {
            return;
        }
        // What is sealed can be read again.
        match value.fault() {
            Some(fault) => self.note(name, fault),
            None => self.push(Cow::Borrowed(name), value),
        }
    }
}

/// The extensions that say what a signal belongs to are text, whatever they came as.
fn as_woven(name: &str, value: Scalar) -> Scalar {
    if value.text().is_none() && WOVEN.contains(&name) {
        return Scalar::from(value.to_string());
    }
    value
}

fn name_fault(name: &str) -> Option<String> {
    let fault = check_name(name).err()?;
    Some(format!(
        "is no name for an extension: {fault}; write lower-case letters and digits"
    ))
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
