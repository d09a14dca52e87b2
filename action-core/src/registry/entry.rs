//! One action as the registry knows it: its types erased, JSON in and JSON out.

use std::fmt;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde_json::Value;

use crate::action::{Action, BoxFuture, Output, Run};
use crate::approval::{Preview, Proposal};
use crate::content;
use crate::context::Context;
use crate::exec::{self, Attempt, execute_read};
use crate::failure::Failure;
use crate::params::schema::{Describe, Side, canonical};
use crate::params::{Params, Reader, SchemaDefects, Violations};
use crate::spec::Spec;

/// What stands in the place of what can't be looked through for secrets.
pub const UNKNOWN: &str = "[unknown]";

/// One action as the registry knows it.
pub struct Entry {
    spec: &'static Spec,
    version: Option<u32>,
    reader: fn() -> &'static Reader,
    output: Describe,
    output_schema: OnceLock<Value>,
    output_reader: OnceLock<Reader>,
    has_content: fn() -> bool,
    prepare: fn(Value) -> Prepared,
}

/// An action with params that have been read.
type Prepared = Result<Box<dyn Attempt<Value>>, Violations>;

/// What the linker gathers: where an entry stands.
#[derive(Debug)]
pub struct Submitted(pub &'static Entry);

inventory::collect!(Submitted);

impl Entry {
    /// The entry of an action.
    #[doc(hidden)]
    pub const fn of<A: Action>() -> Self {
        Self {
            spec: &const { A::SPEC },
            version: None,
            reader: A::reader,
            output: <<A::Output as Output>::Plain as JsonSchema>::json_schema,
            output_schema: OnceLock::new(),
            output_reader: OnceLock::new(),
            has_content: content::is_output_of::<A>,
            prepare: prepare::<A>,
        }
    }

    /// The entry of one version of a workflow.
    #[doc(hidden)]
    pub const fn of_workflow<W: Action>(version: u32) -> Self {
        let mut entry = Self::of::<W>();
        entry.version = Some(version);
        entry
    }

    /// The action's name.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// What the action says of itself.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The version of a workflow, of which older ones may stand beside it; none for other actions.
    pub fn version(&self) -> Option<u32> {
        self.version
    }

    /// The JSON Schema of its params.
    pub fn schema(&self) -> &'static Value {
        self.reader().schema()
    }

    /// The JSON Schema of its output.
    pub fn output_schema(&self) -> &Value {
        self.output_schema
            .get_or_init(|| canonical(self.output, Side::Writing))
    }

    /// Checks an output against the schema that describes it.
    ///
    /// Both come of one type, but not of one piece of code: where the type writes itself by hand, or has fields that
    /// do, the schema may say one thing and the JSON be another. Whoever has promised the schema to somebody asks
    /// here first. Integers that were written as `3.0` become `3`.
    ///
    /// ```
    /// # extern crate enact_action_core as enact;
    /// # use enact::prelude::*;
    /// use serde_json::json;
    ///
    /// /// Measures.
    /// #[derive(Action)]
    /// #[action(effect = read)]
    /// struct Measure;
    ///
    /// impl Run for Measure {
    ///     type Output = f64;
    ///     async fn run(&self, _cx: &Context) -> Result<f64, Failure> {
    ///         Ok(f64::NAN)
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::open()?;
    /// let measure = registry.get("measure").expect("it is there");
    /// assert!(measure.check_output(&mut json!(1.5)).is_ok());
    /// // What serde writes for a number that is none:
    /// assert!(measure.check_output(&mut json!(null)).is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Every violation, in the order of the document.
    pub fn check_output(&self, output: &mut Value) -> Result<(), Violations> {
        let reader = self.output_reader();
        if reader.defects().is_some() {
            return Ok(());
        }
        reader.check(output)
    }

    /// What in the output's schema keeps outputs from being [checked](Self::check_output): keywords and formats that are
    /// not known here.
    pub fn output_defects(&self) -> Option<&SchemaDefects> {
        self.output_reader().defects()
    }

    /// Takes what is marked `secret` or has a `class` out of params, for whoever shows them.
    ///
    /// ```
    /// # extern crate enact_action_core as enact;
    /// # use enact::prelude::*;
    /// use serde_json::json;
    ///
    /// /// Signs in.
    /// #[derive(Action)]
    /// #[action(effect = read)]
    /// struct SignIn {
    ///     /// Who.
    ///     name: String,
    ///     /// By what.
    ///     #[param(secret)]
    ///     password: String,
    /// }
    ///
    /// impl Run for SignIn {
    ///     type Output = ();
    ///     async fn run(&self, _cx: &Context) -> Result<(), Failure> {
    ///         Ok(())
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let registry = Registry::open()?;
    /// let mut params = json!({ "name": "ada", "password": "xyzzy" });
    /// registry.get("sign_in").expect("it is there").redact(&mut params);
    /// assert_eq!(params, json!({ "name": "ada", "password": "[secret]" }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn redact(&self, params: &mut Value) {
        self.reader().redact(params);
    }

    /// Takes what is marked `secret` or has a `class` out of an output, for whoever shows it.
    ///
    /// Where the output's schema has [what is not known here](Self::output_defects), marks may stand in it that are not
    /// found; then all of the output is [`UNKNOWN`].
    pub fn redact_output(&self, output: &mut Value) {
        let reader = self.output_reader();
        match reader.defects() {
            None => reader.redact(output),
            Some(_) => *output = UNKNOWN.into(),
        }
    }

    fn output_reader(&self) -> &Reader {
        self.output_reader.get_or_init(|| {
            let name = format!("the output of {}", self.name());
            Reader::compile(&name, self.output_schema().clone())
        })
    }

    /// Whether it answers with [`Content`](crate::content::Content), which is shown and not read as JSON.
    pub fn answers_with_content(&self) -> bool {
        (self.has_content)()
    }

    /// Checks params without running anything.
    ///
    /// # Errors
    /// Every violation, the program's own checks included.
    pub fn check(&self, json: Value) -> Result<(), Violations> {
        (self.prepare)(json).map(|_| ())
    }

    /// Reads the params, for whoever runs the action.
    ///
    /// # Errors
    /// Every violation; a failure where the program's own check panics.
    #[doc(hidden)]
    pub fn prepare(&self, json: Value) -> Result<Box<dyn Attempt<Value>>, Failure> {
        exec::check(|| (self.prepare)(json))
    }

    /// Reads the params, runs the action under its policy, and writes the answer.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation, else what the action fails with.
    pub async fn call(&self, json: Value, cx: &Context) -> Result<Value, Failure> {
        let attempt = self.prepare(json)?;
        execute_read(&*attempt, cx).await
    }

    /// Reads the params for whoever asks for approval before the action runs.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation.
    pub fn propose(&self, json: Value, cx: &Context) -> Result<Proposal, Failure> {
        Ok(Proposal::new(self.prepare(json)?, cx))
    }

    /// Tells what a call would do, and does nothing.
    ///
    /// # Errors
    /// [`Invalid`](crate::Kind::Invalid) with every violation; what the action's own dry run fails
    /// with.
    pub async fn dry_run(&self, json: Value, cx: &Context) -> Result<Preview, Failure> {
        self.propose(json, cx)?.preview().await
    }

    pub(crate) fn reader(&self) -> &'static Reader {
        (self.reader)()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("spec", self.spec)
            .finish_non_exhaustive()
    }
}

