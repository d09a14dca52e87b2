//! From what `strace` noted to what happened to the journal's files.

use std::collections::HashMap;
use std::path::Path;

use crate::world::Ledger;

/// One thing that happened, as far as a disk and the outside are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A file was made, or opened where it was.
    Make { name: String },
    /// A file is not to be there any more.
    Unlink { name: String },
    /// Bytes were written.
    Write {
        name: String,
        at: usize,
        bytes: Vec<u8>,
    },
    /// A file was made shorter or longer.
    Resize { name: String, len: usize },
    /// A sync of a file began: what it syncs was written before.
    Sync { name: String },
    /// A sync of a file ended.
    Synced { name: String, well: bool },
    /// The names of the folder were synced, or could not be.
    SyncedNames { well: bool },
    /// The outside saw something: a line of the ledger.
    Seen { line: String },
}

/// A call as it was noted: in one line, or in two where another thread's came between.
struct Call {
    name: String,
    args: Vec<String>,
    /// What it answered; none where the process ended meanwhile.
    answer: Option<String>,
    /// The lines at which it began and ended.
    lines: (usize, usize),
}

/// Reads a trace: what happened in that folder, in order.
///
/// # Panics
/// Where something happened that a disk is not modelled for.
pub(crate) fn read(trace: &str, folder: &Path) -> Vec<Event> {
    let mut events: Vec<(usize, Event)> = Vec::new();
    for call in calls(trace) {
        events.extend(meaning(&call, folder));
    }
    events.sort_by_key(|(line, _)| *line);
    events.into_iter().map(|(_, event)| event).collect()
}

fn calls(trace: &str) -> Vec<Call> {
    let (mut calls, mut begun) = (Vec::<Call>::new(), HashMap::<&str, (usize, String)>::new());
    for (at, line) in trace.lines().enumerate() {
        let (thread, text) = line.split_once(' ').unwrap_or((line, ""));
        let text = text.trim_start();
        if let Some(start) = text.strip_suffix("<unfinished ...>") {
            begun.insert(thread, (at, start.trim_end().to_owned()));
        } else if text.starts_with("<... ") {
            let rest = text.split_once(" resumed>").map_or("", |(_, rest)| rest);
            if let Some((start, head)) = begun.remove(thread) {
                calls.extend(Call::read(&format!("{head}{rest}"), (start, at)));
            }
        } else {
            calls.extend(Call::read(text, (at, at)));
        }
    }
    // The process ended during these.
    let open = begun.into_values();
    calls.extend(open.filter_map(|(at, head)| Call::read(&format!("{head})"), (at, usize::MAX))));
    calls
}

impl Call {
    /// Reads `name(arg, arg) = answer`. All strings are in hexadecimal, so that no argument holds a
    /// comma or a bracket of its own.
    fn read(text: &str, lines: (usize, usize)) -> Option<Self> {
        let (name, rest) = text.split_once('(')?;
        let (args, answer) = match rest.rsplit_once(" = ") {
            Some((args, answer)) => (args.trim_end().strip_suffix(')')?, Some(answer.to_owned())),
            None => (rest.strip_suffix(')')?, None),
        };
        Some(Self {
            name: name.to_owned(),
            args: args.split(", ").map(str::to_owned).collect(),
            answer,
            lines,
        })
    }

    fn failed(&self) -> bool {
        self.answer
            .as_ref()
            .is_some_and(|answer| answer.starts_with('-') || answer.starts_with('?'))
    }
}

