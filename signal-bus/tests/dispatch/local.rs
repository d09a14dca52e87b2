//! Targets within the process.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use enact_signal_bus::dispatch::local::{Channel, Console, Forward, Handler, Log, Nowhere};
use enact_signal_bus::dispatch::{DispatchError, Kind, Target};
use enact_signal_bus::{Bus, Overflow};
use enact_signal_core::{Envelope, Limits, Pattern, json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::world::signal;

#[tokio::test]
async fn a_channel_without_a_receiver_is_gone() {
    let (channel, receiver) = Channel::bounded("shipping", 4);
    assert!(channel.check().await.is_ok());
    drop(receiver);
    assert_eq!(channel.check().await.unwrap_err().kind(), Kind::Gone);
    let gone = channel.deliver(&signal("1")).await.unwrap_err();
    assert!(!gone.is_retryable());
}

#[tokio::test]
async fn several_signals_arrive_in_their_order_each_with_its_outcome() {
    let (channel, mut arrived) = Channel::bounded("shipping", 2);
    let signals = ["1", "2", "3"].map(signal);
    let outcomes = channel.deliver_all(&signals).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_ok());
    assert_eq!(outcomes[2].as_ref().unwrap_err().kind(), Kind::Full);
    assert_eq!(arrived.recv().await.unwrap().id(), "1");
    assert_eq!(arrived.recv().await.unwrap().id(), "2");
}

#[tokio::test]
async fn a_handler_says_whether_trying_again_can_help() {
    let handler = Handler::new("ship", |_: Envelope| async {
        Err(DispatchError::new(Kind::Busy, "ship", "the ramp is full"))
    });
    let error = handler.deliver(&signal("1")).await.unwrap_err();
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_bus_that_does_not_take_a_signal_says_why_and_whether_to_try_again() {
    let there = Bus::new();
    let taking = there.subscribe(Pattern::new("**").unwrap());
    let mut taken = taking.queue(1, Overflow::Refuse).open();
    let forward = Forward::new("warehouse", there.clone());
    forward.deliver(&signal("1")).await.unwrap();
    let full = forward.deliver(&signal("2")).await.unwrap_err();
    assert_eq!((full.kind(), full.is_retryable()), (Kind::Failed, true));
    assert_eq!(taken.next().await.unwrap().id(), "1");
    there.close();
    let closed = forward.deliver(&signal("2")).await.unwrap_err();
    assert_eq!(
        (closed.kind(), closed.is_retryable()),
        (Kind::Refused, false)
    );
    let source = std::error::Error::source(&closed).unwrap();
    assert!(source.to_string().contains("closed"), "{source}");
}

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_console_has_a_line_for_each_signal_that_reads_back() {
    let page = Page::default();
    let console = Console::to(page.clone());
    let signals = ["1", "2"].map(signal);
    for outcome in console.deliver_all(&signals).await {
        outcome.unwrap();
    }
    let written = page.0.lock().unwrap().clone();
    let lines = written
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let read = lines.map(|line| json::read(line, &Limits::default()).unwrap());
    assert_eq!(read.collect::<Vec<_>>(), signals);
}

#[tokio::test]
async fn nowhere_takes_everything_even_behind_a_pointer() {
    let targets: Vec<Box<dyn Target>> = vec![Box::new(Nowhere), Box::new(Arc::new(Nowhere))];
    for target in targets {
        assert!(target.check().await.is_ok());
        assert_eq!(target.deliver_all(&["1", "2"].map(signal)).await.len(), 2);
    }
}

/// Writes down the events of one target.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<(Level, String)>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "enact::dispatch"
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        let heard = (*event.metadata().level(), fields.0);
        self.0.lock().unwrap().push(heard);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

#[test]
fn the_log_tells_who_it_is_and_not_what_it_carries() {
    let ear = Ear::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    tracing::subscriber::with_default(ear.clone(), || {
        let delivered =
            runtime.block_on(async { Log::at(Level::WARN).deliver(&signal("7")).await });
        delivered.unwrap();
    });
    let heard = ear.0.lock().unwrap();
    let [(level, fields)] = heard.as_slice() else {
        panic!("one event, not {heard:?}");
    };
    assert_eq!(*level, Level::WARN);
    assert!(fields.contains("id=\"7\"") && fields.contains("ty=\"order.paid\""));
    assert!(!fields.contains("1999"));
}
