//! A disk that keeps for sure only what was synced.

use std::collections::BTreeMap;
use std::path::Path;

use fastrand::Rng;

use super::trace::Event;

/// What a disk writes all of or nothing, in bytes.
const SECTOR: usize = 512;

/// Whether the disk heeds syncs. One that does not is there to show that the checker finds what is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syncs {
    Heeded,
    Ignored,
}

/// What becomes, at a power cut, of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// All of it is lost.
    Lost,
    /// All of it is kept.
    Kept,
    /// The last of it is kept, whatever came before is lost.
    OnlyLast,
    /// All but one is kept.
    AllButOne,
    /// Each write is kept or lost.
    Whole,
    /// Each sector of each write is kept or lost.
    Torn,
}

impl Fate {
    pub(crate) const ALL: [Self; 6] = [
        Self::Torn,
        Self::Lost,
        Self::Whole,
        Self::OnlyLast,
        Self::AllButOne,
        Self::Kept,
    ];
}

/// Files, their names, and what of both a power cut can still take back.
#[derive(Debug, Default, Clone)]
pub(crate) struct Disk {
    files: Vec<File>,
    /// The files that each name has stood for since the names were synced, the latest last.
    names: BTreeMap<String, Vec<Option<usize>>>,
    /// What the outside has seen.
    pub(crate) seen: Vec<String>,
}

#[derive(Debug, Default, Clone)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Pending>,
    /// How much of what is pending the sync that is under way covers.
    covered: usize,
}

#[derive(Debug, Clone)]
struct Pending {
    change: Change,
    /// A sync of it has failed: the system may have thrown it away, and no later sync brings it back.
    given_up: bool,
}

#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize { len: usize },
}

impl Disk {
    /// A disk that has the files of a folder, synced.
    pub(crate) fn of(folder: &Path) -> Self {
        let mut disk = Self::default();
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
        names.sort_by_key(|entry| entry.as_ref().unwrap().file_name());
        for entry in names {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if [".db", "-wal", "-journal"]
                .iter()
                .any(|end| name.ends_with(end))
            {
                let file = File {
                    synced: std::fs::read(folder.join(&name)).unwrap(),
                    ..File::default()
                };
                disk.names.insert(name, vec![Some(disk.files.len())]);
                disk.files.push(file);
            }
        }
        disk
    }

    /// Goes on to after an event.
    pub(crate) fn apply(&mut self, event: &Event, syncs: Syncs) {
        match event {
            Event::Make { name } => self.make(name),
            Event::Unlink { name } => self.point(name, None),
            Event::Write { name, at, bytes } => {
                let (at, bytes) = (*at, bytes.clone());
                self.change(name, Change::Write { at, bytes });
            }
            Event::Resize { name, len } => self.change(name, Change::Resize { len: *len }),
            Event::Sync { name } => {
                if let Some(file) = self.file(name) {
                    file.covered = file.pending.len();
                }
            }
            Event::Synced { name, well } => {
                if let Some(file) = self.file(name)
                    && syncs == Syncs::Heeded
                {
                    file.sync(*well);
                }
            }
            Event::SyncedNames { well: true } if syncs == Syncs::Heeded => {
                for values in self.names.values_mut() {
                    values.drain(..values.len() - 1);
                }
            }
            Event::SyncedNames { .. } => {}
            Event::Seen { line } => self.seen.push(line.clone()),
        }
    }

    fn latest(&self, name: &str) -> Option<usize> {
        self.names.get(name).and_then(|values| *values.last()?)
    }

    fn file(&mut self, name: &str) -> Option<&mut File> {
        let place = self.latest(name)?;
        self.files.get_mut(place)
    }

    fn make(&mut self, name: &str) {
        if self.latest(name).is_none() {
            self.files.push(File::default());
            self.point(name, Some(self.files.len() - 1));
        }
    }

    fn point(&mut self, name: &str, file: Option<usize>) {
        // Before it was made, a name stood for nothing.
        let values = self
            .names
            .entry(name.to_owned())
            .or_insert_with(|| vec![None]);
        values.push(file);
    }

    fn change(&mut self, name: &str, change: Change) {
        let file = self.file(name).unwrap();
        let given_up = false;
        file.pending.push(Pending { change, given_up });
    }

    /// What the files may hold after a power cut now.
    pub(crate) fn cut(&self, fate: Fate, rng: &mut Rng) -> BTreeMap<&str, Vec<u8>> {
        let mut left = BTreeMap::new();
        for (name, values) in &self.names {
            let value = match fate {
                Fate::Lost => values.first(),
                Fate::Kept | Fate::OnlyLast => values.last(),
                Fate::AllButOne | Fate::Whole | Fate::Torn => rng.choice(values),
            };
            if let Some(Some(file)) = value {
                left.insert(name.as_str(), self.files[*file].cut(fate, rng));
            }
        }
        left
    }
}