/// What a call means for the files of the folder; nothing where it is about others.
fn meaning(call: &Call, folder: &Path) -> Vec<(usize, Event)> {
    let Some(path) = path(call) else {
        return Vec::new();
    };
    let (begun, ended) = call.lines;
    if Path::new(&path) == folder {
        // It is opened for that alone.
        let well = call.name.contains("sync") && call.answer.as_deref() == Some("0");
        let synced = (ended, Event::SyncedNames { well });
        return (well || call.failed())
            .then_some(synced)
            .into_iter()
            .collect();
    }
    let Some(name) = Path::new(&path)
        .strip_prefix(folder)
        .ok()
        .and_then(|name| name.to_str())
        .map(str::to_owned)
    else {
        return Vec::new();
    };
    if name == Ledger::NAME {
        let lines =
            (call.name == "write").then(|| String::from_utf8(bytes(&call.args[1])).unwrap());
        let seen = |line: String| {
            (
                begun,
                Event::Seen {
                    line: line.trim_end().to_owned(),
                },
            )
        };
        return lines.map(seen).into_iter().collect();
    }
    // The lock has no content, the index of the write-ahead log is made again by whoever opens, and the mark of a failed
    // sync is for who comes before a power cut.
    if ["-shm", ".lock", ".unsynced"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        return Vec::new();
    }
    if call.name.contains("sync") {
        let well = call.answer.as_deref() == Some("0");
        let sync = (begun, Event::Sync { name: name.clone() });
        return vec![sync, (ended, Event::Synced { name, well })];
    }
    let opened = call.name == "openat" && !call.args[2].contains("O_CREAT");
    if call.failed() || opened {
        return Vec::new();
    }
    vec![(begun, change(call, name))]
}

fn change(call: &Call, name: String) -> Event {
    let number = |place: usize| call.args[place].parse::<usize>().unwrap();
    match &*call.name {
        "openat" => {
            assert!(
                !call.args[2].contains("O_TRUNC"),
                "not modelled: {}",
                call.args[2]
            );
            Event::Make { name }
        }
        "unlink" => Event::Unlink { name },
        "ftruncate" => Event::Resize {
            name,
            len: number(1),
        },
        "pwrite64" => {
            let mut bytes = bytes(&call.args[1]);
            assert_eq!(bytes.len(), number(2), "the trace has not all of a write");
            let written = call
                .answer
                .as_ref()
                .and_then(|answer| answer.split(' ').next()?.parse().ok());
            bytes.truncate(written.unwrap_or(bytes.len()));
            Event::Write {
                name,
                at: number(3),
                bytes,
            }
        }
        other => panic!("not modelled: {other} of {name}"),
    }
}

/// The path that a call is about.
fn path(call: &Call) -> Option<String> {
    let arg = match &*call.name {
        "openat" => call.args.get(1)?,
        name if name.starts_with("rename") || name.starts_with("unlink") => {
            call.args.iter().find(|arg| arg.starts_with('"'))?
        }
        _ => {
            let (_, path) = call.args.first()?.split_once('<')?;
            // A file that has lost its name concerns no disk any more.
            path.strip_suffix('>')?
        }
    };
    String::from_utf8(bytes(arg)).ok()
}

/// The bytes of `"\x61\x62"`, in quotes or without.
fn bytes(text: &str) -> Vec<u8> {
    let text = text.trim_matches('"');
    let digit = |place: u8| (char::from(place).to_digit(16).unwrap() & 0xff) as u8;
    let escapes = text.as_bytes().chunks_exact(4);
    escapes
        .map(|escape| digit(escape[2]) << 4 | digit(escape[3]))
        .collect()
}

#[test]
fn calls_are_read_in_one_line_or_in_two() {
    let hex = |text: &str| {
        let escapes: Vec<String> = text.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        escapes.concat()
    };
    let (file, ledger) = (hex("/f/runs.db-wal"), hex("/f/ledger"));
    let trace = format!(
        "7 openat(AT_FDCWD<{0}>, \"{file}\", O_RDWR|O_CREAT, 0644) = 6<{file}>\n\
         7 pwrite64(6<{file}>, \"{1}\", 2, 40) = 1\n\
         7 fsync(6<{file}> <unfinished ...>\n\
         8 write(3<{ledger}>, \"{2}\", 5) = 5\n\
         7 <... fsync resumed>) = -1 EIO (Input/output error) (INJECTED)\n\
         7 ftruncate(6<{file}>, 9) = 0\n\
         7 pwrite64(6<{file}>(deleted), \"{1}\", 2, 40) = 2\n",
        hex("/home"),
        hex("ab"),
        hex("line\n"),
    );
    let name = || "runs.db-wal".to_owned();
    let expected = [
        Event::Make { name: name() },
        Event::Write {
            name: name(),
            at: 40,
            bytes: b"a".to_vec(),
        },
        Event::Sync { name: name() },
        Event::Seen {
            line: "line".to_owned(),
        },
        Event::Synced {
            name: name(),
            well: false,
        },
        Event::Resize {
            name: name(),
            len: 9,
        },
    ];
    assert_eq!(read(&trace, Path::new("/f")), expected);
}
