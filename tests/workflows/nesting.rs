//! A workflow as a step: paths, keys, spans and attempts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use enact::context::Trace;
use enact::prelude::*;
use enact::workflow::listen;

use crate::shop::{Careful, Do, Make, Probe, Say, Shop, Try, seconds, told};

workflow! {
    /// Probes twice.
    Inside {} -> Vec<String> {
        step one = Probe::new("one");
        step two = Probe::new("two") with retry(times = 1, backoff = "1ms"..="1ms");
        vec![one.clone(), two.clone()]
    }
}

workflow! {
    /// Probes around.
    Outside {} -> Vec<String> {
        step first = Probe::new("first");
        step inner = Inside {} with retry(times = 1, backoff = "1ms"..="1ms");
        parallel each = for n in 0..2_u32, max = 1 {
            step probed = Probe { what: format!("n{n}") };
            probed
        };
        std::iter::once(&first).chain(&inner).chain(&each).cloned().collect()
    }
}

#[tokio::test(start_paused = true)]
async fn the_failure_names_the_whole_path() {
    let shop = Shop::default().will("one - 1", [Do::Fail("no")]);
    let failure = shop.fail(Outside::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("inner/one")));
}

#[tokio::test(start_paused = true)]
async fn keys_are_the_runs_with_the_path_and_stay_over_attempts() {
    let shop = Shop::default().will("two run/inner/two 1", [Do::Busy("busy")]);
    let cx = Context::builder()
        .resource(shop.clone())
        .idempotency_key("run")
        .build();
    Outside::new().exec(&cx).await.unwrap();
    assert_eq!(
        shop.log(),
        [
            "first run/first 1",
            "one run/inner/one 1",
            "two run/inner/two 1",
            "two run/inner/two 2",
            "n0 run/each[0]/probed 1",
            "n1 run/each[1]/probed 1",
        ]
    );
}

/// Logs the keys of its run and of its undo.
#[derive(Debug, Action)]
#[action(undo)]
struct Keyed;

impl Run for Keyed {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        Shop::act(cx, cx.idempotency_key().unwrap_or("-")).await
    }
}

impl Undo for Keyed {
    async fn undo(&self, _output: Option<&()>, cx: &Context) -> Result<(), Failure> {
        self.run(cx).await
    }
}

workflow! {
    /// Does one thing under a key.
    #[workflow(saga)]
    KeyedInside {} {
        step one = Keyed;
    }
}

