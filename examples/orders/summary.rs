//! What came of all the orders, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use enact::prelude::*;
use enact::workflow::What;
use serde::Serialize;

use crate::order::Confirmation;

/// What came of all the orders.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) fulfilled: u32,
    pub(crate) pieces: u32,
    pub(crate) cents: u64,
    /// Their params broke a rule, so that nothing ran.
    pub(crate) refused: Reasons,
    /// Their runs failed and went back.
    pub(crate) failed: Reasons,
    pub(crate) steps: Steps,
    /// The order whose run took the most steps, and how many.
    pub(crate) longest: (String, u32),
    /// How many pieces the warehouse keeps for somebody in the end.
    pub(crate) reserved: u64,
    /// How many cents the ledger holds in the end.
    pub(crate) charged: u64,
}

/// The orders that nothing came of, and how often each reason was given.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Reasons {
    pub(crate) orders: u32,
    pub(crate) reasons: BTreeMap<String, u32>,
}

/// How many steps began, were tried again, and were undone.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Steps {
    pub(crate) run: u32,
    pub(crate) retried: u32,
    pub(crate) undone: u32,
}

impl Steps {
    /// Counts one event of a run.
    pub(crate) fn count(&mut self, what: &What) {
        match what {
            What::StepStarted { .. } => self.run += 1,
            What::StepRetried { .. } => self.retried += 1,
            What::StepUndone => self.undone += 1,
            _ => {}
        }
    }
}

impl Summary {
    pub(crate) fn orders(&self) -> u32 {
        self.fulfilled + self.refused.orders + self.failed.orders
    }

    /// Adds what came of one order, and the steps that it took.
    pub(crate) fn add(&mut self, outcome: Result<Confirmation, Failure>, steps: Steps) {
        self.steps.run += steps.run;
        self.steps.retried += steps.retried;
        self.steps.undone += steps.undone;
        match outcome {
            Ok(confirmation) => self.fulfilled(confirmation, steps.run),
            Err(failure) if steps.run == 0 => self.refused.add(&failure),
            Err(failure) => self.failed.add(&failure),
        }
    }

    /// Counts an order that was fulfilled.
    pub(crate) fn count(&mut self, confirmation: &Confirmation) {
        self.fulfilled += 1;
        self.pieces += confirmation.pieces;
        self.cents += confirmation.cents;
    }

    fn fulfilled(&mut self, confirmation: Confirmation, steps: u32) {
        self.count(&confirmation);
        let (longest, most) = &self.longest;
        if steps > *most || (steps == *most && confirmation.order < *longest) {
            self.longest = (confirmation.order, steps);
        }
    }
}

impl Reasons {
    pub(crate) fn add(&mut self, failure: &Failure) {
        self.orders += 1;
        let codes = match failure.violations() {
            Some(rules) => rules.iter().map(|rule| rule.code.as_str()).collect(),
            None => vec![failure.code()],
        };
        for code in codes {
            *self.reasons.entry(code.to_owned()).or_default() += 1;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Steps { run, retried, .. } = self.steps;
        match run {
            0 => writeln!(f, "{} orders", self.orders())?,
            _ => writeln!(
                f,
                "{} orders: {run} steps, {retried} retries",
                self.orders()
            )?,
        }
        let (pieces, cents) = (self.pieces, euros(self.cents));
        writeln!(
            f,
            "{:>5} fulfilled: {pieces} pieces for {cents}",
            self.fulfilled
        )?;
        writeln!(f, "{:>5} refused: {}", self.refused.orders, self.refused)?;
        writeln!(f, "{:>5} failed: {}", self.failed.orders, self.failed)?;
        if run > 0 {
            writeln!(f, "      and went back: {} steps undone", self.steps.undone)?;
        }
        let (pieces, cents) = (self.reserved, euros(self.charged));
        write!(
            f,
            "left in the books: {pieces} pieces reserved, {cents} charged"
        )?;
        let (order, steps) = &self.longest;
        match steps {
            0 => Ok(()),
            _ => write!(f, "\nlongest run: {order} with {steps} steps"),
        }
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (code, count)) in self.reasons.iter().enumerate() {
            let joint = if index == 0 { "" } else { ", " };
            write!(f, "{joint}{count} {code}")?;
        }
        Ok(())
    }
}

fn euros(cents: u64) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}
