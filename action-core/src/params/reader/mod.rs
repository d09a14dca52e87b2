//! Reads JSON by its schema: the schema compiled, walked once, every violation noted.

mod compile;
mod filled;
mod node;
mod noted;
mod redact;
mod samples;
mod scalar;
mod shape;
mod union;
mod walk;

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use schemars::JsonSchema;
use serde_json::Value;

use self::node::{Id, Node};
use self::walk::Walk;
use super::place::Place;
use super::schema::{self, Describe, SchemaDefects, Side};
use super::show;
use super::violation::Violations;

/// A type's schema, compiled so that reading goes by it.
#[derive(Debug)]
pub struct Reader {
    schema: Value,
    nodes: Vec<Node>,
    root: Id,
    has_secrets: bool,
    defects: Option<SchemaDefects>,
}

/// The place of a type's reader, which is compiled when it is first needed.
#[derive(Debug)]
pub struct LazyReader(OnceLock<Reader>);

impl LazyReader {
    /// An empty place.
    #[expect(
        clippy::new_without_default,
        reason = "it stands in statics, which need a const"
    )]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The reader of the type that has this name and describes itself so.
    pub fn get(
        &'static self,
        name: fn() -> Cow<'static, str>,
        describe: Describe,
    ) -> &'static Reader {
        self.0.get_or_init(|| Reader::of(&name(), describe))
    }
}

impl Reader {
    fn of(name: &str, describe: Describe) -> Self {
        Self::compile(name, schema::canonical(describe, Side::Reading))
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
        let reader = Self::of(&T::schema_name(), T::json_schema);
        let reader: &'static Self = Box::leak(Box::new(reader));
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

    /// Checks a value against the schema and writes its integers as serde reads them.
    ///
    /// # Errors
    /// Every violation, in the order of the document.
    ///
    /// # Panics
    /// If the schema itself is defective; the registry reports that at start-up.
    pub fn check(&self, json: &mut Value) -> Result<(), Violations> {
        if let Some(defects) = &self.defects {
            self.refuse_to_work(defects);
        }
        let mut walk = Walk::new(&self.nodes);
        walk.value(self.root, json, &Place::Root);
        walk.into_violations().into_result(())
    }

    #[cold]
    #[expect(
        clippy::panic,
        clippy::unused_self,
        reason = "a defect of the program stops the line"
    )]
    fn refuse_to_work(&self, defects: &SchemaDefects) -> ! {
        panic!("{defects}")
    }

    /// What to say when serde refuses what the schema has accepted.
    #[cold]
    pub(crate) fn unreadable(&self, error: &serde_json::Error) -> Violations {
        let found = if self.has_secrets {
            show::SECRET.to_owned()
        } else {
            error.to_string()
        };
        Violations::unreadable(found)
    }
}
