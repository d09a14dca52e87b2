//! Constructs inside of one another.

use enact::prelude::*;
use enact::workflow::Signals;

use crate::shop::{Add, Do, Make, Say, Shop, Try, undone};
use crate::signals::Approved;

workflow! {
    /// Repeats, items, tasks and branches, one in another.
    #[workflow(saga)]
    Mixed { rows: Vec<Vec<String>>, most: u32 } -> Vec<String> {
        let greeting = "hi".to_owned();
        repeat total = max 3 {
            parallel {
                one = { step a = Add { a: 1, b: most }; a };
                two = {
                    repeat inner = max 2 { step b = Add { a: one_more(most), b: 1 }; b } until inner > 0;
                    inner
                };
            }
            one + two
        } until total > 0;
        parallel spawn each = for row in rows, max = 2 {
            parallel words = for word in row, max = 2 {
                branch said = match word.as_str() {
                    "" => greeting,
                    other if other.len() > 3 => { step long = Make::new(other); long.id }
                    _ => { step short = Say { word }; short }
                };
                format!("{said}{total}")
            };
            parallel collect spawn {
                last = { step end = Try { what: greeting }; end };
                step also = Say { word: greeting };
            }
            let last_is = last.is_ok() && also.is_ok();
            format!("{} {last_is}", words.join("+"))
        };
        parallel collect spawn sent = for word in each, max = 3 {
            emit Approved { by: word, level: most };
            wait back = Approved where by == word;
            back.level
        };
        branch if sent.iter().any(Result::is_err) { stop vec![]; }
        pivot step fixed = Make::new("fixed");
        step _end = Say { word: "end".to_owned() };
        each
    }
}

fn one_more(n: u32) -> u32 {
    n + 1
}

fn mixed() -> Mixed {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Mixed::new(vec![words(&["", "abc"]), words(&["long one"])], 2_u32)
}

fn cx(shop: &Shop) -> Context {
    let builder = Context::builder().resource(shop.clone());
    builder.resource(Signals::new()).build()
}

#[tokio::test(start_paused = true)]
async fn they_run() {
    let answer = mixed().exec(&cx(&Shop::default())).await.unwrap();
    assert_eq!(answer, ["hi7+ABC7 true", "long one-17 true"]);
}

#[tokio::test(start_paused = true)]
async fn they_go_back_before_the_pivot_and_not_after_it() {
    let shop = Shop::default().will("fixed", [Do::Fail("no")]);
    let failure = mixed().exec(&cx(&shop)).await.unwrap_err();
    assert_eq!(failure.step(), Some("fixed"));
    assert_eq!(
        undone(&failure),
        ["fixed done", "each[1]/words[0]/said/long done"]
    );
    let shop = Shop::default().will("end", [Do::Fail("no")]);
    let failure = mixed().exec(&cx(&shop)).await.unwrap_err();
    assert_eq!(failure.step(), Some("_end"));
    assert!(failure.undone().is_none());
}
