//! What is written.

use std::collections::HashSet;
use std::mem::take;
use std::time::Duration;

use tokio_postgres::error::SqlState;

use super::lease::Proof;
use super::link::{Column, Order, Session, Steps};
use super::read::limit;
use super::stretch::{Piece, halves, pieces};
use super::{Body, Entry, GraphRow, Problem, Record, effect};

/// Writes a batch in one transaction; the places of what was refused.
///
/// All but the commit is sent in one go, so that a batch takes two trips to the server. An effect that a step has in
/// the database comes in between: what is before it is sent first, so that it is done only where this counts.
pub(super) fn batch(
    steps: &mut Steps<'_>,
    proof: Option<&Proof>,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    let (pieces, refused) = pieces(batch);
    let mut unsent = Unsent::begun(proof, refused);
    for piece in &pieces {
        match piece {
            Piece::Stretch(stretch) => {
                for (order, asked) in stretch.orders(proof.map(|proof| proof.worker)) {
                    unsent.orders.push(order);
                    unsent.asked.push(asked);
                }
            }
            Piece::Work(place, work) => {
                unsent.send(steps)?;
                match effect::perform(steps, work)? {
                    Some(record) => unsent.record(work.run(), record),
                    None => unsent.refused.push(*place),
                }
            }
        }
    }
    unsent.send(steps)?;
    let mut refused = unsent.refused;
    refused.sort_unstable();
    let mut last = Vec::new();
    if let Some(proof) = proof {
        if pieces.iter().any(|piece| matches!(piece, Piece::Work(..))) {
            last.push(proof.renewing());
        }
        if !refused.is_empty() {
            let places = refused.iter().map(|place| limit(*place)).collect();
            last.push(proof.refusing(places));
        }
    }
    steps.wait(async |to| commit(to, last).await)?;
    Ok(refused)
}

/// What is to be sent next, and what was refused of all that was.
struct Unsent<'a> {
    orders: Vec<Order<'a>>,
    /// What may be refused by each.
    asked: Vec<Vec<(usize, u64)>>,
    refused: Vec<usize>,
    /// Whether the proof is among it.
    proves: bool,
}

impl Unsent<'_> {
    fn begun(proof: Option<&Proof>, refused: Vec<usize>) -> Self {
        let mut orders = vec![Order::new("BEGIN", Vec::new())];
        orders.extend(proof.map(Proof::order));
        let asked = orders.iter().map(|_| Vec::new()).collect();
        Self {
            orders,
            asked,
            refused,
            proves: proof.is_some(),
        }
    }

    /// What an effect came to.
    fn record(&mut self, run: u64, record: Record) {
        let sql = "INSERT INTO journal (run, path, at, body, body_packed, sum) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let (text, packed) = match record.body {
            Body::Text(text) => (Some(text), None),
            Body::Packed(packed) => (None, Some(packed)),
        };
        let with: Vec<Column<'_>> = vec![
            Box::new(run.cast_signed()),
            Box::new(record.path),
            Box::new(record.at.cast_signed()),
            Box::new(text),
            Box::new(packed),
            Box::new(i64::from(record.sum)),
        ];
        self.orders.push(Order::new(sql, with));
        self.asked.push(Vec::new());
    }

    fn send(&mut self, steps: &mut Steps<'_>) -> Result<(), Problem> {
        let (orders, asked) = (take(&mut self.orders), take(&mut self.asked));
        let proves = take(&mut self.proves);
        let answers = steps.wait(async |to| {
            let answers = to.trip(&orders).await?;
            counted(
                to,
                !proves || answers.get(1).is_some_and(|rows| !rows.is_empty()),
            )
            .await?;
            Ok(answers)
        })?;
        for (asked, rows) in asked.iter().zip(&answers) {
            if asked.is_empty() {
                continue;
            }
            let taken = rows.iter().map(|row| row.try_get(0));
            let taken = taken.collect::<Result<HashSet<i64>, _>>()?;
            let left = asked
                .iter()
                .filter(|(_, run)| !taken.contains(&run.cast_signed()));
            self.refused.extend(left.map(|(place, _)| *place));
        }
        Ok(())
    }
}

/// Gives a transaction up that does not count.
pub(super) async fn counted(to: &mut Session, counts: bool) -> Result<(), Problem> {
    if counts {
        return Ok(());
    }
    to.query("ROLLBACK", &[]).await?;
    Err(Problem::NotNext)
}

/// Commits, with those statements before it.
pub(super) async fn commit(to: &mut Session, mut orders: Vec<Order<'_>>) -> Result<(), Problem> {
    orders.push(Order::new("COMMIT", Vec::new()));
    let done = to.trip(&orders).await;
    done.map(drop)
        .map_err(|problem| Problem::Unknown(Box::new(problem)))
}

/// Sets numbers aside; the last of them.
pub(super) async fn numbers(to: &mut Session, most: u64) -> Result<u64, Problem> {
    let sql = "UPDATE about SET numbers = greatest(numbers, (SELECT coalesce(max(run), 0) \
               FROM runs)) + $1::int8 RETURNING numbers";
    let rows = to.query(sql, &[&most.cast_signed()]).await?;
    let row = rows.first().ok_or(Problem::NotNext)?;
    Ok(row.try_get::<_, i64>(0)?.cast_unsigned())
}

pub(super) async fn graphs(to: &mut Session, graphs: &[GraphRow]) -> Result<(), Problem> {
    let sql = "INSERT INTO graphs (graph, body, body_packed) VALUES ($1, $2, $3) \
               ON CONFLICT (graph) DO NOTHING";
    for row in graphs {
        let graph = row.graph.cast_signed();
        let (text, packed) = halves(&row.body);
        to.query(sql, &[&graph, &text, &packed]).await?;
    }
    Ok(())
}

/// Deletes the runs that ended longest ago; nothing, where that would take the server longer than so long.
pub(super) async fn prune(
    to: &mut Session,
    before: u64,
    most: usize,
    patience: Duration,
) -> Result<Option<usize>, Problem> {
    let patience = patience.as_millis().max(1);
    to.execute(&format!("BEGIN; SET LOCAL statement_timeout TO {patience}"))
        .await?;
    let sql = "WITH old AS (SELECT run FROM runs WHERE status > 0 AND ended < $1 \
               ORDER BY ended LIMIT $2 FOR UPDATE SKIP LOCKED), \
               told AS (DELETE FROM journal USING old WHERE journal.run = old.run) \
               DELETE FROM runs USING old WHERE runs.run = old.run RETURNING runs.run";
    let pruned = to.query(sql, &[&before.cast_signed(), &limit(most)]).await;
    match pruned {
        Ok(rows) => to.execute("COMMIT").await.map(|()| Some(rows.len())),
        Err(Problem::Postgres(error)) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
            to.execute("ROLLBACK").await.map(|()| None)
        }
        Err(problem) => Err(problem),
    }
}
