//! Again until a condition holds.

use enact::prelude::*;

use crate::shop::{Add, Do, Make, Say, Shop, Try, told, undone};

workflow! {
    /// Tries until it is told that it is enough.
    Tries { enough: String } -> String {
        repeat last = max 3 {
            step said = Say { word: "try".to_owned() };
            step again = Try { what: said };
            again
        } until last == enough;
        last
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_the_condition_holds() {
    let shop = Shop::default();
    assert_eq!(Tries::new("TRY").exec(&shop.cx()).await.unwrap(), "TRY");
    assert_eq!(shop.log(), ["try", "TRY"]);
}

#[tokio::test(start_paused = true)]
async fn it_fails_when_it_never_holds() {
    let shop = Shop::default();
    let failure = shop.fail(Tries::new("more")).await;
    assert_eq!(
        told(&failure),
        (Kind::Failed, "repeat.exhausted", Some("last"))
    );
    assert_eq!(shop.log(), ["try", "TRY", "try", "TRY", "try", "TRY"]);
}

#[tokio::test(start_paused = true)]
async fn a_step_of_a_pass_has_its_index() {
    let shop = Shop::default().will("TRY", [Do::Wait(std::time::Duration::ZERO), Do::Fail("no")]);
    let failure = shop.fail(Tries::new("more")).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("last[1]/again")));
}

workflow! {
    /// Makes until it has made enough, and answers early.
    #[workflow(saga)]
    MadeEarly { stop_early: bool } -> u32 {
        repeat count = max 3 {
            step made = Make::new("made");
            step sum = Add { a: made.id.len() as u32, b: 1 };
            branch if stop_early { stop 99; }
            sum
        } until count > 100;
        count
    }
}

#[tokio::test(start_paused = true)]
async fn stop_inside_ends_the_run() {
    let shop = Shop::default();
    assert_eq!(MadeEarly::new(true).exec(&shop.cx()).await.unwrap(), 99);
    assert_eq!(shop.log(), ["made"]);
}

#[tokio::test(start_paused = true)]
async fn every_pass_is_undone_latest_first() {
    let failure = Shop::default().fail(MadeEarly::new(false)).await;
    assert_eq!(
        undone(&failure),
        [
            "count[2]/made done",
            "count[1]/made done",
            "count[0]/made done"
        ]
    );
}

workflow! {
    /// Repeats in items.
    Within { words: Vec<String> } {
        parallel each = for word in words, max = 1 {
            repeat tries = max 2 {
                step said = Say { word };
                said
            } until tries == "A";
        };
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeat_inside_an_item_says_which() {
    let words = vec!["a".to_owned(), "b".to_owned()];
    let failure = Shop::default().fail(Within::new(words)).await;
    assert_eq!(
        told(&failure),
        (Kind::Failed, "repeat.exhausted", Some("each[1]/tries"))
    );
    assert!(
        failure
            .message()
            .starts_with("`each[1]/tries` was repeated 2 times")
    );
}
