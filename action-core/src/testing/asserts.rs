//! Assertions that say what came instead.

use std::fmt::Debug;

use schemars::JsonSchema;

use crate::action::Output;
use crate::failure::{Failure, Kind};
use crate::params::Reader;
use crate::params::schema::{Side, canonical};

/// The answer.
///
/// # Panics
/// With the failure, its code and its violations, where there is no answer.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion panics")]
pub fn assert_ok<T>(result: Result<T, Failure>) -> T {
    match result {
        Ok(answer) => answer,
        Err(failure) => panic!("an answer was expected, not the failure {failure:#?}"),
    }
}

/// The failure, which must be of that kind.
///
/// # Panics
/// With what came instead.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion panics")]
pub fn assert_failure<T: Debug>(result: Result<T, Failure>, kind: Kind) -> Failure {
    match result {
        Ok(answer) => {
            panic!("a failure of the kind {kind} was expected, not the answer {answer:?}")
        }
        Err(failure) if failure.kind() == kind => failure,
        Err(failure) => panic!("a failure of the kind {kind} was expected, not {failure:#?}"),
    }
}

/// The output, whose JSON must be as the schema of its type describes it.
///
/// For outputs that write themselves by hand; a server of tools answers with an error where it is not so.
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// use enact::testing::assert_described;
///
/// #[derive(Params)]
/// struct Sum {
///     /// What they come to.
///     sum: f64,
/// }
///
/// assert_described(&Sum { sum: 1.5 });
/// // JSON has no such number.
/// assert!(std::panic::catch_unwind(|| assert_described(&Sum { sum: f64::NAN })).is_err());
/// ```
///
/// # Panics
/// With every violation; with what in the schema can't be checked.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion panics")]
pub fn assert_described<O: Output>(output: &O) {
    let name = std::any::type_name::<O>();
    let schema = canonical(<O::Plain as JsonSchema>::json_schema, Side::Writing);
    let reader = Reader::compile(name, schema);
    if let Some(defects) = reader.defects() {
        panic!("{defects}");
    }
    let mut json = match serde_json::to_value(output.plain()) {
        Ok(json) => json,
        Err(error) => panic!("{name} could not be written as JSON: {error}"),
    };
    if let Err(violations) = reader.check(&mut json) {
        panic!("what {name} writes is not what its schema describes:\n{violations}");
    }
}
