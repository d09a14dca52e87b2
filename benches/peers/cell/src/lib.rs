//! One cell of the table: a peer with so many runs in flight for a while, in a process of its own.
//!
//! A process for each cell, so that no peer pays for what another still does in the background, and
//! so that the time on the processor is that of one peer alone. The program that fills a table starts
//! it with a [`Cell`] in its arguments and reads one line, a [`Measured`].

mod closed_loop;
mod cpu;
mod ended;
mod measured;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use self::closed_loop::closed_loop;
pub use self::cpu::Server;
pub use self::ended::Ended;
pub use self::measured::{Measured, median};

/// What a run or a cell came to.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How many steps a run has.
pub const STEPS: u64 = 5;

static TAKEN: AtomicU64 = AtomicU64::new(0);

/// The body of every step of every peer: counts itself and gives the next number.
///
/// So a run that began with a number has taken its five steps where it ends with five more.
pub fn step(from: u64) -> u64 {
    TAKEN.fetch_add(1, Ordering::Relaxed);
    from + 1
}

/// How many steps this process has taken.
pub(crate) fn taken() -> u64 {
    TAKEN.load(Ordering::Relaxed)
}

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Whom.
    pub peer: String,
    /// How many runs are in flight.
    pub flight: usize,
    /// For how long.
    pub window: Duration,
    /// An empty folder of its own.
    pub folder: PathBuf,
    /// A database of its own, where it asks for one.
    pub database: Option<String>,
}

impl Cell {
    /// The cell as arguments of the program that measures it, after the word `cell`.
    #[must_use]
    pub fn args(&self) -> Vec<String> {
        let mut args = vec![
            "cell".to_owned(),
            self.peer.clone(),
            self.flight.to_string(),
            self.window.as_millis().to_string(),
            self.folder.display().to_string(),
        ];
        args.extend(self.database.clone());
        args
    }

    /// Reads what [`args`](Self::args) has written; `None` where the arguments ask for something else.
    pub fn parse(args: &[String]) -> Outcome<Option<Self>> {
        let [word, peer, flight, window, folder, rest @ ..] = args else {
            return Ok(None);
        };
        if word != "cell" {
            return Ok(None);
        }
        Ok(Some(Self {
            peer: peer.clone(),
            flight: flight.parse()?,
            window: Duration::from_millis(window.parse()?),
            folder: folder.into(),
            database: rest.first().cloned(),
        }))
    }

    /// The longest that the whole cell may take, with its start and its end.
    #[must_use]
    pub fn limit(&self) -> Duration {
        Duration::from_secs(60) + 4 * self.window
    }

    /// The database, where there must be one.
    ///
    /// # Errors
    /// Where the program that started this has given none.
    pub fn database(&self) -> Outcome<&str> {
        let missing = || format!("{} needs the address of a database", self.peer);
        Ok(self.database.as_deref().ok_or_else(missing)?)
    }
}

/// Runs a cell to its end, but not longer than [`Cell::limit`], and prints what was measured.
///
/// # Errors
/// Where the cell fails or takes too long.
pub fn tell(cell: &Cell, measured: impl Future<Output = Outcome<Measured>>) -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let limit = cell.limit();
    let measured = runtime.block_on(async { tokio::time::timeout(limit, measured).await });
    // What a peer still does in the background ends with the process.
    runtime.shutdown_background();
    let measured = measured.map_err(|_| format!("it did not end within {limit:?}"))??;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}
