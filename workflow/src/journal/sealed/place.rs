//! What a sealed body is bound to.

use super::{Ending, NewRun, Record};

/// What a sealed body is bound to: the run, what it is of it, and all that the checksum is over but the content.
///
/// Each part has a fixed length or says how long it is, so that no two places read alike.
pub(super) struct Place {
    /// The run, where it belongs to one.
    pub(super) run: Option<u64>,
    pub(super) bytes: Vec<u8>,
}

impl Place {
    pub(super) fn input(new: &NewRun) -> Self {
        let numbers = [new.started, new.graph, new.version.into()];
        Self::of(1, Some(new.run), &numbers, &[&new.id, &new.workflow])
    }

    pub(super) fn record(run: u64, record: &Record) -> Self {
        Self::of(2, Some(run), &[record.at], &[&record.path])
    }

    pub(super) fn end(run: u64, ending: &Ending) -> Self {
        Self::of(3, Some(run), &[ending.at], &[ending.status.as_str()])
    }

    pub(super) fn mail(run: u64) -> Self {
        Self::of(4, Some(run), &[], &[])
    }

    pub(super) fn note(name: &str) -> Self {
        Self::of(5, None, &[], &[name])
    }

    fn of(what: u8, run: Option<u64>, numbers: &[u64], texts: &[&str]) -> Self {
        let mut bytes = vec![what];
        for number in run.iter().chain(numbers) {
            bytes.extend(number.to_le_bytes());
        }
        for text in texts {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        Self { run, bytes }
    }
}
