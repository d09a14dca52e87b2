//! What an action says of itself: a constant, known while compiling.

use std::any::TypeId;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::telemetry::Telemetry;

/// What an action says of itself; `#[derive(Action)]` writes it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of its own, by its own name"
)]
pub struct Spec {
    /// The name that registries, models and journals know it by.
    pub name: &'static str,
    /// A short name for people.
    pub title: Option<&'static str>,
    /// What it does: the doc comment.
    pub description: &'static str,
    /// The group it belongs to.
    pub category: Option<&'static str>,
    /// Words to find it by.
    pub tags: &'static [&'static str],
    /// Its version, free in form.
    pub version: Option<&'static str>,
    /// What running it does to the world.
    pub effect: Effect,
    /// How it is run, unless the caller says otherwise.
    pub policy: Policy,
    /// Whether it can be undone.
    pub undo: bool,
    /// The resources it takes from the context.
    pub needs: &'static [Need],
    /// The names of what it writes, for telling races apart.
    pub writes: &'static [&'static str],
    /// What whoever approves of a call is asked; none where a call needs no approval. See
    /// [`approval`](crate::approval).
    pub confirm: Option<&'static str>,
    /// Whether it can tell what it would do.
    pub dry_run: bool,
    /// Where it is written.
    pub place: SourcePlace,
    /// Its metrics' labels.
    #[doc(hidden)]
    pub telemetry: Telemetry,
    /// Whether its run ends by itself when it is cancelled or out of time, and so is never dropped
    /// midway: a workflow, which has steps to undo.
    #[doc(hidden)]
    pub ends_itself: bool,
    /// What a workflow runs, but for itself.
    #[doc(hidden)]
    pub steps: &'static [&'static Self],
}

impl Spec {
    /// What is asked where the action gives no question of its own.
    pub const QUESTION: &'static str = "Shall this be done?";

    /// The spec of an action of that name with every key at its default.
    pub const fn new(
        name: &'static str,
        description: &'static str,
        place: SourcePlace,
        telemetry: Telemetry,
    ) -> Self {
        Self {
            name,
            title: None,
            description,
            category: None,
            tags: &[],
            version: None,
            effect: Effect::Write,
            policy: Policy::PLAIN,
            undo: false,
            needs: &[],
            writes: &[],
            confirm: None,
            dry_run: false,
            place,
            telemetry,
            ends_itself: false,
            steps: &[],
        }
    }
}

/// What running an action does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something, and running it again changes nothing more.
    Idempotent,
    /// Changes something each time; the default, as the careful guess.
    Write,
}

impl Effect {
    /// The effect's word, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Idempotent => "idempotent",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an action is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The longest one attempt may take.
    pub timeout: Option<Duration>,
    /// The longest the whole execution may take, retries and waits included.
    pub deadline: Option<Duration>,
    /// How failed attempts are tried again.
    pub retry: Option<Retry>,
    /// How long a cancelled attempt that watches [`Context::cancelled`](crate::Context::cancelled)
    /// may take to finish by itself before it is dropped.
    pub grace: Duration,
    /// The longest one try of the undo may take.
    pub undo_timeout: Duration,
    /// How an undo that failed is tried again.
    pub undo_retry: Option<Retry>,
}

impl Policy {
    /// One attempt, no timeout, no grace, 30 s for the undo.
    pub const PLAIN: Self = Self {
        timeout: None,
        deadline: None,
        retry: None,
        grace: Duration::ZERO,
        undo_timeout: Duration::from_secs(30),
        undo_retry: None,
    };
}

impl Default for Policy {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// How failed attempts are tried again: exponential backoff with full jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// How many times beyond the first attempt.
    pub times: u32,
    /// The bound of the first wait.
    pub first: Duration,
    /// The bound that waits grow to.
    pub most: Duration,
}

impl Retry {
    /// That many more attempts, with waits bounded by 100 ms at first and 30 s at most.
    pub const fn times(times: u32) -> Self {
        Self {
            times,
            first: Duration::from_millis(100),
            most: Duration::from_secs(30),
        }
    }

    /// Sets the bounds of the waits.
    #[must_use]
    pub const fn backoff(mut self, first: Duration, most: Duration) -> Self {
        self.first = first;
        self.most = most;
        self
    }
}

/// A resource that an action takes from the context.
#[derive(Clone, Copy)]
pub struct Need {
    id: fn() -> TypeId,
    name: fn() -> &'static str,
}

impl Need {
    /// The need for a `T`.
    pub const fn of<T: 'static>() -> Self {
        Self {
            id: TypeId::of::<T>,
            name: std::any::type_name::<T>,
        }
    }

    /// The type that is needed.
    pub fn id(self) -> TypeId {
        (self.id)()
    }

    /// The type's name, for texts.
    pub fn name(self) -> &'static str {
        (self.name)()
    }
}

impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where something is written: file and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourcePlace {
    /// The file, relative to the workspace it was compiled in.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: u32,
}

impl fmt::Display for SourcePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
