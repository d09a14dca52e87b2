//! A subscription in the hands of whoever takes from it.

use std::ops::Deref;
use std::sync::Arc;

use super::Shared;
use crate::log::LogError;

/// A subscription as those have it who take from it: it is open until the last of them lets go, whoever else still looks at
/// it then.
pub(in crate::persistent) struct Held(Arc<Shared>);

impl Held {
    /// Opens it, unless one of its name is open.
    pub(in crate::persistent) fn open(shared: Arc<Shared>) -> Result<Arc<Self>, LogError> {
        shared.log.hub.enter(&shared)?;
        Ok(Arc::new(Self(shared)))
    }
}

impl Deref for Held {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.give_back();
        // Whoever opens it next is behind that.
        self.log.hub.leave(&self.0);
    }
}
