//! Runs and a bus: a route starts them, it brings them what they wait for, and carries what they emit.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use enact::action::BoxFuture;
use enact::bus::Bus;
use enact::prelude::*;
use enact::signal::{Envelope, Sink, sink};
use enact::testing::{TestBus, Windows, assert_published};
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, Settings, run_id};
use enact::workflow::journal::Memory;

/// Somebody has paid.
#[signal(type = "order.paid", source = "/shop")]
pub(crate) struct Paid {
    pub(crate) order: String,
}

/// Something was packed.
#[signal(type = "order.packed", source = "/shop")]
pub(crate) struct Packed {
    pub(crate) order: String,
}

/// Something was shipped.
#[signal(type = "order.shipped", source = "/shop")]
pub(crate) struct Shipped {
    pub(crate) order: String,
    pub(crate) by: String,
}

/// Packs something.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub(crate) struct Pack {
    /// What.
    pub(crate) order: String,
}

impl Run for Pack {
    type Output = String;

    async fn run(&self, _: &Context) -> Result<String, Failure> {
        tokio::task::yield_now().await;
        Ok(format!("a parcel with {}", self.order))
    }
}

workflow! {
    /// Packs.
    pub(crate) Packing { order: String } -> String {
        step parcel = Pack { order };
        emit Packed { order };
        parcel
    }
}

workflow! {
    /// Packs and ships.
    pub(crate) Shipping { order: String } -> String {
        step parcel = Packing { order };
        emit Shipped { order, by: "post".to_owned() } with subject(order);
        parcel
    }
}

workflow! {
    /// Waits until something is shipped.
    pub(crate) Awaiting { order: String } -> String {
        step parcel = Pack { order };
        wait shipped = Shipped where subject == parcel, timeout "1h";
        shipped.by
    }
}

pub(crate) fn paid(id: &str) -> Envelope {
    let paid = Paid {
        order: "1042".to_owned(),
    };
    let paid = paid.draft().id(id).correlation("c-7");
    paid.seal().unwrap()
}

pub(crate) fn shipped(parcel: &str) -> Envelope {
    let (order, by) = ("1042".to_owned(), "boat".to_owned());
    Shipped { order, by }.subject(parcel).seal().unwrap()
}