fn prepare<A: Action>(json: Value) -> Prepared {
    let action = A::read(json)?;
    Ok(Box::new(Erased {
        action,
        output: OnceLock::new(),
    }))
}

/// An action whose output is written as JSON.
struct Erased<A: Run> {
    action: A,
    /// What it has answered, for its undo.
    output: OnceLock<A::Output>,
}

impl<A: Action> Attempt<Value> for Erased<A> {
    fn spec(&self) -> &'static Spec {
        &const { A::SPEC }
    }

    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<Value, Failure>> {
        Box::pin(async {
            let output = Run::run(&self.action, cx).await?;
            let json = written(output.plain())?;
            if A::SPEC.undo {
                self.output.get_or_init(|| output);
            }
            Ok(json)
        })
    }

    fn undo<'a>(
        &'a self,
        output: Option<&'a Value>,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<(), Failure>>> {
        let output = output.and_then(|_| self.output.get());
        self.action.undo_with(output, cx)
    }

    fn redacted(&self) -> Value {
        Params::redacted(&self.action)
    }

    fn shown(&self) -> Value {
        let mut json = serde_json::to_value(&self.action).unwrap_or(Value::Null);
        A::reader().hide_secrets(&mut json);
        json
    }

    fn dry_run<'a>(&'a self, cx: &'a Context) -> Option<BoxFuture<'a, Result<Value, Failure>>> {
        self.action.dry_run_with(cx)
    }

    fn question(&self, cx: &Context) -> Option<&'static str> {
        self.action.question_with(cx)
    }
}

pub(crate) fn written<O: serde::Serialize>(output: &O) -> Result<Value, Failure> {
    serde_json::to_value(output).map_err(|error| {
        Failure::terminal(
            "output.unwritable",
            "the output could not be written as JSON",
        )
        .because(error)
    })
}
