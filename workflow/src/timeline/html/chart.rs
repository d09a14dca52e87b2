//! The chart: a line for each row, its bar where it lies in the run.

use std::fmt::Write as _;

use super::WORDS;
use super::escape::{Percent, Text};
use crate::timeline::rows::{Row, What};
use crate::timeline::scale::{LENGTH, Scale};
use crate::timeline::words::{count, counted, cut_end, cut_middle, instant, lasted};
use crate::timeline::{Kind, State, Timeline};

/// The most that a bar leaves to its label on the right.
const NEAR_END: u32 = LENGTH * 3 / 4;

/// How often the chart can be widened.
const ZOOMS: [u32; 4] = [1, 2, 4, 8];

pub(super) fn write(timeline: &Timeline, rows: &[Row<'_>], scale: &Scale, out: &mut String) {
    out.push_str("<section class=\"when\" aria-labelledby=\"when\">\n<h2 id=\"when\">What happened when</h2>\n");
    if rows.is_empty() {
        out.push_str("<p>Nothing is recorded yet.</p>\n</section>\n");
        return;
    }
    choices(out);
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Chart\">\n<div class=\"chart\">\n");
    axis(scale, out);
    out.push_str("<ol class=\"rows\">\n");
    for (i, row) in rows.iter().enumerate() {
        line(timeline, scale, (i, row), out);
    }
    out.push_str("</ol>\n</div>\n</div>\n");
    legend(rows, scale, out);
    out.push_str("</section>\n");
}

fn choices(out: &mut String) {
    out.push_str("<fieldset class=\"choices\"><legend>Zoom</legend>");
    for zoom in ZOOMS {
        let checked = if zoom == 1 { " checked" } else { "" };
        let _ = write!(
            out,
            "<label><input type=\"radio\" name=\"zoom\" id=\"z{zoom}\"{checked}>{zoom}×</label>"
        );
    }
    out.push_str("</fieldset>\n");
    out.push_str("<fieldset class=\"choices\"><legend>Show</legend>");
    for (id, words, checked) in [
        ("all", "everything", " checked"),
        ("odd", "all that is not done", ""),
    ] {
        let _ = write!(
            out,
            "<label><input type=\"radio\" name=\"show\" id=\"{id}\"{checked}>{words}</label>"
        );
    }
    out.push_str("</fieldset>\n");
}

fn axis(scale: &Scale, out: &mut String) {
    out.push_str("<div class=\"axis\" aria-hidden=\"true\"><div class=\"ticks\">");
    for tick in scale.ticks() {
        let _ = write!(
            out,
            "<span style=\"left:{}\">{}</span>",
            Percent(tick.at),
            tick.label
        );
    }
    out.push_str("</div></div>\n<div class=\"cuts\">");
    for (place, time) in scale.cuts() {
        let wide = place.end - place.start;
        let words = lasted(time);
        let _ = write!(
            out,
            "<div class=\"cut\" style=\"left:{};width:{}\" title=\"{words}, drawn shorter\"><span>{words}</span></div>",
            Percent(place.start),
            Percent(wide)
        );
    }
    out.push_str("</div>\n");
}

