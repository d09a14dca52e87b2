//! Targets as sinks: of a bus, and of whoever else hands signals on.

use std::time::Duration;

use enact_signal_bus::Bus;
use enact_signal_bus::dispatch::local::{Channel, Forward, Handler};
use enact_signal_bus::dispatch::{Backoff, DispatchError, Kind, Layers, Outlet, Target};
use enact_signal_core::{Envelope, Failure, Pattern, Sink};

use crate::world::signal;

/// A target that fails in one way.
fn failing(error: DispatchError) -> impl Target + 'static {
    Handler::new("ship", move |_: Envelope| {
        let error = error.clone();
        async { Err(error) }
    })
}

async fn refused(error: DispatchError) -> Failure {
    let outlet: Outlet<_> = failing(error).sink();
    outlet.accept(signal("1")).await.unwrap_err()
}

#[tokio::test]
async fn a_subscription_hands_signals_to_a_target_with_its_layers() {
    let (channel, mut arrived) = Channel::bounded("shipping", 4);
    let bus = Bus::new();
    let all = bus.subscribe(Pattern::new("**").unwrap());
    let shipping = all.to(channel.retrying(Backoff::default()).sink());
    for id in ["1", "2"] {
        bus.publish(signal(id)).await.unwrap();
    }
    assert_eq!(shipping.finish().await.handled, 2);
    assert_eq!(arrived.recv().await.unwrap().id(), "1");
    assert_eq!(arrived.recv().await.unwrap().id(), "2");
}

#[tokio::test]
async fn what_a_target_says_of_trying_again_its_sink_says_too() {
    let busy = DispatchError::new(Kind::Busy, "ship", "the ramp is full");
    let busy = refused(busy.retry_after(Duration::from_secs(30))).await;
    assert_eq!(
        (busy.code(), busy.is_retryable(), busy.wait()),
        ("dispatch.busy", true, Some(Duration::from_secs(30)))
    );
    assert_eq!(
        busy.to_string(),
        "could not deliver to `ship`: the ramp is full"
    );
    let gone = refused(DispatchError::new(Kind::Gone, "ship", "it is sold")).await;
    assert_eq!(
        (gone.code(), gone.is_retryable(), gone.wait()),
        ("dispatch.gone", false, None)
    );
    let cause = gone.source().and_then(|it| it.downcast_ref());
    assert_eq!(cause.map(DispatchError::kind), Some(Kind::Gone));
}

/// There and back: a sink of a target of a sink says the same.
#[tokio::test]
async fn a_target_behind_a_sink_behind_a_target_says_the_same() {
    for (kind, wait) in [
        (Kind::Busy, Some(Duration::from_secs(3))),
        (Kind::Unreachable, None),
        (Kind::Refused, None),
    ] {
        let error = DispatchError::new(kind, "ship", "no");
        let error = match wait {
            Some(wait) => error.retry_after(wait),
            None => error,
        };
        let there = Forward::new("there", failing(error.clone()).sink());
        let said = there.deliver(&signal("1")).await.unwrap_err();
        assert_eq!(
            (said.is_retryable(), said.wait()),
            (error.is_retryable(), wait)
        );
    }
}
