//! Says in words what a vendor has no keyword for.

use serde_json::Value;

use crate::tool::read::join;
use crate::tool::shape::{Bound, Kind, Node, Shape};

/// All the texts as one description.
pub(super) fn all<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts
        .into_iter()
        .fold(String::new(), |sofar, text| join(&sofar, text))
}

/// The bounds in short sentences, each pair of limits as one.
pub(super) fn bounds(bounds: &[&Bound]) -> Vec<String> {
    let mut notes = Vec::new();
    range(&mut notes, bounds, "character", |bound| match bound {
        Bound::MinLength(count) => Some((Side::Low, *count)),
        Bound::MaxLength(count) => Some((Side::High, *count)),
        _ => None,
    });
    range(&mut notes, bounds, "item", |bound| match bound {
        Bound::MinItems(count) => Some((Side::Low, *count)),
        Bound::MaxItems(count) => Some((Side::High, *count)),
        _ => None,
    });
    range(&mut notes, bounds, "key", |bound| match bound {
        Bound::MinProperties(count) => Some((Side::Low, *count)),
        Bound::MaxProperties(count) => Some((Side::High, *count)),
        _ => None,
    });
    let low = bounds.iter().find_map(|bound| match bound {
        Bound::Minimum(limit) => Some(limit),
        _ => None,
    });
    let high = bounds.iter().find_map(|bound| match bound {
        Bound::Maximum(limit) => Some(limit),
        _ => None,
    });
    match (low, high) {
        (Some(low), Some(high)) => notes.push(format!("From {low} to {high}.")),
        (Some(low), None) => notes.push(format!("At least {low}.")),
        (None, Some(high)) => notes.push(format!("At most {high}.")),
        (None, None) => {}
    }
    notes.extend(bounds.iter().filter_map(|bound| match bound {
        Bound::ExclusiveMinimum(limit) => Some(format!("Greater than {limit}.")),
        Bound::ExclusiveMaximum(limit) => Some(format!("Less than {limit}.")),
        Bound::MultipleOf(factor) => Some(format!("A multiple of {factor}.")),
        Bound::Pattern(pattern) => Some(format!("Matches the pattern `{pattern}`.")),
        Bound::Format(name) => Some(format(name)),
        Bound::UniqueItems => Some("No two items alike.".to_owned()),
        _ => None,
    }));
    notes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

fn range(
    notes: &mut Vec<String>,
    bounds: &[&Bound],
    noun: &str,
    limit: impl Fn(&Bound) -> Option<(Side, u64)>,
) {
    let side = |wanted| {
        bounds
            .iter()
            .filter_map(|bound| limit(bound))
            .find(|(side, _)| *side == wanted)
    };
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    match (side(Side::Low), side(Side::High)) {
        (Some((_, low)), Some((_, high))) if low == high => {
            notes.push(format!("Exactly {low} {noun}{}.", plural(low)));
        }
        (Some((_, low)), Some((_, high))) => {
            notes.push(format!("{low} to {high} {noun}{}.", plural(high)));
        }
        (Some((_, low)), None) => notes.push(format!("At least {low} {noun}{}.", plural(low))),
        (None, Some((_, high))) => notes.push(format!("At most {high} {noun}{}.", plural(high))),
        (None, None) => {}
    }
}

fn format(name: &str) -> String {
    match name {
        "date-time" => "A date and time with offset, such as `2026-01-31T09:30:00Z`.".to_owned(),
        "date" => "A date, such as `2026-01-31`.".to_owned(),
        "time" => "A time of day with offset, such as `09:30:00Z`.".to_owned(),
        "duration" => "An ISO 8601 duration, such as `PT15M`.".to_owned(),
        "email" => "An e-mail address.".to_owned(),
        "hostname" => "A host name.".to_owned(),
        "ipv4" => "An IPv4 address.".to_owned(),
        "ipv6" => "An IPv6 address.".to_owned(),
        "uuid" => "A UUID.".to_owned(),
        "uri" => "A URI.".to_owned(),
        other => format!("In the format `{other}`."),
    }
}

/// What the keys of a map must be like.
pub(super) fn keys(shape: &Shape, key: &Node) -> Option<String> {
    match &key.kind {
        Kind::Ref(name) => keys_of(shape.def(name)?),
        _ => keys_of(key),
    }
}

fn keys_of(key: &Node) -> Option<String> {
    let said = match &key.kind {
        Kind::Text(limits) => bounds(&limits.iter().collect::<Vec<_>>()).join(" "),
        Kind::Literals(literals) => {
            let values: Vec<_> = literals
                .iter()
                .map(|literal| literal.value.to_string())
                .collect();
            format!("One of {}.", values.join(", "))
        }
        _ => String::new(),
    };
    let said = join(&key.about.description, &said);
    (!said.is_empty()).then(|| format!("Each key: {said}"))
}

/// A default, as the vendor would write it.
pub(super) fn default(value: &Value) -> String {
    format!("Default: {value}.")
}

/// Examples, as the vendor would write them.
pub(super) fn examples(values: &[Value]) -> String {
    let texts: Vec<_> = values.iter().map(Value::to_string).collect();
    let noun = if values.len() == 1 {
        "Example"
    } else {
        "Examples"
    };
    format!("{noun}: {}.", texts.join(", "))
}