#[tokio::test]
async fn a_route_starts_a_workflow_once_though_the_event_is_published_twice() {
    let bus = TestBus::new();
    let cx = Context::builder().resource(sink(bus.bus())).build();
    let engine = Engine::memory(&cx).unwrap();
    let route = bus.subscribe(pattern!("order.paid"));
    let route = route.to(engine.starts(|paid: Paid| Shipping::new(paid.order)));
    for id in ["p-1", "p-1", "p-2"] {
        bus.publish(paid(id)).await.unwrap();
    }
    assert_eq!(route.finish().await.handled, 3);
    for id in ["p-1", "p-2"] {
        let run = engine.run(&run_id(&paid(id))).await.unwrap();
        assert_eq!(run.answer().await.unwrap(), "a parcel with 1042");
    }
    assert_eq!(engine.list(9).await.unwrap().len(), 2);
    assert_published!(bus, Shipped { by, .. } if by == "post");
    let mut told: Vec<_> = bus
        .published()
        .iter()
        .skip(3)
        .map(|one| {
            assert_eq!(one.correlation(), Some("c-7"));
            (one.ty().to_string(), one.id().to_owned(), one.causes())
        })
        .collect();
    told.sort();
    let one = |ty: &str, cause: &str, path: &str| {
        let id = format!("/shop#{cause}/{path}");
        (ty.to_owned(), id, vec![cause.to_owned()])
    };
    let wanted = [
        one("order.packed", "p-1", "parcel/emit"),
        one("order.packed", "p-2", "parcel/emit"),
        one("order.shipped", "p-1", "emit"),
        one("order.shipped", "p-2", "emit"),
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_waiting_run_gets_its_signal_from_the_bus_once() {
    let bus = Bus::new();
    let engine = Engine::memory(&Context::new()).unwrap();
    let run = engine.start("1042", Awaiting::new("1042")).await.unwrap();
    let whose = |shipped: &Envelope| match shipped.subject() {
        Some("nobody's") => None,
        _ => Some(shipped.open::<Shipped>().ok()?.order),
    };
    let answers = bus
        .subscribe(pattern!("order.shipped"))
        .to(engine.delivers(whose));
    let wanted = shipped("a parcel with 1042");
    for signal in [
        shipped("nobody's"),
        shipped("another"),
        wanted.clone(),
        wanted,
    ] {
        bus.publish(signal).await.unwrap();
    }
    assert_eq!(run.answer().await.unwrap(), "boat");
    let figures = answers.finish().await;
    assert_eq!(figures.taken, 4);
    let late = engine.delivers(|_| Some("1042".to_owned()));
    let failure = late.accept(shipped("late")).await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.is_retryable()),
        ("engine.not_there", true)
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_in_memory_waits_for_what_the_bus_brings() {
    let bus = Bus::new();
    let signals = Signals::new();
    let brings = bus.subscribe(pattern!("order.*")).to(signals.clone());
    let cx = Context::builder().resource(signals).build();
    let run = Awaiting::new("1042").exec(&cx).spawn();
    for parcel in ["another", "a parcel with 1042"] {
        bus.publish(shipped(parcel)).await.unwrap();
    }
    assert_eq!(run.await.unwrap(), "boat");
    assert_eq!(brings.finish().await.handled, 2);
}

/// Keeps what it accepts, over crashes.
#[derive(Clone, Default)]
pub(crate) struct Seen(pub(crate) Arc<Mutex<Vec<Envelope>>>);

impl Sink for Seen {
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        self.0.lock().unwrap().push(envelope);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// One life of a run: until a window is struck, or until it has answered.
fn live(memory: &Memory, seen: &Seen, windows: &Windows) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let cx = Context::builder().resource(sink(seen.clone())).build();
        let settings = Settings::default().windows(windows);
        let store = Box::new(memory.reopened());
        let ends = async {
            let engine = Engine::with(store, settings, &cx).unwrap();
            let cause = paid("p 1");
            let run = engine.start_because(&cause, "p 1", Shipping::new("1042"));
            run.await.unwrap().answer().await.unwrap()
        };
        tokio::select! {
            biased;
            () = windows.struck() => (),
            answer = ends => assert_eq!(answer, "a parcel with 1042"),
        }
    });
}

#[test]
fn what_is_emitted_again_after_a_crash_is_the_same_event() {
    let mut repeated = BTreeSet::new();
    for strike in 0.. {
        let (memory, seen) = (Memory::default(), Seen::default());
        let windows = Windows::striking(strike).holding_back();
        live(&memory, &seen, &windows);
        live(&memory, &seen, &Windows::new());
        let seen = seen.0.lock().unwrap();
        let events = seen
            .iter()
            .map(|one| (one.id(), one.source(), one.ty().as_str()));
        let events: BTreeSet<_> = events.collect();
        let wanted = [
            ("p%201/emit", "/shop", "order.shipped"),
            ("p%201/parcel/emit", "/shop", "order.packed"),
        ];
        assert!(events.iter().copied().eq(wanted), "{strike}: {events:?}");
        for (n, one) in seen.iter().enumerate() {
            let before = seen[..n].iter().find(|other| other.id() == one.id());
            if let Some(before) = before {
                repeated.insert(one.id().to_owned());
                assert_eq!(one.causes(), before.causes(), "{strike}");
                assert_eq!(one.correlation(), before.correlation(), "{strike}");
            }
        }
        if !windows.is_struck() {
            assert_eq!(seen.len(), 2);
            for one in &*seen {
                assert_eq!(
                    (one.causes(), one.correlation()),
                    (vec!["p 1".to_owned()], Some("c-7"))
                );
            }
            break;
        }
    }
    assert_eq!(repeated.len(), 2, "each was emitted again: {repeated:?}");
}

workflow! {
    /// Says who has ordered.
    pub(crate) Noting { order: String } -> String {
        step parcel = Pack { order };
        format!("noted {parcel}")
    }
}

