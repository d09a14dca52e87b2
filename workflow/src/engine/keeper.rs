//! Takes up what is due, and brings mail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use enact_action_core::Failure;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::drive::{Begin, terminated};
use super::live::{self, Live};
use super::run::Held;
use super::{Engine, Inner};
use crate::clock;
use crate::journal::{Claim, Claimed, Kept, Mail, StoreError, What, unwritable};

/// How many runs are taken up, and how much mail is read, in one turn.
const MOST: usize = 512;
/// How many runs are deleted in one turn, so that runs need not wait long for it.
const MOST_PRUNED: usize = 256;

/// Wakes the keeper, and ends it.
#[derive(Debug, Clone, Default)]
pub(super) struct Bell {
    pub(super) ring: Arc<Notify>,
    /// Rung when no run is in memory any more.
    pub(super) gone: Arc<Notify>,
    /// Whether runs wait for room.
    pub(super) queued: Arc<AtomicBool>,
    pub(super) closing: CancellationToken,
}

/// What one turn found.
struct Found {
    claimed: Vec<Claimed>,
    mail: Vec<Mail>,
    next: Option<u64>,
    /// Whether no more runs are to be deleted now.
    is_pruned: bool,
}

/// The mail that is for runs that are held, or can't be read; it stays, and must not stand in the way of others'.
#[derive(Debug, Default)]
struct Stuck {
    many: usize,
    /// Which can't be read.
    unread: BTreeSet<u64>,
}

