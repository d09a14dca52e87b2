//! What is asked of numbers, of text, and of how long something is.

use serde_json::Number;

use super::node::{Kinds, Node, NumberRules, TextRules};
use super::walk::Walk;
use crate::params::place::Place;
use crate::params::report::fits;
use crate::params::rules::{Counts, Len};
use crate::params::show;
use crate::params::violation::Code;
use enact_grammar::number;

impl Walk<'_> {
    pub(super) fn number(&mut self, node: &Node, found: &mut Number, place: &Place<'_>) {
        if found.is_f64()
            && !node.kinds.has(Kinds::FRACTION)
            && let Some(integer) = number::to_integer(found)
        {
            *found = integer;
        }
        if let Some(rules) = &node.number {
            self.number_rules(rules, found, place);
        }
    }

    fn number_rules(&mut self, rules: &NumberRules, found: &Number, place: &Place<'_>) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        if let (Some((least, most)), Some(found)) = (rules.whole, found.as_i64())
            && (least..=most).contains(&found)
        {
            return;
        }
        let bounds = [
            (&rules.min, Code::Min, "at least", [Equal, Greater]),
            (&rules.max, Code::Max, "at most", [Equal, Less]),
            (
                &rules.exclusive_min,
                Code::ExclusiveMin,
                "more than",
                [Greater, Greater],
            ),
            (
                &rules.exclusive_max,
                Code::ExclusiveMax,
                "less than",
                [Less, Less],
            ),
        ];
        for (bound, code, words, fine) in bounds {
            if let Some(bound) = bound
                && !fine.contains(&number::compare(found, bound))
            {
                self.add(place, code, found.to_string(), format!("{words} {bound}"));
            }
        }
        if let Some(unit) = &rules.multiple_of
            && !number::is_multiple_of(found, unit)
        {
            let allowed = format!("a multiple of {unit}");
            self.add(place, Code::MultipleOf, found.to_string(), allowed);
        }
    }

    pub(super) fn text(&mut self, rules: &TextRules, found: &str, place: &Place<'_>) {
        if let Some(len) = rules.len {
            // A string has at least a quarter as many characters as bytes, and at most as many.
            let bytes = found.len() as u64;
            let surely = bytes / 4 >= len.min && len.max.is_none_or(|max| bytes <= max);
            if !surely {
                let length = found.chars().count() as u64;
                self.len(len, length, Counts::Characters, place);
            }
        }
        if let Some(pattern) = &rules.pattern
            && !pattern.is_match(found)
        {
            self.add(
                place,
                Code::Pattern,
                show::text(found),
                show::pattern(pattern.source()),
            );
        }
        if let Some(format) = rules.format
            && !format.accepts(found)
        {
            self.add(place, Code::Format, show::text(found), show::format(format));
        }
    }

    pub(super) fn len(&mut self, len: Len, found: u64, counts: Counts, place: &Place<'_>) {
        if !fits(found, len) {
            self.add(place, Code::Len, counts.many(found), show::len(len, counts));
        }
    }
}