fn line(timeline: &Timeline, scale: &Scale, (i, row): (usize, &Row<'_>), out: &mut String) {
    let (from, to) = (scale.place(row.started), scale.place(row.ended));
    let classes = classes(row);
    let (name, title) = (name(row), title(timeline, row));
    let _ = write!(
        out,
        "<li class=\"row {classes}\" style=\"--depth:{}\"><a class=\"name\" href=\"#r{i}\" title=\"{}\">\
         <span class=\"mark\" aria-hidden=\"true\">{}</span>{name}</a>",
        row.depth,
        Text(&title),
        row.state.mark(),
    );
    let style = format!("left:{};width:{}", Percent(from), Percent(to - from));
    let _ = write!(
        out,
        "<span class=\"track\"><span class=\"bar\" style=\"{style}\" title=\"{}\"></span>",
        Text(&title)
    );
    let (side, place) = match to {
        to if to <= NEAR_END => ("after", format!("left:{}", Percent(to))),
        _ if from > LENGTH - NEAR_END => ("before", format!("right:{}", Percent(LENGTH - from))),
        _ => ("within", format!("left:{}", Percent(from))),
    };
    let _ = writeln!(
        out,
        "<span class=\"label {side}\" style=\"{place}\">{}</span></span></li>",
        label(row)
    );
}

/// The classes of a row: its kind, its state, its shape.
fn classes(row: &Row<'_>) -> String {
    let kind = match &row.what {
        What::Span(span) => span.kind.as_str(),
        What::Fold(_) => "fold",
    };
    let mut classes = format!("{kind} {}", row.state.as_str());
    if row.is_moment() {
        classes.push_str(" moment");
    }
    if row.holds {
        classes.push_str(" holds");
    }
    if matches!(&row.what, What::Span(span) if span.attempts > 1) {
        classes.push_str(" again");
    }
    classes
}

/// The name that a row has beneath what it is inside of.
pub(super) fn name(row: &Row<'_>) -> String {
    match &row.what {
        What::Span(span) if span.path.is_empty() => format!("<i>{}</i>", span.kind.as_str()),
        What::Span(span) => {
            let undo = if span.kind == Kind::Undo { "↩ " } else { "" };
            format!("{undo}{}", Text(&cut_middle(row.name, 64)))
        }
        What::Fold(fold) => format!("<i>{} more</i>", count(fold.count)),
    }
}

/// What stands beside a bar.
fn label(row: &Row<'_>) -> String {
    let mut words = Vec::new();
    if !row.is_moment() {
        words.push(lasted(row.ended - row.started));
    }
    match &row.what {
        What::Fold(fold) => words.push(fold.words()),
        What::Span(span) => {
            if span.attempts > 1 {
                words.push(format!("<b>×{}</b>", count(span.attempts)));
            }
            if row.state != State::Done {
                words.push(row.state.as_str().to_owned());
            }
            if !span.note.is_empty() {
                words.push(Text(&cut_end(&span.note, 48)).to_string());
            }
        }
    }
    words.join(" · ")
}

/// All there is to say of a row, for whoever rests on it.
fn title(timeline: &Timeline, row: &Row<'_>) -> String {
    let mut words = match &row.what {
        What::Span(span) => {
            let path = cut_middle(&span.path, WORDS);
            format!("{} {path}\n{}", span.kind.as_str(), span.state.as_str())
        }
        What::Fold(fold) => format!("{}: {}", counted(fold.count, "item"), fold.words()),
    };
    if let What::Span(span) = &row.what {
        if span.attempts > 1 {
            let _ = write!(words, " after {} attempts", count(span.attempts));
        }
        if !span.note.is_empty() {
            let _ = write!(words, "\n{}", cut_end(&span.note, WORDS));
        }
    }
    let after = lasted(row.started.saturating_sub(timeline.started));
    let _ = write!(words, "\nbegan after {after}, {}", instant(row.started));
    if !row.is_moment() {
        let _ = write!(words, "\nlasted {}", lasted(row.ended - row.started));
    }
    words
}

/// What the shapes mean, of those that are there.
fn legend(rows: &[Row<'_>], scale: &Scale, out: &mut String) {
    let is = |wanted: &dyn Fn(&Row<'_>) -> bool| rows.iter().any(wanted);
    let of = |kinds: &[Kind]| {
        let is_of = |row: &Row<'_>| match &row.what {
            What::Span(span) => span.state == State::Done && kinds.contains(&span.kind),
            What::Fold(_) => false,
        };
        rows.iter().any(is_of)
    };
    let came = |state| is(&|row| row.state == state);
    let moments = rows.iter().any(Row::is_moment);
    let folded = is(&|row| matches!(row.what, What::Fold(_)));
    let again = is(&|row| matches!(&row.what, What::Span(span) if span.attempts > 1));
    let entries = [
        (of(&[Kind::Step]), "step done", "✓ done"),
        (came(State::Failed), "step failed", "✗ failed"),
        (came(State::Running), "step running", "● running"),
        (came(State::Stopped), "step stopped", "■ stopped"),
        (came(State::Waiting), "wait waiting", "◌ waiting"),
        (again, "step done again", "×n tried again"),
        (of(&[Kind::Undo]), "undo done", "↩ undone"),
        (of(&[Kind::Sleep, Kind::Wait]), "wait done", "sleep, wait"),
        (moments, "moment", "a moment"),
        (folded, "fold done", "many in one line"),
        (
            scale.cuts().next().is_some(),
            "cutting",
            "time drawn shorter",
        ),
    ];
    out.push_str("<ul class=\"legend\">");
    for (_, class, words) in entries.into_iter().filter(|(is_there, _, _)| *is_there) {
        let _ = write!(
            out,
            "<li><span class=\"row {class}\" aria-hidden=\"true\"><span class=\"track\">\
             <span class=\"bar\"></span></span></span>{words}</li>"
        );
    }
    out.push_str("</ul>\n");
}
