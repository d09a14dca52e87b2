//! Which routes come first.

use std::error::Error;
use std::fmt;

/// Which routes come first: those of the higher priority.
///
/// A priority is a number from -100 to 100; 0 is the default.
///
/// ```
/// use enact_signal_bus::{Priority, priority};
///
/// const AUDIT: Priority = priority(90);
/// assert!(AUDIT > Priority::default());
/// assert!(Priority::new(101).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(i8);

impl Priority {
    /// The priority of what is to be asked last.
    pub const LOWEST: Self = Self(-100);
    /// The priority of what is to be asked first.
    pub const HIGHEST: Self = Self(100);

    /// Reads a priority that is not written in the program.
    ///
    /// ```
    /// use enact_signal_bus::{Priority, priority};
    ///
    /// assert_eq!(Priority::new(-100), Ok(Priority::LOWEST));
    /// let error = Priority::new(-101).unwrap_err();
    /// assert_eq!(error.to_string(), "-101 is no priority; write a number from -100 to 100");
    /// ```
    ///
    /// # Errors
    ///
    /// The number is below -100 or above 100.
    pub const fn new(number: i64) -> Result<Self, PriorityError> {
        match number {
            #[expect(clippy::cast_possible_truncation, reason = "the arm is in bounds")]
            -100..=100 => Ok(Self(number as i8)),
            _ => Err(PriorityError { number }),
        }
    }

    /// The number.
    ///
    /// ```
    /// use enact_signal_bus::priority;
    ///
    /// assert_eq!(priority(90).number(), 90);
    /// ```
    pub const fn number(self) -> i8 {
        self.0
    }
}

/// A priority that is written in the program.
///
/// In a constant, or in `const { priority(90) }`, a number that is none does not compile.
/// [`Priority::new`] reads numbers from elsewhere.
///
/// ```
/// use enact_signal_bus::{Priority, priority};
///
/// const AUDIT: Priority = priority(90);
/// ```
///
/// ```compile_fail,E0080
/// use enact_signal_bus::{Priority, priority};
///
/// const AUDIT: Priority = priority(101);
/// ```
///
/// # Panics
///
/// The number is below -100 or above 100, and the call is not in a constant.
#[track_caller]
pub const fn priority(number: i64) -> Priority {
    assert!(
        -100 <= number && number <= 100,
        "a priority is a number from -100 to 100"
    );
    match Priority::new(number) {
        Ok(priority) => priority,
        Err(_) => Priority(0),
    }
}

/// A number is no priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorityError {
    number: i64,
}

impl PriorityError {
    /// What programs know the error by: `router.priority_out_of_range`.
    pub const fn code(&self) -> &'static str {
        "router.priority_out_of_range"
    }
}

impl fmt::Display for PriorityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number;
        write!(
            f,
            "{number} is no priority; write a number from -100 to 100"
        )
    }
}

impl Error for PriorityError {}

impl TryFrom<i64> for Priority {
    type Error = PriorityError;

    fn try_from(number: i64) -> Result<Self, PriorityError> {
        Self::new(number)
    }
}
