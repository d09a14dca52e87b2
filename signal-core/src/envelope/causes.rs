//! What a signal belongs to: its causes, its correlation, its trace.

use enact_action_core::context::Trace;
use serde_json::Value;

use super::scalar::shown;
use super::{Builder, Envelope, Scalar};

impl Builder {
    /// What all signals of one business transaction share.
    pub fn correlation(self, id: impl Into<String>) -> Self {
        self.extension("correlationid", id.into())
    }

    /// The W3C trace that it belongs to; the state of another is left out.
    pub fn trace(mut self, trace: Trace) -> Self {
        self.extensions.retain(|(name, _)| name != "tracestate");
        self.forget("tracestate");
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

    fn add_cause(&mut self, id: &str) {
        if self.find("causationid").is_none() {
            return self.inherit("causationid", id);
        }
        let known = self.find("othercauses");
        let known = known.and_then(|index| self.extensions[index].1.text());
        let Ok(mut others) = serde_json::from_str::<Vec<String>>(known.unwrap_or("[]")) else {
            let known = known.map(shown).unwrap_or_default();
            let what = format!("is {known}, and no JSON list of ids; write it as [\"1\",\"2\"]");
            return self.note("othercauses", what);
        };
        others.push(id.to_owned());
        self.extend("othercauses", Scalar::from(Value::from(others).to_string()));
    }

    fn inherit(&mut self, name: &'static str, text: &str) {
        self.lend(name, Scalar::from(text));
    }
}
