//! What can be set when the table is filled.

use std::time::Duration;

use enact_peers_cell::Outcome;

/// How the table is filled.
#[derive(Debug)]
pub(crate) struct Options {
    /// How long each cell is measured: three seconds.
    pub(crate) window: Duration,
    /// How often each cell is measured: three times.
    pub(crate) rounds: usize,
    /// How many runs are in flight: one, 64, and 256.
    pub(crate) flights: Vec<usize>,
    /// The peers that are asked for; all of them where there is none.
    pub(crate) only: Vec<String>,
    /// The address of a database of a `PostgreSQL` in which databases can be made.
    pub(crate) postgres: String,
}

impl Options {
    /// Reads the options: `--seconds 3 --rounds 3 --in-flight 1,64,256 --only enact-sqlite,dbos`.
    ///
    /// # Errors
    /// Where one is not known or its value can't be read.
    pub(crate) fn parse(args: &[String]) -> Outcome<Self> {
        let mut options = Self {
            window: Duration::from_secs(3),
            rounds: 3,
            flights: vec![1, 64, 256],
            only: Vec::new(),
            postgres: std::env::var("ENACT_POSTGRES")
                .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned()),
        };
        for pair in args.chunks(2) {
            let [name, value] = pair else {
                return Err(format!("{pair:?} has no value").into());
            };
            let bad = |error: &dyn std::fmt::Display| format!("{name} {value}: {error}");
            match name.as_str() {
                "--seconds" => {
                    let seconds = value.parse().map_err(|error| bad(&error))?;
                    options.window = Duration::try_from_secs_f64(seconds)?;
                }
                "--rounds" => options.rounds = value.parse().map_err(|error| bad(&error))?,
                "--in-flight" => {
                    let flights = value.split(',').map(str::parse).collect::<Result<_, _>>();
                    options.flights = flights.map_err(|error| bad(&error))?;
                }
                "--only" => options.only = value.split(',').map(str::to_owned).collect(),
                _ => {
                    let known = "--seconds, --rounds, --in-flight, or --only";
                    return Err(format!("{name} is not an option; give {known}").into());
                }
            }
        }
        Ok(options)
    }

    pub(crate) fn asks_for(&self, peer: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == peer)
    }
}
