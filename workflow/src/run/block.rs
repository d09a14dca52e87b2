//! What stops a part of a run: its own mark, or that of a part around it.

use std::sync::atomic::{AtomicU8, Ordering};

use enact_action_core::Failure;

/// A part of a run that is stopped as a whole: the run itself, or the arms of a parallel block.
#[derive(Debug, Default)]
pub(crate) struct Block<'a> {
    stop: AtomicU8,
    around: Option<&'a Self>,
}

/// Why a part of a run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The caller cancelled.
    Cancelled = 1,
    /// The run's deadline has passed.
    Deadline = 2,
    /// Another arm has failed.
    Beside = 3,
}

impl<'a> Block<'a> {
    pub(crate) fn inside(around: &'a Self) -> Self {
        Self {
            stop: AtomicU8::new(0),
            around: Some(around),
        }
    }

    /// Stops all that is inside, which sees it when it is polled next. The first reason stays.
    pub(crate) fn stop(&self, why: Stop) {
        // Err is a reason that is there already, and stays.
        let (Ok(_) | Err(_)) =
            self.stop
                .compare_exchange(0, why as u8, Ordering::Release, Ordering::Relaxed);
    }

    /// Why it is stopped, if it is.
    #[inline]
    pub(crate) fn stopped(&self) -> Option<Stop> {
        let mut block = Some(self);
        while let Some(here) = block {
            match here.stop.load(Ordering::Acquire) {
                0 => block = here.around,
                mark => return Some(Stop::of(mark)),
            }
        }
        None
    }
}

impl Stop {
    fn of(mark: u8) -> Self {
        match mark {
            1 => Self::Cancelled,
            2 => Self::Deadline,
            _ => Self::Beside,
        }
    }

    /// The failure of what was stopped.
    #[cold]
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Cancelled | Self::Beside => Failure::cancelled(),
            Self::Deadline => {
                Failure::timeout("timeout.deadline", false, "no answer before the deadline")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, Stop};

    #[test]
    fn what_stops_the_whole_stops_its_parts_and_the_first_reason_stays() {
        let whole = Block::default();
        let part = Block::inside(&whole);
        assert_eq!(part.stopped(), None);
        part.stop(Stop::Beside);
        assert_eq!(
            (part.stopped(), whole.stopped()),
            (Some(Stop::Beside), None)
        );
        whole.stop(Stop::Deadline);
        whole.stop(Stop::Cancelled);
        assert_eq!(whole.stopped(), Some(Stop::Deadline));
        assert_eq!(part.stopped(), Some(Stop::Beside));
    }
}
