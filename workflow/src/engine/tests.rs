//! What callers see of runs that can't go on.

use enact_action_core::Context;
use serde_json::json;

use super::{Engine, Kind, Settings, Status};
use crate::journal::{Body, Entry, Memory, NewRun, Store as _};

fn with_a_stranger() -> Engine {
    let mut store = Memory::default();
    let new = NewRun {
        run: 1,
        id: "a".to_owned(),
        workflow: "gone".to_owned(),
        version: 1,
        graph: 0,
        input: Body::of(&json!({})).unwrap(),
        started: 0,
        sum: 0,
    };
    let begin = Entry::Enqueue(std::sync::Arc::new(new), None);
    store.commit(&[begin]).unwrap();
    Engine::with(Box::new(store), Settings::default(), &Context::new()).unwrap()
}

#[tokio::test]
async fn a_held_run_has_no_answer_and_its_error_says_why() {
    let engine = with_a_stranger();
    assert_eq!(engine.held().await.unwrap()[0].id, "a");
    let error = engine.run("a").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Held);
    assert!(
        error.to_string().contains("no workflow \"gone\""),
        "{error}"
    );
    // Mail waits with it, for the program that has its workflow.
    engine.cancel("a").await.unwrap();
    assert_eq!(engine.list(1).await.unwrap()[0].status, Status::Open);
}
