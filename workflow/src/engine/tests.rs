//! What callers see of runs that can't go on.

use enact_action_core::Context;
use serde_json::json;

use super::{Engine, Kind, Status};
use crate::journal::{Entry, Memory, NewRun, Store};

fn with_a_stranger() -> Engine {
    let mut store = Memory::default();
    let begin = Entry::Begin(NewRun {
        run: 1,
        id: "a".to_owned(),
        workflow: "gone".to_owned(),
        version: 1,
        graph: 0,
        input: json!({}),
        started: 0,
    });
    store.commit(&[begin]).unwrap();
    Engine::with(Box::new(store), &Context::new()).unwrap()
}

#[tokio::test]
async fn a_held_run_has_no_answer_and_its_error_says_why() {
    let engine = with_a_stranger();
    assert_eq!(engine.held()[0].id, "a");
    let error = engine.run("a").unwrap_err();
    assert_eq!(error.kind(), Kind::Held);
    assert!(
        error.to_string().contains("no workflow \"gone\""),
        "{error}"
    );
    assert_eq!(engine.cancel("a").await.unwrap_err().kind(), Kind::Held);
    assert_eq!(engine.list(1).unwrap()[0].status, Status::Open);
}
