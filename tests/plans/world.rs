//! The actions of the tests, whose every move is logged, and which fail and wait as they are told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use enact::prelude::*;

/// What happened, and what is to happen.
#[derive(Debug, Clone, Default)]
pub(crate) struct World(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    log: Vec<String>,
    script: BTreeMap<String, VecDeque<Do>>,
    busy: u32,
    most_busy: u32,
}

/// What an action does instead of answering.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Do {
    Fail(&'static str),
    Busy(&'static str),
    Wait(u64),
    Hang,
    Panic,
}

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics here")
    }

    /// The next times `what` happens, these happen instead.
    pub(crate) fn will(self, what: &str, instead: impl IntoIterator<Item = Do>) -> Self {
        let mut state = self.state();
        let script = state.script.entry(what.to_owned()).or_default();
        script.extend(instead);
        drop(state);
        self
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// How many actions were at it at once, at most.
    pub(crate) fn most_busy(&self) -> u32 {
        self.state().most_busy
    }

    pub(crate) fn cx(&self) -> Context {
        self.builder().build()
    }

    pub(crate) fn builder(&self) -> enact::context::ContextBuilder {
        Context::builder().resource(self.clone())
    }

    fn note(&self, what: impl Into<String>) {
        self.state().log.push(what.into());
    }

    pub(crate) async fn act(cx: &Context, what: &str) -> Result<(), Failure> {
        let world: &Self = cx.resource()?;
        world.note(what);
        let _busy = Busy::new(world);
        let next = {
            let mut state = world.state();
            state.script.get_mut(what).and_then(VecDeque::pop_front)
        };
        match next {
            None => Ok(()),
            Some(Do::Fail(code)) => Err(Failure::terminal(code, format!("{what} failed"))),
            Some(Do::Busy(code)) => Err(Failure::retryable(code, format!("{what} is busy"))),
            Some(Do::Wait(millis)) => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                world.note(format!("{what} is over"));
                Ok(())
            }
            Some(Do::Hang) => std::future::pending().await,
            Some(Do::Panic) => std::panic::resume_unwind(Box::new("the sky fell")),
        }
    }
}

/// Counts who is at it.
struct Busy<'a>(&'a World);

impl<'a> Busy<'a> {
    fn new(world: &'a World) -> Self {
        let mut state = world.state();
        state.busy += 1;
        state.most_busy = state.most_busy.max(state.busy);
        drop(state);
        Self(world)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.state().busy -= 1;
    }
}

/// Says a word.
#[derive(Debug, Action)]
#[action(effect = read, needs(World))]
pub(crate) struct Say {
    /// The word.
    #[param(len = 1..=40)]
    pub(crate) word: String,
}

impl Run for Say {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        World::act(cx, &self.word).await?;
        Ok(self.word.to_uppercase())
    }
}

/// Adds numbers.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Add {
    /// One.
    #[param(max = 100)]
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

/// Posts a letter, which nobody brings back.
#[derive(Debug, Action)]
#[action(effect = write, needs(World))]
pub(crate) struct Post {
    /// To whom.
    pub(crate) to: String,
}

impl Run for Post {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        World::act(cx, &self.to).await
    }
}

/// Does something that can be undone.
#[derive(Debug, Action)]
#[action(undo, needs(World))]
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
        World::act(cx, &self.what).await?;
        Ok(Made {
            id: format!("{}-1", self.what),
        })
    }
}

impl Undo for Make {
    async fn undo(&self, output: Option<&Made>, cx: &Context) -> Result<(), Failure> {
        let id = output.map_or("midway", |made| &made.id);
        World::act(cx, &format!("undo {} ({id})", self.what)).await
    }
}

/// How bright.
#[derive(Debug, Clone, Copy, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tone {
    /// Little light.
    Gloomy,
    /// Much light.
    Bright,
}

/// Paints in a tone.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Paint {
    /// Which tone.
    pub(crate) tone: Tone,
}

impl Run for Paint {
    type Output = bool;

    async fn run(&self, _cx: &Context) -> Result<bool, Failure> {
        Ok(matches!(self.tone, Tone::Bright))
    }
}
