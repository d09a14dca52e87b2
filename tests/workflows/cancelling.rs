//! Cancellation stops a run, and a saga goes back, unless it is to be left.

use enact::prelude::*;

use crate::shop::{Do, Make, Say, Shop, settle, told, undone};

workflow! {
    /// A saga.
    #[workflow(saga)]
    Going {} {
        step a = Make::new("a");
        step b = Make::new("b");
    }
}

workflow! {
    /// A saga that is left where it is when it is cancelled.
    #[workflow(saga, on_cancel = leave)]
    Left {} {
        step a = Make::new("a");
        step b = Make::new("b");
    }
}

const BACK: [&str; 4] = ["a", "b", "undo b (midway)", "undo a (a-1)"];

fn hanging() -> Shop {
    Shop::default().will("b", [Do::Hang])
}

#[tokio::test(start_paused = true)]
async fn cancelling_the_handle_stops_and_undoes() {
    let shop = hanging();
    let handle = Going::new().exec(&shop.cx()).spawn();
    settle().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(told(&failure), (Kind::Cancelled, "cancelled", Some("b")));
    assert_eq!(shop.log(), BACK);
    assert_eq!(undone(&failure), ["b done", "a done"]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_stops_and_undoes() {
    let shop = hanging();
    let handle = Going::new().exec(&shop.cx()).spawn();
    settle().await;
    drop(handle);
    settle().await;
    assert_eq!(shop.log(), BACK);
}

#[tokio::test(start_paused = true)]
async fn the_token_of_the_context_stops_and_undoes() {
    let shop = hanging();
    let (cx, token) = shop.cx().child();
    let handle = Going::new().exec(&cx).spawn();
    settle().await;
    token.cancel();
    let failure = handle.await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert_eq!(shop.log(), BACK);
}

#[tokio::test(start_paused = true)]
async fn cancelling_what_was_started_stops_and_undoes() {
    let shop = hanging();
    let running = Going::new().start(&shop.cx());
    settle().await;
    let failure = running.cancel().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert_eq!(shop.log(), BACK);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_cancelled_before_does_not_begin() {
    let shop = hanging();
    let (cx, token) = shop.cx().child();
    token.cancel();
    let failure = Going::new().exec(&cx).await.unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Cancelled, 0));
    assert!(shop.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_to_be_left_is_left() {
    let shop = hanging();
    let handle = Left::new().exec(&shop.cx()).spawn();
    settle().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert_eq!(shop.log(), ["a", "b"]);
    assert!(failure.undone().is_none());
}

#[tokio::test(start_paused = true)]
async fn it_goes_back_where_it_fails() {
    let shop = Shop::default().will("b", [Do::Fail("no")]);
    shop.fail(Left::new()).await;
    assert_eq!(shop.log(), BACK);
}

workflow! {
    /// Sleeps for a day, then speaks.
    Dozing {} -> String {
        sleep "24h";
        step said = Say { word: "up".to_owned() };
        said
    }
}

#[tokio::test(start_paused = true)]
async fn a_sleep_is_stopped() {
    let shop = Shop::default();
    let handle = Dozing::new().exec(&shop.cx()).spawn();
    settle().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert!(shop.log().is_empty());
}
