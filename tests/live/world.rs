//! Where others' programs are, what they are run against, and how.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long any of them may take; they need seconds, and minutes on a machine that is busy.
const LONGEST: Duration = Duration::from_mins(4);

/// What the clients are given.
pub(crate) struct World {
    /// What they call the tools with.
    pub(crate) cases: PathBuf,
    /// The tools of each dialect.
    pub(crate) tools: PathBuf,
    /// A folder for what they write.
    pub(crate) folder: PathBuf,
}

/// A server in a process of its own, which ends with this.
pub(crate) struct Serving {
    pub(crate) address: String,
    _child: Child,
}

/// What starts the server of the shapes.
pub(crate) const STDIO: [&str; 2] = [env!("CARGO_BIN_EXE_live"), "stdio"];

impl World {
    /// The world, where the clients are installed; where they must be and are not, the test fails.
    pub(crate) fn open() -> Option<Self> {
        let needed = [
            "python/bin/python",
            "python-mcp2/bin/python",
            "js/node_modules/@ai-sdk/mcp",
        ];
        if let Some(missing) = needed.iter().find(|path| !installed(path).exists()) {
            let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_ci, "run tests/interop/install: {missing} is not there");
            println!("skipped: tests/interop/install puts {missing} in place");
            return None;
        }
        let thread = std::thread::current();
        let test = thread.name().unwrap_or_default().replace("::", "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("live")
            .join(test);
        std::fs::create_dir_all(&folder).unwrap();
        let [cases, tools] = ["cases", "tools"].map(|what| {
            let printed = std::process::Command::new(env!("CARGO_BIN_EXE_live"))
                .arg(what)
                .output()
                .unwrap();
            assert!(printed.status.success(), "{printed:?}");
            let path = folder.join(what).with_extension("json");
            std::fs::write(&path, printed.stdout).unwrap();
            path
        });
        Some(Self {
            cases,
            tools,
            folder,
        })
    }

    /// A server over HTTP.
    pub(crate) async fn http(&self, mode: &str) -> Serving {
        let mut command = Command::new(env!("CARGO_BIN_EXE_live"));
        serving(command.arg(mode)).await
    }
}

/// A server that says on its standard error where it is.
pub(crate) async fn serving(command: &mut Command) -> Serving {
    let mut child = command
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = timeout(LONGEST, lines.next_line()).await.unwrap();
    let line = line.unwrap().expect("it says where it is");
    Serving {
        address: line.rsplit(' ').next().unwrap().to_owned(),
        _child: child,
    }
}

/// Where `tests/interop/install` has put something.
pub(crate) fn installed(path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("interop").join(path)
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("live")
        .join(name)
}

fn words<const N: usize>(words: [&Path; N]) -> Vec<String> {
    words.map(|word| word.display().to_string()).to_vec()
}

/// A script of Python, in one of the environments, with its first argument.
pub(crate) fn python(environment: &str, name: &str, argument: &Path) -> Vec<String> {
    let python = installed(environment).join("bin/python");
    words([&python, Path::new("-B"), &here(name), argument])
}

/// A script of JavaScript, with its first argument.
pub(crate) fn script(name: &str, argument: &Path) -> Vec<String> {
    // What it imports is looked for beside it.
    let script = installed("js").join(name);
    std::fs::copy(here(name), &script).unwrap();
    let mut words = words([&script, argument]);
    words.insert(0, node());
    words
}

/// The Node that the packages need, which need not be this machine's.
pub(crate) fn node() -> String {
    let machine = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x64"
    };
    let node = installed("js/node_modules").join(format!("node-linux-{machine}/bin/node"));
    node.display().to_string()
}

/// Runs a program to its end, and gives what it wrote.
pub(crate) async fn output(words: &[String]) -> (bool, String, String) {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).kill_on_drop(true);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    command
        .env("MCP_CATALOG_PATH", folder.join("inspector.json"))
        .env(
            "MCP_CLIENT_CONFIG_PATH",
            folder.join("inspector-client.json"),
        )
        .current_dir(folder);
    let output = timeout(LONGEST, command.output()).await;
    let output = output.expect("it ends in time").unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.success(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Runs a program that must find nothing wrong, and reads the JSON that it prints.
pub(crate) async fn run(words: &[String]) -> Value {
    let (is_fine, printed, said) = output(words).await;
    assert!(is_fine, "{words:?}\n{printed}\n{said}");
    serde_json::from_str(&printed).unwrap()
}
