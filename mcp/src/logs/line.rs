//! One thing that was logged, as the protocol tells it.

use std::error::Error;
use std::fmt;

#[expect(
    deprecated,
    reason = "clients of revisions before 2026-07-28 ask for it"
)]
use rmcp::model::{LoggingLevel, LoggingMessageNotificationParam};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level};

/// How long the text of one field is at most, in bytes.
const LONGEST: usize = 4096;

/// One thing that was logged.
#[derive(Debug)]
pub(crate) struct Line {
    level: Level,
    target: &'static str,
    fields: Map<String, Value>,
}

impl Line {
    pub(super) fn of(event: &Event<'_>) -> Self {
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        Self {
            level: *event.metadata().level(),
            target: event.metadata().target(),
            fields: fields.0,
        }
    }

    /// A message alone as text, with more as an object.
    #[expect(
        deprecated,
        reason = "clients of revisions before 2026-07-28 ask for it"
    )]
    pub(crate) fn param(self) -> LoggingMessageNotificationParam {
        let level = match self.level {
            Level::ERROR => LoggingLevel::Error,
            Level::WARN => LoggingLevel::Warning,
            Level::INFO => LoggingLevel::Info,
            Level::DEBUG | Level::TRACE => LoggingLevel::Debug,
        };
        let mut fields = self.fields;
        let data = match fields.remove("message") {
            Some(message) if fields.is_empty() => message,
            Some(message) => {
                fields.insert("message".to_owned(), message);
                Value::Object(fields)
            }
            None => Value::Object(fields),
        };
        LoggingMessageNotificationParam::new(level, data).with_logger(self.target)
    }
}

/// The fields of an event as JSON.
struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn text(&mut self, field: &Field, mut text: String) {
        if text.len() > LONGEST {
            text.truncate(text.floor_char_boundary(LONGEST));
            text.push('…');
        }
        self.set(field, text);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.text(field, value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format!("{value:?}"));
    }
}
