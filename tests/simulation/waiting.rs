//! Whoever waits for a run that has left memory hears what becomes of the engine.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::Memory;
use enact::workflow::testing::Windows;

use crate::faults::{Fault, Faulty};
use crate::workflows::Hurries;
use crate::world::World;

fn engine(fault: Option<(u32, Fault)>) -> Engine {
    let world = World::new(1, 0);
    let store = Faulty {
        store: Memory::default(),
        fault,
        calls: 0,
        failed: false,
        world: world.clone(),
    };
    let settings = Settings::default()
        .poll(Duration::from_mins(1))
        .windows(&Windows::new());
    let builder = Context::builder().resource(world);
    let cx = builder.resource(Signals::new()).build();
    Engine::with(Box::new(store), settings, &cx).unwrap()
}

#[tokio::test(start_paused = true)]
async fn that_it_is_closed() {
    let engine = engine(None);
    let run = engine.start("a", Hurries::new("7")).await.unwrap();
    while engine.client().find("a").await.unwrap().wake.is_none() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    engine.close().await;
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.code(), "engine.closed");
}

#[tokio::test(start_paused = true)]
async fn that_its_journal_has_failed() {
    let engine = engine(Some((40, Fault::Full)));
    let run = engine.start("a", Hurries::new("7")).await.unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.code(), "journal.unwritable");
}
