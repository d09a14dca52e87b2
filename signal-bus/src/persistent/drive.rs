//! What runs the machine of a subscription: reads the log for it, writes what it decides, and gives
//! that out once it is durable.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use enact_signal_core::Pattern;
use tokio::sync::{Notify, oneshot};

use super::machine::{Give, Machine};
use super::policy::Order;
use crate::log::{
    Change, Entry, Inner as Log, Job, LogError, Outcome, Page, Progress, Recorded, Row, Scan,
    StoreError, Work,
};

/// A subscription that is open: shared by those who take from it and by what they have.
pub(crate) struct Shared {
    name: Arc<str>,
    pattern: Pattern,
    order: Order,
    log: Arc<Log>,
    inside: Mutex<Inside>,
    /// There may be something to do.
    changed: Notify,
    /// Itself, for what comes back to it.
    this: Weak<Self>,
}

struct Inside {
    machine: Machine,
    /// What is to be settled.
    signals: HashMap<u64, Recorded>,
    /// How many bytes that is.
    bytes: usize,
    /// What is durably given out, and nobody has taken.
    out: VecDeque<Give>,
    /// How much was given out and is not durable yet.
    coming: usize,
    /// How many wait for something to be given out.
    waiting: usize,
    /// How many have settled something and will be back for more.
    back: usize,
    reading: bool,
    /// Whom to tell once all that was settled is durable.
    answers: Vec<Answer>,
    failed: Option<Arc<StoreError>>,
}

pub(super) type Answer = oneshot::Sender<Result<(), Arc<StoreError>>>;

/// What is to be done outside of the lock.
struct Todo {
    write: Option<Write>,
    read: Option<Page>,
}

struct Write {
    progress: Progress,
    given: Vec<Give>,
    answers: Vec<Answer>,
}

/// How many signals are looked for at once.
const ROWS: usize = 256;

/// How many bytes of signals are at hand before no more are looked for.
const BYTES: usize = 64 << 20;

impl Shared {
    pub(super) fn new(
        (name, pattern): (Arc<str>, Pattern),
        order: Order,
        log: &Arc<Log>,
        machine: Machine,
    ) -> Arc<Self> {
        let inside = Inside {
            machine,
            signals: HashMap::new(),
            bytes: 0,
            out: VecDeque::new(),
            coming: 0,
            waiting: 0,
            back: 0,
            reading: false,
            answers: Vec::new(),
            failed: None,
        };
        Arc::new_cyclic(|this| Self {
            name,
            pattern,
            order,
            log: Arc::clone(log),
            inside: Mutex::new(inside),
            changed: Notify::new(),
            this: Weak::clone(this),
        })
    }

    pub(super) const fn name(&self) -> &Arc<str> {
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

    /// Does all that can be done by now.
    pub(super) fn turn(&self) {
        loop {
            let now = self.log.now();
            let todo = self.inside().turn(self, now);
            if todo.write.is_none() && todo.read.is_none() {
                return;
            }
            if let Some(write) = todo.write {
                self.write(write);
            }
            if let Some(page) = todo.read {
                self.read(page);
            }
        }
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

    /// Takes what is given out, if something is.
    pub(super) fn take(&self) -> Result<Option<(Give, Recorded)>, LogError> {
        let now = self.log.now();
        let mut inside = self.inside();
        while let Some(give) = inside.out.pop_front() {
            if let Some(signal) = inside.signals.get(&give.sequence).cloned() {
                inside.machine.taken(give, now);
                return Ok(Some((give, signal)));
            }
        }
        match &inside.failed {
            Some(failed) => Err(Arc::clone(failed).into()),
            None => Ok(None),
        }
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
    pub(super) fn give_back(&self) {
        let now = self.log.now();
        let (cursor, changes) = {
            let mut inside = self.inside();
            for give in std::mem::take(&mut inside.out) {
                inside.machine.returned(give, now);
            }
            inside.machine.all_progress()
        };
        let name = Arc::clone(&self.name);
        let entry = Entry::Progress(Progress {
            name,
            cursor,
            changes,
        });
        // Nobody is left who could be told.
        let (work, told) = (Work::Write(vec![entry]), Box::new(|_| ()));
        self.log.writer.push(Job { work, told });
    }

    fn write(&self, write: Write) {
        let Write {
            progress,
            given,
            answers,
        } = write;
        let this = Weak::clone(&self.this);
        let told = move |outcome: Outcome| {
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
        let told = Box::new(told);
        self.log.writer.push(Job { work, told });
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

impl Inside {
    /// Decides what is to be done now.
    fn turn(&mut self, shared: &Shared, now: u64) -> Todo {
        if self.failed.is_none() {
            self.failed = shared.log.writer.failed();
        }
        if let Some(failed) = &self.failed {
            for answer in self.answers.drain(..) {
                // Whoever asked may be gone.
                drop(answer.send(Err(Arc::clone(failed))));
            }
            return Todo {
                write: None,
                read: None,
            };
        }
        self.machine.tick(now);
        // Who has just settled something will be back: what is next for them goes with that.
        let wanted = self.waiting + self.back;
        let at_hand = self.out.len() + self.coming;
        let given = self.machine.give(wanted.saturating_sub(at_hand), now);
        self.coming += given.len();
        Todo {
            write: self.write(shared, given),
            read: self.page(shared),
        }
    }

    fn write(&mut self, shared: &Shared, given: Vec<Give>) -> Option<Write> {
        let progress = if self.answers.is_empty() {
            self.machine.progress()
        } else {
            Some(self.machine.all_progress())
        };
        let (cursor, changes) = progress?;
        self.let_go(&changes);
        Some(Write {
            progress: Progress {
                name: Arc::clone(&shared.name),
                cursor,
                changes,
            },
            given,
            answers: std::mem::take(&mut self.answers),
        })
    }

    fn page(&mut self, shared: &Shared) -> Option<Page> {
        let last = shared.log.hub.last();
        let after = self.machine.wants_after()?;
        let has_room = self.signals.is_empty() || self.bytes < BYTES;
        if self.reading || after >= last || !has_room {
            return None;
        }
        self.reading = true;
        Some(Page {
            after,
            up_to: last,
            pattern: Some(shared.pattern.clone()),
            most: ROWS,
        })
    }

    /// What is settled need not be at hand any more.
    fn let_go(&mut self, changes: &[Change]) {
        for change in changes {
            let sequence = match change {
                Change::Settled(sequence) => *sequence,
                Change::Dead(letter) => letter.sequence,
                Change::Open(_) => continue,
            };
            if !self.machine.has(sequence)
                && let Some(signal) = self.signals.remove(&sequence)
            {
                self.bytes -= signal.size();
            }
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("name", &self.name)
            .field("pattern", &self.pattern)
            .finish_non_exhaustive()
    }
}
