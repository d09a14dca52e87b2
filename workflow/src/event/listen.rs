//! Who is told of a run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use enact_action_core::__private::Inside;
use enact_action_core::Context;

use super::Event;
use crate::run::Carried;

/// Who is told of a run.
pub(crate) type Listener = Arc<dyn Listen>;

/// Is told of a run, as it happens; neither blocks nor panics.
pub(crate) trait Listen: Send + Sync {
    /// Whether anybody would hear it.
    fn hears(&self) -> bool {
        true
    }

    fn tell(&self, event: Event);

    /// Something new has happened of which no event tells.
    fn note(&self) {}

    /// Whether anything new has happened.
    fn has_news(&self) -> bool {
        true
    }
}

impl<F: Fn(&Event) + Send + Sync> Listen for F {
    fn tell(&self, event: Event) {
        self(&event);
    }
}

/// A context whose runs tell `listener` what happens, in place of whoever was told before.
///
/// It is called in the run, and must neither block nor panic. For a stream instead, see
/// [`Start::start`](super::Start::start).
#[must_use]
pub fn listen(cx: &Context, listener: impl Fn(&Event) + Send + Sync + 'static) -> Context {
    let carried = Carried {
        listener: Some(Arc::new(listener)),
        prefix: String::new(),
        journal: None,
        undo: None,
    };
    cx.inside(Inside {
        idempotency_key: cx.idempotency_key().map(Into::into),
        trace: cx.trace().copied(),
        carried: Some(Arc::new(carried)),
    })
}

/// Listens to a run inside that had begun before the run around it came back into memory: whether
/// anything has happened in it since.
pub(crate) struct Again {
    to: Listener,
    news: AtomicBool,
}

impl Again {
    pub(crate) fn listener(to: Listener) -> Listener {
        let news = AtomicBool::new(false);
        Arc::new(Self { to, news })
    }
}

impl Listen for Again {
    fn hears(&self) -> bool {
        self.to.hears()
    }

    fn tell(&self, event: Event) {
        self.news.store(true, Ordering::Relaxed);
        self.to.tell(event);
    }

    fn note(&self) {
        self.news.store(true, Ordering::Relaxed);
        self.to.note();
    }

    fn has_news(&self) -> bool {
        self.news.load(Ordering::Relaxed)
    }
}
