//! A journal in a database of `PostgreSQL`, whose runs several processes share.
//!
//! Each store that is open is a *worker* with a *lease*, a row that it renews by the database's own clock;
//! what the workers' clocks say does not matter. A run that has not ended is had by one worker or by nobody.
//!
//! # What is promised with several workers
//!
//! - A run is had by one worker at a time. Who takes a run up locks its row, and skips what others lock.
//! - What a worker writes is written in one transaction with the proof that its lease has not been taken from
//!   it. A worker whose lease is over is *fenced* by another one: its row is deleted, for which it has to be
//!   free of transactions, and what it had is nobody's and due. From then on all that it commits fails, and
//!   nothing of it is written. So the progress of a run is never recorded by two.
//! - A fenced worker that is still there may **run** an effect: the one under way when it was fenced goes on, and
//!   the next worker runs that step again, under the same idempotency key. It records nothing, so no step
//!   that comes after is begun. Its engine takes no more, and says that the lease was lost; open it again.
//! - A connection that is lost is made anew as long as the lease lasts. Commits are numbered, and the worker's row
//!   carries the number of the last; so one whose outcome was not heard of is neither lost nor done twice.
//! - Commits are synced: `synchronous_commit` is set on each connection and read back, and a server that runs with
//!   `fsync=off` is refused.
//!
//! # How long a fail-over takes
//!
//! A worker that is closed gives what it has back at once. The runs of one that is killed go on when its lease is
//! over and another worker has seen that, which looks each third of its own lease: by default, with 15 seconds, after
//! 15 to 20 seconds. A shorter lease makes that quicker, and makes a pause of the process or of the database as long
//! as that cost the worker its runs.
//!
//! # What it needs
//!
//! `PostgreSQL` 12 or later, a database in UTF-8, and the right to make a schema the first time. A worker has two
//! connections, which keep settings and prepared statements: a pool between must be one of sessions.
//!
//! # Encryption
//!
//! With the feature `postgres-tls` connections are encrypted, as the address says:
//!
//! | `sslmode` | connection |
//! | --- | --- |
//! | `disable` | plain |
//! | `prefer`, the default | encrypted where the server can, whoever it is; plain where it can't |
//! | `require` | encrypted, to a server that proves to be the host of the address |
//!
//! So only `require` keeps out who sits in between, and it is stricter than `libpq`'s, like that one's `verify-full`. Whom
//! the platform trusts may prove it, or whom [`Options::trust`] names; `SSL_CERT_FILE` and `SSL_CERT_DIR` are heeded.
//! Without the feature connections are plain, and an address with `sslmode=require` is refused.

mod beside;
mod connect;
mod effect;
#[cfg(feature = "postgres-tls")]
mod encrypted;
mod lease;
mod link;
mod options;
mod problem;
mod read;
mod sql;
mod stretch;
mod write;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ops::Range;
use std::time::{Duration, Instant};

pub use self::beside::Beside;
pub use self::effect::{SqlError, Transaction};
use self::lease::Proof;
use self::link::{Link, Session, Steps, aside};
pub use self::options::Options;
use self::problem::Problem;
use super::body::Body;
use super::record::Record;
use super::store::{
    Claim, Claimed, Counts, Entry, GraphRow, List, Mail, NEVER, Reader, RunRow, Store, StoreError,
};

/// The version of the layout: which tables there are, and what is in them.
const LAYOUT: u32 = 1;
/// How long a worker first waits before it makes a connection anew.
const FIRST_WAIT: Duration = Duration::from_millis(20);
/// How long it waits at most.
const MOST_WAIT: Duration = Duration::from_secs(1);
/// How long runs are deleted at most, however long the lease is, so that the connection is not given up.
const MOST_PRUNING: Duration = Duration::from_secs(20);

/// For how many leases no more are deleted at once than the server was quick enough for.
const STAYS_SMALL: u32 = 10;

