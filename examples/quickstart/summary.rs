//! What came of a file of orders, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use enact::prelude::*;
use serde::Serialize;

/// What came of a file of orders.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) ran: usize,
    pub(crate) cents: u64,
    pub(crate) refused: Vec<Refusal>,
}

/// One line that did not run.
#[derive(Debug, Serialize)]
pub(crate) struct Refusal {
    pub(crate) line: usize,
    pub(crate) failure: Failure,
}

impl Refusal {
    /// The rules that were broken, by their codes.
    fn codes(&self) -> Vec<&str> {
        match self.failure.violations() {
            Some(violations) => violations
                .iter()
                .map(|violation| violation.code.as_str())
                .collect(),
            None => vec![self.failure.code()],
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for refusal in &self.refused {
            writeln!(f, "{refusal}")?;
        }
        let total = self.ran + self.refused.len();
        let (euros, cents) = (self.cents / 100, self.cents % 100);
        writeln!(
            f,
            "\n{total} orders: {} ran, worth {euros}.{cents:02}",
            self.ran
        )?;
        write!(f, "{} refused", self.refused.len())?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for code in self.refused.iter().flat_map(Refusal::codes) {
            *counts.entry(code).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
        for (index, (code, count)) in counts.into_iter().enumerate() {
            let joint = if index == 0 { ": " } else { ", " };
            write!(f, "{joint}{count} {code}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line;
        match self.failure.violations() {
            Some(violations) => {
                for (index, violation) in violations.iter().enumerate() {
                    let end = if index == 0 { "" } else { "\n" };
                    write!(f, "{end}line {line}: {violation}")?;
                }
                Ok(())
            }
            None => write!(f, "line {line}: {}", self.failure),
        }
    }
}
