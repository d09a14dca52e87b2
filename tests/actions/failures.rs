//! What callers see of failures: kinds, codes, causes, panics.

use enact::prelude::*;
use serde_json::json;

use crate::world::{Do, Scripted, World};

#[tokio::test]
async fn a_panic_is_a_failure_with_its_message_and_the_next_call_works() {
    let world = World::doing([Do::Panic]);
    let failure = Scripted::new().exec(&world.cx()).await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.message()),
        (Kind::Panicked, "the sky fell")
    );
    assert!(!failure.is_retryable());
    assert_eq!(Scripted::new().exec(&world.cx()).await.unwrap(), "done");
}

#[tokio::test]
async fn a_panic_in_a_spawned_run_is_the_same_failure() {
    let world = World::doing([Do::Panic]);
    let failure = Scripted::new().exec(&world.cx()).spawn().await.unwrap_err();
    assert_eq!(
        (failure.kind(), failure.message()),
        (Kind::Panicked, "the sky fell")
    );
}

#[test]
fn any_error_turns_into_a_retryable_failure_with_its_cause() {
    fn read() -> Result<String, Failure> {
        Ok(std::fs::read_to_string("/no/such/file")?)
    }
    let failure = read().unwrap_err();
    assert_eq!(
        (failure.kind(), failure.code(), failure.is_retryable()),
        (Kind::Failed, "failed", true)
    );
    assert!(
        failure
            .source()
            .unwrap()
            .downcast_ref::<std::io::Error>()
            .is_some()
    );
}

#[test]
fn a_failure_turns_into_a_boxed_error_that_keeps_its_cause() {
    let cause = std::io::Error::other("the disk is gone");
    let failure = Failure::terminal("disk", "could not write the order").because(cause);
    let boxed: Box<dyn std::error::Error + Send + Sync> = failure.into();
    assert_eq!(boxed.to_string(), "could not write the order");
    assert_eq!(boxed.source().unwrap().to_string(), "the disk is gone");
}

#[tokio::test]
async fn programs_read_a_failure_as_json() {
    let cx = Context::new();
    let refused = Registry::global().call("scripted", json!({ "smal": 3, "small": 12 }), &cx);
    let json = serde_json::to_value(refused.await.unwrap_err()).unwrap();
    assert_eq!(
        json,
        json!({
            "kind": "invalid",
            "code": "invalid",
            "message": "the params break 2 rules",
            "retryable": false,
            "attempts": 0,
            "violations": [
                {
                    "pointer": "/smal",
                    "code": "unknown",
                    "found": "the unknown field \"smal\"",
                    "allowed": "\"small\"",
                    "hint": "did you mean \"small\"?",
                },
                { "pointer": "/small", "code": "max", "found": "12", "allowed": "at most 9" },
            ],
        })
    );
}

#[tokio::test]
async fn a_model_reads_what_to_mend() {
    let cx = Context::new();
    let refused = Registry::global().call("scripted", json!({ "small": 12 }), &cx);
    assert_eq!(
        refused.await.unwrap_err().for_model(),
        "The arguments were refused; nothing was done.\n\
         - /small: found 12; allowed: at most 9 [max]\n\
         Mend these and call again."
    );
}

/// Has a check with a defect.
#[derive(Debug, Action)]
#[action(effect = read, check = dividing)]
struct Divides {
    /// By what.
    by: u8,
}

fn dividing(divides: &Divides) -> Result<(), String> {
    let quotient = 100 / divides.by;
    if quotient > 50 {
        Err(format!("{quotient} is too much"))
    } else {
        Ok(())
    }
}

impl Run for Divides {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_in_a_check_goes_no_further_either() {
    let cx = Context::new();
    let failure = Divides::new(0).exec(&cx).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Panicked, 0));
    let call = Registry::global()
        .call("divides", json!({ "by": 0 }), &cx)
        .await;
    assert_eq!(call.unwrap_err().kind(), Kind::Panicked);
    assert_eq!(
        Divides::new(1).exec(&cx).await.unwrap_err().kind(),
        Kind::Invalid
    );
}
