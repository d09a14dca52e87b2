//! One arm for each of many items.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::run::MOST_ITEMS;
use tokio::time::Instant;

use crate::shop::{Add, Careful, Do, Make, Say, Shop, Try, seconds, told, undone};

workflow! {
    /// Says each word, two at once.
    Each { words: Vec<String> } -> Vec<String> {
        parallel said = for word in words, max = 2 {
            step one = Say { word };
            one
        };
        said
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn no_more_than_max_run_at_once_and_the_order_is_kept() {
    let waits = |shop: Shop, (word, time)| shop.will(word, [Do::Wait(Duration::from_millis(time))]);
    let times = [("a", 3), ("b", 1), ("c", 1), ("d", 5)];
    let shop = times.into_iter().fold(Shop::default(), waits);
    let start = Instant::now();
    let said = Each::new(words(&["a", "b", "c", "d"]))
        .exec(&shop.cx())
        .await;
    assert_eq!(said.unwrap(), ["A", "B", "C", "D"]);
    assert_eq!(
        shop.log(),
        [
            "a",
            "b",
            "b is over",
            "c",
            "c is over",
            "d",
            "a is over",
            "d is over"
        ]
    );
    assert_eq!(start.elapsed().as_millis(), 7);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_is_done_at_once() {
    let said = Each::new(Vec::new()).exec(&Shop::default().cx()).await;
    assert!(said.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_stops_the_rest_and_what_has_not_begun_never_begins() {
    let shop = Shop::default()
        .will("a", [Do::Hang])
        .will("c", [Do::Fail("no")]);
    let failure = shop.fail(Each::new(words(&["a", "b", "c", "d"]))).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("said[2]/one")));
    assert_eq!(shop.log(), ["a", "b", "c"]);
}

workflow! {
    /// Makes each thing.
    #[workflow(saga)]
    MakeEach { words: Vec<String> } {
        step before = Make::new("before");
        parallel made = for word in words, max = 2 {
            step one = Make { what: word };
            step two = Try { what: format!("{word}!") };
        };
    }
}

#[tokio::test(start_paused = true)]
async fn items_are_undone_side_by_side() {
    let shop = Shop::default()
        .will("b!", [Do::Wait(seconds(1))])
        .will("c!", [Do::Fail("no")])
        .will("undo a (a-1)", [Do::Wait(seconds(1))])
        .will("undo b (b-1)", [Do::Wait(seconds(1))]);
    let start = Instant::now();
    let failure = shop.fail(MakeEach::new(words(&["a", "b", "c", "d"]))).await;
    assert_eq!(failure.step(), Some("made[2]/two"));
    assert_eq!(start.elapsed().as_secs(), 1);
    assert_eq!(
        undone(&failure),
        [
            "made[0]/one done",
            "made[1]/one done",
            "made[2]/one done",
            "before done"
        ]
    );
}

workflow! {
    /// Clears up beside what fails.
    ClearEach { words: Vec<String> } {
        parallel for word in words, max = 4 {
            branch if word == "careful" {
                step careful = Careful;
            } else {
                step other = Try { what: word };
            }
        };
    }
}

#[tokio::test(start_paused = true)]
async fn the_failure_is_the_one_that_came_first_not_one_of_clearing_up() {
    let shop = Shop::default().will("bad", [Do::Fail("no")]);
    let failure = shop.fail(ClearEach::new(words(&["careful", "bad"]))).await;
    assert_eq!(failure.code(), "no");
    assert_eq!(shop.log(), ["careful", "bad", "cleared up"]);
}

workflow! {
    /// Reads what is around it.
    Reading { count: u32, words: Vec<String> } -> Vec<String> {
        step loud = Say { word: "loud".to_owned() };
        let extra = format!("{loud}{count}");
        parallel said = for (n, word) in words.iter().enumerate(), max = 3 {
            step one = Say { word: format!("{n}{word}{extra}") };
            format!("{one}{count}{loud}")
        };
        said
    }
}

#[tokio::test(start_paused = true)]
async fn items_read_what_is_around_them() {
    let said = Reading::new(7_u32, words(&["a", "b"]))
        .exec(&Shop::default().cx())
        .await;
    assert_eq!(said.unwrap(), ["0ALOUD77LOUD", "1BLOUD77LOUD"]);
}

workflow! {
    /// Has more items than a fan-out takes.
    TooMany { items: u32 } -> u32 {
        parallel sums = for n in 0..items, max = 64 { step sum = Add { a: 1, b: n }; sum };
        sums.iter().max().copied().unwrap_or_default()
    }
}

#[tokio::test]
async fn it_takes_so_many_items_and_no_more() {
    let most = u32::try_from(MOST_ITEMS).unwrap();
    assert_eq!(
        TooMany::new(most).exec(&Context::new()).await.unwrap(),
        most
    );
    let failure = TooMany::new(most + 1)
        .exec(&Context::new())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.code(), failure.step()),
        ("fan_out.too_many", Some("sums"))
    );
}
