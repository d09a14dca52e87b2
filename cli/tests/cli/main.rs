//! The command line from arguments to output, in one process.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

extern crate enact_action_core as enact;

mod actions;
mod answering;
mod approving;
mod completing;
mod describing;
#[cfg(feature = "workflow")]
mod drawing;
mod interrupting;
mod listing;
mod own_verbs;
mod running;
mod secrets;
mod vendors;

use std::io::Write;
use std::sync::{Arc, Mutex};

use enact_action_core::Context;
use enact_cli::{App, Exit, Io};
use expect_test::Expect;

use crate::actions::World;

/// What a run of the program has written.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody panics while writing").clone())
            .expect("text is UTF-8")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panics while writing")
            .write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn app() -> App {
    App::new("shop")
        .about("Sells things.")
        .context(|| Context::builder().resource(World::default()))
}

/// Runs the program, and gives its exit, its output and its complaints.
pub(crate) fn run(app: App, args: &[&str], io: impl FnOnce(Io) -> Io) -> (Exit, String, String) {
    let (out, err) = (Written::default(), Written::default());
    let exit = app.run_from(args, io(Io::captured(out.clone(), err.clone())));
    (exit, out.text(), err.text())
}

/// Checks all that a command line leads to: the exit, then the output and the complaints.
#[track_caller]
pub(crate) fn check(line: &str, expected: &Expect) {
    check_with(line, |io| io, expected);
}

#[track_caller]
pub(crate) fn check_with(line: &str, io: impl FnOnce(Io) -> Io, expected: &Expect) {
    let args: Vec<&str> = line.split_whitespace().collect();
    let (exit, out, err) = run(app(), &args, io);
    let err = if err.is_empty() {
        err
    } else {
        format!("--- stderr\n{err}")
    };
    expected.assert_eq(&format!("{exit:?}\n{out}{err}"));
}
