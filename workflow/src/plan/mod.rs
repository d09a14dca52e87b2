//! Plans: workflows given as data, checked whole before their first step.
//!
//! A *plan* is JSON that an operator or a language model writes over the actions of a
//! [`Registry`]. [`Plan::schema`] describes it; [`Plan::check`] reports every mistake at once,
//! each with its place, and what it accepts has nothing left to go wrong but values.
//!
//! ```
//! # extern crate enact_action_core as enact;
//! use enact::prelude::*;
//! use enact_workflow::Plan;
//! use serde_json::json;
//!
//! /// Adds two numbers.
//! #[derive(Action)]
//! #[action(effect = read)]
//! struct Add {
//!     /// The first.
//!     a: i64,
//!     /// The second.
//!     b: i64,
//! }
//!
//! impl Run for Add {
//!     type Output = i64;
//!     async fn run(&self, _cx: &Context) -> Result<i64, Failure> {
//!         Ok(self.a + self.b)
//!     }
//! }
//!
//! let plan = json!({
//!     "enact": 1,
//!     "name": "add_up",
//!     "params": { "start": { "type": "integer", "default": 1 } },
//!     "steps": [
//!         { "step": "first", "action": "add", "params": { "a": { "ref": "/params/start" }, "b": 2 } },
//!         { "step": "second", "action": "add", "params": { "a": { "ref": "/steps/frist" }, "b": "3" } }
//!     ],
//!     "answer": { "ref": "/steps/second" }
//! });
//! let mistakes = Plan::check(&plan, Registry::global()).unwrap_err();
//! let places: Vec<&str> = mistakes.iter().map(|mistake| mistake.pointer.as_str()).collect();
//! assert_eq!(places, ["/steps/1/params/a/ref", "/steps/1/params/b"]);
//! ```
//!
//! # The form
//!
//! A plan is an object: `enact` (the number 1), `name`, and as needed `description`, `params` (a
//! small JSON Schema for each input; its `default` makes it optional), `deadline`, `saga` (whether
//! what is done is undone when a later step fails), `steps` and `answer`. Each of the steps is one
//! of
//!
//! | statement | what it does |
//! | --- | --- |
//! | `{"step": "<name>", "action": "…", "params": {…}, "timeout": "10s", "retry": {"times": 3}}` | runs an action |
//! | `{"branch": "<name>", "when": [{"if": …, "then": […], "answer": …}], "else": {"then": […], "answer": …}}` | runs the first arm whose condition holds; its answer is the branch's |
//! | `{"parallel": "<name>", "arms": [[…], […]], "collect": false}` | runs all arms side by side |
//! | `{"for_each": "<name>", "in": …, "max": 8, "do": […], "answer": …}` | runs once for each item, so many at once; the answers are its list |
//! | `{"sleep": "1s"}` | waits |
//! | `{"stop": …}` | answers early |
//!
//! Where a value stands, `{"ref": "/steps/<name>/…"}` reads an earlier output, `/params/…` an
//! input, `/item/…` the item at hand and `/items/<name>/…` that of an outer `for_each`. With
//! `"default"` it reads that where there is nothing, or null. `{"literal": …}` is taken as it
//! stands. What a step in an arm of a parallel makes is there behind the parallel; what is made in a
//! branch or a `for_each` stays inside.
//!
//! A condition is `true`, `false`, a reference to a boolean, or one of `all`, `any`, `not`, `eq`,
//! `ne`, `lt`, `le`, `gt`, `ge`, `in`, `exists`. Numbers are compared exactly; to compare values of
//! different types is a failure, except with null. `exists` asks for what is there and not null.

mod action;
mod check;
mod condition;
mod form;
pub mod limits;
mod mistake;
mod place;
mod read;
mod run;
mod template;
#[cfg(test)]
mod tests;
mod words;

use std::sync::OnceLock;

use enact_action_core::{Context, Failure, Registry};
use serde_json::{Map, Value};

#[doc(hidden)]
pub use self::action::RUN_PLAN;
pub use self::action::{PlanActions, RunPlan};
use self::mistake::Notes;
pub use self::mistake::{Code, Mistake, Mistakes};
use self::place::Place;
use crate::graph::Graph;

/// A plan that has been checked: nothing is left to look up.
#[derive(Debug)]
pub struct Plan {
    graph: Graph,
    inputs: Vec<Input>,
    body: form::Block,
    /// How many slots the plan's frame has.
    slots: u32,
}

/// One input that a plan declares.
#[derive(Debug)]
struct Input {
    name: String,
    schema: Value,
    default: Option<Value>,
}

