//! What the tests may do to an action without knowing its type.

use std::borrow::Cow;
use std::marker::PhantomData;

use enact::{Action, Violations};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

/// What params are written as, and whether they are valid.
pub type Judged = (Value, Result<(), Violations>);

/// An action of this crate, its type erased.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The action's name.
    pub name: &'static str,
    /// Reads params, checks them as values in memory, and writes them again.
    pub round: fn(Value) -> Result<Value, Violations>,
    /// Lets serde alone build the params; nothing where it refuses.
    pub typed: fn(Value) -> Option<Judged>,
    /// Reads params and writes them for a log.
    pub logged: fn(Value) -> Result<Value, Violations>,
}

impl Shape {
    /// The shape of an action.
    pub(crate) const fn of<A: Action>() -> Self {
        Self {
            name: A::SPEC.name,
            round: round::<A>,
            typed: typed::<A>,
            logged: logged::<A>,
        }
    }
}

/// What an action was given, as its answer: described by the schema of its params.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Echo<A> {
    params: Value,
    of: PhantomData<fn() -> A>,
}

impl<A: Action> Echo<A> {
    pub(crate) fn of(params: &A) -> Self {
        Self {
            params: written(params),
            of: PhantomData,
        }
    }
}

impl<A: Action> JsonSchema for Echo<A> {
    fn schema_name() -> Cow<'static, str> {
        A::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        A::json_schema(generator)
    }
}

fn written<A: Action>(params: &A) -> Value {
    serde_json::to_value(params).expect("params can be written as JSON")
}

fn round<A: Action>(json: Value) -> Result<Value, Violations> {
    let params = A::read(json)?;
    params.validate()?;
    Ok(written(&params))
}

fn typed<A: Action>(json: Value) -> Option<Judged> {
    let params: A = serde_json::from_value(json).ok()?;
    Some((written(&params), params.validate()))
}

fn logged<A: Action>(json: Value) -> Result<Value, Violations> {
    Ok(A::read(json)?.redacted())
}

/// Lists the shapes of a file, and lets each of them answer with what it was given.
macro_rules! shapes {
    ($($action:ident)*) => {
        pub(crate) const SHAPES: &[$crate::Shape] = &[$($crate::Shape::of::<$action>()),*];

        $(impl ::enact::Run for $action {
            type Output = $crate::shape::Echo<$action>;

            async fn run(&self, _: &::enact::Context) -> Result<Self::Output, ::enact::Failure> {
                Ok($crate::shape::Echo::of(self))
            }
        })*
    };
}
