//! An official SDK in a process of its own, which reads what it is sent and writes it again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use enact::signal::http::{self, Content, Message};
use enact::signal::{Envelope, Limits};
use serde_json::{Value, json};

/// One of the SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    JavaScript,
}

pub(crate) struct Sdk {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What an SDK made of one event.
pub(crate) struct Echo {
    pub(crate) attributes: Value,
    pub(crate) data: Value,
    pub(crate) binary: Message,
    pub(crate) structured: Message,
}

impl Sdk {
    /// The SDK, where it is installed; where it must be and is not, the test fails.
    pub(crate) fn start(language: Language) -> Option<Self> {
        let there = installed();
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop");
        let (program, needs, script) = match language {
            Language::Python => {
                let python = there.join("python/bin/python");
                (python.clone(), python, "echo.py")
            }
            Language::JavaScript => {
                let sdk = there.join("js/node_modules/cloudevents");
                (PathBuf::from("node"), sdk, "echo.cjs")
            }
        };
        if !needs.exists() {
            let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(
                !is_ci,
                "run tests/interop/install: {} is not there",
                needs.display()
            );
            println!("skipped: tests/interop/install puts the SDK of {language:?} in place");
            return None;
        }
        let mut child = Command::new(program)
            .arg(scripts.join(script))
            .env("NODE_PATH", there.join("js/node_modules"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the SDK's language starts");
        let input = child.stdin.take().expect("it is piped");
        let output = child.stdout.take().expect("it is piped");
        Some(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// What the SDK makes of a message.
    pub(crate) fn echo(&mut self, message: &Message) -> Vec<Echo> {
        let headers: serde_json::Map<String, Value> = message
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        let sent = json!({ "headers": headers, "body": STANDARD.encode(&message.body) });
        writeln!(self.input, "{sent}").expect("the SDK reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the SDK answers");
        let events: Vec<Value> = serde_json::from_str(&line).expect("it answers with JSON");
        events.into_iter().map(Echo::of).collect()
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Echo {
    fn of(mut event: Value) -> Self {
        Self {
            attributes: event["attributes"].take(),
            data: event["data"].take(),
            binary: message(&event["binary"]),
            structured: message(&event["structured"]),
        }
    }
}

/// The one event that a message carries.
pub(crate) fn read(message: &Message) -> Envelope {
    let headers = message.headers.iter().map(|(name, value)| (name, value));
    let content = http::read(headers, message.body.clone(), &Limits::default());
    match content.expect("what the SDK writes is read") {
        Content::One(envelope) => envelope,
        Content::Batch(batch) => panic!("one event was sent, and {batch:?} came"),
    }
}

fn message(written: &Value) -> Message {
    let headers = written["headers"].as_object().expect("there are headers");
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_lowercase(), text(value)));
    let body = written["body"].as_str().expect("there is a body");
    Message {
        headers: headers.collect(),
        body: STANDARD.decode(body).expect("the script writes Base64"),
    }
}

/// Where `tests/interop/install` puts the SDKs.
fn installed() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    target.expect("it lies in target").join("interop")
}
