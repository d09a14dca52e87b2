//! Why an action did not answer: one opaque type with a kind, a stable code and a cause.

mod kind;
mod show;
mod undone;

use std::any::Any;
use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

pub use self::kind::Kind;
pub use self::undone::{UndoOutcome, Undone, UndoneStep};
use crate::params::Violations;

/// Why an action did not answer.
///
/// A caller acts on [`kind`](Self::kind), [`code`](Self::code) and
/// [`is_retryable`](Self::is_retryable); a person reads the text; the cause is in
/// [`source`](Self::source). Any error type turns into a retryable failure with `?`, because what
/// an action meets while it runs is the world's doing; say [`Failure::terminal`] where one more
/// try can't help.
///
/// Like other error types that take every error with `?`, it does not implement
/// [`std::error::Error`] itself; it converts into a boxed one.
///
/// ```
/// use enact_action_core::{Failure, Kind};
///
/// fn charge(cents: u64) -> Result<(), Failure> {
///     if cents == 0 {
///         return Err(Failure::terminal("card.empty_charge", "can't charge nothing"));
///     }
///     std::fs::read("/no/such/terminal")?;
///     Ok(())
/// }
///
/// let refused = charge(0).unwrap_err();
/// assert_eq!((refused.kind(), refused.code()), (Kind::Failed, "card.empty_charge"));
/// assert!(!refused.is_retryable());
/// assert!(charge(1).unwrap_err().is_retryable());
/// ```
pub struct Failure(Box<Inner>);

struct Inner {
    kind: Kind,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    retry: Retryable,
    retry_after: Option<Duration>,
    attempts: u32,
    step: Option<Box<str>>,
    undone: Option<Undone>,
    unfinished: Option<Box<dyn Any + Send + Sync>>,
    source: Option<Source>,
}

enum Source {
    Error(Box<dyn Error + Send + Sync>),
    Violations(Violations),
}

/// What is kept of a failure.
#[doc(hidden)]
#[derive(Debug)]
pub struct Restored {
    pub kind: String,
    pub code: String,
    pub message: String,
    pub retryable: bool,
    pub retry_after: Option<Duration>,
    pub attempts: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Retryable {
    Again,
    Never,
}

impl Failure {
    /// Makes a failure that another try can't mend.
    ///
    /// `code` is stable and dotted, for programs; `message` is a lower-case fragment for people.
    pub fn terminal(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::of(Kind::Failed, Retryable::Never, code.into(), message.into())
    }

    /// Makes a failure that another try may mend.
    pub fn retryable(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::of(Kind::Failed, Retryable::Again, code.into(), message.into())
    }

    /// Makes the failure of a program that lacks something it needs.
    pub fn misconfigured(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::of(
            Kind::Misconfigured,
            Retryable::Never,
            code.into(),
            message.into(),
        )
    }

    #[doc(hidden)]
    pub fn timeout(
        code: &'static str,
        retryable: bool,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let retry = if retryable {
            Retryable::Again
        } else {
            Retryable::Never
        };
        Self::of(Kind::Timeout, retry, code.into(), message.into())
    }

    #[doc(hidden)]
    pub fn cancelled() -> Self {
        let message = "the caller cancelled before the action answered";
        Self::of(
            Kind::Cancelled,
            Retryable::Never,
            "cancelled".into(),
            message.into(),
        )
    }

    #[doc(hidden)]
    pub fn panicked(message: String) -> Self {
        Self::of(
            Kind::Panicked,
            Retryable::Never,
            "panicked".into(),
            message.into(),
        )
    }

    /// A failure as it was kept, but for its cause.
    #[doc(hidden)]
    pub fn restored(kept: Restored) -> Self {
        let retry = if kept.retryable {
            Retryable::Again
        } else {
            Retryable::Never
        };
        let mut failure = Self::of(
            Kind::of(&kept.kind),
            retry,
            kept.code.into(),
            kept.message.into(),
        );
        failure.0.retry_after = kept.retry_after;
        failure.0.attempts = kept.attempts;
        failure
    }

