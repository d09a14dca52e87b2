//! Reads JSON by its schema: the schema compiled, walked once, every violation noted.

mod compile;
mod node;
mod redact;
mod samples;
mod shape;
mod union;
mod walk;

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::node::{Id, Node};
use self::walk::Walk;
use super::place::Place;
use super::schema::{self, SchemaDefects, Side};
use super::show;
use super::violation::{Code, Violation, Violations};

/// A type's schema, compiled so that reading goes by it.
#[derive(Debug)]
pub struct Reader {
    schema: Value,
    nodes: Vec<Node>,
    root: Id,
    has_secrets: bool,
    defects: Option<SchemaDefects>,
}

impl Reader {
    /// Compiles the schema of `T`.
    pub fn of<T: JsonSchema>() -> Self {
        Self::compile(&T::schema_name(), schema::canonical::<T>(Side::Reading))
    }

    /// The reader of a generic type, compiled once for each way it is filled.
    pub fn shared<T: JsonSchema + 'static>() -> &'static Self {
        static SHARED: OnceLock<Mutex<HashMap<TypeId, &'static Reader>>> = OnceLock::new();
        let shared = SHARED.get_or_init(Mutex::default);
        let known = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let id = TypeId::of::<T>();
        if let Some(reader) = known().get(&id).copied() {
            return reader;
        }
        // Not under the lock: a schema may ask for others. Types are few, so what leaks is bounded.
        let reader: &'static Self = Box::leak(Box::new(Self::of::<T>()));
        known().entry(id).or_insert(reader)
    }

    /// The schema that reading goes by.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// What is wrong with the schema itself.
    pub fn defects(&self) -> Option<&SchemaDefects> {
        self.defects.as_ref()
    }

    /// Reads a value: checks it against the schema, then lets serde build it.
    ///
    /// # Errors
    /// Every violation, in the order of the document.
    ///
    /// # Panics
    /// If the schema itself is defective; the registry reports that at start-up.
    pub fn read<T: DeserializeOwned + super::Param>(&self, mut json: Value) -> Result<T, Violations> {
        self.check(&mut json)?;
        let value: T = serde_json::from_value(json).map_err(|error| self.unreadable(&error))?;
        Ok(value)
    }

    /// Checks a value against the schema and writes its integers as serde reads them.
    ///
    /// # Errors
    /// Every violation, in the order of the document.
    ///
    /// # Panics
    /// As [`read`](Self::read).
    pub fn check(&self, json: &mut Value) -> Result<(), Violations> {
        if let Some(defects) = &self.defects {
            self.refuse_to_work(defects);
        }
        let mut walk = Walk::new(&self.nodes);
        walk.value(self.root, json, &Place::Root);
        walk.into_violations().into_result(())
    }

    #[cold]
    #[expect(clippy::panic, clippy::unused_self, reason = "a defect of the program stops the line")]
    fn refuse_to_work(&self, defects: &SchemaDefects) -> ! {
        panic!("{defects}")
    }

    fn unreadable(&self, error: &serde_json::Error) -> Violations {
        let found = if self.has_secrets { show::SECRET.to_owned() } else { error.to_string() };
        let mut violations = Violations::default();
        violations.push(Violation {
            pointer: String::new(),
            code: Code::Unreadable,
            found,
            allowed: "what the type's own serde implementation reads".to_owned(),
            hint: None,
        });
        violations
    }
}
