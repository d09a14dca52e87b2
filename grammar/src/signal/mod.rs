//! The names of signals: types such as `order.created`, and patterns such as `order.**`.
//!
//! A type is segments of `A-Z`, `a-z`, `0-9`, `_` and `-`, with dots between. A pattern may also
//! have `*`, which is exactly one segment, and `**`, which is any number of them, none included;
//! a pattern stands for whole types, never for the beginnings of them.
//!
//! [`check_type`] and [`check_pattern`] run while compiling too; [`mistakes`] finds all that is
//! wrong; [`matches()`] is what patterns mean. All of them are linear in what they read, but for
//! `matches`, which looks at each pair of segments once at most.

mod check;
mod matching;
mod mistake;
mod segment;

pub use check::{check, check_pattern, check_type, mistakes};
pub use matching::matches;
pub use mistake::{Mistake, MistakeKind};
pub use segment::{Segment, segments};

/// How many bytes a type or a pattern may have.
///
/// 255 is what AMQP 0-9-1 has room for in a routing key (section 4.2.5.3, short strings), and NATS
/// advises subjects of less than 256 characters: so any name can travel by either.
pub const MAX_BYTES: usize = 255;

/// How many segments a type or a pattern may have.
///
/// A type of 127 segments has 128 places at which the rest of a pattern can begin, its end
/// included: so a set of places is one `u128`, and matching needs bounded memory whatever comes.
pub const MAX_SEGMENTS: usize = 127;

/// What a text is to be: a type or a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// What a signal is, such as `order.created`.
    Type,
    /// Which signals are meant, such as `order.**`.
    Pattern,
}

impl Name {
    /// What it is called in errors: `signal type` or `pattern`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Type => "signal type",
            Self::Pattern => "pattern",
        }
    }
}
