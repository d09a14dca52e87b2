//! The world in which the fixed run happens: a ledger that outlives every process, and the steps that
//! write to it.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use enact::prelude::*;
use enact::workflow::signals::Signal;

use crate::work::Stopped;

/// What the outside has seen, one line for each thing, in order: a step that looked (`saw`) or did
/// something (`did`), by its idempotency key, and what was acknowledged (`ack`) or refused.
///
/// No crash takes anything back here: it is not part of the journal's disk.
#[derive(Debug, Clone)]
pub(crate) struct Ledger(Arc<Mutex<File>>);

impl Ledger {
    pub(crate) const NAME: &str = "ledger";

    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join(Self::NAME);
        let file = OpenOptions::new().create(true).append(true).open(path);
        Self(Arc::new(Mutex::new(file.unwrap())))
    }

    pub(crate) fn write(&self, line: &str) {
        // One write for each line, so that no crash leaves half of one.
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Makes a ledger that has these lines.
    pub(crate) fn make<'l>(folder: &Path, lines: impl IntoIterator<Item = &'l String>) {
        drop(std::fs::remove_file(folder.join(Self::NAME)));
        let ledger = Self::open(folder);
        for line in lines {
            ledger.write(line);
        }
    }

    /// Tells all of an error: a process ends with it.
    pub(crate) fn refused(&self, error: &dyn Error) -> Stopped {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        self.write(&format!("refused {text}"));
        Stopped::Refused
    }

    pub(crate) fn lines(folder: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(folder.join(Self::NAME)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

/// The journal's file in a folder.
pub(crate) fn journal(folder: &Path) -> PathBuf {
    folder.join("runs.db")
}

/// An empty folder of its own, where there is one in memory: what is tried here is told by a model of
/// the disk and by injected faults, not by the disk that happens to be there.
pub(crate) fn folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() {
        memory
    } else {
        Path::new(env!("CARGO_TARGET_TMPDIR"))
    };
    let folder = base.join(format!("enact-crashes-{}-{name}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Copies the files of a folder that are kept when its processes are gone.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if !name.to_string_lossy().ends_with("-shm") {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn key(cx: &Context) -> &str {
    cx.idempotency_key().unwrap_or("none")
}

/// Looks something up.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Look {
    /// What for.
    pub(crate) at: u32,
    /// How many bytes of answer it brings besides.
    pub(crate) weight: u32,
}

impl Run for Look {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Ledger>()?.write(&format!("saw {}", key(cx)));
        tokio::task::yield_now().await;
        Ok(format!("{}.{}", self.at * 2, noise(self.at, self.weight)))
    }
}

/// Text that can't be packed, always the same.
pub(crate) fn noise(seed: u32, bytes: u32) -> String {
    let mut rng = fastrand::Rng::with_seed(seed.into());
    (0..bytes).map(|_| rng.alphanumeric()).collect()
}

/// Does something that counts.
#[derive(Debug, Action)]
#[action(undo)]
pub(crate) struct Make {
    /// What.
    pub(crate) what: String,
}

impl Run for Make {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Ledger>()?.write(&format!("did {}", key(cx)));
        tokio::task::yield_now().await;
        if self.what == "bad" {
            return Err(Failure::terminal("make.bad", "it can't be made"));
        }
        Ok(format!("made {}", self.what))
    }
}

impl Undo for Make {
    async fn undo(&self, _output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Ledger>()?.write(&format!("did {}", key(cx)));
        tokio::task::yield_now().await;
        Ok(())
    }
}

/// Somebody has approved.
#[derive(Debug, Clone, Params)]
pub(crate) struct Approved {
    /// Who.
    pub(crate) by: String,
}

impl Signal for Approved {
    const TYPE: &'static str = "crashes.approved";
}

workflow! {
    /// Has every construct that is recorded.
    #[workflow(saga)]
    pub(crate) Everything { seed: u32, weight: u32, end: String } -> String {
        step seen = Look { at: seed, weight };
        let number = seen.split('.').next().unwrap_or_default().to_owned();
        step first = Make { what: format!("first {number}") };
        branch second = if seed % 2 == 0 {
            step even = Make { what: "even".to_owned() };
            even
        } else {
            "odd".to_owned()
        };
        parallel {
            step left = Make { what: "left".to_owned() };
            right = {
                step inner = Look { at: 1, weight: 0 };
                step made = Make { what: format!("right {}", inner.len()) };
                made
            };
        }
        parallel items = for n in 0..3_u32, max = 2 {
            step item = Make { what: format!("item {n}") };
            item
        };
        wait approval = Approved where by == "ada";
        sleep "1ms";
        step again = Look { at: 3, weight };
        step last = Make { what: end };
        format!("{number} {} {first}, {second}, {left}, {right}, {}, {}, {last}", again.len(), items.join(", "), approval.by)
    }
}

/// The place of a step among those of its run: one with a smaller number has ended before another
/// begins that has a greater one.
pub(crate) fn rank(path: &str) -> u32 {
    match path {
        _ if path.ends_with("/undo") => 7,
        "seen" => 0,
        "first" => 1,
        "second/even" => 2,
        "left" | "right/inner" | "right/made" => 3,
        "again" => 5,
        "last" => 6,
        _ => 4,
    }
}