impl File {
    fn sync(&mut self, well: bool) {
        let mut rest = self.pending.split_off(self.covered);
        if well {
            let mut kept = Vec::new();
            for pending in std::mem::take(&mut self.pending) {
                if pending.given_up {
                    kept.push(pending);
                } else {
                    pending.change.apply(&mut self.synced, |_| true);
                }
            }
            self.pending = kept;
        } else {
            for pending in &mut self.pending {
                pending.given_up = true;
            }
        }
        self.pending.append(&mut rest);
        self.covered = 0;
    }

    fn cut(&self, fate: Fate, rng: &mut Rng) -> Vec<u8> {
        let mut content = self.synced.clone();
        let last = self.pending.len().saturating_sub(1);
        let out = rng.usize(..=last);
        for (place, pending) in self.pending.iter().enumerate() {
            let whole = match fate {
                Fate::Lost => false,
                Fate::Kept => true,
                Fate::OnlyLast => place == last,
                Fate::AllButOne => place != out,
                Fate::Whole | Fate::Torn => rng.bool(),
            };
            match (fate, &pending.change) {
                (Fate::Torn, change @ Change::Write { .. }) => {
                    change.apply(&mut content, |_| rng.bool());
                }
                (_, change) if whole => change.apply(&mut content, |_| true),
                // The file may have grown all the same.
                (Fate::Whole, Change::Write { at, bytes }) if rng.bool() => {
                    let len = content.len().max(at + bytes.len());
                    content.resize(len, 0);
                }
                _ => {}
            }
        }
        content
    }
}

impl Change {
    /// Does it to a content, but for the sectors that are lost.
    fn apply(&self, content: &mut Vec<u8>, mut keeps: impl FnMut(usize) -> bool) {
        match self {
            Self::Resize { len } => content.resize(*len, 0),
            Self::Write { at, bytes } => {
                let end = at + bytes.len();
                let mut from = *at;
                while from < end {
                    let to = end.min((from / SECTOR + 1) * SECTOR);
                    if keeps(from / SECTOR) {
                        content.resize(content.len().max(to), 0);
                        content[from..to].copy_from_slice(&bytes[from - at..to - at]);
                    }
                    from = to;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> String {
        "runs.db".to_owned()
    }

    fn write(at: usize, bytes: &[u8]) -> Event {
        let bytes = bytes.to_vec();
        Event::Write {
            name: name(),
            at,
            bytes,
        }
    }

    fn sync(well: bool) -> [Event; 2] {
        [
            Event::Sync { name: name() },
            Event::Synced { name: name(), well },
        ]
    }

    fn after(events: &[Event], syncs: Syncs) -> Disk {
        let mut disk = Disk::default();
        for event in events {
            disk.apply(event, syncs);
        }
        disk
    }

    fn left(disk: &Disk, fate: Fate) -> Option<Vec<u8>> {
        disk.cut(fate, &mut Rng::with_seed(7)).remove("runs.db")
    }

    #[test]
    fn only_what_was_synced_is_kept_for_sure() {
        let mut events = vec![Event::Make { name: name() }, write(0, b"ab")];
        events.extend(sync(true));
        events.push(Event::SyncedNames { well: true });
        events.push(write(1, b"cd"));
        let disk = after(&events, Syncs::Heeded);
        assert_eq!(left(&disk, Fate::Lost).unwrap(), b"ab");
        assert_eq!(left(&disk, Fate::Kept).unwrap(), b"acd");
        assert_eq!(left(&after(&events, Syncs::Ignored), Fate::Lost), None);
    }

    #[test]
    fn a_name_that_was_not_synced_may_be_lost() {
        let mut events = vec![Event::Make { name: name() }, write(0, b"ab")];
        events.extend(sync(true));
        let disk = after(&events, Syncs::Heeded);
        assert_eq!(left(&disk, Fate::Lost), None);
        assert_eq!(left(&disk, Fate::Kept).unwrap(), b"ab");
    }

    #[test]
    fn what_a_failed_sync_covered_no_later_one_brings_back() {
        let mut events = vec![
            Event::Make { name: name() },
            Event::SyncedNames { well: true },
            write(0, b"ab"),
        ];
        events.extend(sync(false));
        events.push(write(2, b"cd"));
        events.extend(sync(true));
        let disk = after(&events, Syncs::Heeded);
        assert_eq!(left(&disk, Fate::Lost).unwrap(), b"\0\0cd");
    }

    #[test]
    fn sectors_are_torn_one_by_one_and_never_inside() {
        let (first, second) = ([1; SECTOR], [2; SECTOR]);
        let events = [
            Event::Make { name: name() },
            Event::SyncedNames { well: true },
            write(0, &[first, second].concat()),
        ];
        let disk = after(&events, Syncs::Heeded);
        let states = (0..64).filter_map(|seed| {
            disk.cut(Fate::Torn, &mut Rng::with_seed(seed))
                .remove("runs.db")
        });
        let states: std::collections::BTreeSet<_> = states.collect();
        let all = [
            Vec::new(),
            [[0; SECTOR], second].concat(),
            first.to_vec(),
            [first, second].concat(),
        ];
        assert_eq!(states, all.into_iter().collect());
    }
}
