//! Many orders at once, each a run that is recorded: whatever stops the program, the next one goes on.

use std::path::Path;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Kind as Why, Settings};
use tokio::task::JoinSet;

use crate::batch::read;
use crate::order::Confirmation;
use crate::summary::Summary;
use crate::world::{self, Ledger, TABLES, Warehouse};

/// How many orders are under way at the same time.
const AT_ONCE: usize = 64;

/// Fulfils every order of a text of JSON Lines once, however often it is called over the same file.
pub(crate) async fn fulfil(
    text: &'static str,
    file: &Path,
    cx: &Context,
    show: impl Fn(&Summary),
) -> Result<Summary, Failure> {
    let world = world::in_journal().build();
    let engine = Engine::open_with(file, Settings::default().tables(TABLES), &world)?;
    let answered = answers(text, &engine, cx, show).await;
    // What is under way goes on when the file is opened again.
    engine.close().await;
    let mut summary = answered?;
    summary.reserved = world.resource::<Warehouse>()?.0.sum(Some(file))?;
    summary.charged = world.resource::<Ledger>()?.0.sum(Some(file))?;
    Ok(summary)
}

async fn answers(
    text: &'static str,
    engine: &Engine,
    cx: &Context,
    show: impl Fn(&Summary),
) -> Result<Summary, Failure> {
    let (mut summary, mut running) = (Summary::default(), JoinSet::new());
    let mut lines = text.lines();
    loop {
        while running.len() < AT_ONCE
            && let Some(line) = lines.next()
        {
            running.spawn(order(line, engine.clone()));
        }
        let ended = tokio::select! {
            biased;
            () = cx.cancelled() => return Err(Failure::cancelled()),
            ended = running.join_next() => ended,
        };
        let Some(ended) = ended else {
            return Ok(summary);
        };
        match ended? {
            Ended::Refused(failure) => summary.refused.add(&failure),
            Ended::Failed(failure) => summary.failed.add(&failure),
            Ended::Fulfilled(confirmation) => summary.count(&confirmation),
            Ended::Stopped(failure) => return Err(failure),
        }
        show(&summary);
    }
}

/// What came of one order.
enum Ended {
    Fulfilled(Confirmation),
    /// Its params broke a rule, so that nothing ran.
    Refused(Failure),
    Failed(Failure),
    /// It could not be recorded.
    Stopped(Failure),
}

/// One order, under its own id; where that has ended before, its answer is the recorded one.
async fn order(line: &str, engine: Engine) -> Ended {
    let workflow = match read(line) {
        Ok(workflow) => workflow,
        Err(failure) => return Ended::Refused(failure),
    };
    let id = workflow.order.id.clone();
    let run = match engine.start(&id, workflow).await {
        Ok(run) => run,
        Err(error) if error.kind() == Why::Refused => return Ended::Refused(error.into()),
        Err(error) => return Ended::Stopped(error.into()),
    };
    match run.answer().await {
        Ok(confirmation) => Ended::Fulfilled(confirmation),
        Err(failure) if failure.code().starts_with("journal.") => Ended::Stopped(failure),
        Err(failure) => Ended::Failed(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SAMPLE;
    use crate::batch;

    #[tokio::test]
    async fn recorded_runs_come_to_the_same_and_are_not_repeated() {
        let folder = std::env::temp_dir().join(format!("enact-orders-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("orders.db");
        let cx = world::in_memory().build();
        let plain = batch::fulfil(SAMPLE, &cx, |_| ()).await.unwrap();
        for _ in 0..2 {
            let durable = fulfil(SAMPLE, &file, &cx, |_| ()).await.unwrap();
            assert_eq!(durable.failed, plain.failed);
            assert_eq!(durable.refused, plain.refused);
            assert_eq!(
                (durable.fulfilled, durable.cents),
                (plain.fulfilled, plain.cents)
            );
            assert_eq!(
                (durable.reserved, durable.charged),
                (plain.reserved, plain.charged)
            );
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
