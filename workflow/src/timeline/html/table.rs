//! The tables: every row with what was recorded of it, and what went into the run and came out.

use std::fmt::Write as _;

use serde_json::Value;

use super::escape::Text;
use super::{BODY, DETAIL, WORDS, chart};
use crate::journal::Status;
use crate::timeline::Timeline;
use crate::timeline::rows::{Row, What};
use crate::timeline::words::{count, cut_end, cut_middle, instant, json, lasted};

pub(super) fn write(timeline: &Timeline, rows: &[Row<'_>], out: &mut String) {
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "<section class=\"records\" aria-labelledby=\"records\">\n<h2 id=\"records\">What is recorded</h2>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Records\">\n<table>\n\
         <thead><tr><th scope=\"col\">Began after</th><th scope=\"col\">Path</th>\
         <th scope=\"col\">Kind</th><th scope=\"col\">What came of it</th>\
         <th scope=\"col\">Lasted</th><th scope=\"col\">Record</th></tr></thead>\n<tbody>\n",
    );
    for (i, row) in rows.iter().enumerate() {
        line(timeline, (i, row), out);
    }
    out.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

fn line(timeline: &Timeline, (i, row): (usize, &Row<'_>), out: &mut String) {
    let instant = instant(row.started);
    let after = lasted(row.started.saturating_sub(timeline.started));
    let clock = instant.replacen('T', " ", 1);
    let state = row.state.as_str();
    let _ = write!(
        out,
        "<tr id=\"r{i}\" class=\"{state}\"><td>{after}<small><time datetime=\"{instant}\">{clock}</time></small></td>\
         <th scope=\"row\"><code>{}</code></th><td>{}</td>\
         <td><span class=\"state\"><span aria-hidden=\"true\">{}</span> {state}</span>",
        path(row),
        match &row.what {
            What::Span(span) => span.kind.as_str(),
            What::Fold(_) => "many",
        },
        row.state.mark(),
    );
    if let What::Span(span) = &row.what {
        if span.attempts > 1 {
            let _ = write!(out, ", {} attempts", count(span.attempts));
        }
        if !span.note.is_empty() {
            let _ = write!(out, "<br>{}", Text(&cut_end(&span.note, WORDS)));
        }
    }
    if let What::Fold(fold) = &row.what {
        let _ = write!(out, "<br>{}", fold.words());
    }
    let time = if row.is_moment() {
        "—".to_owned()
    } else {
        lasted(row.ended - row.started)
    };
    let _ = write!(out, "</td><td>{time}</td><td>");
    if let What::Span(span) = &row.what
        && let Some(detail) = &span.detail
    {
        value("show", "", (detail, DETAIL), out);
    }
    out.push_str("</td></tr>\n");
}

fn path(row: &Row<'_>) -> String {
    match &row.what {
        What::Span(span) if span.path.is_empty() => "—".to_owned(),
        What::Span(span) => Text(&cut_middle(&span.path, WORDS)).to_string(),
        What::Fold(fold) if fold.path.is_empty() => chart::name(row),
        What::Fold(fold) => format!("{}[…]", Text(&cut_middle(fold.path, WORDS))),
    }
}

/// The params, and the answer or the failure.
pub(super) fn values(timeline: &Timeline, out: &mut String) {
    out.push_str(
        "<section aria-labelledby=\"values\">\n<h2 id=\"values\">What went in and came out</h2>\n",
    );
    out.push_str("<div class=\"values\">\n");
    value("Params", "open", (&timeline.input, BODY), out);
    if let Some(body) = &timeline.body {
        let word = match timeline.status {
            Status::Failed => "Failure",
            Status::Open | Status::Answered => "Answer",
        };
        value(word, "open", (body, BODY), out);
    }
    out.push_str("</div>\n</section>\n");
}

/// A value as JSON, at most so many bytes of it, to be opened or open.
fn value(word: &str, open: &str, (value, most): (&Value, usize), out: &mut String) {
    let (text, is_all) = json(value, true, most);
    let _ = write!(
        out,
        "<details {open}><summary>{word}</summary><pre><code>{}</code></pre>",
        Text(&text)
    );
    if !is_all {
        let _ = write!(out, "<p>Cut here: the rest is in the journal.</p>");
    }
    out.push_str("</details>\n");
}
