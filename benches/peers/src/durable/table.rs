//! What all rounds together have measured, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enact_peers_cell::{Measured, Outcome, median};

use crate::rows::Row;

/// Of every row, at every number in flight, what each round has measured.
#[derive(Default)]
pub(crate) struct Table {
    cells: BTreeMap<(&'static str, usize), BTreeMap<usize, Measured>>,
    notes: BTreeMap<String, u64>,
}

impl Table {
    pub(crate) fn add(
        &mut self,
        row: &Row,
        flight: usize,
        round: usize,
        measured: Outcome<Measured>,
    ) {
        let measured = match measured {
            Ok(measured) => measured,
            Err(error) => {
                let note = format!("{}, {flight} in flight, not measured: {error}", row.name);
                *self.notes.entry(note).or_default() += 1;
                return;
            }
        };
        if measured.failed > 0 {
            let note = format!("{}, {flight} in flight, runs that failed", row.name);
            *self.notes.entry(note).or_default() += measured.failed;
        }
        if measured.again {
            let note = format!(
                "{}, {flight} in flight, rounds with steps taken twice",
                row.name
            );
            *self.notes.entry(note).or_default() += 1;
        }
        let rounds = self.cells.entry((row.peer, flight)).or_default();
        rounds.insert(round, measured);
    }

    /// The table: medians of the rounds, and medians of the ratios within each round.
    pub(crate) fn text(&self, rows: &[&Row], flights: &[usize]) -> String {
        let mut text = String::new();
        for flight in flights {
            // Writing to a string does not fail.
            let _ = writeln!(text, "\n{flight} in flight\n\n{HEAD}");
            for row in rows {
                let _ = writeln!(text, "| {} |{}", row.name, self.row(row, rows, *flight));
            }
        }
        if !self.notes.is_empty() {
            let _ = writeln!(text, "\nNotes\n");
        }
        for (note, times) in &self.notes {
            let _ = writeln!(text, "- {note}: {times}");
        }
        text
    }

    fn row(&self, row: &Row, rows: &[&Row], flight: usize) -> String {
        let none = BTreeMap::new();
        let of = |row: &Row| self.cells.get(&(row.peer, flight)).unwrap_or(&none);
        let (theirs, ours) = (of(row), rows.first().map_or(&none, |first| of(first)));
        let middle = |what: fn(&Measured) -> f64| median(theirs.values().map(what));
        let ratio = |what: fn(&Measured, &Measured) -> f64| {
            let both = |(round, theirs)| Some(what(ours.get(round)?, theirs));
            median(theirs.iter().filter_map(both))
        };
        [
            number(middle(|cell| cell.rate)),
            number(middle(|cell| cell.p50)),
            number(middle(|cell| cell.p99)),
            number(middle(|cell| cell.cpu)),
            number(ratio(|ours, theirs| ours.rate / theirs.rate)),
            number(ratio(|ours, theirs| theirs.p50 / ours.p50)),
            number(ratio(|ours, theirs| theirs.cpu / ours.cpu)),
            row.safe.to_owned(),
        ]
        .iter()
        .fold(String::new(), |line, cell| line + " " + cell + " |")
    }
}

const HEAD: &str = "\
| peer | runs/s | p50 ms | p99 ms | CPU us/run | Enact's rate, times | its p50, times Enact's | its CPU, times Enact's | safe from power loss by default |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

/// Three digits that count, or a dash.
fn number(number: Option<f64>) -> String {
    match number {
        None => "-".to_owned(),
        Some(number) if number >= 100.0 => format!("{number:.0}"),
        Some(number) if number >= 10.0 => format!("{number:.1}"),
        Some(number) => format!("{number:.2}"),
    }
}
