//! What a run sees of its context.

use std::sync::{Arc, Mutex};

use enact::context::Trace;
use enact::prelude::*;

/// Tells what it sees.
#[derive(Debug, Action)]
#[action(effect = read, retry(times = 1, backoff = "1ms"))]
struct Witness;

/// What was seen.
#[derive(Debug, Default)]
struct Seen(Mutex<Vec<String>>);

impl Run for Witness {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let line = format!(
            "{} {:?} {:?} {}",
            cx.attempt(),
            cx.tenant(),
            cx.idempotency_key(),
            cx.trace().map(ToString::to_string).unwrap_or_default(),
        );
        cx.resource::<Arc<Seen>>()?
            .0
            .lock()
            .expect("no test panics here")
            .push(line);
        match cx.attempt() {
            1 => Err(Failure::retryable("once", "once more")),
            _ => Ok(()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_share_tenant_key_and_trace() {
    let seen = Arc::new(Seen::default());
    let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let trace: Trace = header.parse().unwrap();
    let cx = Context::builder()
        .resource(Arc::clone(&seen))
        .tenant("acme")
        .idempotency_key("order-7")
        .trace(trace)
        .build();
    Witness::new().exec(&cx).await.unwrap();
    let line = |n: u32| format!("{n} Some(\"acme\") Some(\"order-7\") {header}");
    assert_eq!(*seen.0.lock().unwrap(), [line(1), line(2)]);
}

#[test]
fn a_missing_resource_says_what_to_do() {
    let failure = Context::new().resource::<Seen>().unwrap_err();
    assert_eq!(
        (failure.kind(), failure.code()),
        (Kind::Misconfigured, "resource.missing")
    );
    assert!(
        failure.message().contains("Context::builder().resource("),
        "{failure}"
    );
}

#[test]
fn progress_reaches_whoever_watches() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let watch = Arc::clone(&told);
    let cx = Context::builder()
        .on_progress(move |progress| watch.lock().unwrap().push(progress))
        .build();
    cx.progress(Progress::new(3).of(10).at("lines"));
    Context::new().progress(Progress::new(1));
    assert_eq!(*told.lock().unwrap(), [Progress::new(3).of(10).at("lines")]);
}
