//! The world that the tests' actions touch: it counts what happens and answers by a script.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact::prelude::*;

/// What one attempt shall do.
#[derive(Debug, Clone)]
pub(crate) enum Do {
    Answer,
    Fail(&'static str),
    Give(&'static str),
    Wait(Duration),
    AskFor(Duration),
    Panic,
    Hang,
}

/// Counts and answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct World(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    script: Mutex<VecDeque<Do>>,
    undo: Mutex<Option<Do>>,
    log: Mutex<Vec<String>>,
    dropped: AtomicU32,
}

impl World {
    /// Each attempt takes the next of these; after the last, attempts answer.
    pub(crate) fn doing(script: impl IntoIterator<Item = Do>) -> Self {
        let world = Self::default();
        world
            .0
            .script
            .lock()
            .expect("no test panics here")
            .extend(script);
        world
    }

    pub(crate) fn undoing(self, undo: Do) -> Self {
        *self.0.undo.lock().expect("no test panics here") = Some(undo);
        self
    }

    pub(crate) fn cx(&self) -> Context {
        Context::builder().resource(self.clone()).build()
    }

    /// What happened, in order: `run 1`, `undo none`, ….
    pub(crate) fn log(&self) -> Vec<String> {
        self.0.log.lock().expect("no test panics here").clone()
    }

    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0
            .log
            .lock()
            .expect("no test panics here")
            .push(what.into());
    }

    /// How many runs were dropped before they ended.
    pub(crate) fn dropped(&self) -> u32 {
        self.0.dropped.load(Ordering::SeqCst)
    }

    fn next(&self) -> Do {
        self.0
            .script
            .lock()
            .expect("no test panics here")
            .pop_front()
            .unwrap_or(Do::Answer)
    }
}

/// Counts a run that is dropped before its end.
struct Alive<'a>(&'a World, bool);

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.0.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn act(world: &World, what: Do) -> Result<String, Failure> {
    match what {
        Do::Answer => Ok("done".to_owned()),
        Do::Fail(code) => Err(Failure::retryable(code, "the world is busy")),
        Do::Give(code) => Err(Failure::terminal(code, "the world refuses")),
        Do::Wait(time) => {
            tokio::time::sleep(time).await;
            Ok("waited".to_owned())
        }
        Do::AskFor(time) => Err(Failure::retryable("slow.down", "too fast").retry_after(time)),
        Do::Panic => {
            world.note("panicking");
            std::panic::resume_unwind(Box::new("the sky fell"))
        }
        Do::Hang => std::future::pending().await,
    }
}

/// Acts as the script of its world says.
#[derive(Debug, Clone, Action)]
#[action(effect = read, needs(World))]
pub(crate) struct Scripted {
    /// A number that must be small.
    #[param(max = 9, default = 1)]
    pub(crate) small: u8,
}

impl Run for Scripted {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let world: &World = cx.resource()?;
        world.note(format!("run {}", cx.attempt()));
        let mut alive = Alive(world, false);
        let answer = act(world, world.next()).await;
        alive.1 = true;
        answer
    }
}

/// Acts as the script says, and can be undone.
#[derive(Debug, Clone, Action)]
#[action(undo, undo_timeout = "1s", needs(World))]
pub(crate) struct Undoable {
    /// A number that must be small.
    #[param(max = 9, default = 1)]
    pub(crate) small: u8,
}

impl Run for Undoable {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        Scripted { small: self.small }.run(cx).await
    }
}

impl Undo for Undoable {
    async fn undo(&self, output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        let world: &World = cx.resource()?;
        world.note(format!("undo {output:?} cancelled={}", cx.is_cancelled()));
        let what = world.0.undo.lock().expect("no test panics here").clone();
        act(world, what.unwrap_or(Do::Answer)).await.map(drop)
    }
}
