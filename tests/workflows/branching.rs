//! One of several arms runs.

use enact::prelude::*;

use crate::shop::{Do, Make, Say, Shop, undone};

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Nothing.
    Nothing,
    /// So many.
    Many {
        /// How many.
        count: u32,
    },
}

workflow! {
    /// Chooses by what was ordered.
    Choose { order: Order, note: Option<String> } -> String {
        branch by_match = match order {
            Order::Nothing => "nothing".to_owned(),
            Order::Many { count } if count > 5 => {
                step big = Say { word: format!("big {count}") };
                big
            }
            Order::Many { count } => {
                step few = Say { word: format!("few {count}") };
                few
            }
        };
        branch by_let = if let Some(text) = note && !text.is_empty() {
            step noted = Say { word: text };
            noted
        } else if by_match == "nothing" {
            "none".to_owned()
        } else {
            "-".to_owned()
        };
        format!("{by_match} {by_let}")
    }
}

#[tokio::test(start_paused = true)]
async fn guards_and_bindings_choose_the_arm() {
    let many = |count| Order::Many { count };
    for (order, note, answer) in [
        (Order::Nothing, None, "nothing none"),
        (Order::Nothing, Some(""), "nothing none"),
        (many(6), None, "BIG 6 -"),
        (many(5), Some("hi"), "FEW 5 HI"),
    ] {
        let run = Choose {
            order,
            note: note.map(str::to_owned),
        };
        let said = run.exec(&Shop::default().cx()).await.unwrap();
        assert_eq!(said, answer);
    }
}

workflow! {
    /// Makes something in an arm.
    #[workflow(saga)]
    Made { really: bool } {
        branch if really {
            step a = Make::new("a");
            branch if true { step b = Make::new("b"); }
        }
        step c = Make::new("c");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_arm_did_is_undone_in_its_order() {
    let shop = Shop::default().will("c", [Do::Fail("no")]);
    let failure = shop.fail(Made::new(true)).await;
    assert_eq!(undone(&failure), ["c done", "b done", "a done"]);
    let shop = Shop::default().will("c", [Do::Fail("no")]);
    let failure = shop.fail(Made::new(false)).await;
    assert_eq!(undone(&failure), ["c done"]);
}