/// Works until the engine is gone, closed, or its journal fails.
pub(super) async fn keep(weak: Weak<Inner>, bell: Bell) {
    let mut stuck = Stuck::default();
    loop {
        let Some(inner) = weak.upgrade() else {
            return;
        };
        let engine = Engine(inner);
        let wait = match engine.turn(&mut stuck).await {
            Ok(wait) => wait,
            // Those in memory hear of it themselves, and nobody will take up the others.
            Err(error) => return engine.give_up(&unwritable(error)),
        };
        drop(engine);
        tokio::select! {
            biased;
            () = bell.closing.cancelled() => return,
            () = bell.ring.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

impl Engine {
    /// Takes up what is due and brings mail; how long there is nothing more to do.
    async fn turn(&self, stuck: &mut Stuck) -> Result<Duration, Arc<StoreError>> {
        let settings = &self.0.settings;
        let now = settings.clock.now();
        let claim = Claim {
            now,
            most: self.state().set_aside(settings.most_live, MOST),
            graphs: self.0.known.keys(),
        };
        let (most, most_mail) = (claim.most, MOST + stuck.many);
        let before = settings
            .keep
            .map(|keep| now.saturating_sub(clock::millis(keep)));
        let found = self.0.writer.with(move |store| {
            store.renew()?;
            Ok(Found {
                claimed: if claim.most > 0 {
                    store.claim(&claim)?
                } else {
                    Vec::new()
                },
                mail: store.mail(most_mail)?,
                next: store.next_wake(&claim.graphs)?,
                is_pruned: match before {
                    Some(before) => {
                        let most = store.prunes(MOST_PRUNED);
                        store.prune(before, MOST_PRUNED)? < most
                    }
                    None => true,
                },
            })
        });
        let found = found.await?;
        let more = found.claimed.len() == most && most > 0
            || found.mail.len() == most_mail
            || !found.is_pruned;
        if most < MOST && found.claimed.len() == most {
            self.0.bell.queued.store(true, Ordering::Relaxed);
        }
        for claimed in found.claimed {
            self.take_up(claimed);
        }
        self.have_come();
        self.learn(&found.mail, stuck);
        self.bring(found.mail);
        let next = found.next.filter(|_| most > 0);
        Ok(if more {
            Duration::ZERO
        } else {
            let left = next.map_or(Duration::MAX, |next| {
                Duration::from_millis(next.saturating_sub(now))
            });
            left.min(settings.poll)
        })
    }

    /// Tells whoever waits for a run that it does not go on here.
    pub(super) fn give_up(&self, why: &Failure) {
        self.state().fates.seal_all(&Err(Kept::of(why)));
    }

    /// Brings a run into memory.
    fn take_up(&self, claimed: Claimed) {
        let Claimed { row, records, mail } = claimed;
        let new = row.new;
        let read = records
            .map_err(|error| super::reason(&error))
            .and_then(|records| {
                let journal = live::journal(&new, &self.0.writer, &self.0.settings, Some(&records));
                journal.map_err(|damage| super::reason(&damage))
            });
        match (read, self.0.known.entry(new.graph)) {
            (Ok(journal), Some(entry)) => {
                let live = {
                    let mut state = self.state();
                    let fate = state.fates.of(&new.id);
                    let live = Live::new(self, Arc::new(new), entry, journal, fate);
                    state.enter(&live);
                    live
                };
                self.spawn(live, Begin::Recorded(mail));
            }
            (Err(why), _) => {
                tracing::error!(target: "enact::workflow", run = new.id, why, "a run is held");
                let held = Held::new(new.id, new.workflow, why);
                self.state().damaged.insert(new.run, held);
            }
            // A store that gives what nobody asked for; it stays what it is.
            (Ok(_), None) => {}
        }
    }

    /// Learns how much of it stays: what is for runs that are not in memory, and what can't be read, of which each is told
    /// of once.
    fn learn(&self, mail: &[Mail], stuck: &mut Stuck) {
        let mut live = Vec::new();
        {
            let state = self.state();
            live.extend(
                mail.iter()
                    .filter_map(|mail| Some((mail, Arc::clone(state.live.get(&mail.run)?)))),
            );
        }
        let held = mail.len() - live.len();
        live.retain(|(mail, _)| !is_read(mail));
        for (mail, live) in &live {
            if !stuck.unread.contains(&mail.seq) {
                let run = &live.new.id;
                tracing::error!(target: "enact::workflow", run, "mail that can't be read");
            }
        }
        stuck.unread = live.iter().map(|(mail, _)| mail.seq).collect();
        stuck.many = held + live.len();
    }

    /// Brings mail to runs that are in memory, each run's in order.
    fn bring(&self, mail: Vec<Mail>) {
        let mut by_run: BTreeMap<u64, Vec<Mail>> = BTreeMap::new();
        for mail in mail {
            by_run.entry(mail.run).or_default().push(mail);
        }
        for (run, mail) in by_run {
            let live = self.state().live.get(&run).map(Arc::clone);
            match live {
                Some(live) => self.postman(live, mail),
                None => self.bury(run, &mail),
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "it ends by itself, and mail stays until it is read"
    )]
    fn postman(&self, live: Arc<Live>, mail: Vec<Mail>) {
        let engine = self.clone();
        drop(tokio::spawn(
            async move { engine.hand_over(&live, mail).await },
        ));
    }

    /// Ends a damaged run, where somebody has asked for that.
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends by itself, and mail stays until it is read"
    )]
    fn bury(&self, run: u64, mail: &[Mail]) {
        let asked = mail
            .iter()
            .any(|mail| mail.body.read().ok() == Some(What::Terminate));
        if !asked || self.state().damaged.remove(&run).is_none() {
            return;
        }
        let engine = self.clone();
        drop(tokio::spawn(async move {
            let answer = Err(Kept::of(&terminated()));
            // Where it can't be written, the journal has failed, which the writer says.
            drop(engine.write_end(run, &answer).await);
        }));
    }

    /// Gives a run its mail.
    pub(super) async fn hand_over(&self, live: &Live, mail: Vec<Mail>) {
        for mail in mail {
            let seq = Some(mail.seq);
            // Where it can't be recorded it stays mail; the writer says why.
            match mail.body.read() {
                Ok(What::Signal(sent)) => drop(live.journal.send(sent, seq).await),
                Ok(What::Cancelled) => {
                    drop(live.journal.cancel(seq, || live.token.cancel()).await);
                }
                Ok(What::Terminate) => live.terminate(),
                // The keeper tells of it.
                Ok(_) | Err(_) => {}
            }
        }
    }
}

/// Whether it is something that a run is given.
fn is_read(mail: &Mail) -> bool {
    let what = mail.body.read();
    matches!(
        what,
        Ok(What::Signal(_) | What::Cancelled | What::Terminate)
    )
}
