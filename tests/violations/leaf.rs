//! The faults of numbers and of text.

use enact::params::Code;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::plant::Planter;

impl Planter<'_> {
    pub(crate) fn number(&mut self, map: &Map<String, Value>, pointer: &str) {
        if map.contains_key("enum") {
            self.set(pointer, json!(77), Code::OneOf);
            return;
        }
        let unit = map.get("multipleOf").and_then(Value::as_f64);
        let beyond = |bound: &Value, by: f64| {
            let bound = bound.as_f64()?;
            // Far enough away that a double feels it, and still a multiple.
            let step = unit.unwrap_or(1.0).max(bound.abs() * 0.5).max(1.0);
            let step = unit.map_or(step, |unit| (step / unit).ceil() * unit);
            let beyond = bound + by * step;
            let whole = unit.is_none_or(|unit| unit.fract() == 0.0 && beyond % unit == 0.0);
            (whole && beyond.is_finite()).then_some(beyond.trunc())
        };
        let ends = [
            ("minimum", Code::Min, -1.0),
            ("maximum", Code::Max, 1.0),
            ("exclusiveMinimum", Code::ExclusiveMin, -1.0),
            ("exclusiveMaximum", Code::ExclusiveMax, 1.0),
        ];
        for (keyword, code, by) in ends {
            if let Some(beyond) = map.get(keyword).and_then(|bound| beyond(bound, by)) {
                self.set(pointer, json!(beyond), code);
            }
        }
        if map
            .get("multipleOf")
            .and_then(Value::as_u64)
            .is_some_and(|unit| unit > 1)
        {
            let bounded = map
                .get("minimum")
                .and_then(Value::as_i64)
                .unwrap_or(0)
                .max(0);
            self.set(pointer, json!(bounded + 1), Code::MultipleOf);
        }
    }

    pub(crate) fn text(&mut self, map: &Map<String, Value>, pointer: &str) {
        if map.contains_key("enum") || map.contains_key("const") {
            self.set(pointer, "no such value".into(), Code::OneOf);
            return;
        }
        let whole = |keyword: &str| map.get(keyword).and_then(Value::as_u64);
        let (least, most) = (whole("minLength").unwrap_or(0), whole("maxLength"));
        let fits = |text: &str| {
            let length = text.chars().count() as u64;
            length >= least && most.is_none_or(|most| length <= most)
        };
        let pattern = map.get("pattern").and_then(Value::as_str);
        let pattern = pattern.map(|pattern| Regex::new(pattern).expect("a published pattern"));
        let two_rules = map.get("format") == Some(&json!("uri")) && pattern.is_some();
        if map.contains_key("allOf") || two_rules {
            // What breaks one would break the other.
            return;
        }
        let odd = "~".repeat(usize::try_from(least.max(1)).expect("a short text"));
        match (map.contains_key("format"), pattern) {
            (true, _) if fits(&odd) => self.set(pointer, odd.into(), Code::Format),
            (false, Some(pattern)) if !pattern.is_match(&odd) && fits(&odd) => {
                self.set(pointer, odd.into(), Code::Pattern);
            }
            (true, _) | (false, Some(_)) => {}
            (false, None) => {
                if least > 0 {
                    self.set(pointer, "".into(), Code::Len);
                }
                if let Some(most) = most {
                    let long = "ä".repeat(usize::try_from(most + 1).expect("a short text"));
                    self.set(pointer, long.into(), Code::Len);
                }
            }
        }
    }
}
