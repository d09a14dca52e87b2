//! Calls of one trivial tool over stdio and HTTP, beside a bare server of the protocol's official library: aim, at least as
//! many a second, and a p99 that is no higher.
//!
//! Each server is a process of its own, started anew for each cell of the table, with real pipes or a real socket; the load is
//! the same for both and takes turns. The ratios are medians of the ratios within each round. Words on the command
//! line choose among `stdio`, `session`, `stateless`; with `tuned` the other server has what ours
//! has by itself, pipes without threads and answers as JSON, which leaves what our layer costs; `ENACT_ROUNDS` and `ENACT_MILLIS` say how often and how long.

mod bare;
mod http;
mod ours;
mod pipes;
mod table;

use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::bare::Setup;
use crate::table::{Cell, Row};

/// What can go wrong: it is all told in the end.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How the calls go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Lines over pipes.
    Stdio,
    /// HTTP with a session, as of 2025-11-25.
    Session,
    /// HTTP without, as of 2026-07-28.
    Stateless,
}

impl Way {
    const ALL: [Self; 3] = [Self::Stdio, Self::Session, Self::Stateless];

    fn name(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Session => "session",
            Self::Stateless => "stateless",
        }
    }
}

/// How many calls are in flight.
const FLIGHTS: [usize; 3] = [1, 8, 64];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let serve: Vec<&str> = args.iter().map(String::as_str).collect();
    if let ["serve", whose, way] = *serve {
        return match whose {
            "ours" => ours::serve(way),
            "tuned" => bare::serve(way, Setup::Tuned),
            _ => bare::serve(way, Setup::AsInExamples),
        };
    }
    match measure(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            table::say(format_args!("{error}"));
            ExitCode::FAILURE
        }
    }
}

fn measure(words: &[String]) -> Outcome<()> {
    let rounds = number("ENACT_ROUNDS", 5);
    let lasts = Duration::from_millis(number("ENACT_MILLIS", 1500));
    let (ways, others): (Vec<&String>, Vec<&String>) = words
        .iter()
        .filter(|word| !word.starts_with("--"))
        .partition(|word| Way::ALL.iter().any(|way| way.name() == *word));
    let peer = match *others {
        [] => "bare",
        [word] if word == "tuned" => "tuned",
        _ => return Err("the words are `stdio`, `session`, `stateless` and `tuned`".into()),
    };
    let servers = ["ours", peer];
    table::head();
    for way in Way::ALL {
        if !ways.is_empty() && !ways.iter().any(|word| way.name() == *word) {
            continue;
        }
        for flight in FLIGHTS {
            let mut row = Row::new(way.name(), flight);
            for round in 0..rounds {
                let mut cells = [Cell::default(), Cell::default()];
                for turn in 0..2 {
                    let which = usize::from((round + turn) % 2 == 1);
                    cells[which] = cell(servers[which], way, flight, lasts)?;
                }
                row.add(cells);
            }
            row.say();
        }
    }
    Ok(())
}

fn number(variable: &str, default: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// One server, started, called for that long, and stopped.
fn cell(server: &str, way: Way, flight: usize, lasts: Duration) -> Outcome<Cell> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["serve", server, way.name()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    if way != Way::Stdio {
        command.stderr(Stdio::piped());
    }
    let mut child = command.spawn()?;
    let load = Load {
        flight,
        warm: lasts / 4,
        lasts,
    };
    let times = match way {
        Way::Stdio => pipes::load(&mut child, load),
        Way::Session | Way::Stateless => http::load(&mut child, way == Way::Session, load),
    };
    end(child)?;
    Ok(Cell::of(times?, lasts))
}

fn end(mut child: Child) -> Outcome<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// How much is asked for, and how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) flight: usize,
    /// How long what is measured is not counted.
    pub(crate) warm: Duration,
    pub(crate) lasts: Duration,
}

/// How long calls took that were answered in time.
#[derive(Debug)]
pub(crate) struct Times {
    from: Instant,
    to: Instant,
    pub(crate) taken: Vec<Duration>,
}

impl Times {
    pub(crate) fn of(load: Load) -> Self {
        let from = Instant::now() + load.warm;
        Self {
            from,
            to: from + load.lasts,
            taken: Vec::with_capacity(1 << 18),
        }
    }

    /// Notes a call that has just been answered; false when it is over.
    pub(crate) fn note(&mut self, sent: Instant) -> bool {
        let now = Instant::now();
        if now >= self.from && now < self.to {
            self.taken.push(now - sent);
        }
        now < self.to
    }
}

/// The call of that number.
pub(crate) fn call(id: usize, meta: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"add","arguments":{{"a":{id},"b":2}}{meta}}}}}"#
    )
}

/// What the answer to it must have in it.
pub(crate) fn sum(id: usize) -> String {
    format!(r#"{{"sum":{}}}"#, id + 2)
}

pub(crate) const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"0"}}}"#;
pub(crate) const READY: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
