//! The timeline as text for a terminal.

use std::fmt::Write as _;
use std::ops::Range;

use super::rows::{Row, What, rows};
use super::scale::{LENGTH, Scale};
use super::words::{count, cut_end, cut_middle, failure, instant, json, lasted};
use super::{Kind, State, Timeline};
use crate::journal::Status;

/// The fewest columns the text is made for, and the most.
const WIDTHS: (usize, usize) = (60, 400);

/// The columns of a time.
const TIME: usize = 8;

/// All that stands beside the path, the bar and the note: two times, the mark, what is between.
const BESIDE: usize = TIME + 2 + 2 + 1 + 1 + TIME + 1;

impl Timeline {
    /// The timeline as text, a line for each span, at most so many columns wide; 60 at least.
    ///
    /// Each line says when the span began, counted from the run's start, what came of it, its path, where it
    /// lies in the run, and how long it took. What is inside of something stands beneath it. Long
    /// waits are cut: `╌` marks where. A failure has its code and message on the next line.
    ///
    /// `×3` says that it took three attempts. Bars are `█` for work, `▒` for what is undone, `░` for
    /// waits, `▬` for what holds the lines beneath it, `▓` for many in one; `◆` is a moment.
    /// No character counts for more than a column.
    pub fn text(&self, width: usize) -> String {
        let width = width.clamp(WIDTHS.0, WIDTHS.1);
        let rows = rows(self);
        let mut out = cut_end(&self.header(), width);
        out.push('\n');
        if !rows.is_empty() {
            let sheet = Sheet::of(self, &rows, width);
            sheet.axis(&mut out);
            for row in &rows {
                sheet.row(row, &mut out);
            }
        }
        if let Some(body) = &self.body {
            let words = match self.status {
                Status::Failed => failure(body),
                Status::Open | Status::Answered => json(body, false, width).0,
            };
            let ending = format!("{} {words}", self.status);
            let _ = writeln!(out, "{}", cut_end(&ending, width));
        }
        out
    }

    fn header(&self) -> String {
        let id = cut_middle(&self.id, 32);
        let workflow = cut_middle(&self.workflow, 24);
        let (status, begun) = (self.status, instant(self.started));
        let time = lasted(self.close() - self.started);
        let version = self.version;
        let word = match self.ended {
            Some(_) => "lasted",
            None => "for",
        };
        format!("{id}  {workflow} v{version}  {status}  begun {begun}  {word} {time}")
    }
}

/// How the columns are shared.
struct Sheet {
    start: u64,
    scale: Scale,
    width: usize,
    path: usize,
    bar: usize,
    note: usize,
}

