//! Checking values in memory: the typed twin of reading JSON.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Number, Value};

use super::place::Place;
use super::rules::{Counts, Len, Rules};
use super::show::{self, SECRET_LIST};
use super::violation::{Code, Violation, Violations};
use enact_grammar::number;

/// Where a check notes what it finds: a place, and the list behind it.
#[derive(Debug)]
pub struct Report<'a> {
    place: Place<'a>,
    secret: bool,
    scope: Scope,
    found: &'a mut Violations,
}

/// Which rules a report is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All of them: the value was made in memory.
    Every,
    /// The program's own checks: the schema has seen to the others.
    Program,
}

impl<'a> Report<'a> {
    pub(crate) fn new(found: &'a mut Violations) -> Self {
        Self {
            place: Place::Root,
            secret: false,
            scope: Scope::Every,
            found,
        }
    }

    /// For a value that was read by its schema: what is left are the program's own checks.
    pub(crate) fn after_reading(found: &'a mut Violations) -> Self {
        Self {
            scope: Scope::Program,
            ..Self::new(found)
        }
    }

    #[inline]
    fn is_every(&self) -> bool {
        self.scope == Scope::Every
    }

    /// The same report at a param of this one, to go on with there.
    #[inline]
    pub fn at<'b>(&'b mut self, name: &'b str) -> Report<'b> {
        let place = Place::Key(&self.place, name);
        Report {
            place,
            secret: self.secret,
            scope: self.scope,
            found: self.found,
        }
    }

