//! Rules against each other.

use std::cmp::Ordering;

use enact_grammar::number::{compare, is_divisor};
use enact_macro_support::Diag;
use enact_macro_support::keys::Key;

use crate::model::{Number, Rules};
use crate::parse::value;

pub(super) fn check(rules: &Rules, diag: &mut Diag) {
    twice(rules.min.as_ref(), rules.exclusive_min.as_ref(), diag);
    twice(rules.max.as_ref(), rules.exclusive_max.as_ref(), diag);
    let least = rules.min.as_ref().map(|min| (min, false));
    let least = least.or_else(|| rules.exclusive_min.as_ref().map(|min| (min, true)));
    let most = rules.max.as_ref().map(|max| (max, false));
    let most = most.or_else(|| rules.exclusive_max.as_ref().map(|max| (max, true)));
    if let (Some(((min, _), above)), Some(((max, key), below))) = (least, most) {
        let order = compare(&min.json(), &max.json());
        if order == Ordering::Greater || (order == Ordering::Equal && (above || below)) {
            let (least, most) = (
                if above { "above" } else { "at least" },
                if below { "below" } else { "at most" },
            );
            diag.note(
                key,
                format!(
                    "no number is {least} {} and {most} {}: change one, or swap them",
                    min.json(),
                    max.json()
                ),
            );
        }
    }
    if let Some((unit, key)) = &rules.multiple_of {
        if compare(&unit.json(), &0.into()) != Ordering::Greater {
            diag.note(key, "write a number above 0: `multiple_of = 5`");
        } else if !is_divisor(&unit.json()) {
            diag.note(
                value(key),
                "readers of the schema disagree about multiples of this: write a number from \
                 0.000000001 to 9007199254740992",
            );
        }
    }
    for (inner, _) in rules.items.iter().chain(&rules.keys) {
        check(inner, diag);
    }
}

fn twice(one: Option<&(Number, Key)>, other: Option<&(Number, Key)>, diag: &mut Diag) {
    if let (Some((_, first)), Some((_, key))) = (one, other) {
        let (name, other) = (&key.name, &first.name);
        diag.note(
            key,
            format!("`{name}` bounds what `{other}` bounds already: take one out"),
        );
    }
}

impl Number {
    /// The number as JSON.
    pub(crate) fn json(self) -> serde_json::Number {
        match self {
            Self::Int(int) => int.into(),
            Self::Uint(uint) => uint.into(),
            Self::Float(float) => serde_json::Number::from_f64(float).unwrap_or_else(|| 0.into()),
        }
    }
}
