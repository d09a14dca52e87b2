//! How far a run is.

/// How far a run is, as [`Context::progress`](super::Context::progress) tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// How much there is, where that is known.
    pub total: Option<u64>,
    /// What it is at.
    pub message: Option<String>,
}

impl Progress {
    /// So much done.
    pub fn new(done: u64) -> Self {
        Self {
            done,
            total: None,
            message: None,
        }
    }

    /// Out of so much.
    #[must_use]
    pub fn of(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }

    /// At this.
    #[must_use]
    pub fn at(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}
