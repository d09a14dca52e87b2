//! Assertions that say what came instead.

use std::fmt::Debug;

use crate::failure::{Failure, Kind};

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
