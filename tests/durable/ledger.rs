//! A world that outlives its process: a file that every effect writes a line to.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use enact::prelude::*;

/// Where effects leave their traces, one line for each, by their idempotency keys.
#[derive(Debug, Clone)]
pub(crate) struct Ledger(Arc<Mutex<File>>);

impl Ledger {
    pub(crate) fn open(path: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Self(Arc::new(Mutex::new(file.unwrap())))
    }

    pub(crate) fn write(&self, line: &str) -> Result<(), Failure> {
        // One write for each line, so that no crash leaves half of one.
        self.0
            .lock()
            .unwrap()
            .write_all(format!("{line}\n").as_bytes())?;
        Ok(())
    }

    pub(crate) fn lines(path: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

/// A folder of its own for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("durable-{name}"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn key(cx: &Context) -> String {
    cx.idempotency_key().unwrap_or("none").to_owned()
}

/// Looks something up.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Look {
    /// What for.
    pub(crate) at: u32,
}

impl Run for Look {
    type Output = u32;

    async fn run(&self, _cx: &Context) -> Result<u32, Failure> {
        tokio::task::yield_now().await;
        Ok(self.at * 2)
    }
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
        cx.resource::<Ledger>()?.write(&key(cx))?;
        tokio::task::yield_now().await;
        match &*self.what {
            "bad" => return Err(Failure::terminal("make.bad", "it can't be made")),
            "odd" => {
                return Err(Failure::terminal(
                    "journal.mine",
                    "a code of the user's own",
                ));
            }
            _ => {}
        }
        Ok(format!("made {}", self.what))
    }
}

impl Undo for Make {
    async fn undo(&self, _output: Option<&String>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Ledger>()?.write(&key(cx))?;
        tokio::task::yield_now().await;
        Ok(())
    }
}

workflow! {
    /// Has every construct that is recorded.
    #[workflow(saga)]
    pub(crate) Everything { seed: u32, end: String } -> String {
        step seen = Look { at: seed };
        step first = Make { what: format!("first {seen}") };
        branch second = if seen % 4 == 0 {
            step even = Make { what: "even".to_owned() };
            even
        } else {
            "odd".to_owned()
        };
        parallel {
            step left = Make { what: "left".to_owned() };
            right = { step inner = Look { at: 1 }; step made = Make { what: format!("right {inner}") }; made };
        }
        parallel items = for n in 0..3_u32, max = 2 {
            step item = Make { what: format!("item {n}") };
            item
        };
        repeat count = max 3 { step tick = Make { what: "tick".to_owned() }; tick.len() } until count > 0;
        sleep "1ms";
        step last = Make { what: end };
        format!("{first}, {second}, {left}, {right}, {}, {count}, {last}", items.join(", "))
    }
}

/// What an undisturbed run answers.
pub(crate) fn expected(seed: u32) -> String {
    let seen = seed * 2;
    let second = if seen.is_multiple_of(4) {
        "made even"
    } else {
        "odd"
    };
    format!(
        "made first {seen}, {second}, made left, made right 2, made item 0, made item 1, made item 2, 9, \
         made end"
    )
}
