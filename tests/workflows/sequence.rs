//! Steps one after the other: what flows between them, and what refuses it.

use enact::prelude::*;

use crate::shop::{Add, Do, Make, Say, Shop, told, undone};

workflow! {
    /// Says what it was told, and again louder.
    Echo { word: String } -> String {
        step first = Say { word };
        step second = Say { word: format!("{first}!") };
        let both = format!("{first} {second}");
        step third = Say { word: both };
        format!("{word} {first} {second} {both} {third}")
    }
}

#[tokio::test(start_paused = true)]
async fn steps_run_in_order_and_each_reads_those_before_it() {
    let shop = Shop::default();
    let said = Echo::new("a").exec(&shop.cx()).await.unwrap();
    assert_eq!(said, "a A A! A A! A A!");
    assert_eq!(shop.log(), ["a", "A!", "A A!"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_behind_a_step_that_failed() {
    let shop = Shop::default().will("A!", [Do::Fail("no")]);
    let failure = shop.fail(Echo::new("a")).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("second")));
    assert_eq!(failure.message(), "A! failed");
    assert_eq!(shop.log(), ["a", "A!"]);
}

workflow! {
    /// Adds after making.
    #[workflow(saga)]
    Sum { a: u32 } -> u32 {
        step made = Make::new("m");
        step sum = Add { a, b: made.id.len() as u32 };
        sum
    }
}

#[tokio::test(start_paused = true)]
async fn params_that_break_a_rule_inside_are_a_failure_of_the_run_which_is_undone() {
    let shop = Shop::default();
    assert_eq!(Sum::new(1_u32).exec(&shop.cx()).await.unwrap(), 4);
    let shop = Shop::default();
    let failure = shop.fail(Sum::new(101_u32)).await;
    assert_eq!(
        told(&failure),
        (Kind::Failed, "invalid.inside", Some("sum"))
    );
    assert!(failure.violations().is_none());
    assert_eq!(shop.log(), ["m", "undo m (m-1)"]);
    assert_eq!(undone(&failure), ["made done"]);
}

workflow! {
    /// Adds.
    SumAlone { a: u32 } -> u32 {
        step sum = Add { a, b: 1 };
        sum
    }
}

#[tokio::test(start_paused = true)]
async fn they_are_so_where_nothing_is_to_be_undone_too() {
    let failure = Shop::default().fail(SumAlone::new(101_u32)).await;
    assert_eq!(
        told(&failure),
        (Kind::Failed, "invalid.inside", Some("sum"))
    );
}

workflow! {
    /// Answers early in a branch.
    Early { n: u32 } -> String {
        step sum = Add { a: 1, b: n };
        branch if sum > 5 {
            step big = Say { word: "big".to_owned() };
            stop big;
        }
        step small = Say { word: "small".to_owned() };
        small
    }
}

#[tokio::test(start_paused = true)]
async fn stop_answers_early() {
    for (n, said) in [(9_u32, "big"), (1, "small")] {
        let shop = Shop::default();
        let answer = Early::new(n).exec(&shop.cx()).await.unwrap();
        assert_eq!(answer, said.to_uppercase());
        assert_eq!(shop.log(), [said]);
    }
}
