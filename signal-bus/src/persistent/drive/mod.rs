//! What runs the machine of a subscription: reads the log for it, writes what it decides, and gives
//! that out once it is durable.

mod held;
mod inside;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use enact_signal_core::Pattern;
use tokio::sync::{Notify, oneshot};

pub(super) use self::held::{Held, Name};
use self::inside::{Inside, Todo, Write};
use super::figures::{Counted, PersistentFigures, Telemetry};
use super::machine::{Give, Machine};
use super::policy::Order;
use crate::bus::middleware::Went;
use crate::bus::{Delivery, Fate, Outcome, Subscriber};
use crate::log::{
    Entry, Inner as Log, Job, LogError, Outcome as Written, Page, Progress, Recorded, Row, Scan,
    StoreError, Waiter, Work,
};

/// A subscription that is open: shared by those who take from it and by what they have.
pub(crate) struct Shared {
    name: Arc<str>,
    subscriber: Subscriber,
    order: Order,
    log: Arc<Log>,
    telemetry: Telemetry,
    inside: Mutex<Inside>,
    /// Held while something is decided that is to be written, until it is with the writer.
    writes: Mutex<()>,
    /// There may be something to do.
    changed: Notify,
    /// Itself, for what comes back to it.
    this: Weak<Self>,
}

impl Shared {
    pub(super) fn new(
        (name, pattern): (Arc<str>, Pattern),
        order: Order,
        log: &Arc<Log>,
        machine: Machine,
    ) -> Arc<Self> {
        let telemetry = Telemetry::new(&name, machine.cursor());
        let subscriber = Subscriber {
            name: name.to_string(),
            pattern,
        };
        Arc::new_cyclic(|this| Self {
            name,
            subscriber,
            order,
            log: Arc::clone(log),
            telemetry,
            inside: Mutex::new(Inside::new(machine)),
            writes: Mutex::default(),
            changed: Notify::new(),
            this: Weak::clone(this),
        })
    }

    pub(crate) const fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub(super) const fn log(&self) -> &Arc<Log> {
        &self.log
    }

    pub(super) const fn changed(&self) -> &Notify {
        &self.changed
    }

    /// Whoever waits looks again at what there is.
    pub(crate) fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// The log goes up to there now.
    pub(crate) fn published(&self, last: u64) {
        self.telemetry.lags(last);
        self.wake();
    }

    /// Does all that can be done by now.
    pub(super) fn turn(&self) {
        loop {
            let (todo, writes) = self.decide();
            self.count(todo.counted);
            for delivery in todo.expired {
                self.dispatched(delivery, &Outcome::TimedOut);
            }
            if !writes && todo.read.is_none() {
                return;
            }
            if let Some(page) = todo.read {
                self.read(page);
            }
        }
    }

    /// Decides what is to be done, and has what is to be written written, in the order in which it was decided: otherwise an
    /// attempt might be recorded behind the acknowledgement that ends it.
    fn decide(&self) -> (Todo, bool) {
        let _turn = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.log.now();
        let mut todo = self.inside().turn(self, now);
        let write = todo.write.take();
        let writes = write.is_some();
        if let Some(write) = write {
            self.write(write);
        }
        (todo, writes)
    }

    /// One more waits for something to be given out, or one fewer.
    pub(super) fn waits(&self, comes: bool) {
        let mut inside = self.inside();
        if comes {
            inside.waiting += 1;
            inside.back = inside.back.saturating_sub(1);
        } else {
            inside.waiting -= 1;
        }
    }

    /// Takes what is given out and no middleware keeps back, if something is.
    pub(super) fn take(&self) -> Result<Option<(Give, Recorded)>, LogError> {
        while let Some((give, signal)) = self.pop()? {
            if let Some((signal, had)) = self.dispatch(give, signal) {
                self.handed_out(give, had);
                return Ok(Some((give, signal)));
            }
        }
        Ok(None)
    }

    fn pop(&self) -> Result<Option<(Give, Recorded)>, LogError> {
        let now = self.log.now();
        let mut over = false;
        {
            let mut inside = self.inside();
            while let Some(give) = inside.out.pop_front() {
                if let Some(signal) = inside.signals.get(&give.sequence).cloned() {
                    inside.machine.taken(give, now);
                    return Ok(Some((give, signal)));
                }
                over = true;
            }
            if let Some(failed) = &inside.failed {
                return Err(Arc::clone(failed).into());
            }
        }
        if over {
            // What was settled before anybody took it counted as being at hand.
            self.turn();
        }
        Ok(None)
    }

    /// What the middlewares let somebody have of a signal.
    fn dispatch(&self, give: Give, signal: Recorded) -> Option<(Recorded, Option<Delivery>)> {
        let chain = &self.log.chain;
        if chain.is_empty() {
            return Some((signal, None));
        }
        let mut before = Delivery::new(signal.envelope().clone());
        before.settle(Fate::Given, give.sequence);
        match chain.before_dispatch(&self.subscriber, before.clone()) {
            Went::On(delivery) => {
                let signal = signal.with(delivery.envelope().clone());
                return Some((signal, Some(delivery)));
            }
            Went::Skipped => self.keep_back(|machine, now| machine.skip(give.sequence, now)),
            Went::Halted(refusal) => {
                refusal.tell("before_dispatch", &before);
                let reason = refusal.to_string();
                self.keep_back(|machine, now| machine.refuse(give.sequence, &reason, now));
            }
        }
        None
    }

    /// Somebody has a signal, of which middlewares are to hear what becomes of it.
    fn handed_out(&self, give: Give, had: Option<Delivery>) {
        let counted = {
            let mut inside = self.inside();
            inside.machine.handed_out();
            inside.had.extend(had.map(|had| (give, had)));
            inside.counted()
        };
        self.count(counted);
    }