/// A journal in a database, of whose runs this worker has some.
#[derive(Debug)]
pub struct Postgres {
    link: Link,
    worker: i64,
    /// The number of the last transaction that counts.
    batch: i64,
    lease: Duration,
    /// When the lease was last known to run.
    held: Instant,
    /// When it was last renewed, and others' looked at.
    renewed: Option<Instant>,
    pruning: Pruning,
}

/// How much is deleted at once.
#[derive(Debug)]
struct Pruning {
    /// How many runs at most.
    most: usize,
    /// When the server was last found to take too long for as many.
    late: Option<Instant>,
}

impl Postgres {
    /// Opens the journal at `postgres://user@host/database`, or makes it where there is none, as one
    /// more worker.
    ///
    /// Blocks.
    ///
    /// # Errors
    /// Where the database can't be reached, does not sync what it commits, or has another version's
    /// journal.
    pub fn open(url: &str, options: &Options) -> Result<Self, StoreError> {
        let mut link = Link::new(url, options)?;
        let (lease, held) = (options.lease, Instant::now());
        let entered = aside(|| {
            if let Some(tables) = &options.tables {
                // On a connection of its own, which ends with whatever that has set.
                let mut other = link.another()?;
                other.run(true, &async |to| connect::tables(to, tables).await)?;
            }
            link.run(true, &async |to| lease::enter(to, lease).await)
        });
        let worker = link.told("open", entered)?;
        Ok(Self {
            link,
            worker,
            batch: 0,
            lease,
            held,
            renewed: None,
            pruning: Pruning {
                most: usize::MAX,
                late: None,
            },
        })
    }

    /// Does something again and again, until it is done or has failed for good, as long as the lease lasts; where an effect
    /// has used that up, as long as one more, unless somebody has taken it.
    fn persist<T>(
        &mut self,
        work: &impl AsyncFn(&mut Session) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.persist_in_steps(&|steps| steps.wait(work))
    }

