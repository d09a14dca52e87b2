//! What a machine counts.

/// What a subscription has counted since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::persistent) struct Tally {
    /// What somebody has got, in each attempt.
    pub(in crate::persistent) given: u64,
    /// What was acknowledged.
    pub(in crate::persistent) acknowledged: u64,
    /// What was said to have failed, or let go.
    pub(in crate::persistent) failed: u64,
    /// Whose deadline has passed.
    pub(in crate::persistent) expired: u64,
    /// What a middleware has settled.
    pub(in crate::persistent) skipped: u64,
    /// What has become a dead letter.
    pub(in crate::persistent) dead: u64,
}

impl Tally {
    /// What was counted since then.
    pub(in crate::persistent) const fn since(self, before: Self) -> Self {
        Self {
            given: self.given - before.given,
            acknowledged: self.acknowledged - before.acknowledged,
            failed: self.failed - before.failed,
            expired: self.expired - before.expired,
            skipped: self.skipped - before.skipped,
            dead: self.dead - before.dead,
        }
    }
}