workflow! {
    /// Does it inside.
    #[workflow(saga)]
    KeyedOutside {} {
        step inner = KeyedInside {};
        step last = Keyed;
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_has_a_key_of_its_own() {
    let shop = Shop::default().will("run/last", [Do::Fail("no")]);
    let cx = Context::builder()
        .resource(shop.clone())
        .idempotency_key("run")
        .build();
    KeyedOutside::new().exec(&cx).await.unwrap_err();
    assert_eq!(
        shop.log(),
        [
            "run/inner/one",
            "run/last",
            "run/last/undo",
            "run/inner/one/undo"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn steps_begin_at_the_first_attempt_when_their_workflow_is_tried_again() {
    let shop = Shop::default()
        .will("two - 2", [Do::Busy("busy")])
        .will("two - 1", [Do::Busy("busy")]);
    Outside::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(
        shop.log(),
        [
            "first - 1",
            "one - 1",
            "two - 1",
            "two - 2",
            "one - 1",
            "two - 1",
            "n0 - 1",
            "n1 - 1"
        ]
    );
    let shop = Shop::default().will("first - 1", [Do::Busy("busy")]);
    Outside::new()
        .exec(&shop.cx())
        .retry(Retry::times(1))
        .await
        .unwrap();
    assert_eq!(shop.log()[..2], ["first - 1", "first - 1"]);
}

#[tokio::test(start_paused = true)]
async fn steps_are_spans_of_their_own_in_the_runs_trace() {
    let root = Trace::root();
    let cx = Context::builder()
        .resource(Shop::default())
        .trace(root)
        .build();
    let traces = Outside::new().exec(&cx).await.unwrap();
    let traces: Vec<Trace> = traces.iter().map(|trace| trace.parse().unwrap()).collect();
    assert!(
        traces
            .iter()
            .all(|trace| trace.trace_id() == root.trace_id())
    );
    let mut spans: Vec<u64> = traces.iter().map(Trace::span_id).collect();
    spans.push(root.span_id());
    spans.sort_unstable();
    spans.dedup();
    assert_eq!(spans.len(), 6);
}

workflow! {
    /// Counts down by running itself.
    Down { from: u32 } -> u32 {
        branch below = if from == 0 { 0 } else {
            step next = Down { from: from - 1 };
            next + 1
        };
        below
    }
}

#[tokio::test(start_paused = true)]
async fn a_workflow_can_run_itself() {
    let depth = Down::new(100_u32).exec(&Context::new()).await.unwrap();
    assert_eq!(depth, 100);
}

#[tokio::test(start_paused = true)]
async fn it_can_so_while_somebody_listens() {
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    let cx = listen(&Context::new(), move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(Down::new(50_u32).exec(&cx).await.unwrap(), 50);
    assert_eq!(heard.load(Ordering::Relaxed), 51 * 3 + 50 * 2);
}

workflow! {
    /// Nests items.
    Deep { rows: Vec<Vec<String>> } -> Vec<Vec<String>> {
        parallel rows_said = for row in rows, max = 2 {
            parallel cells = for word in row, max = 2 {
                step said = Say { word };
                said
            };
            cells
        };
        rows_said
    }
}

#[tokio::test(start_paused = true)]
async fn items_of_items_have_both_indices() {
    let rows = || vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
    let said = Deep::new(rows()).exec(&Shop::default().cx()).await.unwrap();
    assert_eq!(said, [vec!["A"], vec!["B", "C"]]);
    let shop = Shop::default().will("c", [Do::Fail("no")]);
    let failure = shop.fail(Deep::new(rows())).await;
    assert_eq!(failure.step(), Some("rows_said[1]/cells[1]/said"));
}

workflow! {
    /// Hangs, and may clear up.
    Hanging {} {
        parallel {
            step careful = Careful;
            step hang = Try::new("hang");
        }
    }
}

workflow! {
    /// Fails beside a workflow that hangs.
    FailingBeside {} {
        parallel {
            step hanging = Hanging {};
            { step wait = Try::new("wait"); step fail = Try { what: wait }; }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_workflow_inside_is_stopped_with_what_is_beside_it() {
    let shop = Shop::default()
        .will("hang", [Do::Hang])
        .will("wait", [Do::Wait(seconds(1)), Do::Fail("no")]);
    let failure = shop.fail(FailingBeside::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("fail")));
    assert_eq!(
        shop.log(),
        [
            "careful",
            "hang",
            "wait",
            "wait is over",
            "wait",
            "cleared up"
        ]
    );
}

workflow! {
    /// Is cancelled and left.
    #[workflow(saga, on_cancel = leave)]
    Leaver {} -> String {
        step left = Make { what: "left".to_owned() };
        step hung = Make { what: "hung".to_owned() };
        format!("{}{}", left.id, hung.id)
    }
}

workflow! {
    /// Runs both beside what fails.
    #[workflow(saga)]
    AroundLeaver {} -> String {
        parallel {
            step leaver = Leaver;
            bad = { step slow = Say { word: "slow".to_owned() }; step said = Say { word: slow }; said };
        }
        format!("{leaver}{bad}")
    }
}

#[tokio::test(start_paused = true)]
async fn a_saga_takes_back_what_a_workflow_inside_would_leave() {
    let shop = Shop::default()
        .will("hung", [Do::Hang])
        .will("slow", [Do::Wait(std::time::Duration::from_secs(1))])
        .will("SLOW", [Do::Fail("no")]);
    let failure = AroundLeaver::new().exec(&shop.cx()).await.unwrap_err();
    assert_eq!(failure.code(), "no");
    let log = shop.log();
    assert!(log.contains(&"undo left (left-1)".to_owned()), "{log:?}");
    assert!(log.contains(&"undo hung (midway)".to_owned()), "{log:?}");
}

workflow! {
    /// Runs itself without an end.
    Endless { go: bool } -> u32 {
        branch n = if go { step again = Endless { go }; again } else { 0 };
        n
    }
}

#[test]
fn runs_inside_of_each_other_have_an_end() {
    // A stack as a test's thread has it in release builds is enough; here frames are larger.
    let run = std::thread::Builder::new().stack_size(16 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let run = async { Endless::new(true).exec(&Context::new()).await };
        runtime.unwrap().block_on(run).unwrap_err()
    });
    let failure = run.unwrap().join().unwrap();
    assert_eq!(failure.code(), "run.too_deep");
}
