//! Whoever reads the store: a thread, so that nobody's task waits for a disk, or whoever asks.

use std::fmt;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::LogError;
use super::store::{Reader, StoreError};
use super::writer::join;

type Look = Box<dyn FnOnce(&mut dyn Reader) + Send>;

/// The way to the readers of a log.
pub(crate) struct Reading(Mode);

enum Mode {
    Thread {
        looks: Mutex<Option<Sender<Look>>>,
        thread: Mutex<Option<JoinHandle<()>>>,
    },
    Inline(Mutex<Box<dyn Reader>>),
}

impl Reading {
    pub(super) fn start(mut reader: Box<dyn Reader>) -> std::io::Result<Self> {
        let (looks, asked) = channel::<Look>();
        let thread = std::thread::Builder::new()
            .name("enact-log-reader".to_owned())
            .spawn(move || {
                for look in asked {
                    look(&mut *reader);
                }
            })?;
        Ok(Self(Mode::Thread {
            looks: Mutex::new(Some(looks)),
            thread: Mutex::new(Some(thread)),
        }))
    }

    pub(crate) fn inline(reader: Box<dyn Reader>) -> Self {
        Self(Mode::Inline(Mutex::new(reader)))
    }

    /// Has something looked up, and goes on.
    pub(crate) fn push(&self, look: impl FnOnce(&mut dyn Reader) + Send + 'static) {
        match &self.0 {
            Mode::Thread { looks, .. } => {
                let looks = looks.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(looks) = &*looks {
                    // Where the thread is gone, what was asked is let go, and its asker hears of that.
                    drop(looks.send(Box::new(look)));
                }
            }
            Mode::Inline(reader) => {
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                look(&mut **reader);
            }
        }
    }

    /// Looks something up.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LogError> {
        let (answer, answered) = oneshot::channel();
        self.push(move |reader| drop(answer.send(look(reader))));
        Ok(answered.await.map_err(|_| LogError::closed())??)
    }

    /// Looks something up, and blocks meanwhile.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut dyn Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, LogError> {
        let (answer, answered) = channel();
        self.push(move |reader| drop(answer.send(look(reader))));
        Ok(answered.recv().map_err(|_| LogError::closed())??)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if let Mode::Thread { looks, thread } = &self.0 {
            drop(looks.lock().unwrap_or_else(PoisonError::into_inner).take());
            join(thread.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}
