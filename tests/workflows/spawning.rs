//! Arms as tasks of their own.

use enact::prelude::*;
use tokio::time::Instant;

use crate::shop::{Do, Make, Say, Shop, Try, seconds, settle, told, undone};

workflow! {
    /// Runs arms and items in tasks.
    #[workflow(saga, deadline = "1h")]
    Apart { words: Vec<String>, note: Option<String> } -> String {
        step loud = Say { word: "loud".to_owned() };
        let more = format!("{loud}!");
        parallel spawn {
            step a = Make { what: more };
            b = { step x = Make { what: words[0] }; step y = Try { what: loud }; format!("{}{y}", x.id) };
            branch c = if let Some(text) = note { step z = Make { what: text }; z.id } else { more };
        }
        parallel spawn each = for word in words, max = 2 {
            step one = Make { what: format!("{word}{more}") };
            one.id
        };
        step last = Try::new("last");
        format!("{} {b} {c} {} {last}", a.id, each.join("+"))
    }
}

fn apart() -> Apart {
    Apart {
        words: vec!["v".to_owned(), "w".to_owned()],
        note: Some("note".to_owned()),
    }
}

#[tokio::test(start_paused = true)]
async fn they_read_what_is_around_them_and_answer() {
    let answer = apart().exec(&Shop::default().cx()).await.unwrap();
    assert_eq!(answer, "LOUD!-1 v-1LOUD note-1 vLOUD!-1+wLOUD!-1 last");
}

#[tokio::test(start_paused = true)]
async fn they_are_undone_as_others_are() {
    let shop = Shop::default().will("last", [Do::Fail("no")]);
    let failure = shop.fail(apart()).await;
    assert_eq!(
        undone(&failure),
        [
            "each[0]/one done",
            "each[1]/one done",
            "a done",
            "b/x done",
            "c/z done"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_first_failure_stops_the_others() {
    let shop = Shop::default()
        .will("LOUD!", [Do::Hang])
        .will("LOUD", [Do::Wait(seconds(1))])
        .will("note", [Do::Fail("no")]);
    let start = Instant::now();
    let failure = shop.fail(apart()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("c/z")));
    assert_eq!(start.elapsed().as_secs(), 0);
    let mut paths = undone(&failure);
    paths.sort();
    assert_eq!(paths, ["a done", "b/x done", "c/z done"]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_task_is_a_failure() {
    let shop = Shop::default().will("wLOUD!", [Do::Panic("the sky fell")]);
    let failure = shop.fail(apart()).await;
    assert_eq!(
        told(&failure),
        (Kind::Panicked, "panicked", Some("each[1]/one"))
    );
    assert_eq!(undone(&failure).len(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_and_cancellation_reach_them() {
    let shop = Shop::default().will("note", [Do::Hang]);
    let failure = shop.fail(apart()).await;
    assert_eq!(
        told(&failure),
        (Kind::Timeout, "timeout.deadline", Some("c/z"))
    );
    assert_eq!(undone(&failure).len(), 3);

    let shop = Shop::default().will("note", [Do::Hang]);
    let handle = apart().exec(&shop.cx()).spawn();
    settle().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(told(&failure), (Kind::Cancelled, "cancelled", Some("c/z")));
    assert_eq!(undone(&failure).len(), 3);
}

workflow! {
    /// Collects tasks.
    #[workflow(saga)]
    ApartCollected {} -> String {
        parallel collect spawn {
            a = { step one = Make::new("a"); step two = Try::new("b"); format!("{}{two}", one.id) };
            step c = Make::new("c");
        }
        let a_is = match a { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        let c_is = c.is_ok();
        format!("{a_is} {c_is}")
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_can_be_collected() {
    let shop = Shop::default().will("b", [Do::Fail("no")]);
    let answer = ApartCollected::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(answer, "no true");
    let mut log = shop.log();
    log.sort();
    assert_eq!(log, ["a", "b", "c", "undo a (a-1)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn they_can_run_on_several_threads() {
    for _ in 0..50 {
        let answer = apart().exec(&Shop::default().cx()).spawn().await.unwrap();
        assert_eq!(answer, "LOUD!-1 v-1LOUD note-1 vLOUD!-1+wLOUD!-1 last");
        let shop = Shop::default().will("last", [Do::Fail("no")]);
        let failure = apart().exec(&shop.cx()).spawn().await.unwrap_err();
        assert_eq!(undone(&failure).len(), 5);
    }
}
