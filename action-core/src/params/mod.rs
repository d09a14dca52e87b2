//! Params: what an action is told, read with every mistake at once.
//!
//! [`Param`] is one value that can stand in params, [`Params`] a struct or enum of them. Reading
//! goes by the published schema itself: [`Reader`] is the schema compiled, so what the schema says
//! and what is accepted can't differ. Values made in memory go through the typed twin in
//! [`report`], written from the same [`rules`].

pub(crate) mod apart;
mod hidden;
pub(crate) mod place;
pub(crate) mod schema;
pub(crate) mod show;

mod leaf;
pub(crate) mod limits;
mod reader;
pub mod report;
pub mod rules;
mod violation;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[doc(hidden)]
pub use self::reader::{LazyReader, Reader};
pub use self::report::Report;
pub use self::schema::SchemaDefects;
pub use self::violation::{Code, MOST_VIOLATIONS, Violation, Violations};

/// A value that can stand in params.
///
/// Implemented for the types of the standard library that JSON can carry without loss, and by
/// `#[derive(Params)]`. For a type of another crate that has serde and schemars implementations,
/// mark the field `#[param(opaque)]`: its schema is then all that is checked.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't stand in params",
    label = "not a param",
    note = "derive `Params` for a type of your own; mark a field whose type belongs to another crate \
            `#[param(opaque)]`; a map needs `String` keys, and 128-bit integers don't fit JSON: \
            write them as a `String`"
)]
pub trait Param: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Checks a value made in memory, noting every violation.
    #[inline]
    fn check(&self, report: &mut Report<'_>) {
        let _ = report;
    }
}

/// A struct or enum of params: `#[derive(Params)]`, or `#[derive(Action)]`.
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::{Params, params::Code};
/// use serde_json::json;
///
/// /// A place to send things to.
/// #[derive(Debug, Params)]
/// struct Address {
///     /// Street and number.
///     #[param(len = 1..=80)]
///     street: String,
///     /// Postal code.
///     #[param(pattern = "^[0-9]{5}$")]
///     code: String,
/// }
///
/// let refused = Address::read(json!({ "street": "", "code": "1234", "citty": "Ulm" })).unwrap_err();
/// let codes: Vec<_> = refused.iter().map(|violation| violation.code).collect();
/// assert_eq!(codes, [Code::Len, Code::Pattern, Code::Unknown]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct or enum of params",
    note = "write `#[derive(Params)]` on it"
)]
pub trait Params: Param {
    /// The reader of this type: its schema, compiled once.
    #[doc(hidden)]
    fn reader() -> &'static Reader;

    /// The JSON Schema (2020-12) that reading goes by.
    fn schema() -> &'static Value {
        Self::reader().schema()
    }

    /// Reads params from JSON.
    ///
    /// Integers may be written `3`, `3.0` or `3e0`; unknown fields are refused unless the type is
    /// open; defaults fill what is absent.
    ///
    /// # Errors
    /// Every violation, in the order of the document.
    ///
    /// # Panics
    /// If the type's own schema is defective, with the text that [`Registry`](crate::Registry)
    /// gives at start-up: a defect of the program, whatever the input.
    fn read(json: Value) -> Result<Self, Violations> {
        let (reader, mut json) = (Self::reader(), json);
        reader.check(&mut json)?;
        let params: Self = match serde_json::from_value(json) {
            Ok(params) => params,
            Err(error) => return Err(reader.unreadable(&error)),
        };
        let mut violations = Violations::default();
        params.check(&mut Report::after_reading(&mut violations));
        if violations.is_empty() {
            Ok(params)
        } else {
            Err(violations)
        }
    }

    /// Checks params made in memory by the same rules.
    ///
    /// # Errors
    /// Every violation, in the order of declaration.
    fn validate(&self) -> Result<(), Violations> {
        let mut violations = Violations::default();
        self.check(&mut Report::new(&mut violations));
        if violations.is_empty() {
            Ok(())
        } else {
            Err(violations)
        }
    }

    /// The params as JSON with secrets and classed values taken out, for logs.
    fn redacted(&self) -> Value {
        let mut json = serde_json::to_value(self).unwrap_or(Value::Null);
        Self::reader().redact(&mut json);
        json
    }
}