    /// The same report at a param of this one.
    #[inline]
    pub fn field(&mut self, name: &str, check: impl FnOnce(&mut Report<'_>)) {
        let place = Place::Key(&self.place, name);
        check(&mut Report {
            place,
            secret: self.secret,
            scope: self.scope,
            found: self.found,
        });
    }

    /// The same report at a key of a map; in a secret map, keys are not shown either.
    #[inline]
    pub(crate) fn key(&mut self, key: &str, check: impl FnOnce(&mut Report<'_>)) {
        if self.secret {
            check(self);
        } else {
            self.field(key, check);
        }
    }

    /// The same report at an item of this one.
    #[inline]
    pub fn item(&mut self, index: usize, check: impl FnOnce(&mut Report<'_>)) {
        let place = Place::Index(&self.place, index);
        check(&mut Report {
            place,
            secret: self.secret,
            scope: self.scope,
            found: self.found,
        });
    }

    /// From here on, values are not shown.
    pub fn hide(&mut self) {
        self.secret = true;
    }

    /// Notes that a check of the program refused this value, and why.
    pub fn refuse<T: Serialize + ?Sized>(&mut self, value: &T, why: impl Display) {
        let found = show::typed(value);
        self.add(Code::Check, found, why.to_string());
    }

    pub(crate) fn add(&mut self, code: Code, found: String, allowed: String) {
        let found = if self.secret {
            show::SECRET.to_owned()
        } else {
            found
        };
        self.found.push(Violation {
            pointer: self.place.pointer(),
            code,
            found,
            allowed,
            hint: None,
        });
    }
}

/// A param that the number rules fit.
pub trait Numeric {
    /// The number, unless it is absent or not finite.
    fn number(&self) -> Option<Number>;
}

/// A param that the text rules fit.
pub trait Text {
    /// The text, unless it is absent.
    fn text(&self) -> Option<&str>;
}

/// A param that `len` fits.
pub trait Length {
    /// What the length counts.
    const COUNTS: Counts;
    /// The length, unless the value is absent.
    fn length(&self) -> Option<usize>;
}

/// A param that has items.
pub trait Items {
    /// One item.
    type Item: Serialize;
    /// Calls `visit` with each item.
    fn each(&self, visit: &mut dyn FnMut(usize, &Self::Item));
}

/// A param that has keys.
pub trait Keys {
    /// Calls `visit` with each key.
    fn each_key(&self, visit: &mut dyn FnMut(&str));
}

/// A param that `one_of` fits.
pub trait Scalar {
    /// The value as JSON, unless it is absent.
    fn scalar(&self) -> Option<Value>;
}

/// Checks the number rules.
pub fn check_number<T: Numeric + ?Sized>(value: &T, rules: &Rules, report: &mut Report<'_>) {
    if report.is_every()
        && let Some(number) = value.number()
    {
        number_rules(&number, rules, report);
    }
}

fn number_rules(found: &Number, rules: &Rules, report: &mut Report<'_>) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let bounds = [
        (rules.min, Code::Min, "at least", [Equal, Greater]),
        (rules.max, Code::Max, "at most", [Equal, Less]),
        (
            rules.exclusive_min,
            Code::ExclusiveMin,
            "more than",
            [Greater, Greater],
        ),
        (
            rules.exclusive_max,
            Code::ExclusiveMax,
            "less than",
            [Less, Less],
        ),
    ];
    for (bound, code, words, fine) in bounds {
        let Some(bound) = bound.map(super::rules::Bound::number) else {
            continue;
        };
        if !fine.contains(&number::compare(found, &bound)) {
            report.add(code, found.to_string(), format!("{words} {bound}"));
        }
    }
    if let Some(unit) = rules.multiple_of.map(super::rules::Bound::number)
        && !number::is_multiple_of(found, &unit)
    {
        report.add(
            Code::MultipleOf,
            found.to_string(),
            format!("a multiple of {unit}"),
        );
    }
}

/// Checks `pattern` and `format`.
pub fn check_text<T: Text + ?Sized>(value: &T, rules: &Rules, report: &mut Report<'_>) {
    let Some(text) = value.text().filter(|_| report.is_every()) else {
        return;
    };
    if let Some(pattern) = &rules.pattern
        && !pattern.is_match(text)
    {
        report.add(
            Code::Pattern,
            show::text(text),
            show::pattern(pattern.source()),
        );
    }
    if let Some(format) = rules.format
        && !format.accepts(text)
    {
        report.add(Code::Format, show::text(text), show::format(format));
    }
}

/// Checks `len`.
pub fn check_len<T: Length + ?Sized>(value: &T, rules: &Rules, report: &mut Report<'_>) {
    if report.is_every()
        && let (Some(length), Some(len)) = (value.length(), rules.len)
        && !fits(length as u64, len)
    {
        let found = T::COUNTS.many(length as u64);
        report.add(Code::Len, found, show::len(len, T::COUNTS));
    }
}

pub(crate) fn fits(length: u64, len: Len) -> bool {
    length >= len.min && len.max.is_none_or(|max| length <= max)
}

/// Checks `unique`.
pub fn check_unique<T: Items + ?Sized>(value: &T, report: &mut Report<'_>) {
    if !report.is_every() {
        return;
    }
    let mut items = Vec::new();
    value.each(&mut |_, item| items.push(serde_json::to_value(item).unwrap_or(Value::Null)));
    if let Some((first, second)) = number::has_duplicates(&items) {
        report.add(
            Code::Unique,
            show::alike(first, second),
            show::NO_TWO_ALIKE.to_owned(),
        );
    }
}

/// Checks `one_of`.
pub fn check_one_of<T: Scalar + ?Sized>(value: &T, rules: &Rules, report: &mut Report<'_>) {
    let Some(found) = value.scalar().filter(|_| report.is_every()) else {
        return;
    };
    let allowed: Vec<Value> = rules.one_of.iter().map(|literal| literal.value()).collect();
    if !allowed.iter().any(|value| number::json_eq(value, &found)) {
        let allowed = if report.secret {
            SECRET_LIST.to_owned()
        } else {
            show::one_of(&allowed)
        };
        report.add(Code::OneOf, show::value(&found), allowed);
    }
}

/// Checks each item with `check`.
pub fn check_items<T: Items + ?Sized>(
    value: &T,
    report: &mut Report<'_>,
    mut check: impl FnMut(&T::Item, &mut Report<'_>),
) {
    value.each(&mut |index, item| report.item(index, |report| check(item, report)));
}

/// Checks each key with `check`.
pub fn check_keys<T: Keys + ?Sized>(
    value: &T,
    report: &mut Report<'_>,
    mut check: impl FnMut(&str, &mut Report<'_>),
) {
    value.each_key(&mut |key| report.key(key, |report| check(key, report)));
}

/// Runs a check of the program, `#[param(check = path)]`.
pub fn check_with<T: Serialize + ?Sized, E: Display>(
    value: &T,
    check: impl FnOnce(&T) -> Result<(), E>,
    report: &mut Report<'_>,
) {
    if let Err(why) = check(value) {
        report.refuse(value, why);
    }
}
