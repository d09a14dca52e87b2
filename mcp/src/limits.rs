//! How much one server takes on.

use std::time::Duration;

/// How much one server takes on; what is beyond is refused with an error that says so.
///
/// ```
/// use std::time::Duration;
/// use enact_mcp::Limits;
///
/// let limits = Limits { timeout: Duration::from_secs(5), ..Limits::default() };
/// assert_eq!(limits.calls, 64);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest a call may take until it is answered; 5 minutes by default.
    pub timeout: Duration,
    /// How long after its timeout a call may take to end by itself, as a saga does that goes back; 5 s by default.
    ///
    /// The client is answered then in any case; the action goes on to its own end. Over HTTP the answer is up to half a second later where the
    /// action holds its thread.
    pub grace: Duration,
    /// How many calls run at once, and how many wait beside them for the answer of another of their key; 64 by default.
    pub calls: usize,
    /// The longest message in bytes, and the longest answer; 4 MiB by default.
    pub message: usize,
    /// How many tools one page of the list has; 200 by default.
    pub page: usize,
    /// How many answers are kept for their idempotency keys; 1024 by default.
    pub kept: usize,
    /// How many bytes of JSON they have together; 64 MiB by default. The oldest make room, and one that is larger alone
    /// stays until the next comes.
    pub kept_bytes: usize,
    /// How long they are kept; 1 hour by default.
    pub keep: Duration,
    /// How many questions for approval are open at once, and how many tokens that approve are given out and not used;
    /// 256 by default. The oldest token makes room.
    pub approvals: usize,
    /// How long a question for approval waits for its answer, and a token to be used; 5 minutes by default.
    pub approval: Duration,
    /// How many connections and how many sessions HTTP has at once; 256 by default. Half of the connections, at most, are streams
    /// that stand open for what belongs to no request; who asks for one more is refused, and served without.
    /// One session has two of them, and the older ends where it asks for a third.
    pub connections: usize,
    /// How long a session stays whose client has no request and no stream open; 30 minutes by default. Where there is no room
    /// for another, the one that has been so longest ends after 5.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(5),
            grace: Duration::from_secs(5),
            calls: 64,
            message: 4 << 20,
            page: 200,
            kept: 1024,
            kept_bytes: 64 << 20,
            keep: Duration::from_hours(1),
            approvals: 256,
            approval: Duration::from_mins(5),
            connections: 256,
            idle: Duration::from_mins(30),
        }
    }
}
