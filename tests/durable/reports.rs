//! What came of an undo, told of a run that is over as it was told of one that is not durable.

use enact::prelude::*;
use enact::workflow::engine::Engine;
use enact::{UndoOutcome, Undone};
use serde_json::{Value, json};

use crate::holding::World;
use crate::ledger::{Ledger, Make};

/// Can't be undone.
#[derive(Debug, Action)]
#[action(undo)]
struct Print;

impl Run for Print {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("printed".to_owned())
    }
}

impl Undo for Print {
    async fn undo(&self, _output: Option<&String>, _cx: &Context) -> Result<(), Failure> {
        Err(Failure::terminal("print.done", "paper can't be unprinted"))
    }
}

workflow! {
    /// Fails, and goes back as far as it can.
    #[workflow(saga)]
    Stuck {} -> String {
        step first = Make { what: "first".to_owned() };
        step printed = Print {};
        step last = Make { what: "last".to_owned() };
        step bad = Make { what: "bad".to_owned() };
        format!("{first} {printed} {last} {bad}")
    }
}

workflow! {
    /// Fails, and goes back all the way.
    #[workflow(saga)]
    Back {} -> String {
        step first = Make { what: "first".to_owned() };
        step bad = Make { what: "bad".to_owned() };
        format!("{first} {bad}")
    }
}

/// As the run says it, and as the next engine reads it in the journal.
fn durable<W: Workflow<Output = String> + 'static>(name: &str, workflow: W) -> [Failure; 2] {
    let world = World::new(name);
    let live = world.live(async |engine: &Engine| {
        let run = engine.start("a", workflow).await.unwrap();
        run.answer().await.unwrap_err()
    });
    [live, world.answer().unwrap_err()]
}

#[test]
fn a_saga_that_could_not_go_back_says_what_is_left_after_it_came_through_the_journal() {
    for failure in durable("report-stuck", Stuck::new()) {
        let Some(Undone::Steps(steps)) = failure.undone() else {
            panic!("nothing is told: {failure:?}");
        };
        let told: Vec<_> = steps
            .iter()
            .map(|step| {
                let outcome = match &step.outcome {
                    UndoOutcome::Failed(failure) => failure.code(),
                    UndoOutcome::Pending => "pending",
                    _ => "done",
                };
                (&*step.path, outcome)
            })
            .collect();
        let expected = [
            ("bad", "done"),
            ("last", "done"),
            ("printed", "print.done"),
            ("first", "pending"),
        ];
        assert_eq!(told, expected);
    }
}

/// What a program reads of the failure of a run that no journal has seen.
fn fleeting<W: Workflow<Output = String>>(name: &str, workflow: W) -> Value {
    let folder = crate::ledger::folder(name);
    let cx = Context::builder().resource(Ledger::open(&folder.join("ledger")));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let answer = runtime
        .unwrap()
        .block_on(async { workflow.exec(&cx.build()).await });
    json!(answer.unwrap_err())
}

#[test]
fn a_durable_run_says_of_its_undo_what_one_without_a_journal_says() {
    let expected = fleeting("report-back-fleeting", Back::new());
    assert_eq!(expected["undone"], json!(true));
    for failure in durable("report-back", Back::new()) {
        assert_eq!(json!(failure), expected);
    }
}
