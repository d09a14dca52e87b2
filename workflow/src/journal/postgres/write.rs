//! What is written.

use std::collections::HashSet;

use super::lease::Proof;
use super::link::{Order, Session};
use super::read::limit;
use super::stretch::{halves, stretches};
use super::{Entry, GraphRow, Problem};

/// Writes a batch in one transaction; the places of what was refused.
///
/// All but the commit is sent in one go, so that a batch takes two trips to the server.
pub(super) async fn batch(
    to: &mut Session,
    proof: Option<&Proof>,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    let (stretches, mut refused) = stretches(batch);
    let mut orders = vec![Order::new("BEGIN", Vec::new())];
    orders.extend(proof.map(Proof::order));
    let before = orders.len();
    let mut asked = Vec::new();
    for stretch in &stretches {
        for (order, may_be_refused) in stretch.orders(proof.map(|proof| proof.worker)) {
            orders.push(order);
            asked.push(may_be_refused);
        }
    }
    let answers = to.trip(&orders).await?;
    counted(
        to,
        proof.is_none() || answers.get(1).is_some_and(|rows| !rows.is_empty()),
    )
    .await?;
    for (asked, rows) in asked.iter().zip(answers.iter().skip(before)) {
        if asked.is_empty() {
            continue;
        }
        let taken = rows.iter().map(|row| row.try_get(0));
        let taken = taken.collect::<Result<HashSet<i64>, _>>()?;
        let left = asked
            .iter()
            .filter(|(_, run)| !taken.contains(&run.cast_signed()));
        refused.extend(left.map(|(place, _)| *place));
    }
    refused.sort_unstable();
    let kept = proof.filter(|_| !refused.is_empty());
    let kept =
        kept.map(|proof| proof.refusing(refused.iter().map(|place| limit(*place)).collect()));
    commit(to, kept.into_iter().collect()).await?;
    Ok(refused)
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

/// Deletes the runs that ended longest ago.
pub(super) async fn prune(to: &mut Session, before: u64, most: usize) -> Result<usize, Problem> {
    let sql = "WITH old AS (SELECT run FROM runs WHERE status > 0 AND ended < $1 \
               ORDER BY ended LIMIT $2 FOR UPDATE SKIP LOCKED), \
               told AS (DELETE FROM journal USING old WHERE journal.run = old.run) \
               DELETE FROM runs USING old WHERE runs.run = old.run RETURNING runs.run";
    let rows = to
        .query(sql, &[&before.cast_signed(), &limit(most)])
        .await?;
    Ok(rows.len())
}
