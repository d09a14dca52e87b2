//! A connection, and the channels that deliveries have on it.

use std::sync::{Mutex, PoisonError};

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many deliveries are under way at once, each on a channel of its own; others wait.
const CHANNELS: usize = 16;

/// A connection, and its channels that nobody uses at the moment.
pub(super) struct Line {
    connection: Connection,
    idle: Mutex<Vec<Channel>>,
    turns: Semaphore,
}

/// A channel that nobody else uses. What the broker says on it is about one delivery; one that is given up before it
/// has ended closes it.
pub(super) struct Lent<'a> {
    pub(super) channel: Channel,
    line: &'a Line,
    _turn: Option<SemaphorePermit<'a>>,
}

impl Line {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            idle: Mutex::default(),
            turns: Semaphore::new(CHANNELS),
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// Whether the broker takes nothing for the time being.
    pub(super) fn is_blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    pub(super) async fn lend(&self) -> lapin::Result<Lent<'_>> {
        // They are closed by nobody.
        let turn = self.turns.acquire().await.ok();
        let idle = {
            let mut idle = self.idle();
            idle.retain(|channel| channel.status().connected());
            idle.pop()
        };
        let channel = match idle {
            Some(channel) => channel,
            None => self.open().await?,
        };
        Ok(Lent {
            channel,
            line: self,
            _turn: turn,
        })
    }

    async fn open(&self) -> lapin::Result<Channel> {
        let channel = self.connection.create_channel().await?;
        let confirms = ConfirmSelectOptions::default();
        channel.confirm_select(confirms).await?;
        Ok(channel)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Channel>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    /// Gives it back, for the next delivery.
    pub(super) fn give_back(self) {
        if self.channel.status().connected() {
            self.line.idle().push(self.channel);
        }
    }
}
