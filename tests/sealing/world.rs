//! A workflow that records a text in every way there is, and the search for it in a journal's files.

use std::path::Path;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::signals::Signal;
use enact::workflow::transact;

/// A text that is nowhere else.
pub(crate) const TEXT: &str = "xyzzy-4711-correct-horse";

/// Gives the text back, by way of the journal's own database.
#[derive(Debug, Action)]
#[action(effect = write)]
pub(crate) struct Through {
    /// The text.
    pub(crate) text: String,
}

impl Run for Through {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let text = self.text.clone();
        transact::sqlite(cx, "through", move |db| {
            db.execute("INSERT INTO counted DEFAULT VALUES", ())?;
            Ok(text.clone())
        })
        .await
    }
}

/// Fails with the text.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub(crate) struct Fail {
    /// The text.
    pub(crate) text: String,
}

impl Run for Fail {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Err(Failure::terminal("text.refused", self.text.clone()))
    }
}

/// Somebody has told the text.
#[derive(Debug, Clone, Params)]
pub(crate) struct Told {
    /// The text.
    pub(crate) text: String,
}

impl Signal for Told {
    const TYPE: &'static str = "text.told";
}

/// The workflow, whose param has that attribute.
#[macro_export]
macro_rules! tell {
    ($(#[$($attribute:tt)*])?) => {
        workflow! {
            /// Records a text in every way there is.
            pub(crate) Tell {
                $(#[$($attribute)*])?
                text: String,
                fails: bool,
            } -> String {
                step through = Through { text };
                wait told = Told;
                branch end = if fails {
                    step failed = Fail { text };
                    failed
                } else {
                    told.text
                };
                format!("{through} {end}")
            }
        }
    };
}

pub(crate) fn cx() -> Context {
    Context::builder().resource(Signals::new()).build()
}

pub(crate) fn settings() -> Settings {
    Settings::default().tables("CREATE TABLE IF NOT EXISTS counted (n INTEGER PRIMARY KEY)")
}

/// A text of more than a kilobyte with the text in it, which a journal packs.
pub(crate) fn long() -> String {
    format!("{TEXT}{}", " and so on".repeat(200))
}

/// Sends two runs of an engine their signals; one answers and one fails.
pub(crate) async fn tell_both(engine: &Engine) {
    for id in ["good", "bad"] {
        let told = Told {
            text: TEXT.to_owned(),
        };
        engine.signal(id, &told, None).await.unwrap();
    }
    let answer = engine.run("good").await.unwrap().answer().await.unwrap();
    assert_eq!(answer, format!("{TEXT} {TEXT}"));
    let failure = engine.run("bad").await.unwrap().answer().await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.message()),
        ("text.refused", &*long())
    );
}

/// How often bytes are in the files of a folder whose names begin so.
pub(crate) fn found(folder: &Path, begin: &str, bytes: &[u8]) -> usize {
    let mut files = 0;
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with(begin) && path.is_file() {
            files += 1;
            let content = std::fs::read(path).unwrap();
            let windows = content.windows(bytes.len());
            count += windows.filter(|window| *window == bytes).count();
        }
    }
    assert!(files > 0, "there are no files {begin}*");
    count
}

/// A folder of its own for one test.
pub(crate) fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sealing-{name}"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