impl Sheet {
    fn of(timeline: &Timeline, rows: &[Row<'_>], width: usize) -> Self {
        let run = (timeline.started..timeline.close(), false);
        let spans = rows
            .iter()
            .map(|row| (row.started..row.ended, row.is_work()));
        let scale = Scale::of(spans.chain([run]));
        let longest = rows
            .iter()
            .map(|row| name(row).chars().take(width).count())
            .max();
        let path = longest.unwrap_or(0).clamp(4, width / 4);
        let note = (width - BESIDE - path) / 3;
        Self {
            start: timeline.started,
            scale,
            width,
            path,
            bar: width - BESIDE - path - note,
            note,
        }
    }

    /// The first line: where the bars begin and end, and where time is cut.
    fn axis(&self, out: &mut String) {
        let mut cells = vec!['─'; self.bar];
        let mut cut = 0_u64;
        for (place, time) in self.scale.cuts() {
            cut = cut.saturating_add(time);
            let (from, to) = self.cells(place);
            cells[from..to].fill('╌');
        }
        cells[0] = '├';
        cells[self.bar - 1] = '┤';
        let cells: String = cells.into_iter().collect();
        let ahead = TIME + 4 + self.path + 1;
        let note = match cut {
            0 => String::new(),
            cut => format!(" ╌ {}", lasted(cut)),
        };
        let line = format!("{:ahead$}{cells}{note}", "");
        let _ = writeln!(out, "{}", cut_end(line.trim_end(), self.width));
    }

    fn row(&self, row: &Row<'_>, out: &mut String) {
        let begun = match row.started.checked_sub(self.start) {
            Some(after) => format!("+{}", lasted(after)),
            None => format!("-{}", lasted(self.start - row.started)),
        };
        let (begun, mark) = (cut_end(&begun, TIME), row.state.mark());
        let name = cut_middle(&name(row), self.path);
        let bar: String = self.bar(row).into_iter().collect();
        let time = if row.is_moment() {
            String::new()
        } else {
            cut_end(&lasted(row.ended - row.started), TIME)
        };
        let note = cut_end(&notes(row), self.note);
        let path = self.path;
        let line = format!("{begun:>TIME$}  {mark} {name:path$} {bar} {time:>TIME$} {note}");
        let _ = writeln!(out, "{}", line.trim_end());
        if let Some(words) = below(row) {
            let line = format!("{:ahead$}└ {words}", "", ahead = TIME + 4);
            let _ = writeln!(out, "{}", cut_end(&line, self.width));
        }
    }

    /// The cells that a place covers, one at least.
    fn cells(&self, place: Range<u32>) -> (usize, usize) {
        let cell = |at: u32, up: u32| {
            let at = at as usize * self.bar + up as usize;
            at / LENGTH as usize
        };
        let from = cell(place.start, 0).min(self.bar - 1);
        (from, cell(place.end, LENGTH - 1).max(from + 1))
    }

    /// The bar of a line, as wide as all bars.
    fn bar(&self, row: &Row<'_>) -> Vec<char> {
        let mut cells = vec![' '; self.bar];
        let place = self.scale.place(row.started)..self.scale.place(row.ended);
        let (from, to) = self.cells(place.clone());
        if row.is_moment() {
            cells[from] = '◆';
            return cells;
        }
        let fill = fill(row);
        match fill {
            '█' => self.fill(&mut cells, place),
            fill => cells[from..to].fill(fill),
        }
        for (cut, _) in self.scale.cuts() {
            let (cut_from, cut_to) = self.cells(cut);
            let inner = cut_from.max(from + 1)..cut_to.min(to - 1);
            if inner.start < inner.end {
                cells[inner].fill('╌');
            }
        }
        cells
    }

    /// Fills what a place covers, to half a cell.
    fn fill(&self, cells: &mut [char], place: Range<u32>) {
        let half = |at: u32, up: u32| {
            let at = at as usize * self.bar * 2 + up as usize;
            at / LENGTH as usize
        };
        let from = half(place.start, 0).min(self.bar * 2 - 1);
        let to = half(place.end, LENGTH - 1).max(from + 1);
        for (i, cell) in cells.iter_mut().enumerate() {
            let (left, right) = (i * 2, i * 2 + 1);
            *cell = match (from..to).contains(&left) {
                true if right < to => '█',
                true => '▌',
                false if (from..to).contains(&right) => '▐',
                false => ' ',
            };
        }
    }
}

fn fill(row: &Row<'_>) -> char {
    match &row.what {
        What::Span(span) => match span.kind {
            Kind::Undo => '▒',
            Kind::Sleep | Kind::Wait => '░',
            Kind::FanOut | Kind::Branch => '▬',
            _ if row.holds => '▬',
            _ => '█',
        },
        What::Fold(_) => '▓',
    }
}

/// What a line is called: its path, or what it is where it has none.
fn name(row: &Row<'_>) -> String {
    match &row.what {
        What::Span(span) if span.path.is_empty() => span.kind.as_str().to_owned(),
        What::Span(span) if span.kind == Kind::Undo => format!("↩ {}", span.path),
        What::Span(span) => span.path.clone(),
        What::Fold(fold) if fold.path.is_empty() => "…".to_owned(),
        What::Fold(fold) => format!("{}[…]", fold.path),
    }
}

/// What there is room for beside the bar.
fn notes(row: &Row<'_>) -> String {
    let What::Span(span) = &row.what else {
        return String::new();
    };
    let mut words = Vec::new();
    if span.state != State::Done {
        words.push(span.state.as_str().to_owned());
    }
    if span.attempts > 1 {
        words.push(format!("×{}", count(span.attempts)));
    }
    match span.kind {
        _ if span.state == State::Failed => {}
        Kind::Step | Kind::Undo if span.note.is_empty() => {}
        kind if span.note.is_empty() && !span.path.is_empty() => {
            words.push(kind.as_str().to_owned());
        }
        _ => words.push(span.note.clone()),
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// What deserves a line: why a span failed, what is folded.
fn below(row: &Row<'_>) -> Option<String> {
    match &row.what {
        What::Span(span) if span.state != State::Failed => None,
        What::Span(span) if !span.note.is_empty() => Some(span.note.clone()),
        What::Span(span) => span.detail.as_ref().map(failure),
        What::Fold(fold) => Some(format!("{} more: {}", count(fold.count), fold.words())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::timeline::Span;

    proptest! {
        #[test]
        fn bars_are_where_their_spans_are(
            spans in prop::collection::vec((0..5_000_u64, 0..900_u64, any::<bool>()), 1..30),
            width in 60..200_usize,
        ) {
            let mut timeline = Timeline::new("any", "any", 1, 0);
            timeline.now = 6_000;
            for (started, time, is_step) in spans {
                let kind = if is_step { Kind::Step } else { Kind::Wait };
                let mut span = Span::new("a", kind, started);
                span.end(started + time, State::Done);
                timeline.spans.push(span);
            }
            let rows = rows(&timeline);
            let sheet = Sheet::of(&timeline, &rows, width);
            for row in &rows {
                let bar = sheet.bar(row);
                prop_assert_eq!(bar.len(), sheet.bar);
                let is_drawn = |cell: &char| *cell != ' ';
                let first = bar.iter().position(is_drawn).expect("every span is drawn");
                let last = bar.iter().rposition(is_drawn).expect("every span is drawn");
                prop_assert!(bar[first..=last].iter().all(is_drawn));
                let cell = |time| sheet.scale.place(time) as usize * sheet.bar / LENGTH as usize;
                prop_assert_eq!(first, cell(row.started).min(sheet.bar - 1));
                prop_assert!((first..=cell(row.ended).max(first)).contains(&last));
            }
        }
    }
}
