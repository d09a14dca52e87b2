//! Workers, their leases, and what they have.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::link::{Order, Session};
use super::read::{limit, run_row};
use super::{Claim, Problem, RunRow};

/// What a transaction brings so that it counts: that its worker's lease was not taken, and that it is the next one.
#[derive(Debug)]
pub(super) struct Proof {
    pub(super) worker: i64,
    pub(super) batch: i64,
    pub(super) lease: Duration,
    /// When it was last told to renew the lease.
    pub(super) renewed: Cell<Instant>,
}

impl Proof {
    /// Locks the worker's row until the end of the transaction, so that it can't be fenced meanwhile; no row where
    /// this does not count. It renews the lease, too.
    pub(super) fn order(&self) -> Order<'static> {
        let sql = "UPDATE workers SET batch = $2, refused = '{}', \
                   until = clock_timestamp() + make_interval(secs => $3) \
                   WHERE worker = $1 AND batch = $2::int8 - 1 RETURNING worker";
        let lease = self.lease.as_secs_f64();
        self.renewed.set(Instant::now());
        Order::new(
            sql,
            vec![Box::new(self.worker), Box::new(self.batch), Box::new(lease)],
        )
    }

    /// Makes the lease run from now on, in a transaction that has taken long.
    pub(super) fn renewing(&self) -> Order<'static> {
        let sql = "UPDATE workers SET until = clock_timestamp() + make_interval(secs => $2) \
                   WHERE worker = $1";
        let lease = self.lease.as_secs_f64();
        self.renewed.set(Instant::now());
        Order::new(sql, vec![Box::new(self.worker), Box::new(lease)])
    }

    /// Keeps what this transaction has refused with it.
    pub(super) fn refusing(&self, places: Vec<i64>) -> Order<'static> {
        let sql = "UPDATE workers SET refused = $2 WHERE worker = $1";
        Order::new(sql, vec![Box::new(self.worker), Box::new(places)])
    }

    /// Fine where the worker's row has this transaction already.
    pub(super) async fn settle(&self, to: &mut Session) -> Result<(), Problem> {
        let sql = "SELECT batch FROM workers WHERE worker = $1";
        let rows = to.query(sql, &[&self.worker]).await?;
        let row = rows.first().ok_or(Problem::Fenced)?;
        if row.try_get::<_, i64>(0)? == self.batch {
            return Ok(());
        }
        Err(Problem::NotNext)
    }

    /// What this transaction has refused.
    pub(super) async fn refused(&self, to: &mut Session) -> Result<Vec<usize>, Problem> {
        let sql = "SELECT unnest(refused) FROM workers WHERE worker = $1";
        let rows = to.query(sql, &[&self.worker]).await?;
        let places = rows.iter().map(|row| row.try_get(0));
        let places = places.collect::<Result<Vec<i64>, _>>()?;
        Ok(places
            .into_iter()
            .filter_map(|place| usize::try_from(place).ok())
            .collect())
    }
}

/// One more worker.
pub(super) async fn enter(to: &mut Session, lease: Duration) -> Result<i64, Problem> {
    let sql = "INSERT INTO workers (until, batch, refused) VALUES \
               (clock_timestamp() + make_interval(secs => $1), 0, '{}') RETURNING worker";
    let rows = to.query(sql, &[&lease.as_secs_f64()]).await?;
    let row = rows.first().ok_or(Problem::Fenced)?;
    Ok(row.try_get(0)?)
}

/// Makes a lease run anew.
pub(super) async fn renew(to: &mut Session, worker: i64, lease: Duration) -> Result<(), Problem> {
    let sql = "UPDATE workers SET until = clock_timestamp() + make_interval(secs => $2) \
               WHERE worker = $1 RETURNING worker";
    let rows = to.query(sql, &[&worker, &lease.as_secs_f64()]).await?;
    rows.first().map(|_| ()).ok_or(Problem::Fenced)
}

