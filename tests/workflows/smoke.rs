//! Every construct once.

use enact::prelude::*;

use crate::shop::{Add, Make, Say, Shop};

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Size {
    /// Little.
    Small,
    /// Much.
    Large,
}

/// What is answered.
#[derive(Debug, PartialEq, Params)]
pub(crate) struct Answered {
    /// The words.
    words: Vec<String>,
    /// The note, where there is one.
    note: Option<String>,
}

workflow! {
    /// Answers with what it was given.
    EchoNote { words: Vec<String>, note: String } -> Answered {
        step said = Say { word: note };
        Answered { words, note: Some(said) }
    }
}

#[tokio::test]
async fn what_is_named_in_an_answer_is_cloned() {
    let answer = EchoNote::new(vec!["a".into()], "n")
        .exec(&Shop::default().cx())
        .await;
    let expected = Answered {
        words: vec!["a".into()],
        note: Some("N".into()),
    };
    assert_eq!(answer.unwrap(), expected);
}

workflow! {
    /// Has a bit of everything.
    #[workflow(version = 2, deadline = "1h", saga)]
    pub(crate) Everything { size: Size, words: Vec<String>, note: Option<String> } -> String {
        step first = Say { word: words[0] };
        parallel {
            step a = Make { what: "a".to_owned() };
            step b = Add { a: 3, b: 4 };
            both = { step c = Add { a: 1, b: 1 }; step d = Add { a: c, b: 7 }; d };
        }
        branch size_word = match size {
            Size::Small => "small".to_owned(),
            Size::Large => { step big = Say { word: "large".to_owned() }; big },
        };
        let limit = b + 1;
        branch noted = if let Some(note) = note { step n = Say { word: note }; n } else { "-".to_owned() };
        parallel said = for word in words, max = 2 {
            step one = Say { word } with timeout("5s"), retry(times = 1, backoff = "1ms");
            format!("{one}{limit}")
        };
        repeat sum = max 5 { step s = Add { a: limit, b: 1 }; s } until sum > 3;
        branch if said.len() > 100 { stop "many".to_owned(); }
        sleep "1ms";
        pivot step p = Make { what: "pivot".to_owned() };
        format!("{first} {} {both} {size_word} {noted} {} {sum} {}", a.id, said.join("+"), p.id)
    }
}

#[tokio::test(start_paused = true)]
async fn everything_runs() {
    let shop = Shop::default();
    let run = Everything::new(Size::Large, vec!["x".into(), "y".into()]);
    let answer = run.exec(&shop.cx()).await.unwrap();
    assert_eq!(answer, "X a-1 9 LARGE - X8+Y8 9 pivot-1");
}
