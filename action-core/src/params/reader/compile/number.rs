//! What a schema says of numbers.

use serde_json::{Number, Value};

use super::{Compiler, Schema};
use crate::params::place::Place;
use crate::params::reader::node::NumberRules;
use crate::params::schema::SINGLE;

pub(super) fn rules(map: &Schema) -> Option<Box<NumberRules>> {
    let bound = |keyword: &str| match map.get(keyword) {
        Some(Value::Number(bound)) => Some(bound.clone()),
        _ => None,
    };
    let mut rules = NumberRules {
        whole: None,
        min: bound("minimum"),
        max: bound("maximum"),
        exclusive_min: bound("exclusiveMinimum"),
        exclusive_max: bound("exclusiveMaximum"),
        multiple_of: bound("multipleOf"),
    };
    rules.whole = whole(&rules);
    let any: [&Option<Number>; 5] = [
        &rules.min,
        &rules.max,
        &rules.exclusive_min,
        &rules.exclusive_max,
        &rules.multiple_of,
    ];
    any.iter()
        .any(|bound| bound.is_some())
        .then(|| Box::new(rules))
}

/// The integers between `min` and `max`, where nothing else is asked of them.
fn whole(rules: &NumberRules) -> Option<(i64, i64)> {
    if rules.exclusive_min.is_some() || rules.exclusive_max.is_some() || rules.multiple_of.is_some()
    {
        return None;
    }
    let end = |bound: &Option<Number>, open| bound.as_ref().map_or(Some(open), Number::as_i64);
    end(&rules.min, i64::MIN).zip(end(&rules.max, i64::MAX))
}

impl Compiler<'_> {
    /// Two doubles may be one `f32`.
    pub(super) fn check_single_items(&mut self, map: &Schema, place: &Place<'_>) {
        let single = map
            .get("items")
            .and_then(|items| items.get(SINGLE))
            .is_some();
        if single && map.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.defect(
                place,
                "f32 items are rounded, and may be alike then: make them f64",
            );
        }
    }

    /// Reading rounds an `f32`, so what it is asked for has to hold after rounding too.
    pub(super) fn check_single(&mut self, map: &Schema, place: &Place<'_>) {
        const BROKEN: [&str; 3] = ["exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        for keyword in BROKEN.iter().filter(|keyword| map.contains_key(**keyword)) {
            self.defect(
                place,
                format_args!(
                    "an f32 is rounded, and then `{keyword}` need not hold any more: make it an f64"
                ),
            );
        }
        for keyword in ["minimum", "maximum"] {
            let bound = map.get(keyword).and_then(Value::as_f64);
            if bound.is_some_and(|bound| !is_single(bound)) {
                self.defect(place, format_args!("an f32 can't be exactly what `{keyword}` says: make it an f64, or the bound a number such as 0.5"));
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "that is the question"
)]
fn is_single(number: f64) -> bool {
    f64::from(number as f32) == number
}
