//! The programs that measure cells: this one, and that of the other peers.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use enact_peers_cell::{Cell, Measured, Outcome};

use crate::options::Options;
use crate::rows::{Database, Program, Row};

/// How often is looked whether a cell has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How much longer than it may take a cell is waited for, before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// The program of the other peers.
pub(crate) struct Others(PathBuf);

impl Others {
    /// Builds it; `None` where it does not build.
    ///
    /// # Errors
    /// Where cargo can't be run.
    pub(crate) fn build(options: &Options) -> Outcome<Option<Self>> {
        let wanted = crate::rows::ROWS
            .iter()
            .any(|row| matches!(row.program, Program::Others) && options.asks_for(row.peer));
        if !wanted {
            return Ok(None);
        }
        let target = target()?;
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("others/Cargo.toml");
        let built = Command::new("cargo")
            .args(["build", "--release", "--locked", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(&target)
            .status()?;
        let program = target.join("release/enact-peers-others");
        Ok(built.success().then_some(Self(program)))
    }

    /// Has the program make a database anew, or drop it.
    fn database(&self, verb: &str, options: &Options, name: &str) -> Outcome<()> {
        let done = Command::new(&self.0)
            .args([verb, &options.postgres, name])
            .status()?;
        if !done.success() {
            return Err(format!("can't {verb} the database {name}").into());
        }
        Ok(())
    }
}

/// Measures one cell in a process, folder, and database of its own.
///
/// # Errors
/// Where the cell could not be measured, with what its program last said.
pub(crate) fn measure(
    row: &Row,
    flight: usize,
    options: &Options,
    others: Option<&Others>,
) -> Outcome<Measured> {
    let folder = target()?.join("cells").join(row.peer);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let name = format!("enact_peers_{}", row.peer.replace('-', "_"));
    let wants = row.database == Database::Own;
    let maker = others.filter(|_| wants);
    if wants && maker.is_none() {
        return Err("what makes databases did not build".into());
    }
    let mut cell = Cell {
        peer: row.peer.to_owned(),
        flight,
        window: options.window,
        folder,
        database: None,
    };
    if let Some(maker) = maker {
        maker.database("make", options, &name)?;
        cell.database = Some(at(&options.postgres, &name));
    }
    let program = match (&row.program, others) {
        (Program::Others, Some(others)) => others.0.clone(),
        _ => std::env::current_exe()?,
    };
    let measured = run(&program, &cell);
    if let Some(maker) = maker {
        maker.database("drop", options, &name)?;
    }
    drop(std::fs::remove_dir_all(&cell.folder));
    measured
}

fn run(program: &Path, cell: &Cell) -> Outcome<Measured> {
    let said = cell.folder.join("said");
    let mut child = Command::new(program)
        .args(cell.args())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&said)?)
        .spawn()?;
    let well = ended(&mut child, cell.limit() + GRACE)?;
    let mut line = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut line)?;
    }
    let said = std::fs::read_to_string(&said).unwrap_or_default();
    let last = said.lines().last().unwrap_or("it said nothing");
    if !well {
        return Err(last.to_owned().into());
    }
    let line = line.lines().last().unwrap_or_default();
    Ok(serde_json::from_str(line).map_err(|error| format!("{error}; {last}"))?)
}

/// Waits for a program to end, and kills it where that takes too long; whether it ended well.
fn ended(child: &mut Child, limit: Duration) -> Outcome<bool> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if begun.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(format!("killed after {limit:?}").into());
        }
        std::thread::park_timeout(LOOK);
    }
}

/// The folder that cargo builds into.
fn target() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    Ok(target.ok_or("the program is in no folder")?.to_owned())
}

/// The address of another database on the same server.
fn at(postgres: &str, name: &str) -> String {
    let (address, query) = postgres.split_once('?').unwrap_or((postgres, ""));
    let server = address
        .rsplit_once('/')
        .map_or(address, |(server, _)| server);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{server}/{name}{mark}{query}")
}
