//! From a run taken up to its record's last line.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use enact_action_core::__private::catch;
use enact_action_core::Failure;
use enact_action_core::context::Trace;
use serde_json::Value;
use tracing::{Instrument as _, Span};

use super::live::{Begun, Live};
use super::run::Held;
use super::telemetry::Watch;
use super::{Engine, closed};
use crate::clock;
use crate::event::What;
use crate::journal::{
    Ending, Entry as Line, Kept, Mail, NEVER, Record, is_of_journal, refused, unwritable,
};

/// How a run comes into memory.
pub(super) enum Begin {
    /// It is a new one, with its first record.
    New(Option<Record>),
    /// It is recorded, and this mail waits for it.
    Recorded(Vec<Mail>),
}

/// How a stay in memory ends.
enum End {
    Answered(Result<Value, Failure>),
    /// It only waits, until that time.
    Waits(u64),
    Terminated,
    Closed,
}

impl Engine {
    /// Runs what has just been put among the live ones.
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine's table owns the task"
    )]
    pub(super) fn spawn(&self, live: Arc<Live>, begin: Begin) {
        let engine = self.clone();
        let task = tokio::spawn(async move {
            if engine.enter(&live, begin).await {
                engine.stay(&live).await;
            }
            engine.gone(&live);
        });
        drop(task);
    }

    /// Records that a new run begins, or gives a recorded one its mail; whether it stays.
    async fn enter(&self, live: &Arc<Live>, begin: Begin) -> bool {
        let begun = match begin {
            Begin::New(first) => {
                let line = Line::Begin(Arc::clone(&live.new), first);
                match self.0.writer.ask(line).await {
                    Ok(true) => Begun::Yes,
                    Ok(false) => Begun::Taken,
                    Err(error) => Begun::Failed(error),
                }
            }
            Begin::Recorded(mail) => {
                live.begin(Begun::Yes);
                // In a box, since a new run has none.
                Box::pin(self.hand_over(live, mail)).await;
                return true;
            }
        };
        let stays = matches!(begun, Begun::Yes);
        live.begin(begun);
        stays
    }

    /// One stay of a run in memory.
    async fn stay(&self, live: &Arc<Live>) {
        if live.is_resumed() {
            live.tell_all(|| What::RunResumed {
                workflow: live.new.workflow.clone(),
                version: live.new.version,
            });
        }
        let trace = live.parent().child();
        let watch = Watch::begin(live, &trace);
        let span = watch.as_ref().map_or_else(Span::none, Watch::span);
        let end = self.go(live, trace).instrument(span).await;
        let watch = watch.as_ref();
        let answer = match end {
            End::Answered(answer) => answer,
            End::Terminated => Err(terminated()),
            End::Closed => {
                watch.inspect(|watch| watch.stays_until("closed"));
                live.fate.seal(Err(Kept::of(&closed())));
                return;
            }
            End::Waits(until) => return self.park(live, until, watch).await,
        };
        self.end(live, answer, watch).await;
    }

    /// Lets a run that only waits leave memory.
    async fn park(&self, live: &Live, until: u64, watch: Option<&Watch>) {
        watch.inspect(|watch| watch.stays_until("parked"));
        let deadline = live.deadline();
        let wake = deadline.map_or(until, |deadline| until.min(deadline));
        // What is later than all times that a journal has does not come.
        let wake = wake.min(NEVER);
        let run = live.new.run;
        // Where that can't be written, it is nobody's when the journal is opened again.
        drop(self.0.writer.write(Line::Park { run, wake }).await);
        let due = Some(wake).filter(|wake| *wake < NEVER);
        live.tell_all(|| What::RunParked { due });
        self.wakes_at(wake);
    }

    /// Runs until it ends or does nothing but wait.
    async fn go(&self, live: &Arc<Live>, trace: Trace) -> End {
        let settings = &self.0.settings;
        let input = match live.new.input.read() {
            Ok(input) => input,
            // Its checksum is right, so it was written so.
            Err(error) => {
                return End::Answered(Err(Failure::terminal("journal.input", error.to_string())));
            }
        };
        let attempt = match live.entry.prepare(input) {
            Ok(attempt) => attempt,
            // What it has done is not to be left behind.
            Err(failure) if live.is_resumed() => return End::Answered(Err(refused(&failure))),
            Err(failure) => return End::Answered(Err(failure)),
        };
        let cx = live.context(&self.0.cx, trace);
        let mut run = pin!(catch(attempt.run(&cx)));
        let linger = clock::millis(settings.linger);
        let mut lingering = None;
        let stay = poll_fn(|task| {
            let seen = live.journal.arrivals();
            if let Poll::Ready(answer) = run.as_mut().poll(task) {
                return Poll::Ready(End::Answered(answer));
            }
            live.journal.polled_by(task.waker());
            if !live.journal.is_at_rest() {
                lingering = None;
                return Poll::Pending;
            }
            let timer =
                lingering.get_or_insert_with(|| Box::pin(tokio::time::sleep(settings.linger)));
            if timer.as_mut().poll(task).is_pending() {
                return Poll::Pending;
            }
            lingering = None;
            match live.journal.leave(seen, linger) {
                Some(until) => Poll::Ready(End::Waits(until)),
                None => Poll::Pending,
            }
        });
        tokio::select! {
            biased;
            () = live.stopped.cancelled() => if live.is_terminated() { End::Terminated } else { End::Closed },
            end = stay => end,
        }
    }

    /// Records how a run ended, but for one that the journal has stopped: that one stays open.
    fn end<'a>(
        &'a self,
        live: &'a Live,
        answer: Result<Value, Failure>,
        watch: Option<&'a Watch>,
    ) -> impl Future<Output = ()> + Send + use<'a> {
        // As soon as the journal has it, the run may be opened again, and then has another fate.
        self.state().fates.forget(&live.new.id);
        let stopped = answer.as_ref().err().is_some_and(is_of_journal);
        let answer = answer.map_err(|failure| Kept::of(&failure));
        let writing = (!stopped).then(|| self.write_end(live.new.run, &answer));
        if let Err(why) = &answer
            && stopped
            && self.0.writer.failed().is_none()
        {
            self.hold(live, why);
        }
        async move {
            let written = match writing {
                Some(writing) => Some(writing.await),
                None => None,
            };
            let (answer, held) = match written {
                Some(Ok(())) => (answer, false),
                Some(Err(failure)) => (Err(Kept::of(&failure)), true),
                None => (answer, true),
            };
            tell_end(live, &answer, held, watch);
            live.fate.seal(answer);
        }
    }

    /// Keeps why a run can't go on here, so that it is told, and can be ended.
    fn hold(&self, live: &Live, why: &Kept) {
        let (new, (_, why)) = (&live.new, why.told());
        let held = Held::new(new.id.clone(), new.workflow.clone(), why);
        self.state().damaged.insert(new.run, held);
    }

    /// Hands over how a run ended before that is awaited, so that what waits is small.
    pub(super) fn write_end(
        &self,
        run: u64,
        answer: &Result<Value, Kept>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + use<'_> {
        let ending = Ending::new(run, answer, self.0.settings.clock.now());
        let written = ending.map(|ending| self.0.writer.write(Line::End { run, ending }));
        async move {
            let written = written?.await.map_err(unwritable)?;
            self.0.writer.synced(written).await.map_err(unwritable)
        }
    }
}

/// Tells how a run ended, or that its journal has stopped it.
fn tell_end(live: &Live, answer: &Result<Value, Kept>, held: bool, watch: Option<&Watch>) {
    let outcome = answer.as_ref().map_or_else(Kept::kind, |_| "ok");
    match watch {
        Some(watch) if held => watch.stays_until("held"),
        Some(watch) => watch.ended(live, outcome),
        None => {}
    }
    live.tell_all(|| match answer {
        Ok(_) => What::RunFinished,
        Err(kept) => {
            let (code, message) = kept.told();
            if held {
                What::RunHeld { code, message }
            } else {
                What::RunFailed { code, message }
            }
        }
    });
}

/// The failure of a run that was ended where it stood.
pub(super) fn terminated() -> Failure {
    let message = "somebody ended the run where it stood; what it had done is left as it is";
    Failure::terminal("run.terminated", message)
}
