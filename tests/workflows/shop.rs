//! The actions of a shop whose every move is logged, and which fails and waits as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact::prelude::*;
use enact::{UndoOutcome, Undone};

/// What happened, and what is to happen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shop(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    log: Vec<String>,
    script: BTreeMap<String, VecDeque<Do>>,
}

/// What an action does instead of answering.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Do {
    Fail(&'static str),
    Busy(&'static str),
    Wait(Duration),
    Hang,
    Panic(&'static str),
}

impl Shop {
    /// The next time `what` happens, `instead` happens.
    pub(crate) fn will(self, what: &str, instead: impl IntoIterator<Item = Do>) -> Self {
        let mut state = self.0.lock().expect("no test panics here");
        state
            .script
            .entry(what.to_owned())
            .or_default()
            .extend(instead);
        drop(state);
        self
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.0.lock().expect("no test panics here").log.clone()
    }

    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0
            .lock()
            .expect("no test panics here")
            .log
            .push(what.into());
    }

    pub(crate) fn cx(&self) -> Context {
        Context::builder().resource(self.clone()).build()
    }

    /// A workflow run to its failure.
    pub(crate) async fn fail<A: Action>(&self, action: A) -> Failure {
        let answer = action.exec(&self.cx()).await;
        answer.err().expect("the test wants it to fail")
    }

    pub(crate) async fn act(cx: &Context, what: &str) -> Result<(), Failure> {
        let shop: &Self = cx.resource()?;
        shop.note(what);
        let next = {
            let mut state = shop.0.lock().expect("no test panics here");
            state.script.get_mut(what).and_then(VecDeque::pop_front)
        };
        match next {
            None => Ok(()),
            Some(Do::Fail(code)) => Err(Failure::terminal(code, format!("{what} failed"))),
            Some(Do::Busy(code)) => Err(Failure::retryable(code, format!("{what} is busy"))),
            Some(Do::Wait(time)) => {
                tokio::time::sleep(time).await;
                shop.note(format!("{what} is over"));
                Ok(())
            }
            Some(Do::Hang) => std::future::pending().await,
            Some(Do::Panic(text)) => std::panic::resume_unwind(Box::new(text)),
        }
    }
}

/// What came of each step's undo, in order.
pub(crate) fn undone(failure: &Failure) -> Vec<String> {
    let Some(Undone::Steps(steps)) = failure.undone() else {
        return Vec::new();
    };
    let told = steps.iter().map(|step| match &step.outcome {
        UndoOutcome::Done => format!("{} done", step.path),
        UndoOutcome::Failed(failure) => format!("{} {}", step.path, failure.code()),
        UndoOutcome::Pending => format!("{} pending", step.path),
        other => format!("{} {other:?}", step.path),
    });
    told.collect()
}

/// The kind, the code and the step of a failure.
pub(crate) fn told(failure: &Failure) -> (Kind, &str, Option<&str>) {
    (failure.kind(), failure.code(), failure.step())
}

/// Lets everything that can go on go on, without time passing.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Says a word.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Say {
    /// The word.
    pub(crate) word: String,
}

impl Run for Say {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        Shop::act(cx, &self.word).await?;
        Ok(self.word.to_uppercase())
    }
}

/// Adds numbers.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Add {
    /// One.
    #[param(min = 0, max = 100)]
    pub(crate) a: u32,
    /// The other.
    pub(crate) b: u32,
}

impl Run for Add {
    type Output = u32;

    async fn run(&self, _cx: &Context) -> Result<u32, Failure> {
        Ok(self.a + self.b)
    }
}

/// Does something that can be undone.
#[derive(Debug, Action)]
#[action(undo)]
pub(crate) struct Make {
    /// What.
    pub(crate) what: String,
}

/// What was made.
#[derive(Debug, Params)]
pub(crate) struct Made {
    /// Its id.
    pub(crate) id: String,
}

impl Run for Make {
    type Output = Made;

    async fn run(&self, cx: &Context) -> Result<Made, Failure> {
        Shop::act(cx, &self.what).await?;
        Ok(Made {
            id: format!("{}-1", self.what),
        })
    }
}

impl Undo for Make {
    async fn undo(&self, output: Option<&Made>, cx: &Context) -> Result<(), Failure> {
        let id = output.map_or("midway", |made| &made.id);
        Shop::act(cx, &format!("undo {} ({id})", self.what)).await
    }
}

/// Does something that may be repeated and can't be undone.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub(crate) struct Try {
    /// What.
    pub(crate) what: String,
}

impl Run for Try {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        Shop::act(cx, &self.what).await?;
        Ok(self.what.clone())
    }
}

/// Waits to be cancelled, and then clears up for a second.
#[derive(Debug, Action)]
#[action(effect = idempotent, grace = "10s")]
pub(crate) struct Careful;

impl Run for Careful {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        Shop::act(cx, "careful").await?;
        cx.cancelled().await;
        tokio::time::sleep(seconds(1)).await;
        Shop::act(cx, "cleared up").await?;
        Err(Failure::terminal("stopped.clean", "stopped on request"))
    }
}

/// Logs what its context says.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub(crate) struct Probe {
    /// Its name in the log.
    pub(crate) what: String,
}

impl Run for Probe {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let key = cx.idempotency_key().unwrap_or("-");
        let said = format!("{} {key} {}", self.what, cx.attempt());
        Shop::act(cx, &said).await?;
        Ok(cx.trace().map(ToString::to_string).unwrap_or_default())
    }
}
