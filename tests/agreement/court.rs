//! One action before the judge: every input, what the schema says of it, and what the reader does.

use std::fmt;
use std::ops::AddAssign;

use enact::params::Code;
use enact::registry::Entry;
use enact_tests::{Shape, shapes};
use jsonschema::Validator;
use serde_json::Value;

/// How many faults of one action are worth reading.
const MOST: usize = 5;

/// How many inputs went which way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    /// How many of them serde alone could build.
    pub(crate) built: u64,
    pub(crate) faults: u64,
}

impl Tally {
    pub(crate) fn total(self) -> u64 {
        self.accepted + self.refused
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.built += other.built;
        self.faults += other.faults;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            accepted,
            refused,
            built,
            faults,
        } = self;
        let share = 100 * accepted / self.total().max(1);
        write!(
            f,
            "{} inputs, {accepted} accepted ({share} %), {refused} refused, {built} built by serde \
             alone, {faults} faults",
            self.total()
        )
    }
}

/// One action, its judge and the record of the hearing.
pub(crate) struct Court {
    entry: &'static Entry,
    shape: Shape,
    judge: Validator,
    tally: Tally,
    faults: Vec<String>,
}

impl Court {
    pub(crate) fn of(entry: &'static Entry) -> Self {
        let judge = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(entry.schema())
            .expect("the judge can read the schema");
        let shape = shapes()
            .into_iter()
            .find(|shape| shape.name == entry.name());
        let shape = shape.expect("every action is among the shapes");
        Self {
            entry,
            shape,
            judge,
            tally: Tally::default(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    pub(crate) fn into_faults(self) -> Vec<String> {
        self.faults
    }

    /// Hears one input.
    pub(crate) fn hear(&mut self, input: &Value) {
        let valid = self.judge.is_valid(input);
        self.tally.accepted += u64::from(valid);
        self.tally.refused += u64::from(!valid);
        self.read(input, valid);
        self.build(input);
    }

    /// Reading refuses what the schema refuses, and what it accepts stays as it is.
    fn read(&mut self, input: &Value, valid: bool) {
        match (self.entry.check(input.clone()), valid) {
            (Ok(()), false) => self.fault("the reader alone accepts", input, ""),
            (Err(violations), _) if violations.iter().any(|it| it.code == Code::Unreadable) => {
                self.fault("serde refuses", input, &violations.to_string());
            }
            (Err(violations), true) => {
                self.fault("the schema alone accepts", input, &violations.to_string());
            }
            (Err(_), false) => {}
            (Ok(()), true) => match (self.shape.round)(input.clone()) {
                Err(violations) => self.fault("memory refuses", input, &violations.to_string()),
                Ok(written) => self.again(input, &written),
            },
        }
    }

    /// What was read and written is accepted again, and written alike.
    fn again(&mut self, input: &Value, written: &Value) {
        if !self.judge.is_valid(written) {
            self.fault(
                "the schema refuses what was written",
                input,
                &written.to_string(),
            );
        }
        match (self.shape.round)(written.clone()) {
            Ok(twice) if sorted(&twice) == sorted(written) => {}
            Ok(twice) => self.fault("writing changes", written, &twice.to_string()),
            Err(violations) => {
                self.fault(
                    "the reader refuses what was written",
                    written,
                    &violations.to_string(),
                );
            }
        }
    }

    /// A value in memory is valid where what it is written as is valid.
    fn build(&mut self, input: &Value) {
        let Some((written, verdict)) = (self.shape.typed)(input.clone()) else {
            return;
        };
        self.tally.built += 1;
        match (verdict, self.judge.is_valid(&written)) {
            (Ok(()), false) => self.fault("memory alone accepts", &written, ""),
            (Err(violations), true) => {
                self.fault("memory alone refuses", &written, &violations.to_string());
            }
            (Ok(()), true) | (Err(_), false) => {}
        }
    }

    fn fault(&mut self, what: &str, input: &Value, why: &str) {
        self.tally.faults += 1;
        if self.faults.len() < MOST {
            self.faults
                .push(format!("{}: {what}: {input} {why}", self.entry.name()));
        }
    }
}

/// The value with its lists in order, since a hashed set is written in any.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_cached_key(Value::to_string);
            items.into()
        }
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), sorted(value)))
            .collect(),
        value => value.clone(),
    }
}
