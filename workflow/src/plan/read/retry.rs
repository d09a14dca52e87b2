//! How a step is tried again, as it is written.

use enact_action_core::Retry;
use serde_json::Value;

use super::fields::Fields;
use super::time;
use crate::plan::limits::MOST_RETRIES;
use crate::plan::mistake::{Code, Notes};
use crate::plan::place::Place;
use crate::plan::words;

const KEYS: [&str; 3] = ["times", "first", "most"];

/// Reads `{"times": …, "first": …, "most": …}`.
pub(super) fn read(json: &Value, place: &Place<'_>, notes: &mut Notes) -> Option<Retry> {
    let fields = Fields::read(json, place, "a retry", &KEYS, notes)?;
    let times = fields.require("times", place, "how often to try again", notes)?;
    let mut retry = Retry::times(whole(times, &place.key("times"), 1, MOST_RETRIES, notes)?);
    if let Some(first) = fields.get("first") {
        retry.first = time::read(first, &place.key("first"), notes)?;
        retry.most = retry.most.max(retry.first);
    }
    if let Some(most) = fields.get("most") {
        let place = place.key("most");
        retry.most = time::read(most, &place, notes)?;
        if retry.most < retry.first {
            let found = words::value(most);
            notes.add(
                &place,
                Code::Shape,
                found,
                format!("at least the first wait, {:?}", retry.first),
            );
        }
    }
    Some(retry)
}

/// A whole number in these bounds, with a mistake where it is none.
pub(super) fn whole(
    json: &Value,
    place: &Place<'_>,
    least: u32,
    most: u32,
    notes: &mut Notes,
) -> Option<u32> {
    let number = json.as_u64().and_then(|number| u32::try_from(number).ok());
    let number = number.filter(|number| (least..=most).contains(number));
    if number.is_none() {
        let allowed = format!("a whole number from {least} to {most}");
        notes.add(place, Code::Shape, words::value(json), allowed);
    }
    number
}
