//! The two ways out, with colours or without, and the progress bars above them.

use std::ffi::OsString;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstream::ColorChoice;
use anstream::adapter::strip_str;
use enact_action_core::Failure;
use indicatif::MultiProgress;

use crate::io::{Stream, Ways};

/// The code of the failure to write the answer.
const UNWRITTEN: &str = "output.unwritten";

pub(crate) struct Screen {
    out: Mutex<Way>,
    err: Mutex<Way>,
    bars: MultiProgress,
}

struct Way {
    write: Box<dyn Write + Send>,
    styles: Styles,
}

/// Whether a text keeps its styles.
#[derive(Clone, Copy)]
enum Styles {
    Kept,
    Stripped,
}

impl Screen {
    pub(crate) fn new(ways: Ways, color: ColorChoice) -> Self {
        Self {
            out: Mutex::new(Way::new(ways.out, color)),
            err: Mutex::new(Way::new(ways.err, color)),
            bars: MultiProgress::with_draw_target(ways.bars),
        }
    }

    pub(crate) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Writes styled text to the standard output.
    pub(crate) fn say(&self, text: &str) -> Result<(), Failure> {
        self.bars
            .suspend(|| lock(&self.out).styled(text))
            .map_err(unwritten)
    }

    /// Writes data to the standard output exactly as it is.
    pub(crate) fn data(&self, text: &str) -> Result<(), Failure> {
        self.bars
            .suspend(|| lock(&self.out).plain(text))
            .map_err(unwritten)
    }

    /// Writes styled text to the standard error; where that is closed, nobody is told.
    pub(crate) fn note(&self, text: &str) {
        self.bars
            .suspend(|| lock(&self.err).styled(text))
            .unwrap_or_default();
    }
}

impl Way {
    fn new(stream: Stream, color: ColorChoice) -> Self {
        let choice = if color == ColorChoice::Auto {
            stream.auto
        } else {
            color
        };
        let styles = if choice == ColorChoice::Never {
            Styles::Stripped
        } else {
            Styles::Kept
        };
        Self {
            write: stream.write,
            styles,
        }
    }

    fn styled(&mut self, text: &str) -> io::Result<()> {
        match self.styles {
            Styles::Kept => self.plain(text),
            Styles::Stripped => self.plain(&strip_str(text).to_string()),
        }
    }

    fn plain(&mut self, text: &str) -> io::Result<()> {
        self.write.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            self.write.write_all(b"\n")?;
        }
        self.write.flush()
    }
}

/// Whether the failure is that whoever read the output has gone.
pub(crate) fn is_closed(failure: &Failure) -> bool {
    let source = failure
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    failure.code() == UNWRITTEN
        && source.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// What the command line says about colours, read before anything can go wrong.
pub(crate) fn color(args: &[OsString]) -> ColorChoice {
    match asked(args, "--color") {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

/// The value of a flag, wherever it stands; clap checks later that it is a good one.
pub(crate) fn asked<'a>(args: &'a [OsString], flag: &str) -> Option<&'a str> {
    let mut args = args
        .iter()
        .map_while(|arg| arg.to_str().filter(|arg| *arg != "--"));
    while let Some(arg) = args.next() {
        match arg.strip_prefix(flag) {
            Some("") => return args.next(),
            Some(rest) if rest.starts_with('=') => return rest.get(1..),
            _ => {}
        }
    }
    None
}

fn unwritten(error: io::Error) -> Failure {
    Failure::terminal(UNWRITTEN, "could not write to the standard output").because(error)
}

fn lock(way: &Mutex<Way>) -> MutexGuard<'_, Way> {
    way.lock().unwrap_or_else(PoisonError::into_inner)
}