#[tokio::test]
async fn one_event_starts_runs_of_two_workflows_where_one_route_gives_ids_of_its_own() {
    let engine = Engine::memory(&Context::new()).unwrap();
    let ships = engine.starts(|paid: Paid| Packing::new(paid.order));
    let notes = engine.starts(|paid: Paid| Noting::new(paid.order));
    let event = paid("p-1");
    let refused = engine.starts(|paid: Paid| Noting::new(paid.order));
    let notes = notes.id(|event| format!("note:{}", run_id(event)));
    for _ in 0..2 {
        ships.accept(event.clone()).await.unwrap();
        notes.accept(event.clone()).await.unwrap();
    }
    let run = engine.run("note:/shop#p-1").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "noted a parcel with 1042");
    assert_eq!(engine.list(9).await.unwrap().len(), 2);
    // Of another workflow than the one that it has started under that id.
    let failure = refused.accept(event).await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.is_retryable()),
        ("engine.taken", false)
    );
}

#[tokio::test]
async fn an_event_that_comes_again_is_done_though_its_run_would_have_other_params_by_now() {
    let engine = Engine::memory(&Context::new()).unwrap();
    let event = paid("p-1");
    let first = engine.starts(|paid: Paid| Noting::new(paid.order));
    first.accept(event.clone()).await.unwrap();
    let changed = engine.starts(|paid: Paid| Noting::new(format!("{} of today", paid.order)));
    changed.accept(event).await.unwrap();
    assert_eq!(engine.list(9).await.unwrap().len(), 1);
    // Not, where it is another event that asks for that id.
    let other = changed.id(|_| "/shop#p-1".to_owned());
    assert_eq!(
        other.accept(paid("p-2")).await.unwrap_err().code(),
        "engine.taken"
    );
}

#[tokio::test]
async fn an_event_that_comes_again_to_a_run_that_it_has_ended_is_done() {
    let engine = Engine::memory(&Context::new()).unwrap();
    let run = engine.start("1042", Awaiting::new("1042")).await.unwrap();
    let event = shipped("a parcel with 1042");
    let brings = engine.delivers(|_| Some("1042".to_owned()));
    brings.accept(event.clone()).await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "boat");
    brings.accept(event.clone()).await.unwrap();
    engine.client().deliver("1042", &event).await.unwrap();
    let never_had = brings.accept(shipped("another")).await.unwrap_err();
    assert_eq!(never_had.code(), "engine.not_there");
}

/// Somebody has said yes.
#[signal(type = "order.agreed", source = "/shop", version = 2)]
struct Agreed {
    /// How much.
    #[param(min = 1)]
    cents: u64,
}

workflow! {
    /// Waits until somebody agrees.
    Agreeing {} -> u64 {
        wait agreed = Agreed;
        agreed.cents
    }
}

#[tokio::test]
async fn a_wait_leaves_alone_what_is_of_another_version_or_breaks_a_rule() {
    let engine = Engine::memory(&Context::new()).unwrap();
    let run = engine.start("a", Agreeing::new()).await.unwrap();
    let event = |version: u32, cents: u64| {
        Envelope::builder("order.agreed", "/shop")
            .dataschema(format!("urn:enact:signal:order.agreed:{version}"))
            .json(&serde_json::json!({ "cents": cents }))
            .build()
            .unwrap()
    };
    assert_eq!(event(2, 5).version(), Some(2));
    for event in [event(1, 3), event(2, 0), event(2, 5)] {
        engine.deliver("a", &event).await.unwrap();
    }
    assert_eq!(run.answer().await.unwrap(), 5);
}

#[test]
fn ids_do_not_grow_from_run_to_run() {
    let mut id = "3f2b8a52-0a7c-7e3c-9a55-0123456789ab".to_owned();
    let mut runs = BTreeSet::new();
    for _ in 0..100 {
        let event = Envelope::builder("order.paid", "https://shop.example/orders");
        let run = run_id(&event.id(&*id).build().unwrap());
        assert!(run.len() < 300, "{run}");
        assert!(runs.insert(run.clone()), "{run}");
        // As `emit` names what it sends.
        id = format!("{run}/parcel/emit");
    }
}