    fn count(&self, counted: Option<Counted>) {
        if let Some(counted) = counted {
            self.telemetry.count(&counted, self.log.hub.last());
        }
    }

    /// Settles what nobody gets.
    fn keep_back(&self, settle: impl FnOnce(&mut Machine, u64)) {
        let now = self.log.now();
        settle(&mut self.inside().machine, now);
        self.turn();
        // What was settled may let others go.
        self.wake();
    }

    /// Somebody has said what came of a signal, or let go of it.
    pub(super) fn answered(&self, give: Give, outcome: &Outcome) {
        if self.log.chain.is_empty() {
            return;
        }
        // Told before, where the deadline has passed.
        let had = self.inside().had.remove(&give);
        if let Some(delivery) = had {
            self.dispatched(delivery, outcome);
        }
    }

    fn dispatched(&self, delivery: Delivery, outcome: &Outcome) {
        let chain = &self.log.chain;
        chain.after_dispatch(&self.subscriber, delivery, outcome);
    }

    /// When something is due next.
    pub(super) fn due(&self) -> Option<u64> {
        self.inside().machine.wake()
    }

    /// Settles what somebody has, or not; whom to wait for until that is durable, where it counts.
    pub(super) fn settle(
        &self,
        settle: impl FnOnce(&mut Machine, u64) -> bool,
    ) -> Option<oneshot::Receiver<Result<(), Arc<StoreError>>>> {
        let (answer, answered) = oneshot::channel();
        {
            let now = self.log.now();
            let mut inside = self.inside();
            if !settle(&mut inside.machine, now) {
                return None;
            }
            inside.answers.push(answer);
            inside.back += 1;
        }
        self.turn();
        // What was settled may let others go.
        self.wake();
        Some(answered)
    }

    pub(crate) fn figures(&self) -> PersistentFigures {
        let last = self.log.hub.last();
        let inside = self.inside();
        let (tally, cursor) = (inside.machine.tally(), inside.machine.cursor());
        PersistentFigures {
            given: tally.given,
            acknowledged: tally.acknowledged,
            failed: tally.failed,
            expired: tally.expired,
            skipped: tally.skipped,
            dead: tally.dead,
            in_flight: inside.machine.in_flight(),
            lag: last.saturating_sub(cursor),
        }
    }

    /// Looks at a machine.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Machine) -> T) -> T {
        look(&self.inside().machine)
    }

    /// Takes in what was found beside the scan: what a process before has left open, or what is redriven.
    pub(super) fn bring(
        &self,
        row: &Row,
        bring: impl FnOnce(&mut Machine, Option<&str>, u64) -> bool,
    ) {
        let now = self.log.now();
        let mut inside = self.inside();
        match Recorded::of(row) {
            Ok(signal) => {
                if bring(&mut inside.machine, self.order.key(&signal), now) {
                    inside.bytes += signal.size();
                    inside.signals.insert(row.sequence, signal);
                }
            }
            Err(error) => inside
                .machine
                .unreadable(row.sequence, &error.to_string(), now),
        }
    }

    /// What was given out and not taken goes back.
    fn give_back(&self) {
        let now = self.log.now();
        let (cursor, changes) = {
            let mut inside = self.inside();
            inside.out.clear();
            inside.machine.returned(now);
            inside.machine.all_progress()
        };
        let name = Arc::clone(&self.name);
        let entry = Entry::Progress(Progress {
            name,
            cursor,
            changes,
        });
        // Nobody is left who could be told.
        let (work, waiter) = (Work::Write(vec![entry]), Waiter::anywhere(|_| ()));
        self.log.writer.push(Job { work, waiter });
    }

    fn write(&self, write: Write) {
        let Write {
            progress,
            given,
            answers,
        } = write;
        let this = Weak::clone(&self.this);
        let told = move |outcome: Written| {
            let done = outcome.map(drop);
            if let Some(this) = this.upgrade() {
                this.written(given, &done);
            }
            for answer in answers {
                // Whoever asked may be gone.
                drop(answer.send(done.clone()));
            }
        };
        let work = Work::Write(vec![Entry::Progress(progress)]);
        let waiter = Waiter::anywhere(told);
        self.log.writer.push(Job { work, waiter });
    }

    fn written(&self, given: Vec<Give>, done: &Result<(), Arc<StoreError>>) {
        {
            let mut inside = self.inside();
            inside.coming -= given.len();
            match done {
                Ok(()) => inside.out.extend(given),
                Err(error) => inside.failed = Some(Arc::clone(error)),
            }
        }
        self.wake();
    }

    fn read(&self, page: Page) {
        let this = Weak::clone(&self.this);
        self.log.reading.push(move |reader| {
            let scan = reader.read(&page);
            if let Some(this) = this.upgrade() {
                this.found(scan);
            }
        });
    }

    fn found(&self, scan: Result<Scan, StoreError>) {
        match scan {
            Ok(scan) => {
                for row in &scan.rows {
                    self.bring(row, |machine, key, now| {
                        machine.found(row.sequence, key, now)
                    });
                }
                let mut inside = self.inside();
                inside.reading = false;
                inside.machine.scanned(scan.up_to);
            }
            Err(error) => {
                let mut inside = self.inside();
                inside.reading = false;
                inside.failed = Some(Arc::new(error));
            }
        }
        self.wake();
    }

    /// Nothing panics while it is held that leaves it half changed.
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("name", &self.name)
            .field("pattern", self.subscriber.pattern())
            .finish_non_exhaustive()
    }
}