impl Plan {
    /// Checks a plan whole, against these actions and no others.
    ///
    /// # Errors
    /// Every mistake at once, in the order of the JSON.
    pub fn check(json: &Value, registry: &Registry) -> Result<Self, Mistakes> {
        let mut notes = Notes::default();
        let plan = bounded(json, &mut notes)
            .then(|| read::read(json, &mut notes))
            .flatten()
            .map(|draft| {
                let checked = check::check(json, &draft, registry, &mut notes);
                let inputs = draft.declared.iter().map(|declared| Input {
                    name: declared.name.to_owned(),
                    schema: declared.schema.clone(),
                    default: declared.default.cloned(),
                });
                Self {
                    graph: checked.graph,
                    inputs: inputs.collect(),
                    body: checked.body,
                    slots: checked.slots,
                }
            });
        notes.into_result(json, plan)
    }

    /// The plan's graph: what runs, under what policy, and who reads whom.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Runs the plan on the runtime of workflows: what holds for their steps, arms, deadlines,
    /// cancellation and events holds here.
    ///
    /// # Errors
    /// `plan.refused` where the inputs do not fit; else what the first step that failed says, with
    /// that step's path.
    pub async fn run(&self, inputs: &Value, cx: &Context) -> Result<Value, Failure> {
        let inputs = self.inputs(inputs).map_err(Mistakes::into_failure)?;
        run::run(self, inputs, cx).await
    }

    /// The JSON Schema of plans, 2020-12, for whoever is to write one.
    ///
    /// It describes the form alone; what the actions take is in their own schemas.
    ///
    /// ```
    /// use enact_workflow::Plan;
    ///
    /// assert_eq!(Plan::schema()["title"], "Plan");
    /// ```
    #[expect(clippy::missing_panics_doc, reason = "a test reads the same text")]
    pub fn schema() -> &'static Value {
        static SCHEMA: OnceLock<Value> = OnceLock::new();
        SCHEMA.get_or_init(|| {
            serde_json::from_str(include_str!("schema.json")).expect("the file is JSON")
        })
    }

    /// Checks inputs for a run, and fills in the defaults.
    ///
    /// # Errors
    /// Every input that is missing, unknown or does not fit its schema; the pointers are into the
    /// inputs.
    pub fn inputs(&self, json: &Value) -> Result<Value, Mistakes> {
        let mut notes = Notes::default();
        let empty = Map::new();
        let given = match json {
            Value::Object(map) => map,
            other => {
                notes.add(
                    &Place::ROOT,
                    Code::Input,
                    words::value(other),
                    "an object of inputs",
                );
                &empty
            }
        };
        let mut filled = Map::new();
        for input in &self.inputs {
            let place = Place::ROOT;
            let place = place.key(&input.name);
            match (given.get(&input.name), &input.default) {
                (Some(value), _) => {
                    read::accept(&input.schema, value, &place, &mut notes);
                    filled.insert(input.name.clone(), value.clone());
                }
                (None, Some(default)) => {
                    filled.insert(input.name.clone(), default.clone());
                }
                (None, None) => notes.add(&place, Code::Input, "nothing", "a value"),
            }
        }
        let names: Vec<&str> = self
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect();
        for key in given.keys().filter(|key| !names.contains(&key.as_str())) {
            let found = format!("the unknown input {}", words::text(key));
            let near = (!notes.is_full()).then(|| words::nearest(key, names.iter().copied()));
            let hint = near.flatten().map(words::did_you_mean);
            let allowed = words::one_of(&names);
            notes.hinted(&Place::ROOT.key(key), Code::Input, found, allowed, hint);
        }
        notes.into_result(json, Some(Value::Object(filled)))
    }
}

/// Whether the plan is small enough to be looked at.
fn bounded(json: &Value, notes: &mut Notes) -> bool {
    if levels(json) > limits::MOST_LEVELS {
        let allowed = format!("JSON at most {} levels deep", limits::MOST_LEVELS);
        notes.add(&Place::ROOT, Code::Limit, "JSON that is deeper", allowed);
        return false;
    }
    let size = check::bytes(json);
    if size > limits::MOST_BYTES {
        let allowed = format!("at most {} bytes", limits::MOST_BYTES);
        notes.add(
            &Place::ROOT,
            Code::Limit,
            words::many(size, "byte"),
            allowed,
        );
        return false;
    }
    true
}

/// How deep the JSON nests, found without recursion.
fn levels(json: &Value) -> usize {
    let mut open = vec![(json, 1)];
    let mut deepest = 0;
    while let Some((value, level)) = open.pop() {
        deepest = deepest.max(level);
        match value {
            Value::Array(list) => open.extend(list.iter().map(|inner| (inner, level + 1))),
            Value::Object(map) => open.extend(map.values().map(|inner| (inner, level + 1))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    deepest
}
