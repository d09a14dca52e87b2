//! Many orders at once, and one of them read from its line.

use std::sync::{Arc, Mutex, PoisonError};

use enact::prelude::*;
use enact::workflow::listen;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::fulfilment::OrderFulfilment;
use crate::order::Confirmation;
use crate::summary::{Steps, Summary};
use crate::world::{Ledger, Warehouse};

/// How many orders are under way at the same time.
const AT_ONCE: usize = 16;

/// What came of one order, and the steps that it took.
type Ended = (Result<Confirmation, Failure>, Steps);

/// Fulfils every order of a text of JSON Lines, and shows how far it is after each.
pub(crate) async fn fulfil(
    text: &'static str,
    cx: &Context,
    show: impl Fn(&Summary),
) -> Result<Summary, Failure> {
    let (mut summary, mut cancelled) = (Summary::default(), None);
    let (mut lines, mut running) = (text.lines(), JoinSet::new());
    loop {
        while running.len() < AT_ONCE
            && !cx.is_cancelled()
            && let Some(line) = lines.next()
        {
            running.spawn(run(line, cx.clone()));
        }
        let Some(ended) = running.join_next().await else {
            break;
        };
        match ended? {
            (Err(failure), _) if failure.kind() == Kind::Cancelled => cancelled = Some(failure),
            (outcome, steps) => summary.add(outcome, steps),
        }
        show(&summary);
    }
    if let Some(failure) = cancelled {
        return Err(failure);
    }
    summary.reserved = cx.resource::<Warehouse>()?.0.sum(None)?;
    summary.charged = cx.resource::<Ledger>()?.0.sum(None)?;
    Ok(summary)
}

/// One order: JSON, then params, then the run; whatever is wrong comes back as a failure.
async fn run(line: &str, cx: Context) -> Ended {
    let steps = Arc::new(Mutex::new(Steps::default()));
    let counted = Arc::clone(&steps);
    let cx = listen(&cx, move |event| {
        let mut steps = counted.lock().unwrap_or_else(PoisonError::into_inner);
        steps.count(&event.what);
    });
    let outcome = match read(line) {
        Ok(workflow) => workflow.exec(&cx).await,
        Err(refused) => Err(refused),
    };
    let steps = *steps.lock().unwrap_or_else(PoisonError::into_inner);
    (outcome, steps)
}

/// The workflow for the order of one line.
pub(crate) fn read(line: &str) -> Result<OrderFulfilment, Failure> {
    let order: Value = serde_json::from_str(line).map_err(|error| {
        Failure::terminal("orders.no_json", format!("the line is no JSON: {error}"))
    })?;
    Ok(OrderFulfilment::read(json!({ "order": order }))?)
}

#[cfg(test)]
mod tests {
    use enact::testing::Stage;
    use enact::workflow::testing::assert_lock;

    use super::*;
    use crate::SAMPLE;
    use crate::world;

    fn summary() -> Summary {
        let cx = world::in_memory();
        Stage::new().run_with(cx, async |cx| fulfil(SAMPLE, &cx, |_| ()).await.unwrap())
    }

    #[test]
    fn failed_orders_leave_nothing_behind() {
        let summary = summary();
        assert_eq!(summary.orders(), 1000);
        assert_eq!(summary.reserved, u64::from(summary.pieces));
        assert_eq!(summary.charged, summary.cents);
        assert!(summary.steps.retried > 0 && summary.steps.undone > 0);
    }

    #[test]
    fn a_changed_graph_has_a_new_version() {
        let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/orders/enact.lock");
        assert_lock(lock);
    }

    #[test]
    fn every_run_tells_the_same() {
        assert_eq!(summary(), summary());
    }
}
