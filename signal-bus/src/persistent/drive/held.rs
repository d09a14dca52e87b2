//! A subscription in the hands of whoever takes from it.

use std::ops::Deref;
use std::sync::Arc;

use super::Shared;
use crate::log::{Inner as Log, LogError};

/// A subscription as those have it who take from it: it is open until the last of them lets go, whoever else still looks at
/// it then.
pub(in crate::persistent) struct Held {
    shared: Arc<Shared>,
    /// Let go of behind what is given back, so whoever opens it next is behind that too.
    _name: Name,
}

/// The name of a subscription, which nobody else has meanwhile.
pub(in crate::persistent) struct Name {
    log: Arc<Log>,
    name: Arc<str>,
}

impl Name {
    /// Takes a name, unless somebody has it.
    pub(in crate::persistent) fn take(log: &Arc<Log>, name: &Arc<str>) -> Result<Self, LogError> {
        log.hub.enter(name)?;
        let (log, name) = (Arc::clone(log), Arc::clone(name));
        Ok(Self { log, name })
    }

    /// Has a subscription under the name.
    pub(in crate::persistent) fn hold(self, shared: Arc<Shared>) -> Arc<Held> {
        self.log.hub.fill(&shared);
        Arc::new(Held {
            shared,
            _name: self,
        })
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        self.log.hub.leave(&self.name);
    }
}

impl Deref for Held {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.give_back();
    }
}
