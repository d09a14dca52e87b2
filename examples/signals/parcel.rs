//! A run that a signal starts: it emits into the log, waits for what the log brings, and its steps stand in the
//! same file.

use std::path::Path;
use std::time::Duration;

use enact::bus::log::{Log, StartFrom};
use enact::prelude::*;
use enact::signal::{Envelope, Sink as _, pattern, sink};
use enact::workflow::engine::{Engine, Status, run_id};

use crate::Outcome;
use crate::kinds::{HandedOver, OrderClosed, OrderShipped, Received};

/// Prints the label of a parcel.
#[derive(Debug, Action)]
#[action(effect = idempotent, timeout = "10s", retry(times = 3))]
struct PrintLabel {
    /// Which order it is of.
    order: String,
}

impl Run for PrintLabel {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        if cx.attempt() == 1 {
            return Err(Failure::retryable("printer.busy", "the printer is busy"));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(format!("label of {}", self.order))
    }
}

workflow! {
    /// Brings a parcel to the door.
    Parcel { order: String } -> String {
        step label = PrintLabel { order };
        emit HandedOver { order_id: order, label } with subject(order);
        wait received = Received where order_id == order, timeout "14d";
        emit OrderClosed { order_id: received.order_id } with subject(order);
        label
    }
}

/// Follows one order from its shipping to its end.
pub(crate) async fn follow(path: &Path, log: &Log, shipped: Envelope) -> Outcome<()> {
    let cx = Context::builder().resource(sink(log.clone())).build();
    let engine = Engine::open(path, &cx)?;
    let run = run_id(&shipped);
    let before = engine.client().find(&run).await;
    if before.is_ok_and(|before| before.status == Status::Answered) {
        println!("\nthe run {run} had brought its parcel to the door before");
        engine.close().await;
        return Ok(());
    }
    let starts = engine.starts(|shipped: OrderShipped| Parcel::new(shipped.order_id));
    starts.accept(shipped.clone()).await?;

    let carrier = log.subscribe("carrier", pattern!("parcel.handed_over"));
    let carrier = carrier.start_from(StartFrom::Origin).open().await?;
    let parcel = carrier.next().await?;
    let HandedOver { order_id, .. } = parcel.open()?;
    let received = Received { order_id }.caused_by(&parcel);
    let received = received.id(format!("{}-received", shipped.id())).seal()?;
    log.publish(received.clone()).await?;
    engine.deliver(&run, &received).await?;
    parcel.ack().await?;

    engine.run(&run).await?.answer().await?;
    engine.close().await;
    println!("\nthe run {run} has brought a parcel to the door");
    Ok(())
}
