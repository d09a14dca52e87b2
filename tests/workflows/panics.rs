//! A panic anywhere in a run is a failure of it, and no more.

use enact::prelude::*;

use crate::shop::{Do, Make, Say, Shop, Try, seconds, told, undone};

const FELL: &str = "the sky fell";

workflow! {
    /// Panics where it is told.
    #[workflow(saga)]
    Shaky { at: u32, words: Vec<String> } -> String {
        step made = Make::new("made");
        step read = Say { word: "read".to_owned() };
        parallel {
            step beside = Make::new("beside");
            step inside = Say { word: "inside".to_owned() };
        }
        let third = words[at as usize].clone();
        branch taken = if words[at as usize + 1].is_empty() { 1 } else { 2 };
        format!("{} {read} {} {inside} {third} {taken}", made.id, beside.id)
    }
}

fn words(count: usize) -> Vec<String> {
    (0..count).map(|n| n.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_step_is_a_failure_at_its_path() {
    for (step, log) in [
        ("made", &["made", "undo made (midway)"][..]),
        ("read", &["made", "read", "undo made (made-1)"]),
        (
            "inside",
            &[
                "made",
                "read",
                "beside",
                "inside",
                "undo beside (beside-1)",
                "undo made (made-1)",
            ],
        ),
    ] {
        let shop = Shop::default().will(step, [Do::Panic(FELL)]);
        let failure = shop.fail(Shaky::new(0_u32, words(9))).await;
        assert_eq!(told(&failure), (Kind::Panicked, "panicked", Some(step)));
        assert_eq!(failure.message(), FELL);
        assert_eq!(shop.log(), log);
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_an_expression_or_a_condition_is_a_failure_of_the_run() {
    for given in [0, 1] {
        let shop = Shop::default();
        let failure = shop.fail(Shaky::new(0_u32, words(given))).await;
        assert_eq!(told(&failure), (Kind::Panicked, "panicked", None));
        assert!(
            failure.message().starts_with("index out of bounds"),
            "{failure}"
        );
        assert_eq!(undone(&failure), ["beside done", "made done"]);
    }
}

workflow! {
    /// Panics in an arm, outside of its steps.
    #[workflow(saga)]
    ShakyArm { words: Vec<String> } -> String {
        parallel {
            one = { step a = Make::new("a"); step b = Try::new("b"); format!("{}{b}", a.id) };
            two = { step c = Make::new("c"); let word = words[0].clone(); format!("{}{word}", c.id) };
        }
        format!("{one}{two}")
    }
}

workflow! {
    /// The same in tasks of their own.
    #[workflow(saga)]
    ShakyTask { words: Vec<String> } -> String {
        parallel spawn {
            one = { step a = Make::new("a"); step b = Try::new("b"); format!("{}{b}", a.id) };
            two = { step c = Make::new("c"); let word = words[0].clone(); format!("{}{word}", c.id) };
        }
        format!("{one}{two}")
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_an_arm_stops_and_undoes_the_others() {
    let shop = || Shop::default().will("b", [Do::Wait(seconds(9))]);
    let (inside, spawned) = (shop(), shop());
    for (shop, failure) in [
        (&inside, inside.fail(ShakyArm::new(words(0))).await),
        (&spawned, spawned.fail(ShakyTask::new(words(0))).await),
    ] {
        assert_eq!(told(&failure), (Kind::Panicked, "panicked", None));
        assert_eq!(undone(&failure), ["one/a done", "two/c done"]);
        assert_eq!(shop.log(), ["a", "b", "c", "undo a (a-1)", "undo c (c-1)"]);
    }
}

workflow! {
    /// Collects an arm that panics.
    ShakyCollected { words: Vec<String> } -> String {
        parallel collect {
            one = { step a = Say { word: "a".to_owned() }; a };
            two = { step c = Say { word: words[0] }; c };
        }
        let one_is = match one { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        let two_is = match two { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        format!("{one_is} {two_is}")
    }
}

#[tokio::test(start_paused = true)]
async fn a_collected_panic_is_a_value() {
    let shop = Shop::default();
    let answer = ShakyCollected::new(words(0))
        .exec(&shop.cx())
        .await
        .unwrap();
    assert_eq!(answer, "A panicked");
}