/// Fences the workers whose lease is over, and frees what they had. One who is just committing is alive, and skipped.
pub(super) async fn take_over(to: &mut Session) -> Result<(), Problem> {
    let over = "SELECT 1 FROM workers WHERE until < clock_timestamp() LIMIT 1";
    if to.query(over, &[]).await?.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM workers WHERE worker IN (SELECT worker FROM workers \
               WHERE until < clock_timestamp() FOR UPDATE SKIP LOCKED) RETURNING worker";
    free(to, Order::new(sql, Vec::new())).await
}

/// Gives a lease back, and what was had under it.
pub(super) async fn leave(to: &mut Session, worker: i64) -> Result<(), Problem> {
    let sql = "DELETE FROM workers WHERE worker = $1 RETURNING worker";
    free(to, Order::new(sql, vec![Box::new(worker)])).await
}

/// Frees what the workers had whose rows `fence` deletes.
async fn free(to: &mut Session, fence: Order<'_>) -> Result<(), Problem> {
    let fenced = to.trip(&[Order::new("BEGIN", Vec::new()), fence]).await?;
    let fenced = fenced.iter().flatten().map(|row| row.try_get(0));
    let fenced = fenced.collect::<Result<Vec<i64>, _>>()?;
    // In a statement of its own, which sees what they have committed until they were fenced.
    let sql = "UPDATE runs SET owner = NULL, taken = NULL, wake = 0 \
               WHERE status = 0 AND owner = ANY($1)";
    let free = Order::new(sql, vec![Box::new(fenced)]);
    to.trip(&[free, Order::new("COMMIT", Vec::new())]).await?;
    Ok(())
}

/// Takes up what is due of those graphs.
pub(super) async fn take(
    to: &mut Session,
    proof: &Proof,
    graphs: &[i64],
    claim: &Claim,
) -> Result<Vec<RunRow>, Problem> {
    begin(to, proof).await?;
    let mut taken = Vec::new();
    for graph in graphs {
        let left = limit(claim.most - taken.len());
        let now = claim.now.cast_signed();
        let sql = "WITH due AS (SELECT run, wake FROM runs WHERE status = 0 AND owner IS NULL \
                   AND graph = $1 AND wake <= $2 ORDER BY wake LIMIT $3 FOR UPDATE SKIP LOCKED) \
                   UPDATE runs SET owner = $4, taken = $5, wake = 0 FROM due \
                   WHERE runs.run = due.run RETURNING due.wake, runs.run";
        let with: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [graph, &now, &left, &proof.worker, &proof.batch];
        for row in to.query(sql, &with).await? {
            taken.push((row.try_get::<_, i64>(0)?, row.try_get::<_, i64>(1)?));
        }
        if taken.len() >= claim.most {
            break;
        }
    }
    super::write::commit(to, Vec::new()).await?;
    taken.sort_unstable();
    let rows = self::taken(to, proof).await?;
    Ok(in_order(&taken, rows))
}

/// Rows in the order in which they were due.
fn in_order(due: &[(i64, i64)], rows: Vec<RunRow>) -> Vec<RunRow> {
    let places = due
        .iter()
        .enumerate()
        .map(|(place, (_, run))| (*run, place));
    let places: std::collections::HashMap<i64, usize> = places.collect();
    let mut rows = rows;
    rows.sort_by_key(|row| places.get(&row.new.run.cast_signed()).copied());
    rows
}

/// What that transaction has taken up.
pub(super) async fn taken(to: &mut Session, proof: &Proof) -> Result<Vec<RunRow>, Problem> {
    let sql = super::read::runs!("WHERE status = 0 AND owner = $1 AND taken = $2 ORDER BY run");
    let rows = to.query(sql, &[&proof.worker, &proof.batch]).await?;
    rows.iter().map(run_row).collect()
}

/// Begins a transaction that counts.
async fn begin(to: &mut Session, proof: &Proof) -> Result<(), Problem> {
    let orders = [Order::new("BEGIN", Vec::new()), proof.order()];
    let found = to.trip(&orders).await?;
    super::write::counted(to, found.get(1).is_some_and(|rows| !rows.is_empty())).await
}