    fn persist_in_steps<T>(
        &mut self,
        work: &impl Fn(&mut Steps<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut wait = FIRST_WAIT;
        loop {
            match self.link.run_in_steps(true, work) {
                Err(problem) if problem.is_own() => {
                    tracing::warn!(target: "enact::journal", %problem, "the journal is tried again");
                    self.regain()?;
                }
                Err(problem) if problem.settles() && self.held.elapsed() + wait < self.lease => {
                    tracing::warn!(target: "enact::journal", %problem, "the journal is tried again");
                    self.link.pause(wait);
                    wait = (wait * 2).min(MOST_WAIT);
                }
                done => return done,
            }
        }
    }

    /// Has the lease run anew after an effect that has used it up.
    fn regain(&mut self) -> Result<(), Problem> {
        let (worker, lease) = (self.worker, self.lease);
        self.held = Instant::now();
        self.persist(&async |to| lease::renew(to, worker, lease).await)
    }

    /// Does something in a transaction that counts, once; `known` tells what came of it where that was not heard of.
    fn once<T>(
        &mut self,
        work: &impl Fn(&mut Steps<'_>, &Proof) -> Result<T, Problem>,
        known: &impl AsyncFn(&mut Session, &Proof) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let began = Instant::now();
        let proof = Proof {
            worker: self.worker,
            batch: self.batch + 1,
            lease: self.lease,
            renewed: Cell::new(began),
        };
        let done = self.persist_in_steps(&|steps| match work(steps, &proof) {
            Err(Problem::NotNext) => {
                // An earlier attempt counted, and it is not known when that renewed the lease.
                proof.renewed.set(began);
                steps.wait(async |to| {
                    proof.settle(to).await?;
                    known(to, &proof).await
                })
            }
            done => done,
        })?;
        self.batch = proof.batch;
        self.held = self.held.max(proof.renewed.get());
        Ok(done)
    }

    fn take_up(&mut self, claim: &Claim) -> Result<Vec<Claimed>, Problem> {
        let graphs = read::signed(&claim.graphs);
        let due = self.persist(&async |to| read::due(to, &graphs, claim.now).await)?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.once(
            &|steps, proof| steps.wait(async |to| lease::take(to, proof, &due, claim).await),
            &async |to, proof| lease::taken(to, proof).await,
        )?;
        let runs: Vec<i64> = rows.iter().map(|row| row.new.run.cast_signed()).collect();
        let brought = self.persist(&async |to| read::brought(to, &runs).await)?;
        Ok(brought.to(rows))
    }

    /// Deletes runs that ended, as many as the server deletes in a third of the lease: meanwhile nothing else is done,
    /// and the lease not renewed. Where that is too long nothing is deleted for the time of a lease, and then fewer; after
    /// some leases more are tried again.
    fn prune_some(&mut self, before: u64, most: usize) -> Result<usize, Problem> {
        let Pruning { most: fits, late } = self.pruning;
        if late.is_some_and(|late| late.elapsed() < self.lease) {
            return Ok(0);
        }
        let (most, limit) = (most.min(fits), (self.lease / 3).min(MOST_PRUNING));
        let pruned = self.persist(&async |to| write::prune(to, before, most, limit).await)?;
        if pruned == Some(most) && late.is_none_or(|late| late.elapsed() > self.lease * STAYS_SMALL)
        {
            self.pruning.most = fits.saturating_mul(2);
        } else if pruned.is_none() {
            tracing::warn!(target: "enact::journal", most, "runs that ended take too long to delete; fewer are tried");
            self.pruning = Pruning {
                most: (most / 2).max(1),
                late: Some(Instant::now()),
            };
        }
        Ok(pruned.unwrap_or_default())
    }

    fn renew_lease(&mut self) -> Result<(), Problem> {
        let now = Instant::now();
        let fresh = |at: Instant| now.duration_since(at) < self.lease / 3;
        if self.renewed.is_some_and(fresh) {
            return Ok(());
        }
        let (worker, lease) = (self.worker, self.lease);
        self.persist(&async |to| lease::renew(to, worker, lease).await)?;
        (self.held, self.renewed) = (now, Some(now));
        self.persist(&async |to| lease::take_over(to).await)
    }
}

impl Store for Postgres {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let written = self.once(
            &|steps, proof| write::batch(steps, Some(proof), batch),
            &async |to, proof| proof.refused(to).await,
        );
        self.link.told("write to", written)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        let last = self.persist(&async |to| write::numbers(to, most).await);
        let last = self.link.told("read", last)?;
        Ok(last - most + 1..last + 1)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self.take_up(claim);
        self.link.told("read", claimed)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        let graphs = read::signed(graphs);
        let next = self.persist(&async |to| read::next_wake(to, &graphs).await);
        self.link.told("read", next)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let worker = self.worker;
        let mail = self.persist(&async |to| read::mail(to, worker, most).await);
        self.link.told("read", mail)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        let written = self.persist(&async |to| write::graphs(to, graphs).await);
        self.link.told("write to", written)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        let pruned = self.prune_some(before, most);
        self.link.told("write to", pruned)
    }

    fn prunes(&self, most: usize) -> usize {
        most.min(self.pruning.most)
    }

    fn lease(&self) -> Option<Duration> {
        Some(self.lease)
    }

    fn renew(&mut self) -> Result<(), StoreError> {
        let renewed = self.renew_lease();
        self.link.told("write to", renewed)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        let link = self.link.told("open", self.link.another())?;
        Ok(Box::new(Beside { link }))
    }
}

impl Drop for Postgres {
    /// Gives back what this worker has. Where that can't be, its lease ends by itself.
    fn drop(&mut self) {
        let worker = self.worker;
        let link = &mut self.link;
        if link.is_open() {
            let left = aside(|| {
                link.run(true, &async |to: &mut Session| {
                    lease::leave(to, worker).await
                })
            });
            if let Err(problem) = left {
                tracing::warn!(target: "enact::journal", %problem, "a lease is left to end by itself");
            }
        }
    }
}