    fn of(
        kind: Kind,
        retry: Retryable,
        code: Cow<'static, str>,
        message: Cow<'static, str>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            code,
            message,
            retry,
            retry_after: None,
            attempts: 0,
            step: None,
            undone: None,
            unfinished: None,
            source: None,
        }))
    }

    /// Sets the cause, which [`source`](Self::source) gives back.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(Source::Error(source.into()));
        self
    }

    /// Asks for at least this wait before the next try, as a rate-limited service does.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The kind, to match on.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code: the kind's own, or a finer one that the action chose.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What could not be done, for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether another try may succeed.
    pub fn is_retryable(&self) -> bool {
        self.0.retry == Retryable::Again
    }

    /// The least wait before the next try, where the failure names one.
    pub fn wait(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many attempts were made; 0 when none began.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The path of the step that failed, where a workflow failed: `labels[3]/label`.
    pub fn step(&self) -> Option<&str> {
        self.0.step.as_deref()
    }

    /// What came of the undo, where one ran.
    pub fn undone(&self) -> Option<&Undone> {
        self.0.undone.as_ref()
    }

    /// The cause.
    pub fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.0.source.as_ref()? {
            Source::Error(error) => Some(error.as_ref()),
            Source::Violations(violations) => Some(violations),
        }
    }

    /// The violations of an [`Invalid`](Kind::Invalid) failure.
    pub fn violations(&self) -> Option<&Violations> {
        match self.0.source.as_ref()? {
            Source::Violations(violations) if self.0.kind == Kind::Invalid => Some(violations),
            Source::Violations(_) | Source::Error(_) => None,
        }
    }

    /// The text a language model reads: what went wrong, and what to send instead.
    pub fn for_model(&self) -> String {
        match self.violations() {
            Some(violations) => violations.for_model(),
            None => {
                let (code, message) = (self.code(), self.message());
                let end = if message.ends_with('?') { "" } else { "." };
                format!("The call failed ({code}): {message}{end}")
            }
        }
    }

    /// As it leaves a run: params that were refused inside are not those of the action around,
    /// which did begin.
    #[doc(hidden)]
    #[must_use]
    pub fn inside(mut self) -> Self {
        if self.0.kind == Kind::Invalid {
            self.0.kind = Kind::Failed;
            self.0.code = "invalid.inside".into();
            self.0.message = format!("of an action that it runs, {}", self.0.message).into();
        }
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// The same failure with what came of an undo.
    #[doc(hidden)]
    #[must_use]
    pub fn with_undone(mut self, undone: Undone) -> Self {
        self.0.undone = Some(undone);
        self
    }

    /// The same failure, whose undone steps are inside of a step of that path.
    #[doc(hidden)]
    #[must_use]
    pub fn undone_at(mut self, path: &str) -> Self {
        if let Some(Undone::Steps(steps)) = &mut self.0.undone {
            for step in steps {
                step.path = format!("{path}/{}", step.path);
            }
        }
        self
    }

    /// Takes what came of an undo, to report it elsewhere.
    #[doc(hidden)]
    pub fn take_undone(&mut self) -> Option<Undone> {
        self.0.undone.take()
    }

    /// The same failure, of a step of that path; of a step inside it, where it has one.
    #[doc(hidden)]
    #[must_use]
    pub fn at_step(mut self, path: &str) -> Self {
        let path = match self.0.step.take() {
            Some(inner) => format!("{path}/{inner}"),
            None => path.to_owned(),
        };
        self.0.step = Some(path.into());
        self
    }

    /// The same failure with what is left to undo, for whoever goes on with it.
    #[doc(hidden)]
    #[must_use]
    pub fn with_unfinished(mut self, unfinished: Box<dyn Any + Send + Sync>) -> Self {
        self.0.unfinished = Some(unfinished);
        self
    }

    /// Takes what is left to undo.
    #[doc(hidden)]
    pub fn take_unfinished(&mut self) -> Option<Box<dyn Any + Send + Sync>> {
        self.0.unfinished.take()
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: Box<dyn Error + Send + Sync> = Box::new(error);
        match error.downcast::<Violations>() {
            Ok(violations) => Self::invalid(*violations),
            Err(error) => Self::retryable("failed", error.to_string()).because(error),
        }
    }
}

impl Failure {
    fn invalid(violations: Violations) -> Self {
        let message = match violations.len() {
            1 => "the params break a rule".to_owned(),
            n => format!("the params break {n} rules"),
        };
        let mut failure = Self::of(
            Kind::Invalid,
            Retryable::Never,
            "invalid".into(),
            message.into(),
        );
        failure.0.source = Some(Source::Violations(violations));
        failure
    }
}
